package frontmatter

import (
	"strings"

	"huygens/pages/markup/action"
)

// A scanner finds server scripts in markup. It goes through the text once: a closing mark that is not there is
// looked for once and not again.
type scanner struct {
	text     string
	at       int
	markdown bool
	missing  map[string]bool // closing marks that do not come any more
	fence    string          // Markdown: the mark that closes the code we are in, "" outside
}

// An attribute is one of a tag: its name in lower case, its value as written.
type attribute struct{ name, value string }

// rawText are the elements whose inside is text, not markup.
var rawText = map[string]bool{
	"script": true, "style": true, "textarea": true, "title": true, "xmp": true, "iframe": true, "noembed": true, "noframes": true,
}

// next returns the next server script, nil at the end.
func (s *scanner) next() (*element, error) {
	for s.at < len(s.text) {
		if s.markdown {
			if e, err := s.line(); e != nil || err != nil {
				return e, err
			}
			continue
		}
		i := strings.IndexAny(s.text[s.at:], "<{")
		if i < 0 {
			s.at = len(s.text)
			break
		}
		s.at += i
		if e, err := s.mark(); e != nil || err != nil {
			return e, err
		}
	}
	return nil, nil
}

// mark deals with a < or { at the scanner's place.
func (s *scanner) mark() (*element, error) {
	rest := s.text[s.at:]
	switch {
	case strings.HasPrefix(rest, "{{"):
		s.at = s.actionEnd(s.at)
	case strings.HasPrefix(rest, "<!--"):
		s.skipPast(4, "-->")
	case len(rest) > 1 && isLetter(rest[1]):
		return s.tag()
	default:
		s.at++
	}
	return nil, nil
}

// skipPast goes behind the closing mark, or n bytes on if there is none.
func (s *scanner) skipPast(n int, mark string) {
	if !s.missing[mark] {
		if i := strings.Index(s.text[s.at+n:], mark); i >= 0 {
			s.at += n + i + len(mark)
			return
		}
		s.lost(mark)
	}
	s.at += n
}

func (s *scanner) lost(mark string) {
	if s.missing == nil {
		s.missing = map[string]bool{}
	}
	s.missing[mark] = true
}

// actionEnd returns the offset behind the template action that begins at an offset; quoted text in it may
// hold its closing mark. An action that does not end is passed over as far as it is certain that it does not:
// the template parser tells it.
func (s *scanner) actionEnd(at int) int {
	if s.missing["}}"] {
		return at + 2
	}
	n, ok := action.Len(s.text[at:])
	if !ok && n == len(s.text)-at {
		s.lost("}}")
	}
	return at + n
}

// tag reads a start tag; the inside of a raw text element is skipped with it.
func (s *scanner) tag() (*element, error) {
	start := s.at
	name, attributes, end := s.readTag(start)
	if end < 0 { // not closed: nothing behind it is markup
		s.at = len(s.text)
		return nil, nil
	}
	s.at = end
	if !rawText[name] {
		return nil, nil
	}
	server := name == "script" && isServer(attributes)
	closing := closingTag(s.text[end:], name)
	if closing < 0 {
		s.at = len(s.text)
		if server {
			at := placeIn(s.text, start)
			return nil, &Error{at.line, at.column, "the server script is not closed", "end it with </script>"}
		}
		return nil, nil
	}
	outside := end + closing
	s.at = outside + strings.IndexByte(s.text[outside:], '>') + 1
	if !server {
		return nil, nil
	}
	return &element{start: start, inside: end, outside: outside, end: s.at, attributes: attributes}, nil
}

func isServer(attributes []attribute) bool {
	for _, a := range attributes {
		if a.name == "runat" && strings.EqualFold(a.value, "server") {
			return true
		}
	}
	return false
}

// closingTag finds </name followed by a space, / or > and, somewhere, by >.
func closingTag(text, name string) int {
	for at := 0; ; {
		i := strings.Index(text[at:], "</")
		if i < 0 {
			return -1
		}
		at += i
		behind := at + 2 + len(name)
		if behind < len(text) && strings.EqualFold(text[at+2:behind], name) && strings.IndexByte(" \t\r\n\f/>", text[behind]) >= 0 {
			if strings.IndexByte(text[behind:], '>') < 0 {
				return -1
			}
			return at
		}
		at += 2
	}
}

// readTag reads the tag at an offset. end is the offset behind it, negative if it is not closed.
func (s *scanner) readTag(at int) (name string, attributes []attribute, end int) {
	text := s.text
	i := at + 1
	for i < len(text) && !isTagSpace(text[i]) && text[i] != '/' && text[i] != '>' && text[i] != '{' {
		i++
	}
	name = strings.ToLower(text[at+1 : i])
	for i < len(text) {
		switch {
		case text[i] == '>':
			return name, attributes, i + 1
		case strings.HasPrefix(text[i:], "{{"):
			i = s.actionEnd(i)
		case isTagSpace(text[i]) || text[i] == '/' || text[i] == '=':
			i++
		default:
			var a attribute
			if a, i = s.readAttribute(i); i < 0 {
				return name, nil, -1
			}
			attributes = append(attributes, a)
		}
	}
	return name, nil, -1
}

// readAttribute reads name, or name = value. The returned offset is behind it, negative if a quote is open.
func (s *scanner) readAttribute(at int) (attribute, int) {
	text := s.text
	i := at + 1 // at least one character, so that the scan goes on
	for i < len(text) && !isTagSpace(text[i]) && strings.IndexByte("/>={", text[i]) < 0 {
		i++
	}
	a := attribute{name: strings.ToLower(text[at:i])}
	value := i
	for value < len(text) && isTagSpace(text[value]) {
		value++
	}
	if value >= len(text) || text[value] != '=' {
		return a, i
	}
	value++
	for value < len(text) && isTagSpace(text[value]) {
		value++
	}
	if value >= len(text) {
		return a, -1
	}
	if quote := text[value]; quote == '"' || quote == '\'' {
		end := s.quotedEnd(value+1, quote)
		if end < 0 {
			return a, -1
		}
		a.value = text[value+1 : end]
		return a, end + 1
	}
	end := value
	for end < len(text) && !isTagSpace(text[end]) && text[end] != '>' {
		if strings.HasPrefix(text[end:], "{{") {
			end = s.actionEnd(end)
			continue
		}
		end++
	}
	a.value = text[value:end]
	return a, end
}

// quotedEnd finds the quote that ends an attribute's value; quotes inside of template actions do not.
func (s *scanner) quotedEnd(at int, quote byte) int {
	for i := at; i < len(s.text); {
		switch {
		case s.text[i] == quote:
			return i
		case strings.HasPrefix(s.text[i:], "{{"):
			i = s.actionEnd(i)
		default:
			i++
		}
	}
	return -1
}

func isTagSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
