package devserver_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"huygens/devserver"
)

const faultySite = `
-- good.gohtml --
<p>good</p>
-- good.gohtml.ts --
export function Page_Load() {}
-- syntax.gohtml --
<p>{{if}}</p>
-- script.gohtml --
<p></p>
-- script.gohtml.ts --
export function Page_Load() {
  const x = ;
}
-- front.gohtml --
---
titel: x
---
-- yaml.gohtml --
---
title: [
---
-- layout.gohtml --
---
layout: nowhere
---
-- cycle.gohtml --
{{template "_a"}}
-- _a.gohtml --
{{template "_b"}}
-- _b.gohtml --
{{template "_a"}}
-- circle.gohtml --
---
layout: _circle
---
-- _circle.gohtml --
---
layout: _circle
---
{{template "content" .}}
-- outside.gohtml --
-- outside.gohtml.ts --
import { x } from "../../outside"
export function Page_Load() { page.data.x = x }
-- throw.gohtml --
-- throw.gohtml.ts --
export function Page_Load() {
  throw new Error("thrown on purpose")
}
-- name.gohtml --
<p>{{.nothing}}</p>
-- recursion.gohtml --
-- recursion.gohtml.ts --
export function Page_Load() { const f = () => f() + 1; f() }
-- giant.gohtml --
-- giant.gohtml.ts --
export function Page_Load() { page.data.x = 'x'.repeat(1e12) }
-- brackets.gohtml --
-- brackets.gohtml.ts --
export function Page_Load() { page.data.x = JSON.parse("[".repeat(3e6)) }
`

// Each fault has an error page of its own, which names the place; meanwhile another page answers.
func TestFaultyPages(t *testing.T) {
	tests := []struct {
		path   string
		status int
		says   string
	}{
		{"/syntax", 500, "syntax.gohtml:1:"},
		{"/script", 500, "script.gohtml.ts:2:"},
		{"/front", 500, "front.gohtml:2:"},
		{"/yaml", 500, "yaml.gohtml:2:"},
		{"/layout", 500, "layout.gohtml:2:"},
		{"/cycle", 500, "gohtml:1:"},
		{"/circle", 500, "_circle.gohtml:2:"},
		{"/outside", 500, "outside.gohtml.ts:1:"},
		{"/throw", 500, "throw.gohtml.ts:2:"},
		{"/name", 500, "name.gohtml:1:"},
		{"/recursion", 500, "recursion.gohtml.ts:1:"},
		{"/giant", 500, "giant.gohtml.ts:1:"},
		{"/brackets", 500, "brackets.gohtml.ts:1:"},
	}
	inBoth(t, faultySite, func(t *testing.T, s *testSite) {
		s.want(t, "/good", 200, "<p>good</p>")
		for _, test := range tests {
			answered := make(chan answer)
			go func() {
				a, err := s.ask(http.MethodGet, test.path)
				if err != nil {
					a.body = err.Error()
				}
				answered <- a
			}()
			s.want(t, "/good", 200, "<p>good</p>")
			a := <-answered
			if a.status != test.status || !strings.Contains(a.body, test.says) {
				t.Errorf("GET %s: %d, want %d with %q\n%.1500s", test.path, a.status, test.status, test.says, a.body)
			}
			s.want(t, "/good", 200, "<p>good</p>")
			if test.status == 500 {
				a = s.get(t, test.path, "Accept: text/html,*/*;q=0.8", "Sec-Fetch-Dest: document")
				if a.status != 500 || !strings.Contains(a.body, "<!doctype html>") || !strings.Contains(a.body, "/_huygens/client.js") {
					t.Errorf("for browsers: GET %s: %d\n%.300s", test.path, a.status, a.body)
				}
			}
		}
		e := event(t, s.server, func(e devserver.ErrorEvent) bool { return e.File == "throw.gohtml.ts" })
		if e.Line != 2 || !strings.Contains(e.Message, "thrown on purpose") {
			t.Errorf("the event is %+v", e)
		}
	})
}

