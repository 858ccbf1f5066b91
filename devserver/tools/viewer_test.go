package tools

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"

	"huygens/assets"
	"huygens/devserver/trace"
	"huygens/pages"
)

// A module is one of the viewer's modules, loaded without a browser.
type module struct {
	*testing.T
	vm *goja.Runtime
}

func load(t *testing.T, name string) module {
	t.Helper()
	built := api.Build(api.BuildOptions{
		EntryPoints: []string{"../../assets/viewer/" + name}, Bundle: true, Format: api.FormatIIFE, GlobalName: "module", Target: api.ES2020,
	})
	if len(built.Errors) > 0 {
		t.Fatal(built.Errors[0].Text)
	}
	vm := goja.New()
	if _, err := vm.RunString(string(built.OutputFiles[0].Contents)); err != nil {
		t.Fatal(err)
	}
	return module{t, vm}
}

// export makes a function of the module callable: f points to a func variable.
func (m module) export(expression string, f any) {
	m.Helper()
	v, err := m.vm.RunString(expression)
	if err == nil {
		err = m.vm.ExportTo(v, f)
	}
	if err != nil {
		m.Fatal(err)
	}
}

// The viewer's filter and that of package trace are one grammar: both are held to the same examples.
func TestViewerFilter(t *testing.T) {
	data, err := os.ReadFile("../trace/testdata/filter.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples struct {
		Traces []json.RawMessage
		Cases  []struct {
			Filter string
			Want   []int64
		}
		Errors []string
	}
	if err := json.Unmarshal(data, &examples); err != nil {
		t.Fatal(err)
	}
	m := load(t, "filter.js")
	var parse func(string) (func(goja.Value) (bool, error), error)
	var parseJSON func(string) (goja.Value, error)
	m.export("module.parseFilter", &parse)
	m.export("JSON.parse", &parseJSON)
	var traces []goja.Value
	for _, raw := range examples.Traces {
		v, err := parseJSON(string(raw))
		if err != nil {
			t.Fatal(err)
		}
		traces = append(traces, v)
	}
	for _, test := range examples.Cases {
		match, err := parse(test.Filter)
		if err != nil {
			t.Errorf("%q: %v", test.Filter, err)
			continue
		}
		got := []int64{}
		for _, x := range traces {
			ok, err := match(x)
			if err != nil {
				t.Fatalf("%q: %v", test.Filter, err)
			}
			if ok {
				got = append(got, x.(*goja.Object).Get("number").ToInteger())
			}
		}
		if !slices.Equal(got, test.Want) {
			t.Errorf("%q shows %v, want %v", test.Filter, got, test.Want)
		}
	}
	for _, text := range examples.Errors {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// The viewer sums the five stages as package trace does.
func TestViewerStages(t *testing.T) {
	m := load(t, "stages.js")
	var stageOf func(string) (int, error)
	var sums func(goja.Value) ([]int64, error)
	var parseJSON func(string) (goja.Value, error)
	m.export("module.stageOf", &stageOf)
	m.export("module.sums", &sums)
	m.export("JSON.parse", &parseJSON)
	names := []string{
		"PreInit", "Init", "InitComplete", "LoadViewState", "LoadPostData", "PreLoad", "Load", "Validate", "RaiseChangedEvents",
		"RaisePostBackEvent", "LoadComplete", "DataBinding", "PreRender", "PreRenderComplete", "SaveViewState", "SaveStateComplete",
		"Render", "CommitTransaction", "AbortTransaction", "Error", "Unload", "Disposed", "Gate", "Hop", "Control", "Handler", "EndRequest",
	}
	var spans []pages.Span
	for i, name := range names {
		got, err := stageOf(name)
		want := -1
		if stage, ok := trace.StageOf(name); ok {
			want = int(stage)
		}
		if err != nil || got != want {
			t.Errorf("%s belongs to %d, %v, want %d", name, got, err, want)
		}
		parent := int32(i - 1)
		if i%3 == 0 {
			parent = -1
		}
		spans = append(spans, pages.Span{Name: name, Parent: parent, Took: time.Duration(i) * time.Millisecond})
	}
	spans[3].Took, spans[6].Parent = -1, 99
	var whole struct{ Spans json.RawMessage }
	if err := json.Unmarshal((&trace.Trace{Spans: spans}).AppendJSON(nil), &whole); err != nil {
		t.Fatal(err)
	}
	value, err := parseJSON(string(whole.Spans))
	if err != nil {
		t.Fatal(err)
	}
	got, err := sums(value)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range trace.Stages(spans) {
		if got[i] != want.Microseconds() {
			t.Errorf("%v: %d µs, want %d", trace.Stage(i), got[i], want.Microseconds())
		}
	}
}

// Texts of requests never become markup: nothing in the viewer makes markup of texts at all.
func TestViewerMakesNoMarkup(t *testing.T) {
	files, err := os.ReadDir("../../assets/viewer")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile("../../assets/viewer/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc", " onclick=", "style=\"", "https://"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s has %q", f.Name(), word)
			}
		}
	}
}

// A page is the viewer in a browser.
type page struct {
	*bench
	browser context.Context
}

// open starts Chromium and opens the viewer in it, as whoever clicks the printed address does.
func (b *bench) openViewer() *page {
	b.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "" {
		b.Skip("chromium is not installed; the viewer is not tried in a browser")
	}
	if err != nil {
		b.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "huygens-viewer-*")
	if err != nil {
		b.Fatal(err)
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.WindowSize(1280, 800),
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	ctx, leave := chromedp.NewContext(ctx)
	b.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		leave()
		stop()
		cancel()
		_ = os.RemoveAll(profile)
	})
	p := &page{bench: b, browser: ctx}
	if err := chromedp.Do(ctx, chromedp.Navigate(b.own.URL+"/_huygens/open?key="+key)); err != nil {
		b.Fatal(err)
	}
	return p
}

