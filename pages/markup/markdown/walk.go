package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// walk reads what is told about the document from its tree, and prepares the tree for being written.
func (c *conversion) walk(root ast.Node) error {
	var code, refused []ast.Node
	steps := 0
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if steps++; steps%1024 == 0 && c.ended() != nil {
			return ast.WalkStop, c.ended()
		}
		switch v := n.(type) {
		case *ast.Heading:
			c.heading(v)
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			code = append(code, n)
		case *ast.CodeSpan:
			c.plainText(v) // its actions are marked as code
		case *ast.Link:
			v.Destination = c.link(v.Destination)
		case *ast.Image:
			v.Destination = c.target(v.Destination)
		case *ast.AutoLink:
			if runsScript(v.URL(c.source)) {
				refused = append(refused, n)
			}
		case *ast.HTMLBlock:
			return ast.WalkContinue, c.rawHTML(c.htmlBlockText(v), v.Lines().At(0).Start)
		case *ast.RawHTML:
			return ast.WalkContinue, c.rawHTML(v.Segments.Value(c.source), v.Segments.At(0).Start)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return err
	}
	for _, n := range code {
		if err := c.ended(); err != nil {
			return err
		}
		n.Parent().ReplaceChild(n.Parent(), n, c.highlighted(n))
	}
	for _, n := range refused {
		label := n.(*ast.AutoLink).Label(c.source)
		n.Parent().ReplaceChild(n.Parent(), n, ast.NewString(label))
	}
	return c.ended()
}

// heading gives a heading its id and puts it into the contents.
func (c *conversion) heading(h *ast.Heading) {
	text := c.plainText(h)
	id := c.slugs.make(text)
	h.SetAttributeString("id", []byte(id))
	if len(c.document.Contents) == 0 {
		c.document.Title = text
	}
	c.document.HasH1 = c.document.HasH1 || h.Level == 1
	c.document.Contents = append(c.document.Contents, Heading{h.Level, id, text})
}

func (c *conversion) htmlBlockText(n *ast.HTMLBlock) []byte {
	text := n.Lines().Value(c.source)
	if n.HasClosure() {
		text = append(text[:len(text):len(text)], n.ClosureLine.Value(c.source)...)
	}
	return text
}

// rawHTML looks through raw HTML. A server script that nobody took out must not be sent to browsers.
func (c *conversion) rawHTML(text []byte, offset int) error {
	lower := bytes.ToLower(text)
	c.document.HasH1 = c.document.HasH1 || bytes.Contains(lower, []byte("<h1"))
	for at := 0; ; {
		i := bytes.Index(lower[at:], []byte("<script"))
		if i < 0 {
			return nil
		}
		at += i + len("<script")
		tag, _, _ := bytes.Cut(lower[at:], []byte(">"))
		if name := bytes.Index(tag, []byte("runat")); name >= 0 && bytes.Contains(tag[name:], []byte("server")) {
			return c.fault(offset, "a server script must begin a line of its own", "move it to the beginning or the end of the file")
		}
	}
}

// unescape reads backslashes and character references, as the renderer does.
func unescape(text []byte) []byte {
	if bytes.IndexByte(text, '\\') >= 0 {
		text = util.UnescapePunctuations(text)
	}
	if bytes.IndexByte(text, '&') >= 0 {
		text = util.ResolveEntityNames(util.ResolveNumericReferences(text))
	}
	return text
}

// slugs makes the ids of headings.
type slugs struct {
	used  map[string]bool
	count map[string]int
}

// make makes an id as GitHub does, and one that is free.
func (s *slugs) make(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case isSlugRune(r):
			b.WriteRune(r)
		}
	}
	base := b.String()
	if base == "" {
		base = "section"
	}
	if s.used == nil {
		s.used, s.count = map[string]bool{}, map[string]int{}
	}
	id := base
	for s.used[id] {
		s.count[base]++
		id = base + "-" + itoa(s.count[base])
	}
	s.used[id] = true
	return id
}
