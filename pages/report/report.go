package report

import "strings"

// A Report is what an error page says.
type Report struct {
	Status   int    // HTTP status
	Title    string // "": that of Status
	Sentence string // one plain sentence, "": Sentence(Status)
	Faults   []Fault
	TraceID  string // "": not told
	TraceURL string // where the trace can be seen: http(s), or a path of this server; "": not told
	Details  bool   // show Faults and the trace; otherwise only the sentence
}

// A Fault is a mistake with the place where it can be mended.
type Fault struct {
	File         string // site path, "": no file is to blame
	Line, Column int    // from 1, columns in characters; 0: unknown
	Message      string
	Hint         string       // what to do about it, may be ""
	Lines        []SourceLine // around Line, see Around
	Stack        []Frame      // innermost first
}

// A SourceLine is a line of the author's file.
type SourceLine struct {
	Number int // from 1
	Text   string
}

// A Frame is one step of the way to a fault.
type Frame struct {
	Function     string
	File         string
	Line, Column int
}

// Bounds of what is written.
const (
	maxFaults  = 20
	maxFrames  = 50
	maxMessage = 2000
	maxLine    = 200
	around     = 5
)

// Around returns the lines of a text from 5 before to 5 after a line, for Fault.Lines.
func Around(text string, line int) []SourceLine {
	if line < 1 {
		return nil
	}
	var lines []SourceLine
	for n := 1; n <= line+around; n++ {
		one, rest, more := strings.Cut(text, "\n")
		if n > line && !more && one == "" {
			break // behind the last line's end is no further line
		}
		if n >= line-around {
			lines = append(lines, SourceLine{n, strings.TrimSuffix(one, "\r")})
		}
		if text = rest; !more {
			break
		}
	}
	if len(lines) == 0 || lines[len(lines)-1].Number < line {
		return nil // the file has become shorter
	}
	return lines
}

// A view is a report as it is written: with its defaults, made visible, and within the bounds.
type view struct {
	Report
	faults []shownFault
}

// A shownFault is a fault whose lines may have been cut around its column.
type shownFault struct {
	Fault
	caret int // column in the line that is shown, 0: none
}

func (r Report) view() view {
	v := view{Report: r}
	if r.Title == "" {
		v.Title = Title(r.Status)
	}
	if r.Sentence == "" {
		v.Sentence = Sentence(r.Status)
	}
	v.Title, v.Sentence = shorten(v.Title), shorten(v.Sentence)
	v.TraceID, v.TraceURL = shorten(r.TraceID), shorten(r.TraceURL)
	if !leads(r.TraceURL) {
		v.TraceURL = ""
	}
	if !r.Details {
		v.Faults, v.TraceID, v.TraceURL = nil, "", ""
	}
	for _, f := range v.Faults[:min(len(v.Faults), maxFaults)] {
		v.faults = append(v.faults, f.shown())
	}
	return v
}

// leads says whether an address is one that a link may lead to: of HTTP, or a path of the same server.
func leads(address string) bool {
	for _, begin := range [...]string{"http://", "https://"} {
		if strings.HasPrefix(address, begin) {
			return true
		}
	}
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") && !strings.Contains(address, "\\")
}

func (f Fault) shown() shownFault {
	s := shownFault{Fault: f}
	s.File, s.Message, s.Hint = shorten(f.File), shorten(f.Message), shorten(f.Hint)
	s.Lines, s.Stack = nil, nil
	for _, l := range f.Lines[:min(len(f.Lines), 2*around+1)] {
		if l.Number == f.Line && f.Column > 0 {
			l.Text, s.caret = window(l.Text, f.Column)
		} else {
			l.Text, _ = window(l.Text, 1)
		}
		s.Lines = append(s.Lines, l)
	}
	for _, frame := range f.Stack[:min(len(f.Stack), maxFrames)] {
		frame.Function, frame.File = shorten(frame.Function), shorten(frame.File)
		s.Stack = append(s.Stack, frame)
	}
	return s
}
