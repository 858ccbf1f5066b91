package pages

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"huygens/pages/frontmatter"
	"huygens/pages/markup"
	"huygens/pages/markup/markdown"
)

// markdownPage compiles a Markdown file. Its actions run when it has code or says actions: true; else its HTML
// stands in the page as it is.
func (c *compiler) markdownPage(ctx context.Context, text string) (*Page, error) {
	doc, err := c.frontMatter(c.file, text, frontmatter.Markdown)
	if err != nil {
		return nil, err
	}
	page := &Page{app: c.app, file: c.file, meta: doc.Meta}
	inline, text, err := c.inlineScript(doc.Body, frontmatter.Markdown)
	if err != nil {
		return nil, err
	}
	if page.program, err = c.program(ctx, inline); err != nil {
		return nil, err
	}
	actions := doc.Meta.Actions || page.program != nil
	page.document, err = markdown.Convert(ctx, []byte(text), markdown.Options{Actions: actions})
	if err != nil {
		return nil, c.markdownFault(err)
	}
	page.meta.Title = titleOf(page)
	page.body = c.markdownBody(page, actions, page.document.HTML)
	if err := c.markupOf(page, layoutWish{name: doc.Meta.Layout, by: c.file, meta: &doc.Meta}); err != nil {
		return nil, page.inMarkdown(err)
	}
	if page.layout == "" {
		return page, c.shell(page, actions, doc.Meta.Title)
	}
	return page, nil
}

// markdownBody is the page's own part as a template: its HTML where actions run in it, else a place for it.
func (c *compiler) markdownBody(page *Page, actions bool, html []byte) markup.File {
	if !actions {
		page.html = html
		return markup.File{Name: c.file, Text: "{{_content}}"}
	}
	return markup.File{Name: c.file, Text: string(html)}
}

// shell puts a page without layout into the small document of ours.
func (c *compiler) shell(page *Page, actions bool, title string) error {
	html, lines := markdown.Shell(page.document, title, fileTitle(c.file))
	page.before = lines
	page.body = c.markdownBody(page, actions, html)
	var err error
	page.template, err = markup.Compile(page.body, nil, markup.Options{Funcs: templateFunctions, Partial: c.partial})
	return page.inMarkdown(err)
}

// titleOf is the title of a Markdown page: front matter, else first heading, else file name.
func titleOf(p *Page) string {
	switch {
	case p.meta.Title != "":
		return p.meta.Title
	case p.document.Title != "":
		return p.document.Title
	}
	return fileTitle(p.file)
}

func fileTitle(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }

// inMarkdown moves the places of template faults from the HTML, which nobody has seen, to the Markdown.
func (p *Page) inMarkdown(err error) error {
	var all markup.Errors
	var one *markup.Error
	if !strings.HasSuffix(p.file, ".md") {
		return err
	}
	switch {
	case errors.As(err, &all):
		for _, e := range all {
			p.moveToMarkdown(e)
		}
	case errors.As(err, &one):
		p.moveToMarkdown(one)
	}
	return err
}

func (p *Page) moveToMarkdown(e *markup.Error) {
	if e.File == p.file && e.Line > 0 {
		e.Line, e.Column = p.document.Source(e.Line-p.before, e.Column)
	}
	for i := range e.Frames {
		if f := &e.Frames[i]; f.File == p.file && f.Line > 0 {
			f.Line, f.Column = p.document.Source(f.Line-p.before, f.Column)
		}
	}
}

func (c *compiler) markdownFault(err error) error {
	var fault *markdown.Error
	if errors.As(err, &fault) {
		return &Fault{File: c.file, Line: fault.Line, Column: fault.Column, Message: fault.Message, Hint: fault.Hint}
	}
	return fmt.Errorf("converting %s: %w", c.file, err)
}
