package config

import (
	"errors"
	"path"
	"strings"
	"unicode/utf8"
)

// A Pattern names addresses: "/exact", "/prefix/*" or "*.ext".
type Pattern struct {
	text   string
	prefix string // of "/prefix/*": "/prefix"; of "/*": ""
	suffix string // of "*.ext": ".ext" in lower case
}

var errPattern = errors.New(`is no pattern: write "/exact", "/prefix/*" or "*.ext"`)

// ParsePattern reads a pattern.
func ParsePattern(text string) (Pattern, error) {
	p := Pattern{text: text}
	switch {
	case strings.HasPrefix(text, "*."):
		p.suffix = strings.ToLower(text[1:])
		if len(text) < 3 || strings.ContainsAny(p.suffix, "*/") || !cleanText(text) {
			return Pattern{}, errPattern
		}
		return p, nil
	case strings.HasSuffix(text, "/*"):
		p.prefix = strings.TrimSuffix(text, "/*")
		if p.prefix != "" && (p.prefix == "/" || addressProblem(p.prefix) != "") {
			return Pattern{}, errPattern
		}
		return p, nil
	case addressProblem(text) != "":
		return Pattern{}, errPattern
	}
	return p, nil
}

// String is the pattern as it was written.
func (p Pattern) String() string { return p.text }

// IsPrefix says whether the pattern is "/prefix/*".
func (p Pattern) IsPrefix() bool { return p.suffix == "" && strings.HasSuffix(p.text, "/*") }

// IsSuffix says whether the pattern is "*.ext".
func (p Pattern) IsSuffix() bool { return p.suffix != "" }

// Match says whether the pattern covers an address, and what of the address lies below a prefix: "" or "/a/b".
// The address begins with a slash and does not end with one, but for "/" itself.
func (p Pattern) Match(address string) (below string, ok bool) {
	switch {
	case p.suffix != "":
		name := address[strings.LastIndexByte(address, '/')+1:]
		return "", len(name) > len(p.suffix) && strings.EqualFold(name[len(name)-len(p.suffix):], p.suffix)
	case p.IsPrefix():
		if address == "/" && p.prefix == "" {
			return "", true
		}
		rest, under := strings.CutPrefix(address, p.prefix)
		return rest, under && (rest == "" || rest[0] == '/')
	}
	return "", address == p.text
}

// Covers says whether whatever other matches is matched by p too.
func (p Pattern) Covers(other Pattern) bool {
	switch {
	case p.text == other.text, p.text == "/*":
		return true
	case p.IsSuffix():
		if other.IsSuffix() {
			return strings.HasSuffix(other.suffix, p.suffix)
		}
		_, ok := p.Match(other.text)
		return ok && !other.IsPrefix()
	case p.IsPrefix() && !other.IsSuffix():
		_, ok := p.Match(strings.TrimSuffix(other.text, "/*"))
		return ok
	}
	return false
}

// addressProblem says what is wrong with an address of the site, "" if nothing is: one slash before each name,
// none at the end but for "/" itself.
func addressProblem(text string) string {
	switch {
	case !strings.HasPrefix(text, "/"):
		return "begins with a slash"
	case text != "/" && path.Clean(text) != text, strings.ContainsAny(text, "*?#\\"), !cleanText(text):
		return "is no plain address"
	}
	return ""
}

// cleanText refuses what has no place in a name: broken UTF-8 and control characters.
func cleanText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// A Glob names files: "*" is any part of one name, "**" any number of whole names. Neither stands for a name
// that begins with a dot.
type Glob struct {
	text  string
	parts []string
}

// ParseGlob reads a glob on site paths.
func ParseGlob(text string) (Glob, error) {
	if sitePath(strings.ReplaceAll(text, "*", "x")) != "" {
		return Glob{}, errGlob
	}
	parts := strings.Split(text, "/")
	stars := 0
	for _, part := range parts {
		if part == "**" {
			stars++
		} else if strings.Contains(part, "**") {
			return Glob{}, errGlob
		}
		if _, err := path.Match(part, "x"); err != nil {
			return Glob{}, errGlob
		}
	}
	if stars > 3 { // each may multiply the work of a match
		return Glob{}, errGlob
	}
	return Glob{text: text, parts: parts}, nil
}

var errGlob = errors.New(`is no pattern of files such as "_static/**"`)

// String is the glob as it was written.
func (g Glob) String() string { return g.text }

// Match says whether the glob names a file.
func (g Glob) Match(file string) bool { return matchParts(g.parts, strings.Split(file, "/"), false) }

// MatchFolder says whether the glob names a folder, something below it may be named, or it is below.
func (g Glob) MatchFolder(folder string) bool {
	return matchParts(g.parts, strings.Split(folder, "/"), true)
}

func matchParts(parts, names []string, folder bool) bool {
	for len(names) > 0 {
		if len(parts) == 0 {
			return false
		}
		if parts[0] == "**" {
			if folder || len(parts) == 1 {
				return !anyDot(names)
			}
			return matchParts(parts[1:], names, folder) ||
				!strings.HasPrefix(names[0], ".") && matchParts(parts, names[1:], folder)
		}
		if !matchName(parts[0], names[0]) {
			return false
		}
		parts, names = parts[1:], names[1:]
	}
	return folder || len(parts) == 0
}

func anyDot(names []string) bool {
	for _, n := range names {
		if strings.HasPrefix(n, ".") {
			return true
		}
	}
	return false
}

func matchName(part, name string) bool {
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(part, ".") {
		return false
	}
	ok, err := path.Match(part, name)
	return ok && err == nil
}
