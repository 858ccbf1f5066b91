package highlight

import "strings"

// scanMarkup goes through HTML, XML and templates in them. The insides of script and style elements are
// scanned as what they are.
func scanMarkup(w *writer, l *language) {
	code := w.code
	for i := 0; i < len(code); {
		rest := code[i:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			n := until(rest, 4, "-->")
			w.span(classComment, i, i+n)
			i += n
		case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
			n := until(rest, 2, ">")
			w.span(classPreproc, i, i+n)
			i += n
		case strings.HasPrefix(rest, "{{"):
			n := until(rest, 2, "}}")
			w.span(classPreproc, i, i+n)
			i += n
		case len(rest) > 1 && rest[0] == '<' && (isNameByte(rest[1]) || rest[1] == '/'):
			name, end := scanTag(w, i)
			i = scanInside(w, l.inside[name], name, end)
		default:
			next := strings.IndexAny(rest[1:], "<{")
			if next < 0 {
				return
			}
			i += 1 + next
		}
	}
}

// scanTag marks a tag's name, attributes and values and returns its name and where it ends.
func scanTag(w *writer, i int) (string, int) {
	code := w.code
	start := i
	if i++; i < len(code) && code[i] == '/' {
		i++
	}
	for i < len(code) && (isNameByte(code[i]) || strings.IndexByte("-:.", code[i]) >= 0) {
		i++
	}
	name := strings.ToLower(code[start+1 : i])
	w.span(classTag, start, i)
	for i < len(code) {
		switch c := code[i]; {
		case c == '>':
			w.span(classTag, i, i+1)
			return name, i + 1
		case c == '"' || c == '\'':
			n := quote{open: string(c), close: string(c), lines: true}.length(code[i:])
			w.span(classString, i, i+n)
			i += n
		case strings.HasPrefix(code[i:], "{{"):
			n := until(code[i:], 2, "}}")
			w.span(classPreproc, i, i+n)
			i += n
		case isNameByte(c) || c == '@' || c == ':':
			n := 1
			for i+n < len(code) && (isNameByte(code[i+n]) || strings.IndexByte("-:.@", code[i+n]) >= 0) {
				n++
			}
			w.span(classAttribute, i, i+n)
			i += n
		default:
			i++
		}
	}
	return name, i
}

// scanInside scans what is in a script or style element, and returns where markup goes on.
func scanInside(w *writer, l *language, name string, from int) int {
	if l == nil {
		return from
	}
	n := strings.Index(w.code[from:], "</"+name)
	if n < 0 {
		n = len(w.code) - from
	}
	inside := &writer{out: nil, code: w.code[from : from+n], braces: w.braces}
	l.scan(inside, l)
	inside.plain(len(inside.code))
	w.plain(from)
	w.out = append(w.out, inside.out...)
	w.written = from + n
	return from + n
}
