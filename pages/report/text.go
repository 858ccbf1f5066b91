package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible writes characters that would not be seen as what they are as escapes: controls, and marks that turn
// the direction of writing or have no width. Tabs stay.
func visible(text string) string {
	if !strings.ContainsFunc(text, hidden) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if !hidden(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

func hidden(r rune) bool {
	if r == '\t' || r == '\n' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c' || r == '\u2028' || r == '\u2029'
}

// shorten keeps the beginning of a text that is longer than a message may be.
func shorten(text string) string {
	if len(text) <= maxMessage {
		return visible(text)
	}
	cut := maxMessage
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return visible(text[:cut]) + "…"
}

// window cuts a long line to what is around a column, and says where the column is in it then.
func window(line string, column int) (string, int) {
	var runes []rune
	at := column
	// Hidden characters become several, which moves what is behind them.
	i := 0
	for _, r := range line {
		if i++; i > column+maxLine {
			break
		}
		shown := []rune(visible(string(r)))
		if i < column {
			at += len(shown) - 1
		}
		runes = append(runes, shown...)
	}
	whole := i <= column+maxLine
	start := 0
	if at > maxLine*3/4 {
		start = min(at-maxLine/2, len(runes))
	}
	end := min(start+maxLine, len(runes))
	text := string(runes[start:end])
	if start > 0 {
		text = "…" + text
		at -= start - 1
	}
	if end < len(runes) || !whole {
		text += "…"
	}
	return text, at
}

// place is a fault's or frame's place as editors understand it.
func place(file string, line, column int) string {
	switch {
	case file == "":
		return ""
	case line == 0:
		return file
	case column == 0:
		return fmt.Sprintf("%s:%d", file, line)
	}
	return fmt.Sprintf("%s:%d:%d", file, line, column)
}

// caret is the line below a source line that points at a column; tabs are kept, so that it stands right.
func caret(line string, column int) string {
	var b strings.Builder
	for _, r := range line {
		if column--; column <= 0 {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String() + "^"
}

// text is the form for terminals.
func (v view) text() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s\n%s\n", v.Status, v.Title, v.Sentence)
	for _, f := range v.faults {
		b.WriteByte('\n')
		if p := place(f.File, f.Line, f.Column); p != "" {
			b.WriteString(p + ": ")
		}
		b.WriteString(f.Message + "\n")
		for _, l := range f.source() {
			b.WriteString(l.before + l.text + "\n")
			if l.caret != "" {
				b.WriteString(l.caret + "\n")
			}
		}
		if f.Hint != "" {
			b.WriteString("Hint: " + f.Hint + "\n")
		}
		for _, s := range f.Stack {
			b.WriteString("    at " + s.words() + "\n")
		}
	}
	switch {
	case v.TraceURL != "":
		b.WriteString("\nTrace: " + v.TraceURL + "\n")
	case v.TraceID != "":
		b.WriteString("\nTrace: " + v.TraceID + "\n")
	}
	return []byte(b.String())
}

// A sourceText is a source line with what stands before it and, below it, the line with the caret.
type sourceText struct {
	before, text, caret string
	marked              bool
}

func (f shownFault) source() []sourceText {
	var lines []sourceText
	width := 0
	if n := len(f.Lines); n > 0 {
		width = len(strconv.Itoa(f.Lines[n-1].Number))
	}
	for _, l := range f.Lines {
		s := sourceText{text: l.Text, marked: l.Number == f.Line}
		mark := ' '
		if s.marked {
			mark = '>'
		}
		s.before = fmt.Sprintf("%c %*d | ", mark, width, l.Number)
		if s.marked && f.caret > 0 {
			s.caret = fmt.Sprintf("  %*s | %s", width, "", caret(l.Text, f.caret))
		}
		lines = append(lines, s)
	}
	return lines
}

// words is a frame as one line: "Page_Load (cart.gohtml.ts:3:7)".
func (s Frame) words() string {
	p := place(s.File, s.Line, s.Column)
	switch {
	case s.Function == "":
		return p
	case p == "":
		return s.Function
	}
	return s.Function + " (" + p + ")"
}
