package reload

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	devpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A site is pages and files in memory behind a Hub, as the front would serve them.
type site struct {
	*testing.T
	server *httptest.Server
	policy string // Content-Security-Policy of pages

	mu    sync.Mutex // guards all fields below
	hub   *Hub
	files map[string]string
	asked map[string]int // how often each address was asked for
	posts int
	slow  chan struct{} // pages wait until it is closed
}

func newSite(t *testing.T, files map[string]string) *site {
	s := &site{T: t, hub: NewHub(Options{}), files: files, asked: map[string]int{}}
	s.server = httptest.NewServer(s)
	t.Cleanup(func() {
		s.current().Close()
		s.server.Close()
	})
	return s
}

func (s *site) current() *Hub {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hub
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.URL.Path]++
	s.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, "/_huygens/") {
		s.current().ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	text, there := s.files[r.URL.Path]
	at, policy, slow := s.hub.Position(), s.policy, s.slow
	if r.Method == http.MethodPost {
		s.posts++
	}
	s.mu.Unlock()
	if !there {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	switch {
	case strings.HasSuffix(r.URL.Path, ".css"):
		w.Header().Set("Content-Type", "text/css")
	case strings.HasSuffix(r.URL.Path, ".png"):
		w.Header().Set("Content-Type", "image/png")
	default:
		w.Header().Set("Content-Type", "text/html")
		if policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		if slow != nil {
			<-slow
		}
		tag := Script{Nonce: Nonce(policy), At: at, Posted: r.Method == http.MethodPost}.Bytes()
		if Navigation(r.Header) {
			place := Place([]byte(text))
			text = text[:place] + string(tag) + text[place:]
		}
	}
	fmt.Fprint(w, text)
}

// save changes a file, and tells as the watcher would.
func (s *site) save(path, text string) {
	s.mu.Lock()
	s.files[path] = text
	s.mu.Unlock()
	name := strings.TrimPrefix(path, "/")
	if !strings.Contains(name, ".") {
		name += ".gohtml"
	}
	s.current().Told(modified(name))
}

func (s *site) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// browser starts one Chromium; its tabs share one profile.
func browser(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("chromium is not installed; the browser script is not tested")
	}
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "huygens-chromium-*")
	if err != nil {
		t.Fatal(err)
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.WindowSize(800, 600),
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	ctx, leave := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until Chromium has ended
		leave()
		stop()
		cancel()
		_ = os.RemoveAll(profile)
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// A tab is one tab, and what its console said.
type tab struct {
	*site
	ctx context.Context

	mu    sync.Mutex // guards noise
	noise []string
}

func (s *site) open(browser context.Context, path string, options ...chromedp.ContextOption) *tab {
	s.Helper()
	b := &tab{site: s}
	ctx, leave := chromedp.NewContext(browser, append(options, chromedp.WithListener(func(e any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := e.(type) {
		case *runtime.EventConsoleAPICalled:
			b.noise = append(b.noise, string(e.Type))
		case *runtime.EventExceptionThrown:
			b.noise = append(b.noise, fmt.Sprintf("%s %v line %d", e.ExceptionDetails.Text, e.ExceptionDetails.Exception, e.ExceptionDetails.LineNumber))
		case *log.EventEntryAdded:
			if !strings.HasSuffix(e.Entry.URL, "/favicon.ico") && !strings.HasPrefix(e.Entry.Text, "[DOM]") {
				b.noise = append(b.noise, e.Entry.Text+" "+e.Entry.URL)
			}
		}
	}))...)
	b.ctx = ctx
	s.Cleanup(leave)
	b.run(chromedp.Navigate(s.server.URL + path))
	b.until(`document.readyState === "complete"`)
	return b
}

func (b *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// eval returns the value of an expression as JSON.
func (b *tab) eval(code string) string {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](code))
	if err != nil {
		b.Fatalf("%s: %v", code, err)
	}
	text, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

func (b *tab) want(code, want string) {
	b.Helper()
	if got := b.eval(code); got != want {
		b.Errorf("%s is %s, want %s", code, got, want)
	}
}

// until waits for a condition, across reloads of the page.
func (b *tab) until(condition string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patient)
	defer cancel()
	code := `new Promise((done) => { const look = () => ((` + condition + `) ? done(true) : setTimeout(look, 5)); look() })`
	for ctx.Err() == nil {
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](code, chromedp.EvalAwaitPromise)); err == nil {
			return
		} // else the document went away: ask the next one
	}
	b.Fatalf("waited in vain for %s; the console said %q", condition, b.said())
}

func (b *tab) said() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.noise
}

