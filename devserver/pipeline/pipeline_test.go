package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huygens/pages"
)

// nobody is a front that offers nothing.
type nobody struct{ pages.Host }

func (nobody) Progress(context.Context, []pages.Span, []pages.Line) {}

// site writes files and returns a runtime for them, with modules.
func site(t *testing.T, files map[string]string, modules ...Module) *Runtime {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r := newRuntime(Config{Applications: []pages.Config{{Site: "test", Folder: dir, Path: "/"}}}, modules)
	t.Cleanup(r.Close)
	return r
}

func get(t *testing.T, r *Runtime, file string) *pages.Result {
	t.Helper()
	res, err := r.Run(t.Context(), &pages.Request{
		Application: "/", Method: "GET", Path: "/", Target: "/",
		Resource: pages.Resource{Handler: pages.HandlerPage, File: file},
	}, nobody{})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// listener returns a module that notes every event, and what it noted.
func listener(name string, at map[string]Listener) (Module, *[]string) {
	var told []string
	m := Module{Name: name, On: map[string]Listener{}}
	for _, event := range pages.PipelineEvents {
		m.On[event] = func(ctx context.Context, c *pages.Context) error {
			told = append(told, event)
			if f := at[event]; f != nil {
				return f(ctx, c)
			}
			return nil
		}
	}
	return m, &told
}

var page = map[string]string{"index.gohtml": "<h1>{{.x}}</h1>", "index.gohtml.js": "function Page_Load() { page.data.x = 1 }"}

func TestEventsInOrder(t *testing.T) {
	m, told := listener("m", nil)
	if res := get(t, site(t, page, m), "index.gohtml"); res.Status != 200 {
		t.Fatalf("status %d: %s", res.Status, res.Body)
	}
	if !slices.Equal(*told, pages.PipelineEvents[:]) {
		t.Errorf("told %v", *told)
	}
}

func TestErrorSkipsToLogRequest(t *testing.T) {
	fails := errors.New("no")
	for _, at := range []string{"BeginRequest", "AuthorizeRequest", "PreRequestHandlerExecute", "PostRequestHandlerExecute"} {
		m, told := listener("m", map[string]Listener{at: func(context.Context, *pages.Context) error { return fails }})
		res := get(t, site(t, page, m), "index.gohtml")
		want := append(slices.Clone(pages.PipelineEvents[:eventIndex(at)+1]), pages.PipelineEvents[logRequest:]...)
		if !slices.Equal(*told, want) {
			t.Errorf("error at %s: told %v, want %v", at, *told, want)
		}
		if res.Status != 500 || len(res.Faults) == 0 {
			t.Errorf("error at %s: status %d, faults %v", at, res.Status, res.Faults)
		}
	}
}

func TestErrorInEndRequestIsAnsweredOnce(t *testing.T) {
	m, told := listener("m", map[string]Listener{"EndRequest": func(context.Context, *pages.Context) error { return errors.New("no") }})
	res := get(t, site(t, page, m), "index.gohtml")
	if res.Status != 500 {
		t.Errorf("status %d", res.Status)
	}
	if n := len(*told); n != len(pages.PipelineEvents) || (*told)[n-1] != "PreSendRequestContent" {
		t.Errorf("told %v", *told)
	}
}

func TestPanicIsAnError(t *testing.T) {
	m, _ := listener("m", map[string]Listener{"BeginRequest": func(context.Context, *pages.Context) error { panic("oh") }})
	res := get(t, site(t, page, m), "index.gohtml")
	if res.Status != 500 || !strings.Contains(res.Faults[0].Message, "oh") {
		t.Errorf("status %d, faults %v", res.Status, res.Faults)
	}
}

func TestSpansNest(t *testing.T) {
	res := get(t, site(t, page), "index.gohtml")
	for i, s := range res.Spans {
		if s.Took < 0 {
			t.Errorf("%s still runs", s.Name)
		}
		if s.Parent < 0 {
			continue
		}
		p := res.Spans[s.Parent]
		if int(s.Parent) >= i || s.Begin < p.Begin || s.Begin+s.Took > p.Begin+p.Took {
			t.Errorf("%s (%v+%v) is not inside %s (%v+%v)", s.Name, s.Begin, s.Took, p.Name, p.Begin, p.Took)
		}
	}
}

func TestUnknownApplication(t *testing.T) {
	r := site(t, page)
	_, err := r.Run(t.Context(), &pages.Request{Application: "/blog"}, nobody{})
	var f *pages.Failure
	if !errors.As(err, &f) || f.Status != 503 || !errors.Is(err, errNoApplication) {
		t.Errorf("%v", err)
	}
}

func TestUnloadLoadsAnew(t *testing.T) {
	r := site(t, page)
	if res := get(t, r, "index.gohtml"); res.Why != "compiled for the first request" {
		t.Errorf("why: %s", res.Why)
	}
	if _, err := r.Run(t.Context(), &pages.Request{Kind: pages.Unload, Application: "/"}, nobody{}); err != nil {
		t.Fatal(err)
	}
	if res := get(t, r, "index.gohtml"); res.Why != "compiled for the first request" {
		t.Errorf("why after unload: %s", res.Why)
	}
}
