package frontmatter

import "strings"

// line deals with the line of a Markdown text at the scanner's place: a script's tag counts only at its
// beginning, and not in fenced code.
func (s *scanner) line() (*element, error) {
	rest := s.text[s.at:]
	line, _, _ := strings.Cut(rest, "\n")
	next := min(s.at+len(line)+1, len(s.text))
	if s.inFence(line) {
		s.at = next
		return nil, nil
	}
	tag := strings.TrimLeft(line, " ")
	indent := len(line) - len(tag)
	switch {
	case indent > 3:
	case strings.HasPrefix(tag, "<!--"):
		s.skipPast(indent+4, "-->")
		if i := strings.IndexByte(s.text[s.at:], '\n'); i >= 0 {
			s.at += i + 1
		} else {
			s.at = len(s.text)
		}
		return nil, nil
	case isRawTag(tag):
		s.at += indent
		e, err := s.tag()
		if e != nil || err != nil || s.at >= next {
			return e, err
		}
	}
	s.at = next
	return nil, nil
}

// isRawTag says whether a line begins with the tag of an element whose inside is not Markdown.
func isRawTag(line string) bool {
	for _, name := range [...]string{"script", "style", "textarea"} {
		n := 1 + len(name)
		if len(line) > n && line[0] == '<' && strings.EqualFold(line[1:n], name) && (isTagSpace(line[n]) || line[n] == '>') {
			return true
		}
	}
	return false
}

// inFence follows fenced code. It looks through the marks of quotes and list items, in which fences may stand.
func (s *scanner) inFence(line string) bool {
	inside := strings.TrimLeft(line, " \t>")
	if s.fence == "" {
		for strings.HasPrefix(inside, "- ") || strings.HasPrefix(inside, "* ") || strings.HasPrefix(inside, "+ ") {
			inside = strings.TrimLeft(inside[2:], " \t>")
		}
	}
	mark := inside[:len(inside)-len(strings.TrimLeft(inside, "`"))]
	if mark == "" {
		mark = inside[:len(inside)-len(strings.TrimLeft(inside, "~"))]
	}
	switch {
	case s.fence != "":
		if strings.HasPrefix(mark, s.fence) && strings.TrimSpace(inside[len(mark):]) == "" {
			s.fence = ""
		}
		return true
	case len(mark) < 3 || mark[0] == '`' && strings.Contains(inside[len(mark):], "`"):
		return false
	}
	s.fence = mark
	return true
}