// until waits until an expression is true in the page.
func (p *page) until(expression string) {
	p.Helper()
	loop := `new Promise((done) => { const look = () => { let ok = false; try { ok = (` + expression + `) } catch {} ; ok ? done(true) : requestAnimationFrame(look) }; look() })`
	if _, err := chromedp.Run(p.browser, chromedp.Evaluate[bool](loop, chromedp.EvalAwaitPromise)); err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
}

func (p *page) do(expression string) {
	p.Helper()
	if err := chromedp.Do(p.browser, chromedp.Evaluate[chromedp.Void](expression)); err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
}

func (p *page) press(keys string) {
	p.Helper()
	if err := chromedp.Do(p.browser, chromedp.KeyEvent(keys)); err != nil {
		p.Fatal(err)
	}
}

// The viewer shows requests while they come, whatever they hold, and does what its buttons and keys say.
func TestViewerInChromium(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Viewer = assets.Viewer(); c.Pace = 0 })
	p := b.openViewer()
	p.do(`window.broken = []; addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective)); addEventListener("error", (e) => broken.push(e.message))`)
	p.until(`document.querySelector("#empty a").href === "http://127.0.0.1:8080/" && document.querySelector("#connection").className === "live"`)

	const hostile = `<img src=x onerror=broken.push(1)>"'&{{x}}` + "\x1b[31m\u202e\xff"
	r := b.log.Start(trace.Start{Site: "shop", Method: "GET", URL: "/cart?" + hostile, Header: []pages.Field{{Name: hostile, Value: hostile}}})
	r.Answered([]pages.Span{
		{Name: "Load", Detail: hostile, Error: hostile, Parent: -1, Took: 30 * time.Millisecond},
		{Name: hostile, Parent: 0, Took: 10 * time.Millisecond},
	}, []pages.Line{{Text: hostile, Level: hostile, Source: hostile}})
	r.Why(hostile)
	r.Response(500, []pages.Field{{Name: "Content-Type", Value: "text/html"}}, []byte(hostile), 50)
	r.Sent(50)
	p.until(`document.querySelector(".row .c-path").textContent.startsWith("/cart?<img src=x") && document.querySelector(".row .c-s1").textContent === "30.0"`)
	p.press("\r") // nothing is chosen: nothing happens
	p.do(`document.querySelector(".row").click()`)
	for tab, selector := range []string{".span.failed .error", "section:nth-of-type(2) td", "pre", ".log .text"} {
		p.press(string(rune('1' + tab)))
		p.until(`document.querySelector("#panel ` + selector + `").textContent.includes("<img src=x onerror")`)
	}
	p.until(`location.hash === "#1" && document.querySelectorAll("main img").length === 0`)

	for range 100 {
		b.serve("shop", "/many")
	}
	p.until(`document.querySelector("#shown").textContent === "101 requests" && document.querySelector(".row[aria-rowindex='101']")`)
	p.do(`document.querySelector("#rows").scrollTop = 0`)
	p.until(`!document.querySelector("#follow").checked`)
	b.serve("shop", "/new")
	p.until(`document.querySelector("#new").textContent === "1 new ↓" && !document.querySelector("#new").hidden`)
	p.do(`document.querySelector("#new").click()`)
	p.until(`document.querySelector("#new").hidden && document.querySelector("#follow").checked && document.querySelector(".row[aria-rowindex='102']")`)

	p.press("/")
	p.until(`document.activeElement.id === "filter"`)
	p.do(`document.activeElement.value = ""`) // chromedp sends the character of / though its key was taken
	p.press("has:error")
	p.until(`document.querySelector("#shown").textContent === "1 of 102 shown"`)
	p.press(" colour:x")
	p.until(`document.querySelector("#filter-error").textContent.startsWith("there is no colour:")`)
	p.do(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))`)
	p.until(`document.querySelector("#shown").textContent === "102 requests"`)

	p.do(`document.querySelector("#pause").click()`)
	b.serve("shop", "/unseen")
	p.until(`document.querySelector("#shown").textContent === "102 of 103 shown"`)
	p.do(`document.querySelector("#clear").click()`)
	p.until(`document.querySelector("#empty h2").textContent === "No requests yet." && !document.querySelector("#empty").hidden`)
	if s := b.log.Stats(); s.Kept != 0 {
		t.Errorf("clear has left %d requests", s.Kept)
	}
	b.serve("shop", "/after")
	p.until(`document.querySelector(".row:not([hidden]) .c-path").textContent === "/after" && broken.length === 0`)
}

// The page that every browser gets has nothing inline, and its files are there.
func TestViewerFiles(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Viewer = assets.Viewer() })
	a := b.ask("GET", b.own.URL+"/_huygens/trace", "", keyLine)
	if !strings.Contains(a.body, `content="`+key+`"`) || strings.Contains(a.body, "{{") {
		t.Error("the page has no key")
	}
	for _, part := range strings.Split(a.body, `"`) {
		if strings.HasPrefix(part, "/_huygens/") {
			if f := b.ask("GET", b.own.URL+part, "", keyLine); f.status != http.StatusOK {
				t.Errorf("%s: %d", part, f.status)
			}
		}
	}
}