func (b *tab) wantQuiet() {
	b.Helper()
	if noise := b.said(); len(noise) > 0 {
		b.Errorf("the console said %q", noise)
	}
}

// mark sets what a reload would lose.
func (b *tab) mark()       { b.Helper(); b.eval("window.marked = true") }
func (b *tab) wantMarked() { b.Helper(); b.want("Boolean(window.marked)", "true") }
func (b *tab) untilReloaded() {
	b.Helper()
	b.until(`!window.marked && document.readyState === "complete"`)
}

// untilStreams waits until this many streams are open.
func (s *site) untilStreams(n int) {
	s.Helper()
	for deadline := time.Now().Add(patient); s.current().Streams() != n; {
		if time.Now().After(deadline) {
			s.Fatalf("%d streams are open, want %d", s.current().Streams(), n)
		}
		<-time.After(10 * time.Millisecond)
	}
}

func picture(side int) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		return err.Error()
	}
	return b.String()
}

const color = `getComputedStyle(document.querySelector("p")).color`

func TestBrowser(t *testing.T) {
	chromium := browser(t)
	tests := []struct {
		name string
		run  func(*testing.T, context.Context)
	}{
		{"style sheets are swapped", testSheets},
		{"images are swapped", testImages},
		{"a page reloads and keeps its place", testReload},
		{"six tabs have one stream", testTabs},
		{"a hidden tab rests", testHidden},
		{"a toast under a strict policy", testToast},
		{"back and forward", testBackForward},
		{"a restart of the server", testRestart},
		{"a save while the page is on its way", testOnTheWay},
		{"the answer to a form is not posted again", testPosted},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, chromium) })
	}
}

func testSheets(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{
		"/":           `<!doctype html><link rel="stylesheet" href="style.css?v=1" integrity="" media="all"><style>@import "/inline.css";</style><p>x<b>y</b><i>z</i>`,
		"/style.css":  `@import url("deep.css"); p { color: rgb(1, 1, 1) }`,
		"/deep.css":   `b { color: rgb(1, 1, 1) }`,
		"/inline.css": `i { color: rgb(1, 1, 1) }`,
	})
	b := s.open(chromium, "/")
	s.untilStreams(1)
	b.mark()
	// Every frame's colour is noted: a flash would show as the default black.
	b.eval(`window.seen = new Set(); (function look() { seen.add(` + color + `); requestAnimationFrame(look) })()`)
	for i := 2; i < 6; i++ {
		s.save("/style.css", fmt.Sprintf(`@import url("deep.css"); p { color: rgb(%d, 1, 1) }`, i))
		b.until(fmt.Sprintf(`%s === "rgb(%d, 1, 1)"`, color, i))
	}
	b.until(`document.querySelectorAll("link").length === 1`)
	b.want(`[...seen].includes("rgb(0, 0, 0)")`, "false")
	b.want(`new URL(document.querySelector("link").href).searchParams.get("v")`, `"1"`)
	s.save("/deep.css", `b { color: rgb(2, 2, 2) }`)
	b.until(`getComputedStyle(document.querySelector("b")).color === "rgb(2, 2, 2)"`)
	s.save("/inline.css", `i { color: rgb(3, 3, 3) }`)
	b.until(`getComputedStyle(document.querySelector("i")).color === "rgb(3, 3, 3)"`)
	b.until(`document.querySelectorAll("style").length === 1`)
	before := s.count("/style.css")
	s.save("/other.css", "")
	s.save("/style.css", `p { color: rgb(9, 1, 1) }`)
	b.until(color + ` === "rgb(9, 1, 1)"`)
	if n := s.count("/style.css") - before; n != 1 {
		t.Errorf("style.css was asked for %d times, 1 was enough", n)
	}
	b.wantMarked()
	b.wantQuiet()
}

func testImages(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{
		"/": `<!doctype html><link rel="stylesheet" href="/style.css"><img src="a.png"><img id="set" srcset="a.png 1x, /b.png 2x">
			<p style="background: url(a.png)">x</p><div>y</div>`,
		"/style.css": `@media all { div { background-image: url("a.png"); } }`,
		"/a.png":     picture(1),
		"/b.png":     picture(7),
	})
	b := s.open(chromium, "/")
	s.untilStreams(1)
	b.mark()
	s.save("/a.png", picture(3))
	b.until(`document.querySelector("img").naturalWidth === 3`)
	b.until(`document.querySelector("#set").naturalWidth === 3`)
	b.until(`getComputedStyle(document.querySelector("div")).backgroundImage.includes("/a.png?huygens=")`)
	b.until(`getComputedStyle(document.querySelector("p")).backgroundImage.includes("/a.png?huygens=")`)
	b.want(`document.querySelector("#set").srcset.endsWith(", /b.png 2x")`, "true")
	b.wantMarked()
	b.wantQuiet()
}

