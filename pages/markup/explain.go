package markup

import (
	"bytes"
	"errors"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
	"time"
)

// explain turns an error of html/template's analysis into a fault with a place. html/template knows the node of
// some; for the others it tells no column, often no line, and the place is found by leaving out text until the
// error is gone.
func (s *set) explain(err error, inline map[site]bool) *Error {
	var e *template.Error
	if !errors.As(err, &e) {
		return place{s.entry.file, 0}.fault("%s", err)
	}
	var fault *Error
	switch at, ok := s.nodePlace(e.Node); {
	case e.ErrorCode == template.ErrEndContext:
		return s.explainEnd(e, inline)
	case ok:
		fault = at.fault("%s", e.Description)
	default:
		fault = s.textPlace(e, inline).fault("%s", e.Description)
	}
	fault.Err = e
	fault.Message = contexts.ReplaceAllString(fault.Message, "")
	switch e.ErrorCode {
	case template.ErrBranchEnd, template.ErrRangeLoopReentry:
		fault.Hint = "open and close tags, quotes and scripts within one branch"
	case template.ErrAmbigContext:
		fault.Hint = "write the URL so that it is clear whether the value stands before or after its ?"
	case template.ErrBadHTML:
		switch {
		case strings.Contains(e.Description, "in unquoted attr"):
			fault.Hint = "put quotes around the value of the attribute"
		case strings.Contains(e.Description, "in attribute name"):
			fault.Hint = "is a quote or > missing before this?"
		}
	}
	return fault
}

// contexts finds html/template's inner state in its messages.
var contexts = regexp.MustCompile(`: \{state[^{}]*\}(, \{state[^{}]*\})?`)

// nodePlace gives the place of a node that has been parsed, in whichever file it stands.
func (s *set) nodePlace(n parse.Node) (place, bool) {
	if n == nil || isNilList(n) {
		return place{}, false
	}
	for _, f := range s.files {
		if u := f.holds(n); u {
			return place{f, int(n.Position())}, true
		}
	}
	return place{}, false
}

func isNilList(n parse.Node) bool {
	l, ok := n.(*parse.ListNode)
	return ok && l == nil
}

// holds reports whether a node was parsed from f. Nodes know their tree but do not tell; their tree's name is in
// the location that errors use.
func (f *file) holds(n parse.Node) (ok bool) {
	defer func() { // a node made by hand has no tree
		if recover() != nil {
			ok = false
		}
	}()
	location, _ := (*parse.Tree)(nil).ErrorContext(n)
	rest, ok := strings.CutPrefix(location, f.name+":")
	return ok && strings.Count(rest, ":") == 1
}

// without analyses the set again, with all texts from number k on left out and only the first n bytes of text
// k - 1.
func (s *set) without(inline map[site]bool, k, n int) error {
	f, fault := s.plant(inline)
	if fault != nil {
		return fault
	}
	for i, text := range f.texts {
		switch {
		case i == k-1:
			text.Text = text.Text[:min(n, len(text.Text))]
		case i >= k:
			text.Text = nil
		}
	}
	return f.escape(s.entry.key)
}

const whole = 1 << 30

// patience is how long the place of a fault is looked for; after that it is told where the search has come to.
const patience = 300 * time.Millisecond

// textPlace finds the byte of text at which the analysis fails with e.
func (s *set) textPlace(e *template.Error, inline map[site]bool) place {
	f, fault := s.plant(inline)
	if fault != nil || len(f.texts) == 0 {
		return place{s.entry.file, 0}
	}
	end := time.Now().Add(patience)
	fails := func(k, n int) bool {
		if time.Now().After(end) {
			return true
		}
		var again *template.Error
		return errors.As(s.without(inline, k, n), &again) && again.ErrorCode == e.ErrorCode
	}
	k := 1 + lowest(len(f.texts)-1, func(i int) bool { return fails(i+1, whole) })
	text := f.texts[k-1]
	n := 1 + lowest(len(text.Text)-1, func(i int) bool { return fails(k, i+1) })
	return place{f.owner[text], int(text.Pos) + n - 1}
}

// lowest finds the first i in 0…last for which ok holds, if it holds for all that follow; else some place.
func lowest(last int, ok func(int) bool) int {
	low, high := 0, max(last, 0)
	for low < high {
		if middle := (low + high) / 2; ok(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// explainEnd finds the tag that a page has not closed: the last "<" before which the page still ends well.
func (s *set) explainEnd(e *template.Error, inline map[site]bool) *Error {
	const most = 300 // analyses
	f, fault := s.plant(inline)
	if fault != nil {
		return fault
	}
	tries, end := 0, time.Now().Add(patience)
	for k, text := range slices.Backward(f.texts) {
		for i := len(text.Text); tries < most && time.Now().Before(end); {
			if i = bytes.LastIndexByte(text.Text[:i], '<'); i < 0 {
				break
			}
			if !opens(text.Text[i:], e.Description) {
				continue
			}
			if tries++; s.without(inline, k+1, i) != nil {
				continue
			}
			at := place{f.owner[text], int(text.Pos) + i}
			fault := at.fault("what begins here with %s is not closed where the page ends", tagName(text.Text[i:]))
			fault.Err = e
			fault.Hint = "close the tag, its quotes, and a script, style, title or textarea by its end tag"
			return fault
		}
	}
	fault = place{s.entry.file, len(s.entry.file.text)}.fault("the page ends within a tag, script or style")
	fault.Err = e
	return fault
}

// opens reports whether a "<" can be where the page entered what it ends in; html/template tells the element.
func opens(text []byte, description string) bool {
	for _, element := range []string{"Script", "Style", "Textarea", "Title"} {
		if strings.Contains(description, " element"+element) {
			name := text[1:min(len(text), 1+len(element))]
			return strings.EqualFold(string(name), element)
		}
	}
	return true
}

// tagName gives the start of a tag or comment, as far as it names it.
func tagName(text []byte) string {
	i := 1
	for i < len(text) && i < 40 && !strings.ContainsRune(" \t\r\n\f/>\"'={}", rune(text[i])) {
		i++
	}
	return string(text[:i])
}
