package markdown

import (
	"sync"

	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// A machine is the parser and the two renderers. They are made once and shared: what belongs to one text is in
// the parser's context and in the tree.
type machine struct {
	parser          parser.Parser
	plain, template renderer.Renderer
}

var engine = sync.OnceValue(newMachine)

func newMachine() machine {
	return machine{parser: newParser(), plain: newRenderer(false), template: newRenderer(true)}
}

// newParser lists what is understood, with goldmark's own priorities. What can take more than linear time is
// behind a guard.
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(actionBlockParser{}, 50),
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(shallow{parser.NewListParser()}, 300),
			util.Prioritized(shallow{parser.NewListItemParser()}, 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(shallow{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(guarded{extension.NewTaskCheckBoxParser(), markLinks}, 0),
			util.Prioritized(guarded{parser.NewCodeSpanParser(), markCode}, 100),
			util.Prioritized(guarded{parser.NewLinkParser(), markLinks}, 200),
			util.Prioritized(guarded{parser.NewAutoLinkParser(), markTags}, 300),
			util.Prioritized(guarded{parser.NewRawHTMLParser(), markTags}, 400),
			util.Prioritized(guarded{parser.NewEmphasisParser(), markEmphasis}, 500),
			util.Prioritized(guarded{extension.NewStrikethroughParser(), markEmphasis}, 500),
			util.Prioritized(guarded{extension.NewLinkifyParser(), markSpaces}, 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(references{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(smallTables{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
		),
	)
}

func newRenderer(template bool) renderer.Renderer {
	ours := textWriter{html.DefaultWriter, template}
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(ourNodes{}, 100),
		util.Prioritized(extension.NewTableHTMLRenderer(), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
		util.Prioritized(html.NewRenderer(html.WithUnsafe(), html.WithWriter(ours)), 1000),
	))
}

// A textWriter writes text. In the text of a template every literal brace becomes a character reference, so
// that no two of them begin an action.
type textWriter struct {
	html.Writer
	template bool
}

func (t textWriter) Write(w util.BufWriter, source []byte) {
	if t.template {
		w = braceWriter{w}
	}
	t.Writer.Write(w, source)
}

func (t textWriter) RawWrite(w util.BufWriter, source []byte) {
	if t.template {
		w = braceWriter{w}
	}
	t.Writer.RawWrite(w, source)
}

const braceReference = "&#123;"

type braceWriter struct{ util.BufWriter }

func (b braceWriter) Write(p []byte) (int, error) {
	last := 0
	for i, c := range p {
		if c == '{' {
			_, _ = b.BufWriter.Write(p[last:i])
			_, _ = b.BufWriter.WriteString(braceReference)
			last = i + 1
		}
	}
	_, err := b.BufWriter.Write(p[last:])
	return len(p), err
}

func (b braceWriter) WriteString(s string) (int, error) { return b.Write([]byte(s)) }

func (b braceWriter) WriteByte(c byte) error {
	if c == '{' {
		_, err := b.BufWriter.WriteString(braceReference)
		return err
	}
	return b.BufWriter.WriteByte(c)
}

func (b braceWriter) WriteRune(r rune) (int, error) {
	if r == '{' {
		return b.BufWriter.WriteString(braceReference)
	}
	return b.BufWriter.WriteRune(r)
}