func testReload(t *testing.T, chromium context.Context) {
	page := `<!doctype html><title>%s</title><style>html{scroll-behavior:smooth}body{height:5000px}</style>
		<form><input name="name" value="default"><input type="checkbox"><select><option>a<option>b</select>
		<textarea id="text"></textarea><input type="password"></form><div style="height:50px;overflow:auto"><p style="height:500px">x</div>`
	s := newSite(t, map[string]string{"/cart": fmt.Sprintf(page, "old"), "/other": fmt.Sprintf(page, "old")})
	b := s.open(chromium, "/cart")
	s.untilStreams(1)
	other := s.open(chromium, "/other?x=1")
	b.mark()
	other.mark()
	b.eval(`scrollTo({ top: 1234, behavior: "instant" }); document.querySelector("div").scrollTop = 77
		document.querySelector("[name]").value = "typed"; document.querySelector("[type=checkbox]").checked = true
		document.querySelector("select").selectedIndex = 1; document.querySelector("[type=password]").value = "secret"
		const text = document.querySelector("textarea"); text.value = "some text"; text.focus({ preventScroll: true }); text.setSelectionRange(2, 4); 0`)
	s.save("/cart", fmt.Sprintf(page, "new"))
	b.untilReloaded()
	b.until(`document.title === "new" && Math.round(scrollY) === 1234`)
	b.want(`document.querySelector("div").scrollTop`, "77")
	b.want(`document.querySelector("[name]").value`, `"typed"`)
	b.want(`document.querySelector("[type=checkbox]").checked`, "true")
	b.want(`document.querySelector("select").value`, `"b"`)
	b.want(`document.querySelector("[type=password]").value`, `""`)
	b.want(`[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart, document.activeElement.selectionEnd]`, `["text","some text",2,4]`)
	b.want(`JSON.stringify(sessionStorage).includes("secret")`, "false")
	other.wantMarked()

	s.current().Reload()
	other.untilReloaded()
	b.run(chromedp.Navigate(s.server.URL + "/cart?again"))
	b.want("scrollY", "0") // kept for the reload only
	b.wantQuiet()
	other.wantQuiet()
}

func testTabs(t *testing.T, chromium context.Context) {
	files := map[string]string{"/style.css": `p { color: rgb(1, 1, 1) }`}
	var tabs []*tab
	for i := range 6 {
		files[fmt.Sprintf("/%d", i)] = `<!doctype html><link rel="stylesheet" href="/style.css"><p>x</p>`
	}
	s := newSite(t, files)
	for i := range 6 {
		tabs = append(tabs, s.open(chromium, fmt.Sprintf("/%d", i)))
		tabs[i].mark()
	}
	s.untilStreams(1)
	s.save("/style.css", `p { color: rgb(2, 2, 2) }`)
	for _, b := range tabs {
		b.until(color + ` === "rgb(2, 2, 2)"`)
		b.wantMarked()
	}
	// Whichever tab leads, the others go on when it is closed.
	for len(tabs) > 1 {
		if err := chromedp.Cancel(tabs[0].ctx); err != nil {
			t.Fatal(err)
		}
		tabs = tabs[1:]
		s.untilStreams(1)
		s.current().Reload()
		for _, b := range tabs {
			b.untilReloaded()
			b.mark()
		}
	}
	s.untilStreams(1)
	tabs[0].wantQuiet()
}

func testHidden(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{"/page": `<!doctype html><p>old</p>`})
	b := s.open(chromium, "/page")
	s.untilStreams(1)
	b.mark()
	front := s.open(b.ctx, "/none", chromedp.WithNewWindow(false)) // a tab in front of it, of no page of ours
	b.until(`document.visibilityState === "hidden"`)
	s.untilStreams(0)
	s.save("/page", `<!doctype html><p>new</p>`)
	b.wantMarked()
	if err := chromedp.Cancel(front.ctx); err != nil {
		t.Fatal(err)
	}
	b.run(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, devpage.BringToFront, cdp.Empty{})
		return err
	}))
	b.until(`document.querySelector("p")?.textContent === "new"`)
	s.untilStreams(1)
}

