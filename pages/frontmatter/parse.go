package frontmatter

import (
	"fmt"
	"strings"
)

// MaxBytes is how long front matter may be.
const MaxBytes = 32 << 10

// Mode says what kind of file a text is from.
type Mode uint8

// The modes.
const (
	Page     Mode = iota // .gohtml: only the keys of api.md, 1
	Markdown             // .md: other keys are kept in Meta.Params
)

// An Error is a fault in front matter or in the tag of a server script, with the place where it can be mended.
type Error struct {
	Line, Column int // from 1; columns in characters
	Message      string
	Hint         string // what to do about it; may be ""
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// A Document is a text with its front matter taken out.
type Document struct {
	Meta Meta
	// Body is the text behind the front matter, which is blanked: lines and columns are those of the file.
	Body string
	// Notices are what may be a mistake but is no fault: a key that looks like a misspelt one of ours.
	Notices []*Error
}

// Parse reads the front matter of a text. An error is an *Error; Document.Body is right even then, so that the
// rest of the file can be checked.
func Parse(text string, mode Mode) (Document, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	doc := Document{Meta: Meta{ViewState: true}, Body: text}
	p, err := split(text, mode)
	if err != nil {
		return doc, err
	}
	if p.read == nil {
		return doc, nil
	}
	doc.Body = blank(text[:p.end]) + text[p.end:]
	if len(p.settings) > MaxBytes {
		return doc, &Error{p.line, 1, fmt.Sprintf("the front matter is longer than %d kB", MaxBytes>>10), "move what is content into the text"}
	}
	root, err := p.read(p.settings)
	if err != nil {
		return doc, shift(err, p.line-1)
	}
	b := binder{mode: mode, lines: p.line - 1, meta: &doc.Meta}
	err = b.bind(root)
	doc.Notices = b.notices
	return doc, err
}

// parts says where front matter stands in a text.
type parts struct {
	settings string                     // what is between the marks
	line     int                        // of the first character of settings
	end      int                        // offset behind the front matter
	read     func(string) (node, error) // nil: there is none
}

func split(text string, mode Mode) (parts, error) {
	first, rest, more := strings.Cut(text, "\n")
	switch strings.TrimRight(first, " \t\r") {
	case "---":
		return fenced(text, "---", len(text)-len(rest), more, mode)
	case "+++":
		return fenced(text, "+++", len(text)-len(rest), more, mode)
	}
	if !isJSON(text) {
		return parts{}, nil
	}
	end, err := jsonEnd(text)
	if err != nil {
		return parts{}, err
	}
	return parts{settings: text[:end], line: 1, end: end, read: readJSON}, nil
}

// fenced finds the second mark. start is the offset of the line behind the first one.
func fenced(text, mark string, start int, more bool, mode Mode) (parts, error) {
	p := parts{line: 2, read: readYAML}
	if mark == "+++" {
		p.read = readTOML
	}
	for at := start; more && at < len(text); {
		line, _, found := strings.Cut(text[at:], "\n")
		next := at + len(line)
		if strings.TrimRight(line, " \t\r") == mark {
			p.settings, p.end = text[start:at], next
			return p, nil
		}
		if !found {
			break
		}
		at = next + 1
	}
	if mode == Markdown {
		return parts{}, nil
	}
	return parts{}, &Error{1, 1, "the front matter is not closed", "end it with a line " + mark}
}

// blank keeps the line breaks of a text and, so that columns stay true, the length of its last line.
func blank(text string) string {
	last := text[strings.LastIndexByte(text, '\n')+1:]
	return strings.Repeat("\n", strings.Count(text, "\n")) + strings.Repeat(" ", characters(last))
}

func characters(text string) int {
	n := 0
	for range text {
		n++
	}
	return n
}

func shift(err error, lines int) error {
	if e, ok := err.(*Error); ok {
		e.Line += lines
	}
	return err
}
