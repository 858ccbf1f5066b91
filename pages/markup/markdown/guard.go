package markdown

import (
	"bytes"
	"context"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Bounds on what takes the parser more than linear time. They are far beyond what people write.
const (
	maxDepth        = 100
	maxCells        = 250_000
	maxEscapedPipes = 5000
	maxWork         = 40_000_000 // bytes looked through in vain
)

// A markKind is a group of inline marks that share a bound.
type markKind uint8

const (
	markEmphasis markKind = iota // * _ ~: every closer may look at every opener
	markLinks                    // [ ] !: labels are looked for to the end of the paragraph
	markCode                     // `: the closing run too
	markTags                     // <: so are the ends of comments
	markSpaces                   // links without marks are tried at every space
	markKinds
)

// maxMarks is how many marks of a kind one paragraph may have; 0: any number.
var maxMarks = [markKinds]int{markEmphasis: 4000, markLinks: 20_000, markCode: 4000, markTags: 20_000}

var guardKey = parser.NewContextKey()

// A guard counts the marks of the paragraph being parsed, and over the whole text how far was looked for what
// closes them in vain. It asks the context now and then.
type guard struct {
	ctx   context.Context
	block ast.Node
	marks [markKinds]int
	work  int
	calls int
	ended bool
}

func (g *guard) allows(block ast.Node, kind markKind) bool {
	if g.block != block {
		g.block, g.marks = block, [markKinds]int{}
	}
	g.marks[kind]++
	return !g.over() && (maxMarks[kind] == 0 || g.marks[kind] <= maxMarks[kind])
}

// over says whether the context has ended or the work is used up.
func (g *guard) over() bool {
	if g.calls++; g.calls%256 == 0 {
		g.ended = g.ctx.Err() != nil
	}
	return g.ended || g.work > maxWork
}

// guarded is an inline parser that sees no marks beyond the bound: they stay text.
type guarded struct {
	parser.InlineParser
	kind markKind
}

func (p guarded) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	g, ok := pc.Get(guardKey).(*guard)
	if !ok {
		return p.InlineParser.Parse(parent, block, pc)
	}
	if !g.allows(parent, p.kind) {
		return nil
	}
	line, segment := block.PeekLine()
	n := p.InlineParser.Parse(parent, block, pc)
	if p.inVain(line, n) {
		lines := parent.Lines()
		g.work += lines.At(lines.Len()-1).Stop - segment.Start
	}
	return n
}

// inVain says whether a parser looked for something to the end of the paragraph and did not find it. line is
// what it saw and n what it made of it.
func (p guarded) inVain(line []byte, n ast.Node) bool {
	switch p.kind {
	case markCode:
		return n != nil && n.Kind() == ast.KindText
	case markLinks:
		return n == nil && len(line) > 1 && line[0] == ']' && (line[1] == '(' || line[1] == '[')
	}
	return false
}

// CloseBlock passes on the end of a paragraph to parsers that want to know it.
func (p guarded) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if closer, ok := p.InlineParser.(parser.CloseBlocker); ok {
		closer.CloseBlock(parent, block, pc)
	}
}

// shallow is a parser of quotes or lists that does not nest deeper than maxDepth.
type shallow struct{ parser.BlockParser }

func (p shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if depth++; depth > maxDepth {
			return nil, parser.NoChildren
		}
	}
	if g, ok := pc.Get(guardKey).(*guard); ok && g.over() {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// references reads the definitions of links at the beginning of a paragraph. In a long paragraph of them each
// may be looked through to its end.
type references struct{ parser.ParagraphTransformer }

func (p references) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	first := lines.At(0)
	if !bytes.HasPrefix(bytes.TrimLeft(first.Value(reader.Source()), " "), []byte("[")) {
		return
	}
	if g, ok := pc.Get(guardKey).(*guard); ok && lines.Len() > 100 {
		g.work += lines.Len() * (lines.At(lines.Len()-1).Stop - first.Start) / 4
		if g.over() {
			return
		}
	}
	p.ParagraphTransformer.Transform(node, reader, pc)
}

// smallTables makes no table whose rows times columns would be out of proportion to its text.
type smallTables struct{ parser.ParagraphTransformer }

func (p smallTables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	columns := 0
	for i := range lines.Len() {
		line := lines.At(i)
		value := line.Value(reader.Source())
		if len(bytes.Trim(value, " \t\r\n|:-")) == 0 {
			columns = max(columns, bytes.Count(value, []byte("|"))+1)
		}
	}
	if columns > 1 && columns*lines.Len() > maxCells {
		return
	}
	p.ParagraphTransformer.Transform(node, reader, pc)
}
