package pages

import (
	"context"
	"slices"
	"strings"

	"huygens/pages/source"
)

// Handle runs the handler of the request's resource. An error is the author's, or that of the request's context;
// Fail makes an answer of it.
func (a *Application) Handle(ctx context.Context, c *Context) error {
	res := c.Request.Resource
	switch {
	case res.Handler == HandlerPage, res.Handler == HandlerMarkdown:
		return a.handlePage(ctx, c, res.File)
	case res.Handler == HandlerStatic && res.File != "":
		c.Response.file = res.File
		return nil
	case res.Handler == HandlerStatic:
		return &statusError{status: 404}
	}
	return &statusError{status: 501, sentence: "This version of Huygens does not run files of this kind yet."}
}

// pageMethods are what a page answers.
var pageMethods = []string{"GET", "HEAD", "POST"}

func (a *Application) handlePage(ctx context.Context, c *Context, file string) error {
	if !slices.Contains(pageMethods, c.Request.Method) {
		c.Response.Set("Allow", strings.Join(pageMethods, ", "))
		return &statusError{status: 405}
	}
	var u *unit
	compile := func(ctx context.Context, before *source.Inputs) (made *unit) {
		c.Record.Step(SpanCompile, file, func() error {
			made = a.compile(ctx, file, before)
			return made.err
		})
		return made
	}
	u, why, fresh := a.units.get(ctx, file, compile)
	c.Why = why
	if fresh {
		c.Inputs = slices.Clone(u.inputs.List())
	}
	if u.err != nil {
		return u.err
	}
	return u.page.run(ctx, c)
}

// template is the page's markup in the layout that code chose in PreInit, or in its own.
func (r *run) template(ctx context.Context) (*compiledMarkup, error) {
	if r.layout == r.page.layout {
		return &r.page.compiledMarkup, nil
	}
	layout := r.layout
	u, _, fresh := r.page.layouts.get(ctx, layout, func(_ context.Context, before *source.Inputs) *unit {
		c := &compiler{app: r.page.app, file: r.page.file, reader: source.NewReader(r.page.app.folder, before)}
		p := &Page{app: r.page.app, file: r.page.file}
		p.body = r.page.body
		err := c.markupOf(p, layoutWish{name: layout, by: r.page.file})
		return &unit{page: p, err: err, inputs: c.reader.Inputs()}
	})
	if fresh {
		r.Inputs = append(r.Inputs, u.inputs.List()...)
	}
	if u.err != nil {
		return nil, u.err
	}
	return &u.page.compiledMarkup, nil
}