func testToast(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{"/": `<!doctype html><p>x</p>`})
	s.policy = "default-src 'none'; script-src 'nonce-abc123'; connect-src 'self'; require-trusted-types-for 'script'; base-uri 'none'"
	b := s.open(chromium, "/")
	s.untilStreams(1)
	b.mark()
	const toast = `document.querySelector("huygens-toast")`
	s.current().Error("unknown key <b>pots</b>", "huygens.toml", 3)
	b.until(toast)
	b.want(toast+`.shadowRoot.querySelector("[role=alert]").innerText`, `"unknown key \u003cb\u003epots\u003c/b\u003e\n\nhuygens.toml:3"`)
	b.want(`getComputedStyle(`+toast+`).position`, `"fixed"`)
	b.run(chromedp.KeyEvent("\x1b"))
	b.until("!" + toast)
	s.current().Error("again", "", 0)
	b.until(toast)
	b.eval(toast + `.shadowRoot.querySelector("button").click()`)
	b.want(toast, "null")
	s.current().Error("again", "", 0)
	b.until(toast)
	other := s.open(chromium, "/") // opened while the fault stands
	other.until(toast)
	other.eval("location.reload(); 0")
	other.until(toast)
	other.run(chromedp.KeyEvent("\x1b"))
	other.until("!" + toast)
	s.current().Error("another", "", 0)
	other.until(toast)
	s.current().OK()
	b.until("!" + toast)
	if n := s.count(Path); n != 1 {
		t.Errorf("the stream was opened %d times", n)
	}
	b.wantMarked()
	b.wantQuiet()
}

func testBackForward(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{
		"/first":     `<!doctype html><link rel="stylesheet" href="/style.css"><p>first</p>`,
		"/second":    `<!doctype html><p>second</p>`,
		"/style.css": `p { color: rgb(1, 1, 1) }`,
	})
	b := s.open(chromium, "/first")
	s.untilStreams(1)
	b.mark()
	b.eval(`location.href = "/second"; 0`)
	b.until(`document.querySelector("p")?.textContent === "second"`)
	s.untilStreams(1)
	s.save("/style.css", `p { color: rgb(2, 2, 2) }`)
	b.eval(`history.back(); 0`)
	b.until(`document.querySelector("p")?.textContent === "first"`)
	b.wantMarked() // it rested in the back/forward cache
	b.until(color + ` === "rgb(2, 2, 2)"`)
	b.wantMarked()
	s.save("/first", `<!doctype html><p>changed</p>`)
	b.until(`document.querySelector("p")?.textContent === "changed"`)
	s.untilStreams(1)
	b.wantQuiet()
}

func testRestart(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{"/page": `<!doctype html><p>old</p>`})
	b := s.open(chromium, "/page")
	s.untilStreams(1)
	s.mu.Lock()
	old := s.hub
	s.hub, s.files["/page"] = NewHub(Options{}), `<!doctype html><p>new</p>`
	s.mu.Unlock()
	old.Close()
	b.until(`document.querySelector("p")?.textContent === "new"`)
	s.untilStreams(1)
	before := s.count("/page")
	b.mark()
	s.save("/page", `<!doctype html><p>newer</p>`)
	b.until(`document.querySelector("p")?.textContent === "newer"`)
	if n := s.count("/page") - before; n != 1 {
		t.Errorf("the page was asked for %d times", n)
	}
}

// The page is made, then saved anew before its script listens.
func testOnTheWay(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{"/page": `<!doctype html><p>old</p>`})
	s.slow = make(chan struct{})
	ctx, leave := chromedp.NewContext(chromium)
	t.Cleanup(leave)
	b := &tab{site: s, ctx: ctx}
	b.run() // makes the tab
	opened := make(chan error, 1)
	go func() { opened <- chromedp.Do(ctx, chromedp.Navigate(s.server.URL+"/page")) }()
	for s.count("/page") == 0 {
		<-time.After(time.Millisecond)
	}
	s.save("/page", `<!doctype html><p>new</p>`)
	close(s.slow)
	if err := <-opened; err != nil && !strings.Contains(err.Error(), "ERR_ABORTED") {
		t.Fatal(err)
	}
	b.until(`document.querySelector("p")?.textContent === "new"`)
}

func testPosted(t *testing.T, chromium context.Context) {
	s := newSite(t, map[string]string{"/form": `<!doctype html><form method="post"><button>Send</button></form>`})
	b := s.open(chromium, "/form")
	b.mark()
	b.eval(`document.forms[0].submit(); 0`)
	b.untilReloaded()
	s.untilStreams(1)
	b.mark()
	s.save("/form", `<!doctype html><p>new</p>`)
	b.until(`document.querySelector("p")?.textContent === "new"`)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.posts != 1 {
		t.Errorf("the form was posted %d times", s.posts)
	}
}
