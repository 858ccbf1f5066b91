package markdown

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"huygens/pages/markup/action"
	"huygens/pages/markup/markdown/highlight"
)

var actionsKey = parser.NewContextKey()

// actions are the template actions of a text. Before it is parsed, each is replaced by a token: a word of
// letters and digits, which means nothing to Markdown and survives it in every place, link targets and cells
// of tables included. In the HTML the tokens are replaced by what they stand for.
type actions struct {
	source  []byte // the text as it was
	prefix  string // of the tokens; it does not occur in the text
	list    []found
	literal map[int]bool // actions that turned out to stand in code
}

// found is an action: where it stands in the text, and where its token does in the text that is parsed.
type found struct {
	start, end   int
	line, column int
	token        int
}

// takeActions finds the actions of c.source and replaces it. What is code is found by parsing the text once
// as it is.
func (c *conversion) takeActions() error {
	a := &actions{source: c.source, literal: map[int]bool{}}
	a.choosePrefix()
	code := c.codeRanges()
	if err := c.ended(); err != nil {
		return err
	}
	var out []byte
	text, place, counted := string(a.source), counter{line: 1, column: 1}, 0
	last := 0
	for at := 0; ; {
		i := bytes.Index(a.source[at:], []byte("{{"))
		if i < 0 {
			break
		}
		at += i
		if end := code.covering(at); end > 0 {
			at = end
			continue
		}
		if escaped(a.source, at) {
			at++
			continue
		}
		n, err := c.actionAt(text, at, code)
		if err != nil {
			return err
		}
		out = append(out, a.source[last:at]...)
		place.count(a.source[counted:at])
		counted = at
		a.list = append(a.list, found{at, at + n, place.line, place.column, len(out)})
		out = append(out, a.token(len(a.list)-1)...)
		at += n
		last = at
	}
	c.source = append(out, a.source[last:]...)
	c.actions = a
	return nil
}

// actionAt returns the length of the action at an offset.
func (c *conversion) actionAt(text string, at int, code ranges) (int, error) {
	text = text[at:min(len(text), at+maxAction)]
	n, ok := action.Len(text)
	if !ok || code.blockWithin(at, at+n) {
		return 0, c.fault(at, "the action is not closed", `end it with }}; two braces as text are written \{{ or as code`)
	}
	words := strings.Fields(strings.TrimLeft(strings.Trim(text[2:n-2], "-"), " \t\r\n"))
	if len(words) > 0 && (words[0] == "define" || words[0] == "block") {
		return 0, c.fault(at, "Markdown cannot have {{"+words[0]+"}}", "put it into a .gohtml file and use it by {{template}}")
	}
	return n, nil
}

// maxAction is how long one action may be.
const maxAction = 64 << 10

// escaped says whether a backslash stands before an offset that is not itself escaped.
func escaped(src []byte, at int) bool {
	n := 0
	for at > 0 && src[at-1] == '\\' {
		n++
		at--
	}
	return n%2 == 1
}

func (a *actions) choosePrefix() {
	for i := 0; ; i++ {
		a.prefix = "Zq" + strconv.Itoa(i) + "x"
		if !bytes.Contains(a.source, []byte(a.prefix)) {
			return
		}
	}
}

func (a *actions) token(i int) string { return a.prefix + strconv.Itoa(i) + "z" }

// next finds the first token of a text: where it begins and ends, and its number. from is negative if there
// is none.
func (a *actions) next(text []byte) (from, to, number int) {
	for skipped := 0; ; {
		i := bytes.Index(text[skipped:], []byte(a.prefix))
		if i < 0 {
			return -1, 0, 0
		}
		from := skipped + i
		digits := text[from+len(a.prefix):]
		end := bytes.IndexByte(digits[:min(len(digits), 12)], 'z')
		if end > 0 {
			if n, err := strconv.Atoi(string(digits[:end])); err == nil && n < len(a.list) {
				return from, from + len(a.prefix) + end + 1, n
			}
		}
		skipped = from + len(a.prefix)
	}
}

func (a *actions) text(i int) []byte { return a.source[a.list[i].start:a.list[i].end] }

// remove takes the tokens out of a text.
func (a *actions) remove(text []byte) []byte {
	if from, _, _ := a.next(text); from < 0 {
		return text
	}
	return a.replaceInto(nil, text, func(out []byte, _ int) []byte { return out })
}

// originals puts the actions back into a text that is code, and remembers that they are.
func (a *actions) originals(text []byte) string {
	return string(a.replaceInto(nil, text, func(out []byte, n int) []byte {
		a.literal[n] = true
		return append(out, a.text(n)...)
	}))
}

// restore puts the actions into the HTML, those of code as text, and notes where they went.
func (a *actions) restore(html []byte) ([]byte, []mark) {
	var marks []mark
	at, counted := counter{line: 1, column: 1}, 0
	out := make([]byte, 0, len(html)+len(a.source)/4)
	out = a.replaceInto(out, html, func(out []byte, n int) []byte {
		if a.literal[n] {
			return highlight.AppendEscaped(out, string(a.text(n)), true)
		}
		at.count(out[counted:])
		counted = len(out)
		out = append(out, a.text(n)...)
		end := at
		end.count(out[counted:])
		marks = append(marks, mark{at.line, at.column, end.line, end.column, a.list[n].line, a.list[n].column})
		return out
	})
	return out, marks
}

// replaceInto appends a text with what f appends in place of its tokens.
func (a *actions) replaceInto(out, text []byte, f func(out []byte, number int) []byte) []byte {
	for {
		from, to, n := a.next(text)
		if from < 0 {
			return append(out, text...)
		}
		out = f(append(out, text[:from]...), n)
		text = text[to:]
	}
}

// original is the offset in the text for one in the text that is parsed.
func (a *actions) original(offset int) int {
	shift := 0
	for i, f := range a.list {
		if f.token >= offset {
			break
		}
		if offset < f.token+len(a.token(i)) {
			return f.start
		}
		shift = f.end - f.token - len(a.token(i))
	}
	return offset + shift
}

// onlyTokens says whether a line consists of tokens and white space.
func (a *actions) onlyTokens(line []byte) bool {
	any := false
	for {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			return any
		}
		from, to, _ := a.next(line)
		if from != 0 {
			return false
		}
		any, line = true, line[to:]
	}
}

// An actionBlock is a line of actions only.
type actionBlock struct{ ast.BaseBlock }

var kindActionBlock = ast.NewNodeKind("ActionBlock")

func (*actionBlock) Kind() ast.NodeKind              { return kindActionBlock }
func (*actionBlock) IsRaw() bool                     { return true }
func (b *actionBlock) Dump(source []byte, level int) { ast.DumpHelper(b, source, level, nil, nil) }

type actionBlockParser struct{}

func (actionBlockParser) Trigger() []byte { return []byte{'Z'} }

func (actionBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	a, ok := pc.Get(actionsKey).(*actions)
	if !ok {
		return nil, parser.NoChildren
	}
	line, segment := reader.PeekLine()
	if !a.onlyTokens(line) {
		return nil, parser.NoChildren
	}
	b := &actionBlock{}
	b.Lines().Append(segment)
	reader.AdvanceToEOL()
	return b, parser.NoChildren
}

func (actionBlockParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}
func (actionBlockParser) Close(ast.Node, text.Reader, parser.Context) {}
func (actionBlockParser) CanInterruptParagraph() bool                 { return true }
func (actionBlockParser) CanAcceptIndentedLine() bool                 { return false }
