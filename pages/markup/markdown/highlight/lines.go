package highlight

import "strings"

// eachLine calls f with the offset and text of every line, without its end.
func eachLine(code string, f func(at int, line string)) {
	for at := 0; at < len(code); {
		n := lineLen(code[at:])
		f(at, code[at:at+n])
		at += n + 1
	}
}

// scanDiff marks lines that were added and removed.
func scanDiff(w *writer, _ *language) {
	eachLine(w.code, func(at int, line string) {
		class := ""
		switch {
		case strings.HasPrefix(line, "@@"):
			class = classHunk
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"), strings.HasPrefix(line, "diff "), strings.HasPrefix(line, "index "):
			class = classSection
		case strings.HasPrefix(line, "+"):
			class = classInserted
		case strings.HasPrefix(line, "-"):
			class = classDeleted
		default:
			return
		}
		w.span(class, at, at+len(line))
	})
}

// scanKeyed goes through files of keys with values: YAML, TOML, INI.
func scanKeyed(w *writer, l *language) {
	eachLine(w.code, func(at int, line string) {
		text := strings.TrimLeft(line, " \t-")
		i := at + len(line) - len(text)
		end := at + len(line)
		switch {
		case strings.HasPrefix(text, "["):
			if closing := strings.LastIndexByte(text, ']'); closing > 0 && !strings.ContainsAny(text[:closing], ",=") {
				w.span(classKeyword, i, i+closing+1)
				i += closing + 1
			}
		default:
			if n := keyLen(text); n > 0 {
				w.span(classAttribute, i, i+n)
				i += n
			}
		}
		for i < end {
			i = l.token(w, i, end)
		}
	})
}

// keyLen is the length of the key that a line begins with, 0 if it has none.
func keyLen(text string) int {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '=' || c == ':' && (i+1 == len(text) || text[i+1] == ' '):
			return len(strings.TrimRight(text[:i], " \t"))
		case !isNameByte(c) && strings.IndexByte("-./\"' <*", c) < 0:
			return 0
		}
	}
	return 0
}

// scanJSON marks the keys of objects apart from other texts.
func scanJSON(w *writer, l *language) {
	code := w.code
	for i := 0; i < len(code); {
		if code[i] != '"' {
			i = l.token(w, i, len(code))
			continue
		}
		n := quote{open: `"`, close: `"`, escapes: true}.length(code[i:])
		class := classString
		if strings.HasPrefix(strings.TrimLeft(code[i+n:], " \t"), ":") {
			class = classTag
		}
		w.span(class, i, i+n)
		i += n
	}
}

// scanCSS marks selectors, properties and values.
func scanCSS(w *writer, l *language) {
	code := w.code
	for i := 0; i < len(code); {
		n := 0
		for i+n < len(code) && (isNameByte(code[i+n]) || code[i+n] == '-' || n == 0 && strings.IndexByte("@.#", code[i]) >= 0) {
			n++
		}
		if n == 0 || '0' <= code[i] && code[i] <= '9' {
			i = l.token(w, i, len(code))
			continue
		}
		switch name := code[i : i+n]; {
		case name[0] == '@':
			w.span(classKeyword, i, i+n)
		case strings.HasPrefix(name, "--"):
			w.span(classVariable, i, i+n)
		case isSelector(code[i+n:]):
			w.span(classTag, i, i+n)
		case isProperty(code, i, n):
			w.span(classAttribute, i, i+n)
		case i+n < len(code) && code[i+n] == '(':
			w.span(classFunction, i, i+n)
		}
		i += n
	}
}

// isProperty says whether a name stands before a colon and behind the beginning of a declaration.
func isProperty(code string, i, n int) bool {
	if !strings.HasPrefix(strings.TrimLeft(code[i+n:], " \t"), ":") {
		return false
	}
	before := strings.TrimRight(code[max(0, i-80):i], " \t\r\n")
	return before == "" || strings.HasSuffix(before, "{") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, "*/")
}

// isSelector says whether { comes before ; and }.
func isSelector(rest string) bool {
	i := strings.IndexAny(rest[:min(len(rest), 200)], "{;}")
	return i >= 0 && rest[i] == '{'
}