const endlessSite = `
-- huygens.toml --
[pool]
requestTimeout = "1s"
-- good.gohtml --
<p>good</p>
-- loop.gohtml --
-- loop.gohtml.ts --
export function Page_Load() {
  for (;;) {}
}
-- promises.gohtml --
-- promises.gohtml.ts --
export async function Page_Load() { for (;;) await null }
-- render.gohtml --
{{range .list}}{{range $.list}}{{range $.list}}{{range $.list}}x{{end}}{{end}}{{end}}{{end}}
-- render.gohtml.ts --
export function Page_Load() { page.data.list = Array.from({ length: 3000 }, (_, i) => i) }
`

// What does not end is stopped at requestTimeout, with its place where it has one; another page answers meanwhile.
func TestEndlessPages(t *testing.T) {
	inBoth(t, endlessSite, func(t *testing.T, s *testSite) {
		s.want(t, "/good", 200, "<p>good</p>")
		says := map[string]string{"/loop": "loop.gohtml.ts:", "/promises": "requestTimeout", "/render": "render.gohtml:1:"}
		var asked sync.WaitGroup
		for path, place := range says {
			asked.Go(func() {
				a, err := s.ask(http.MethodGet, path)
				if err != nil || a.status != http.StatusGatewayTimeout || !strings.Contains(a.body, "requestTimeout") || !strings.Contains(a.body, place) {
					t.Errorf("GET %s: %v %d, want 504 with %q\n%.1500s", path, err, a.status, place, a.body)
				}
			})
		}
		s.want(t, "/good", 200, "<p>good</p>")
		asked.Wait()
		s.want(t, "/good", 200, "<p>good</p>")
	})
}

// A mended page is served; a fault in a file that many share is everybody's until it is mended.
func TestMendedPage(t *testing.T) {
	inBoth(t, faultySite, func(t *testing.T, s *testSite) {
		s.want(t, "/throw", 500, "thrown on purpose")
		s.write(t, "throw.gohtml.ts", "export function Page_Load() { response.write('mended') }\n")
		s.want(t, "/throw", 200, "mended")
		s.write(t, "_layout.gohtml", "{{template}}")
		s.want(t, "/good", 500, "_layout.gohtml:1:")
		s.write(t, "_layout.gohtml", "<main>{{template \"content\" .}}</main>")
		s.want(t, "/good", 200, "<main><p>good</p>")
	})
}

// A worker that dies while it runs a page: 502 with the reason, and the next request is served.
func TestDeath(t *testing.T) {
	s := serve(t, `
-- index.gohtml --
<p>id {{request.query.id}}.</p>
-- wait.gohtml --
-- wait.gohtml.ts --
export async function Page_Load() { await server.sleep(60000) }
-- huygens.toml --
[pool]
requestTimeout = "2m"
`, devserver.SiteOptions{})
	pid := servingPID(t, s)
	answered := make(chan answer, 1)
	go func() {
		a, err := s.ask(http.MethodGet, "/wait")
		if err != nil {
			a.body = err.Error()
		}
		answered <- a
	}()
	for inFlight(s) == 0 {
		s.want(t, "/?id=0", 200, "id 0")
	}
	kill(t, pid)
	a := <-answered
	if a.status != http.StatusBadGateway || !strings.Contains(a.body, "worker") {
		t.Errorf("the request that the worker had: %d\n%s", a.status, a.body)
	}
	checkSafe(t, "death", a)
	if trace := s.trace(t, a); trace.Status != 502 || trace.Phase != "done" || trace.Why == "" {
		t.Errorf("the trace: %+v", trace)
	}
	s.want(t, "/?id=1", 200, "id 1")
	if next := servingPID(t, s); next == pid {
		t.Errorf("worker %d still serves", pid)
	}
}

func inFlight(s *testSite) int {
	n := 0
	for _, p := range s.site.Pools() {
		for _, w := range p.Workers {
			n += w.InFlight
		}
	}
	return n
}
