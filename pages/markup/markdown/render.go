package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"huygens/pages/markup/markdown/highlight"
)

// A codeBlock is code that has been highlighted.
type codeBlock struct {
	ast.BaseBlock
	html []byte
}

var kindCodeBlock = ast.NewNodeKind("HighlightedCode")

func (*codeBlock) Kind() ast.NodeKind              { return kindCodeBlock }
func (*codeBlock) IsRaw() bool                     { return true }
func (b *codeBlock) Dump(source []byte, level int) { ast.DumpHelper(b, source, level, nil, nil) }

// highlighted makes the HTML of a code block.
func (c *conversion) highlighted(n ast.Node) ast.Node {
	language := ""
	if fenced, ok := n.(*ast.FencedCodeBlock); ok {
		language = languageOf(c.withTokensRestored(fenced.Language(c.source)))
	}
	code := c.withTokensRestored(n.Lines().Value(c.source))
	braces := c.actions != nil
	out := append([]byte(nil), `<pre class="chroma" tabindex="0"><code`...)
	if language != "" {
		out = append(out, ` class="language-`...)
		out = highlight.AppendEscaped(out, language, braces)
		out = append(out, '"')
	}
	out = append(out, '>')
	out = highlight.Append(out, language, code, highlight.Options{Braces: braces})
	return &codeBlock{html: append(out, "</code></pre>\n"...)}
}

// languageOf reads the first word of an info string: "go", "{.go}", "language-go", "ts,ignore".
func languageOf(info string) string {
	name, _, _ := strings.Cut(info, ",")
	name = strings.Trim(name, "{}. ")
	return strings.TrimPrefix(name, "language-")
}

// ourNodes writes the nodes that are ours.
type ourNodes struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (ourNodes) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindCodeBlock, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.Write(n.(*codeBlock).html)
		}
		return ast.WalkSkipChildren, nil
	})
	reg.Register(kindActionBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			line := n.Lines().At(0)
			_, _ = w.WriteString(strings.TrimSpace(string(line.Value(source))))
			_ = w.WriteByte('\n')
		}
		return ast.WalkSkipChildren, nil
	})
}
