package highlight

import "strings"

// Classes of the spans, in chroma's words.
const (
	classKeyword     = "k"
	classConstant    = "kc"
	classType        = "kt"
	classFunction    = "nf"
	classTag         = "nt"
	classAttribute   = "na"
	classVariable    = "nv"
	classString      = "s"
	classNumber      = "m"
	classComment     = "c"
	classLineComment = "c1"
	classPreproc     = "cp"
	classInserted    = "gi"
	classDeleted     = "gd"
	classHunk        = "gu"
	classSection     = "gh"
)

// Options say how code is written.
type Options struct {
	// Braces writes every { as a character reference, so that the HTML may become the text of a template.
	Braces bool
}

// Known says whether a language, or one of its other names, is in the table.
func Known(language string) bool {
	_, ok := languages()[strings.ToLower(language)]
	return ok
}

// Append appends code as HTML. Without its spans the result is the code, escaped; a language that is not known
// has no spans.
func Append(out []byte, language, code string, o Options) []byte {
	w := &writer{out: out, code: code, braces: o.Braces}
	if l := languages()[strings.ToLower(language)]; l != nil {
		l.scan(w, l)
	}
	w.plain(len(code))
	return w.out
}

// A writer turns a text into spans from its beginning to its end. What is between spans is plain.
type writer struct {
	out     []byte
	code    string
	written int
	braces  bool
}

// span marks code[from:to]; everything before is plain.
func (w *writer) span(class string, from, to int) {
	if from >= to {
		return
	}
	w.plain(from)
	w.out = append(w.out, `<span class="`...)
	w.out = append(w.out, class...)
	w.out = append(w.out, `">`...)
	w.plain(to)
	w.out = append(w.out, `</span>`...)
}

func (w *writer) plain(to int) {
	w.out = AppendEscaped(w.out, w.code[w.written:to], w.braces)
	w.written = to
}

// AppendEscaped appends text as HTML for text and attributes, with braces as character references if asked.
func AppendEscaped(out []byte, text string, braces bool) []byte {
	last := 0
	for i := 0; i < len(text); i++ {
		var by string
		switch text[i] {
		case '<':
			by = "&lt;"
		case '>':
			by = "&gt;"
		case '&':
			by = "&amp;"
		case '"':
			by = "&#34;"
		case 0:
			by = "\ufffd"
		case '{':
			if !braces {
				continue
			}
			by = "&#123;"
		default:
			continue
		}
		out = append(append(out, text[last:i]...), by...)
		last = i + 1
	}
	return append(out, text[last:]...)
}
