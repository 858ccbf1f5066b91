package pages

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"huygens/pages/frontmatter"
	"huygens/pages/markup"
	"huygens/pages/script"
	"huygens/pages/source"
)

const (
	pageSuffix    = ".gohtml"
	defaultLayout = "_layout"
	noLayout      = "none"
	maxLayouts    = 20
)

// A compiler compiles one page. Whatever it reads or looks for becomes an input.
type compiler struct {
	app    *Application
	file   string
	reader *source.Reader
}

// compile compiles the page file. The unit names its inputs also when the page has a fault: it is compiled
// again when one of them changes.
func (a *Application) compile(ctx context.Context, file string, before *source.Inputs) *unit {
	c := &compiler{app: a, file: file, reader: source.NewReader(a.folder, before)}
	page, err := c.page(ctx)
	return &unit{page: page, err: err, inputs: c.reader.Inputs()}
}

func (c *compiler) page(ctx context.Context) (*Page, error) {
	text, err := c.read(c.file)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(c.file, ".md") {
		return c.markdownPage(ctx, text)
	}
	doc, err := c.frontMatter(c.file, text, frontmatter.Page)
	if err != nil {
		return nil, err
	}
	page := &Page{app: c.app, file: c.file, meta: doc.Meta}
	inline, rest, err := c.inlineScript(doc.Body, frontmatter.Page)
	if err != nil {
		return nil, err
	}
	page.body = markup.File{Name: c.file, Text: rest, Blank: blankRanges(text, rest)}
	var faults []error
	if page.program, err = c.program(ctx, inline); err != nil {
		faults = append(faults, err)
	}
	if err = c.markupOf(page, layoutWish{name: doc.Meta.Layout, by: c.file, meta: &doc.Meta}); err != nil {
		faults = append(faults, err)
	}
	return page, errors.Join(faults...)
}

// read returns a file of the application as text.
func (c *compiler) read(name string) (string, error) {
	data, err := c.reader.ReadFile(name)
	if err != nil {
		return "", err
	}
	return string(data), nil
}

// frontMatter splits a text; its faults get the file's name.
func (c *compiler) frontMatter(file, text string, mode frontmatter.Mode) (frontmatter.Document, error) {
	doc, err := frontmatter.Parse(text, mode)
	var fault *frontmatter.Error
	if errors.As(err, &fault) {
		return doc, &Fault{File: file, Line: fault.Line, Column: fault.Column, Message: fault.Message, Hint: fault.Hint}
	}
	return doc, err
}

// inlineScript takes <script runat="server"> out of the markup.
func (c *compiler) inlineScript(text string, mode frontmatter.Mode) (*script.File, string, error) {
	s, err := frontmatter.ServerScript(text, mode)
	var fault *frontmatter.Error
	switch {
	case errors.As(err, &fault):
		return nil, text, &Fault{File: c.file, Line: fault.Line, Column: fault.Column, Message: fault.Message, Hint: fault.Hint}
	case err != nil:
		return nil, text, err
	case !s.Found:
		return nil, text, nil
	}
	return &script.File{Name: c.file, Text: s.Code}, s.Markup, nil
}

// program compiles the page's code: inline, or the file beside the page.
func (c *compiler) program(ctx context.Context, inline *script.File) (*script.Program, error) {
	var beside []string
	for _, suffix := range []string{".ts", ".js"} {
		if c.reader.Exists(c.file + suffix) {
			beside = append(beside, c.file+suffix)
		}
	}
	switch {
	case inline != nil && len(beside) > 0:
		return nil, &Fault{File: c.file, Message: `the page has both a <script runat="server"> and ` + beside[0], Hint: "keep one of them"}
	case len(beside) > 1:
		return nil, &Fault{File: beside[1], Message: "the page has " + beside[0] + " too", Hint: "keep one of them"}
	case inline != nil:
		return script.Compile(ctx, *inline, script.Options{Files: c.reader, Trusted: c.app.Trusted})
	case len(beside) == 0:
		return nil, nil
	}
	text, err := c.read(beside[0])
	if err != nil {
		return nil, err
	}
	return script.Compile(ctx, script.File{Name: beside[0], Text: text}, script.Options{Files: c.reader, Trusted: c.app.Trusted})
}

