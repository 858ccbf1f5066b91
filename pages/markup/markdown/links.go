package markdown

import (
	"bytes"
	"strconv"
	"unicode"
)

func itoa(n int) string { return strconv.Itoa(n) }

func isSlugRune(r rune) bool {
	return r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// link notes a link's target and returns where it leads: a link to a Markdown file leads to its address.
func (c *conversion) link(target []byte) []byte { return address(c.target(target)) }

// target notes a target. One that would run a script is dropped.
func (c *conversion) target(target []byte) []byte {
	if runsScript(target) {
		return nil
	}
	if c.actions != nil {
		if from, _, _ := c.actions.next(target); from >= 0 {
			return target
		}
	}
	if name := string(target); name != "" && !c.seen[name] {
		if c.seen == nil {
			c.seen = map[string]bool{}
		}
		c.seen[name] = true
		c.document.Links = append(c.document.Links, name)
	}
	return target
}

// runsScript says whether browsers would run what a target says. They drop white space and control characters
// from it, and do not mind case.
func runsScript(target []byte) bool {
	target = unescape(target[:min(len(target), 1000)])
	plain := bytes.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return unicode.ToLower(r)
	}, target)
	if bytes.HasPrefix(plain, []byte("data:image/")) && !bytes.HasPrefix(plain, []byte("data:image/svg")) {
		return false
	}
	for _, scheme := range [...]string{"javascript:", "vbscript:", "data:"} {
		if bytes.HasPrefix(plain, []byte(scheme)) {
			return true
		}
	}
	return false
}

// address turns the name of a Markdown file, relative or from the site's root, into its address: "x.md#y" into
// "x#y", "a/README.md" and "a/index.md" into "a/". Targets with a scheme or a host stay as they are.
func address(target []byte) []byte {
	end := len(target)
	if i := bytes.IndexAny(target, "?#"); i >= 0 {
		end = i
	}
	path, rest := target[:end], target[end:]
	stem, ok := bytes.CutSuffix(path, []byte(".md"))
	if !ok || bytes.HasPrefix(path, []byte("//")) || bytes.IndexByte(path, ':') >= 0 {
		return target
	}
	folder, name := stem[:bytes.LastIndexByte(stem, '/')+1], stem[bytes.LastIndexByte(stem, '/')+1:]
	switch string(name) {
	case "":
		return target
	case "README", "index":
		if len(folder) == 0 {
			folder = []byte("./")
		}
		stem = folder
	}
	return append(stem[:len(stem):len(stem)], rest...)
}
