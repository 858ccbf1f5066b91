package pages

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huygens/pages/markup"
	"huygens/pages/script"
)

// ErrTimeout is the cause with which a request's context ends when its time is up.
var ErrTimeout = errors.New("the request took longer than requestTimeout")

// stages are the stages of a first request in their order, with the function that listens to each
// (lifecycle.md, 2). Render, Unload and Disposed follow.
var stages = [...]struct{ span, function string }{
	{SpanPreInit, "Page_PreInit"},
	{SpanInit, "Page_Init"},
	{SpanInitComplete, "Page_InitComplete"},
	{SpanPreLoad, "Page_PreLoad"},
	{SpanLoad, "Page_Load"},
	{SpanLoadComplete, "Page_LoadComplete"},
	{SpanPreRender, "Page_PreRender"},
	{SpanPreRenderComplete, "Page_PreRenderComplete"},
	{SpanSaveStateComplete, "Page_SaveStateComplete"},
}

// A run is one request to one page.
type run struct {
	*Context
	page    *Page
	runtime *script.Runtime // nil: the page has no code
	data    any             // page.data
	title   string
	layout  string
	head    []string
	headAt  int    // where {{page.head}} stood in the markup; -1: nowhere
	error   *Fault // what Page_Error is told
	cleared bool   // server.clearError was called
}

// run takes the page through its life. Whatever happens, Unload and Disposed are told.
func (p *Page) run(ctx context.Context, c *Context) error {
	r := &run{Context: c, page: p, title: p.meta.Title, layout: p.layout, headAt: -1}
	defer r.close()
	err := r.start(ctx)
	if err == nil {
		err = r.live(ctx)
	}
	if err != nil && !errors.Is(err, errEnded) {
		err = r.failed(ctx, err)
	}
	r.unload(ctx)
	if errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// start makes the script's runtime and runs its top level.
func (r *run) start(ctx context.Context) error {
	if r.page.program == nil {
		r.data = map[string]any{}
		return nil
	}
	var err error
	r.runtime, err = r.page.program.Start(ctx, r.globals())
	if r.runtime != nil {
		r.data = r.runtime.NewObject()
	}
	return err
}

func (r *run) close() {
	if r.runtime != nil {
		r.runtime.Close()
	}
}

// live runs the stages up to Render.
func (r *run) live(ctx context.Context) error {
	for i := range stages {
		if err := r.stage(ctx, stages[i].span, stages[i].function); err != nil {
			return err
		}
	}
	return r.Record.Step(SpanRender, "", func() error { return r.render(ctx) })
}

// stage tells one function of the page, if it has it. An ended response is no error of the stage.
func (r *run) stage(ctx context.Context, span, function string) error {
	if r.runtime == nil || !r.page.program.Has(function) {
		r.Record.Instant(span)
		return nil
	}
	r.Record.Begin(span, "")
	err := r.call(ctx, function)
	if errors.Is(err, errEnded) {
		r.Record.End(nil)
	} else {
		r.Record.End(err)
	}
	return err
}

// call calls a function of the page with (sender, e).
func (r *run) call(ctx context.Context, function string) error {
	_, err := r.runtime.Call(ctx, function, pageObject{r}, r.runtime.NewObject())
	return err
}

// render writes the markup into the response.
func (r *run) render(ctx context.Context) error {
	compiled, err := r.template(ctx)
	if err != nil {
		return err
	}
	response := r.Response
	start := len(response.body)
	body, err := compiled.template.Render(ctx, response.body, &markup.Env{Data: r.data, Values: r})
	if err != nil {
		return r.page.inMarkdown(err)
	}
	response.body = body
	if response.Header("Content-Type") == "" {
		response.header = append(response.header, Field{Name: "Content-Type", Value: "text/html; charset=utf-8"})
	}
	r.placeHead(start)
	return nil
}

// failed tells Page_Error. If that clears the error, what it wrote is the answer.
func (r *run) failed(ctx context.Context, err error) error {
	response := r.Response
	if response.streamed {
		return err
	}
	response.Clear()
	if r.runtime == nil || !r.page.program.Has("Page_Error") || ctx.Err() != nil {
		return err
	}
	r.error = faultOf(err)
	again := r.stage(ctx, SpanError, "Page_Error")
	switch {
	case again != nil && !errors.Is(again, errEnded):
		return again
	case r.cleared || errors.Is(again, errEnded):
		r.error = nil
		return errEnded
	}
	response.Clear()
	return err
}

// unloadTime is what Unload gets when the request's own time is over.
const unloadTime = time.Second

// unload tells Unload and Disposed. Their errors are logged and change nothing.
func (r *run) unload(ctx context.Context) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), unloadTime)
		defer cancel()
	}
	for _, s := range [...]struct{ span, function string }{{SpanUnload, "Page_Unload"}, {SpanDisposed, "Page_Disposed"}} {
		if err := r.stage(ctx, s.span, s.function); err != nil && !errors.Is(err, errEnded) {
			r.Record.Log("error", fmt.Sprintf("%s: %v", s.function, err), "huygens")
		}
	}
}
