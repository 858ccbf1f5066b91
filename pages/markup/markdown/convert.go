package markdown

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// MaxBytes is how long a Markdown text may be.
const MaxBytes = 2 << 20

// Options say what Convert does with a text.
type Options struct {
	Actions bool // {{…}} are template actions
}

// A Document is a converted text.
type Document struct {
	HTML     []byte
	Title    string    // text of the first heading, "" if there is none
	Contents []Heading // all headings, in order
	HasH1    bool      // there is a heading of the first level, or an <h1> in raw HTML
	Links    []string  // targets of links and images as the author wrote them, each once, without actions

	marks []mark
}

// A Heading is one entry of the contents.
type Heading struct {
	Level int // 1 to 6
	ID    string
	Text  string // without marks and actions
}

// An Error is a fault in a Markdown text.
type Error struct {
	Line, Column int // from 1; columns in characters
	Message      string
	Hint         string // what to do about it; may be ""
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Convert converts a text. Front matter must have been blanked. An error is an *Error, or the cause of ctx.
func Convert(ctx context.Context, src []byte, o Options) (Document, error) {
	if len(src) > MaxBytes {
		return Document{}, &Error{1, 1, fmt.Sprintf("the text is longer than %d MB", MaxBytes>>20), "divide it into several files"}
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if !utf8.Valid(src) {
		src = bytes.ToValidUTF8(src, []byte("\ufffd"))
	}
	if n := bytes.Count(src, []byte(`\|`)); n > maxEscapedPipes {
		return Document{}, &Error{1, 1, fmt.Sprintf("the text has more than %d escaped pipes", maxEscapedPipes), "divide it into several files"}
	}
	c := &conversion{ctx: ctx, source: src}
	if o.Actions {
		if err := c.takeActions(); err != nil {
			return Document{}, err
		}
	}
	root := c.parse()
	if err := c.walk(root); err != nil {
		return Document{}, err
	}
	if err := c.render(root); err != nil {
		return Document{}, err
	}
	return c.document, nil
}

// A conversion is one text on its way to HTML.
type conversion struct {
	ctx      context.Context
	source   []byte   // what is parsed: the text, or the text with tokens for its actions
	actions  *actions // nil: {{ is plain text
	slugs    slugs
	seen     map[string]bool // links
	document Document
}

// parse parses c.source. It ends soon when the context does; then the tree is worth nothing.
func (c *conversion) parse() ast.Node {
	pc := parser.NewContext()
	pc.Set(guardKey, &guard{ctx: c.ctx})
	if c.actions != nil {
		pc.Set(actionsKey, c.actions)
	}
	return engine().parser.Parse(text.NewReader(c.source), parser.WithContext(pc))
}

// render writes the HTML block by block, so that the context is asked between them.
func (c *conversion) render(root ast.Node) error {
	var out bytes.Buffer
	out.Grow(len(c.source) + len(c.source)/2)
	w := bufio.NewWriter(&out)
	renderer := engine().plain
	if c.actions != nil {
		renderer = engine().template
	}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if err := c.ended(); err != nil {
			return err
		}
		if err := renderer.Render(w, c.source, n); err != nil {
			return fmt.Errorf("writing Markdown as HTML: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing Markdown as HTML: %w", err)
	}
	c.document.HTML = out.Bytes()
	if c.actions != nil {
		c.document.HTML, c.document.marks = c.actions.restore(out.Bytes())
	}
	return nil
}

func (c *conversion) ended() error {
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	return nil
}

// fault is an Error at an offset of c.source.
func (c *conversion) fault(offset int, message, hint string) error {
	src := c.source
	if c.actions != nil {
		offset, src = c.actions.original(offset), c.actions.source
	}
	line, column := placeOf(src, offset)
	return &Error{line, column, message, hint}
}

// placeOf returns line and column of an offset, from 1, columns in characters.
func placeOf(src []byte, offset int) (line, column int) {
	before := src[:min(max(offset, 0), len(src))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}

// plainText is the text of inline nodes, as people read it.
func (c *conversion) plainText(n ast.Node) string {
	var b strings.Builder
	c.writeText(&b, n, 0)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (c *conversion) writeText(b *strings.Builder, n ast.Node, depth int) {
	if depth > 200 {
		return
	}
	switch v := n.(type) {
	case *ast.Text:
		value := v.Value(c.source)
		if !v.IsRaw() {
			value = unescape(value)
		}
		b.Write(c.withoutTokens(value))
		if v.SoftLineBreak() || v.HardLineBreak() {
			b.WriteByte(' ')
		}
	case *ast.String:
		b.Write(v.Value)
	case *ast.AutoLink:
		b.Write(c.withoutTokens(v.Label(c.source)))
	case *ast.RawHTML:
	case *ast.CodeSpan:
		for child := n.FirstChild(); child != nil; child = child.NextSibling() {
			if t, ok := child.(*ast.Text); ok {
				b.WriteString(c.withTokensRestored(t.Value(c.source)))
			}
		}
	default:
		for child := n.FirstChild(); child != nil; child = child.NextSibling() {
			c.writeText(b, child, depth+1)
		}
	}
}

func (c *conversion) withoutTokens(text []byte) []byte {
	if c.actions == nil {
		return text
	}
	return c.actions.remove(text)
}

func (c *conversion) withTokensRestored(text []byte) string {
	if c.actions == nil {
		return string(text)
	}
	return c.actions.originals(text)
}
