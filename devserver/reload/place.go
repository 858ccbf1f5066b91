package reload

import "bytes"

// Place returns the offset in an HTML document where the tag may stand: after <head…>, else before the first
// tag after the doctype and <html…>, else at the end. It reads bytes, so any encoding that contains ASCII
// will do; for UTF-16 it returns -1: nowhere.
func Place(html []byte) int {
	if bytes.HasPrefix(html, []byte{0xff, 0xfe}) || bytes.HasPrefix(html, []byte{0xfe, 0xff}) {
		return -1
	}
	at := 0
	for {
		open := bytes.IndexByte(html[at:], '<')
		if open < 0 {
			return len(html)
		}
		at += open
		rest := html[at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			at += comment(rest)
		case len(rest) > 1 && (rest[1] == '!' || rest[1] == '?'):
			at += upTo(rest, '>')
		case isTag(rest, "html"):
			at += tagEnd(rest)
		case isTag(rest, "head"):
			return at + tagEnd(rest)
		case len(rest) > 1 && isLetter(rest[1]):
			return at
		case len(rest) > 1 && rest[1] == '/':
			at += upTo(rest, '>') // an end tag before anything began
		default:
			at++
		}
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isTag says whether s begins with the start tag of this name.
func isTag(s []byte, name string) bool {
	if len(s) < len(name)+2 || !bytes.EqualFold(s[1:len(name)+1], []byte(name)) {
		return false
	}
	switch s[len(name)+1] {
	case ' ', '\t', '\n', '\r', '\f', '/', '>':
		return true
	}
	return false
}

// comment is the length of the comment that s begins with. HTML ends it at -->, --!>, and at once at <!--> and <!--->.
func comment(s []byte) int {
	body := s[len("<!--"):]
	for _, short := range []string{">", "->"} {
		if bytes.HasPrefix(body, []byte(short)) {
			return len("<!--") + len(short)
		}
	}
	ends := -1
	for _, end := range []string{"-->", "--!>"} {
		if i := bytes.Index(body, []byte(end)); i >= 0 && (ends < 0 || i+len(end) < ends) {
			ends = i + len(end)
		}
	}
	if ends < 0 {
		return len(s)
	}
	return len("<!--") + ends
}

func upTo(s []byte, c byte) int {
	if i := bytes.IndexByte(s, c); i >= 0 {
		return i + 1
	}
	return len(s)
}

// tagEnd is the length of the start tag that s begins with. A > in a quoted attribute value does not end it;
// a quote opens a value only after an equals sign.
func tagEnd(s []byte) int {
	value := false // an equals sign, and perhaps spaces, just went by
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '>':
			return i + 1
		case '=':
			value = true
		case ' ', '\t', '\n', '\r', '\f':
		case '"', '\'':
			if value {
				i += upTo(s[i+1:], c)
			}
			value = false
		default:
			value = false
		}
	}
	return len(s)
}
