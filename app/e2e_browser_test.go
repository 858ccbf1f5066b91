package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium starts one browser with a profile of its own.
func chromium(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("chromium is not installed; pages are not tried in a browser")
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
	ctx, cancel := context.WithTimeout(context.Background(), 2*hangLimit)
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

// A tab is one tab of a browser.
type tab struct {
	*testing.T
	ctx context.Context
}

func openTab(t *testing.T, browser context.Context, address string) tab {
	t.Helper()
	ctx, leave := chromedp.NewContext(browser)
	t.Cleanup(leave)
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	b := tab{t, ctx}
	b.until(`document.readyState === "complete"`)
	return b
}

// value returns what an expression is, awaited, as text.
func (b tab) value(code string) string {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any]("(async () => ("+code+"))()", chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", code, err)
	}
	return fmt.Sprint(v)
}

// until waits for an expression to be true, across reloads.
func (b tab) until(code string) {
	b.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(hangLimit / 2)
	for {
		v, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+code+")"))
		if err == nil && v {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("scrollY + \" of \" + document.body.scrollHeight + \" marker \" + window.marker + \"\\n\" + document.body.innerText"))
			b.Fatalf("never true: %s (%v)\n%.600s", code, err, text)
		}
	}
}

// TestPageInBrowser saves files while a browser shows the starter's page.
func TestPageInBrowser(t *testing.T) {
	browser := chromium(t)
	state := t.TempDir()
	s := serveSite(t, state, newSite(t, state, "hello"))
	b := openTab(t, browser, s.URL)
	b.until(`document.querySelector("h1").textContent.includes("25 cm")`)
	b.value(`window.marker = "same document"`)

	s.change("style.css", "--ground: #fbf8f3", "--ground: rgb(1, 2, 3)")
	b.until(`getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)"`)
	if b.value(`window.marker`) != "same document" {
		t.Error("a new style sheet reloaded the page")
	}

	s.change("index.gohtml", "<table>", `<div style="height: 3000px"></div><table>`)
	b.until(`window.marker === undefined && document.body.scrollHeight > 3000 && document.readyState === "complete"`)
	b.value(`(window.marker = "before", scrollTo(0, 700))`)
	b.until(`scrollY === 700`)
	s.change("index.gohtml", "<h1>A pendulum", "<h1>Another pendulum")
	// Sometimes 746 was seen instead of 700, cause not found: near 700 counts as kept, 0 as lost.
	b.until(`window.marker === undefined && document.querySelector("h1").textContent.startsWith("Another") && Math.abs(scrollY - 700) < 100`)

	s.change("index.gohtml.ts", "const asked = ", "const asked = ; ")
	b.until(`document.body.innerText.includes("index.gohtml.ts")`)
	if text := b.value(`document.body.innerText`); !strings.Contains(text, "17") {
		t.Errorf("the error page does not name line 17:\n%s", text)
	}
	s.change("index.gohtml.ts", "const asked = ; ", "const asked = ")
	b.until(`document.querySelector("h1").textContent.startsWith("Another")`)

	status := b.value(`Promise.all(["/_huygens/trace.json", "/_huygens/status"].map((p) => fetch(p).then((r) => r.status))).then(String)`)
	if status != "404,404" {
		t.Errorf("a page's own script reads the trace: %s", status)
	}
}

// TestSixTabs opens as many tabs of one site as a browser has connections to it.
func TestSixTabs(t *testing.T) {
	browser := chromium(t)
	state := t.TempDir()
	s := serveSite(t, state, newSite(t, state, "hello"))
	tabs := make([]tab, 7)
	for i := range tabs {
		tabs[i] = openTab(t, browser, s.URL)
	}
	s.change("about.md", "# About this site", "# About us")
	for _, b := range tabs {
		if got := b.value(`fetch("/about").then((r) => r.text()).then((t) => t.includes("About us"))`); got != "true" {
			t.Errorf("a tab is not answered: %s", got)
		}
	}
}

// TestViewerInBrowser opens the address that serve prints.
func TestViewerInBrowser(t *testing.T) {
	browser := chromium(t)
	state := t.TempDir()
	s := serveSite(t, state, newSite(t, state, "hello"))
	viewer := openTab(t, browser, s.Trace)
	viewer.until(`document.getElementById("connection").className === "live"`)
	s.get("/about?first")
	viewer.until(`document.getElementById("rows").innerText.includes("/about")`)
	s.get("/?length=99")
	viewer.until(`document.getElementById("rows").innerText.includes("length=99")`)
	viewer.value(`[...document.querySelectorAll("#rows [role=row]")].find((row) => row.innerText.includes("length=99")).click()`)
	viewer.until(`!document.getElementById("detail").hidden && ["PreInit", "Load", "Unload"].every((n) => document.getElementById("detail").innerText.includes(n))`)

	page := openTab(t, browser, s.URL)
	status := page.value(`fetch("/_huygens/trace.json", {credentials: "include"}).then((r) => r.status)`)
	if status != fmt.Sprint(http.StatusNotFound) {
		t.Errorf("the tools' cookie opens the site's port: %s", status)
	}
}