// A layoutWish is a layout that somebody wants: by front matter, by code, or by its being the nearest.
type layoutWish struct {
	name string // "": the nearest _layout.gohtml, if there is one
	by   string // file that wants it
	meta *frontmatter.Meta
}

// markupOf compiles the page's markup in its layouts.
func (c *compiler) markupOf(page *Page, wish layoutWish) error {
	layouts, err := c.layouts(wish)
	if err != nil {
		return err
	}
	if len(layouts) > 0 {
		page.layout = strings.TrimSuffix(path.Base(layouts[0].Name), pageSuffix)
	}
	page.template, err = markup.Compile(page.body, layouts, markup.Options{Funcs: templateFunctions, Partial: c.partial})
	return err
}

// layouts are the layouts around a page, innermost first: the one it wants, the one that wants, and so on.
func (c *compiler) layouts(wish layoutWish) ([]markup.File, error) {
	var all []markup.File
	for wish.name != noLayout {
		name := wish.name
		if name == "" {
			name = defaultLayout
		}
		file, text, err := c.upward(path.Dir(wish.by), name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && wish.name == "":
			return all, nil
		case errors.Is(err, fs.ErrNotExist):
			return nil, wish.fault(fmt.Sprintf("there is no layout %s%s in %s or above it", name, pageSuffix, folderWords(path.Dir(wish.by))))
		case err != nil:
			return nil, err
		case slices.ContainsFunc(all, func(f markup.File) bool { return f.Name == file }), len(all) >= maxLayouts:
			return nil, wish.fault(fmt.Sprintf("the layout %s contains itself", file))
		}
		doc, err := c.frontMatter(file, text, frontmatter.Page)
		if err != nil {
			return nil, err
		}
		all = append(all, markup.File{Name: file, Text: doc.Body, Blank: blankRanges(text, doc.Body)})
		wish = layoutWish{name: doc.Meta.Layout, by: file, meta: &doc.Meta}
		if wish.name == "" {
			return all, nil // a layout has an outer one only if it says so
		}
	}
	return all, nil
}

func (w layoutWish) fault(message string) error {
	line, column := 0, 0
	if w.meta != nil {
		line, column = w.meta.Place("layout")
	}
	return &Fault{File: w.by, Line: line, Column: column, Message: message, Hint: `write layout: none for a page without layout`}
}

func folderWords(dir string) string {
	if dir == "." {
		return "the site's folder"
	}
	return dir
}

// upward finds name.gohtml in dir or the nearest folder above it.
func (c *compiler) upward(dir, name string) (file, text string, err error) {
	if !plainName(name) {
		return "", "", fs.ErrNotExist
	}
	for {
		file = path.Join(dir, name+pageSuffix)
		text, err = c.read(file)
		if !errors.Is(err, fs.ErrNotExist) || dir == "." {
			return file, text, err
		}
		dir = path.Dir(dir)
	}
}

// plainName refuses names that lead elsewhere: layouts and partials are found by name, not by path.
func plainName(name string) bool {
	return name != "" && !strings.ContainsAny(name, "/\\\x00") && !strings.HasPrefix(name, ".")
}

// partial finds the partial that a template of from calls.
func (c *compiler) partial(from, name string) (markup.File, error) {
	file, text, err := c.upward(path.Dir(from), name)
	if err != nil {
		return markup.File{}, err
	}
	doc, err := c.frontMatter(file, text, frontmatter.Page)
	return markup.File{Name: file, Text: doc.Body, Blank: blankRanges(text, doc.Body)}, err
}
