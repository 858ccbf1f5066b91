package pages

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"huygens/pages/frontmatter"
	"huygens/pages/source"
)

// maxListed bounds how many pages site.pages looks at in one call.
const maxListed = 20_000

// A siteIndex answers site.pages from front matter, without running code. What it has read is kept by file and
// checked at each use like everything else.
type siteIndex struct {
	app   *Application
	files library
}

// A listing is one page as site.pages gives it.
type listing struct {
	draft bool
	date  time.Time
	value map[string]any
}

// sitePages lists the pages of a folder: newest date first where there are dates, then by path.
func (c *Context) sitePages(folder string, recursive, drafts bool) ([]any, error) {
	dir := strings.Trim(path.Clean("/"+strings.TrimPrefix(folder, "~")), "/")
	if dir == "" {
		dir = "."
	}
	reader := source.NewReader(c.Application.folder, nil)
	found, err := c.Application.index.list(reader, dir, recursive)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b listing) int {
		if d := b.date.Compare(a.date); d != 0 {
			return d
		}
		return strings.Compare(a.value["path"].(string), b.value["path"].(string))
	})
	all := make([]any, 0, len(found))
	for _, l := range found {
		if !l.draft || drafts {
			all = append(all, l.value)
		}
	}
	c.Inputs = append(c.Inputs, reader.Inputs().List()...)
	return all, nil
}

func (x *siteIndex) list(reader *source.Reader, dir string, recursive bool) ([]listing, error) {
	entries, err := reader.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []listing
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."), strings.HasPrefix(e.Name(), "_"), e.Name() == "App_Data", e.Name() == "node_modules":
		case e.IsDir() && recursive:
			below, err := x.list(reader, name, true)
			if err != nil {
				return nil, err
			}
			all = append(all, below...)
		case e.Type().IsRegular() && isPageFile(e.Name()):
			if l, ok := x.page(reader, name); ok {
				all = append(all, l)
			}
		}
		if len(all) >= maxListed {
			break
		}
	}
	return all, nil
}

func isPageFile(name string) bool {
	return strings.HasSuffix(name, ".md") || strings.HasSuffix(name, pageSuffix) && !strings.HasSuffix(name, ".control"+pageSuffix)
}

// page reads one page's front matter, or finds it unchanged. A page whose front matter has a fault is listed
// without it: its own error page tells.
func (x *siteIndex) page(reader *source.Reader, name string) (listing, bool) {
	u, _, _ := x.files.get(context.Background(), name, func(_ context.Context, before *source.Inputs) *unit {
		r := source.NewReader(x.app.folder, before)
		text, err := r.ReadFile(name)
		u := &unit{err: err, page: &Page{app: x.app, file: name}}
		if err == nil {
			u.page.meta, u.page.document.Title = headOf(name, string(text))
		}
		u.inputs = r.Inputs()
		return u
	})
	for _, in := range u.inputs.List() {
		reader.Note(in)
	}
	if u.err != nil {
		return listing{}, false
	}
	return x.app.listing(u.page), true
}

// headOf reads the front matter of a page file, and the first heading of a Markdown file without a title.
func headOf(name, text string) (frontmatter.Meta, string) {
	mode := frontmatter.Page
	if strings.HasSuffix(name, ".md") {
		mode = frontmatter.Markdown
	}
	doc, err := frontmatter.Parse(text, mode)
	if err != nil || mode == frontmatter.Page || doc.Meta.Title != "" {
		return doc.Meta, doc.Meta.Title
	}
	return doc.Meta, firstHeading(doc.Body)
}

// firstHeading finds the text of the first "# " heading, outside of fenced code.
func firstHeading(body string) string {
	fenced := false
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			fenced = !fenced
		}
		if rest, ok := strings.CutPrefix(line, "# "); ok && !fenced {
			return strings.TrimSpace(strings.TrimRight(rest, "#"))
		}
	}
	return ""
}

func (a *Application) listing(p *Page) listing {
	title := p.document.Title
	if title == "" {
		title = p.meta.Title
	}
	if title == "" {
		title = strings.TrimSuffix(path.Base(p.file), path.Ext(p.file))
	}
	var date any
	if !p.meta.Date.IsZero() {
		date = p.meta.Date
	}
	return listing{draft: p.meta.Draft, date: p.meta.Date, value: map[string]any{
		"path": a.address(p.file), "title": title, "date": date,
		"draft": p.meta.Draft, "summary": p.meta.Summary, "params": p.params(),
	}}
}
