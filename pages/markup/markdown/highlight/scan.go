package highlight

import (
	"strings"
	"unicode/utf8"
)

// A quote is a way to write text in a language.
type quote struct {
	open, close string
	escapes     bool // a backslash takes the next character with it
	lines       bool // may go over line ends
}

// A language says what its comments, texts and words look like.
type language struct {
	scan      func(*writer, *language)
	line      []string // what begins a comment up to the end of the line
	block     [2]string
	quotes    []quote
	words     map[string]string // class by word
	foldCase  bool
	variables string               // characters that begin a variable: $ in a shell
	nameBytes string               // what names may contain besides letters, digits and _
	inside    map[string]*language // markup: what stands in elements of a name
	preproc   byte                 // a line that begins with it is for the preprocessor, 0: none
}

// scanCode goes through a language of words, texts, numbers and comments.
func scanCode(w *writer, l *language) { l.scanTo(w, 0, len(w.code)) }

func (l *language) scanTo(w *writer, i, end int) {
	for i < end {
		i = l.token(w, i, end)
	}
}

// token marks what begins at i and returns where the next one does.
func (l *language) token(w *writer, i, end int) int {
	code := w.code[:end]
	rest := code[i:]
	c := rest[0]
	if c == ' ' || c == '\n' || c == '\t' {
		return i + 1
	}
	for _, mark := range l.line {
		if strings.HasPrefix(rest, mark) && (mark != "#" || startsWord(code, i)) {
			n := lineLen(rest)
			w.span(classLineComment, i, i+n)
			return i + n
		}
	}
	if l.block[0] != "" && strings.HasPrefix(rest, l.block[0]) {
		n := until(rest, len(l.block[0]), l.block[1])
		w.span(classComment, i, i+n)
		return i + n
	}
	for _, q := range l.quotes {
		if strings.HasPrefix(rest, q.open) {
			n := q.length(rest)
			w.span(classString, i, i+n)
			return i + n
		}
	}
	switch {
	case l.preproc != 0 && c == l.preproc && strings.TrimSpace(code[strings.LastIndexByte(code[:i], '\n')+1:i]) == "":
		n := lineLen(rest)
		w.span(classPreproc, i, i+n)
		return i + n
	case strings.IndexByte(l.variables, c) >= 0 && l.variables != "":
		n := 1 + l.variableLen(rest[1:])
		if n > 1 {
			w.span(classVariable, i, i+n)
		}
		return i + n
	case '0' <= c && c <= '9':
		n := numberLen(rest)
		w.span(classNumber, i, i+n)
		return i + n
	}
	n := l.nameLen(rest)
	if n == 0 {
		_, size := utf8.DecodeRuneInString(rest)
		return i + size
	}
	if class := l.wordClass(rest, n); class != "" {
		w.span(class, i, i+n)
	}
	return i + n
}

// wordClass is the class of the name that a text begins with, "" for one that is not marked.
func (l *language) wordClass(rest string, n int) string {
	name := rest[:n]
	if l.foldCase {
		name = strings.ToLower(name)
	}
	if class, ok := l.words[name]; ok {
		return class
	}
	if n < len(rest) && rest[n] == '(' {
		return classFunction
	}
	return ""
}

func (l *language) nameLen(text string) int {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if !isNameByte(c) && (i == 0 || strings.IndexByte(l.nameBytes, c) < 0) {
			return i
		}
	}
	return len(text)
}

// variableLen is the length of a variable's name behind its mark: name, {name} or one special character.
func (l *language) variableLen(text string) int {
	if n := l.nameLen(text); n > 0 {
		return n
	}
	if strings.HasPrefix(text, "{") {
		if i := strings.IndexAny(text, "}\n"); i >= 0 && text[i] == '}' {
			return i + 1
		}
	}
	if text != "" && strings.IndexByte("@*#?$!-", text[0]) >= 0 {
		return 1
	}
	return 0
}

func isNameByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c >= utf8.RuneSelf
}

// startsWord says whether nothing or white space is before i: # within a word is no comment.
func startsWord(code string, i int) bool {
	return i == 0 || strings.IndexByte(" \t\n;(", code[i-1]) >= 0
}

func lineLen(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i
	}
	return len(text)
}

// until returns the offset behind a closing mark that is looked for from an offset on; the whole length if it
// is not there.
func until(text string, from int, mark string) int {
	if i := strings.Index(text[from:], mark); i >= 0 {
		return from + i + len(mark)
	}
	return len(text)
}

// length returns how long the text in quotes is that a code begins with.
func (q quote) length(code string) int {
	for i := len(q.open); i < len(code); i++ {
		switch {
		case strings.HasPrefix(code[i:], q.close):
			return i + len(q.close)
		case q.escapes && code[i] == '\\':
			i++
		case code[i] == '\n' && !q.lines:
			return i
		}
	}
	return len(code)
}

// numberLen takes letters and dots along: 0xff, 1.5e3, 10px, 30s.
func numberLen(text string) int {
	for i := 0; i < len(text); i++ {
		if c := text[i]; !isNameByte(c) && (c != '.' || i+1 >= len(text) || text[i+1] < '0' || text[i+1] > '9') {
			return i
		}
	}
	return len(text)
}
