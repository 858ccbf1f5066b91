package tools

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"huygens/devserver/trace"
	"huygens/pages"
)

const key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// fakeSites notes what was asked of it.
type fakeSites struct {
	names []string
	asked []string
	err   error
}

func (f *fakeSites) Sites() (sites []Site) {
	for _, name := range f.names {
		sites = append(sites, Site{Name: name, URL: "http://127.0.0.1:8080/", State: "running", Pools: []string{"Default"}})
	}
	return sites
}

func (f *fakeSites) note(verb, site, pool string) error {
	f.asked = append(f.asked, verb+" "+site+" "+pool)
	return f.err
}

func (f *fakeSites) Recycle(_ context.Context, site, pool string) error {
	return f.note("recycle", site, pool)
}

func (f *fakeSites) Start(_ context.Context, site, pool string) error {
	return f.note("start", site, pool)
}

func (f *fakeSites) Stop(_ context.Context, site, pool string) error {
	return f.note("stop", site, pool)
}

// A bench is a Tools with some traces, on two servers: its own port and that of the site shop.
type bench struct {
	*testing.T
	log   *trace.Log
	tools *Tools
	sites *fakeSites
	own   *httptest.Server
	shop  *httptest.Server
}

func newBench(t *testing.T, change func(*Config)) *bench {
	b := &bench{T: t, log: trace.NewLog(trace.Options{}), sites: &fakeSites{names: []string{"shop"}}}
	c := Config{
		Traces: b.log, Key: key, Sites: b.sites, URL: "http://tools.test", Pace: time.Microsecond,
		Viewer: fstest.MapFS{
			"viewer.html": {Data: []byte(`<meta name=key content="{{key}}">`)},
			"viewer.js":   {Data: []byte("// script")}, "secret.txt": {Data: []byte("no")},
		},
	}
	if change != nil {
		change(&c)
	}
	b.tools = New(c)
	b.own, b.shop = httptest.NewServer(b.tools), httptest.NewServer(b.tools.Site("shop"))
	t.Cleanup(func() { b.tools.Close(); b.own.Close(); b.shop.Close() })
	return b
}

// serve adds a request of a site to the trace.
func (b *bench) serve(site, url string) *trace.Recorder {
	r := b.log.Start(trace.Start{Site: site, Method: "GET", URL: url})
	r.Response(200, nil, nil, 0)
	r.Sent(0)
	return r
}

type answered struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; headers are "Name: value".
func (b *bench) ask(method, url, body string, headers ...string) answered {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, url, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	return answered{resp.StatusCode, resp.Header, string(text)}
}

// cookie opens the tools as a browser does, and returns the header that it then sends.
func (b *bench) cookie() string {
	a := b.ask("GET", b.own.URL+"/_huygens/open?key="+key, "")
	if a.status != 303 || a.header.Get("Location") != "/_huygens/trace" {
		b.Fatalf("open: %+v", a)
	}
	line := a.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/_huygens/"} {
		if !strings.Contains(line, want) {
			b.Errorf("the cookie %q is not %s", line, want)
		}
	}
	if strings.Contains(line, key) {
		b.Error("the cookie is the key: every port of this host gets it")
	}
	pair, _, _ := strings.Cut(line, ";")
	return "Cookie: " + pair
}

const (
	keyLine  = "X-Huygens-Key: " + key
	jsonLine = "Content-Type: application/json"
)

// Who may read what, where: every address, with nothing, with the cookie, with the header, with wrong ones.
func TestReading(t *testing.T) {
	b := newBench(t, nil)
	id := b.serve("shop", "/").ID()
	cookie := b.cookie()
	for _, test := range []struct {
		path              string
		own, site         int // with the header
		ownCookie         int
		siteWithoutHeader int
	}{
		{"/_huygens/trace", 200, 303, 200, 303},
		{"/trace.axd", 303, 303, 404, 303}, // the cookie's path is /_huygens/, but it counts where it comes
		{"/_huygens/viewer/viewer.js", 200, 404, 200, 404},
		{"/_huygens/viewer/secret.txt", 404, 404, 404, 404},
		{"/_huygens/viewer/nothing.js", 404, 404, 404, 404},
		{"/_huygens/viewer/../viewer.js", 404, 404, 404, 404},
		{"/_huygens/trace.json", 200, 200, 200, 404},
		{"/_huygens/requests/1", 200, 200, 200, 404},
		{"/_huygens/requests/1.json", 200, 200, 200, 404},
		{"/_huygens/requests/" + id + ".json", 200, 200, 200, 404},
		{"/_huygens/requests/2.json", 404, 404, 404, 404},
		{"/_huygens/requests/1.har", 404, 404, 404, 404},
		{"/_huygens/requests/all.har", 404, 404, 404, 404},
		{"/_huygens/status", 200, 200, 200, 404},
		{"/_huygens/open", 404, 404, 404, 404},
		{"/_huygens/open?key=", 404, 404, 404, 404},
		{"/_huygens/open?key=x", 404, 404, 404, 404},
		{"/_huygens/open?key=" + key + "&key=x", 404, 404, 404, 404},
		{"/_huygens/", 404, 404, 404, 404},
		{"/_huygens", 404, 404, 404, 404},
		{"/_HUYGENS/trace", 404, 404, 404, 404},
		{"/_huygens/trace/", 404, 404, 404, 404},
		{"/", 404, 404, 404, 404},
	} {
		ownCookie := test.ownCookie
		if test.path == "/trace.axd" {
			ownCookie = 303
		}
		for _, x := range []struct {
			name, base, header string
			want               int
		}{
			{"own port, header", b.own.URL, keyLine, test.own},
			{"own port, cookie", b.own.URL, cookie, ownCookie},
			{"own port, nothing", b.own.URL, "X: y", 404},
			{"own port, wrong key", b.own.URL, keyLine + "0", 404},
			{"own port, empty key", b.own.URL, "X-Huygens-Key: ", 404},
			{"own port, wrong cookie", b.own.URL, cookie + "0", 404},
			{"own port, the key as cookie", b.own.URL, "Cookie: huygens_tools=" + key, 404},
			{"site's port, header", b.shop.URL, keyLine, test.site},
			{"site's port, cookie", b.shop.URL, cookie, test.siteWithoutHeader},
			{"site's port, nothing", b.shop.URL, "X: y", test.siteWithoutHeader},
		} {
			a := b.ask("GET", x.base+test.path, "", x.header)
			if a.status != x.want {
				t.Errorf("%s, %s: %d, want %d", test.path, x.name, a.status, x.want)
			}
			checkGuard(t, test.path, a)
		}
	}
	if a := b.ask("GET", b.own.URL+"/_huygens/trace.json?key="+key, ""); a.status != 404 {
		t.Error("the key in a query opens more than open")
	}
	if a := b.ask("GET", b.shop.URL+"/_huygens/open?key="+key, ""); a.status != 404 {
		t.Error("open answers on a site's port")
	}
	if a := b.ask("POST", b.own.URL+"/_huygens/trace.json", "", keyLine); a.status != 405 || a.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %+v", a)
	}
	if a := b.ask("HEAD", b.own.URL+"/_huygens/trace/events", "", keyLine); a.status != 200 {
		t.Errorf("HEAD of a stream: %+v", a)
	}
}

func checkGuard(t *testing.T, path string, a answered) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s is %q", path, name, got)
		}
	}
	for _, want := range []string{"frame-ancestors 'none'", "default-src 'none'", "script-src 'self';"} {
		if !strings.Contains(a.header.Get("Content-Security-Policy"), want) {
			t.Errorf("%s: no %s", path, want)
		}
	}
	if a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%s: other origins may read", path)
	}
}

// Requests that pages of other origins cause are refused, whatever they bring.
func TestForeignOrigins(t *testing.T) {
	b := newBench(t, nil)
	b.serve("shop", "/")
	cookie := b.cookie()
	const document = "Sec-Fetch-Dest: document"
	const navigate = "Sec-Fetch-Mode: navigate"
	for _, test := range []struct {
		headers          []string
		read, page, post bool // taken?
	}{
		{[]string{"Origin: " + b.own.URL}, true, true, true},
		{[]string{"Sec-Fetch-Site: same-origin"}, true, true, true},
		{[]string{"Sec-Fetch-Site: none"}, true, true, true},
		{[]string{"Origin: null"}, false, false, false},
		{[]string{"Origin: " + b.shop.URL}, false, false, false},
		{[]string{"Origin: https" + strings.TrimPrefix(b.own.URL, "http")}, false, false, false},
		{[]string{"Origin: " + b.own.URL + ".evil.example"}, false, false, false},
		{[]string{"Origin: " + b.own.URL, "Origin: null"}, false, false, false},
		{[]string{"Sec-Fetch-Site: cross-site"}, false, false, false},
		{[]string{"Sec-Fetch-Site: cross-site", navigate, document}, false, false, false},
		{[]string{"Sec-Fetch-Site: same-site"}, false, false, false},
		{[]string{"Sec-Fetch-Site: same-site", navigate, "Sec-Fetch-Dest: iframe"}, false, false, false},
		{[]string{"Sec-Fetch-Site: same-site", navigate, document}, false, true, false},
		{[]string{"Sec-Fetch-Site: sideways"}, false, false, false},
	} {
		taken := func(method, path, body string, more ...string) bool {
			a := b.ask(method, b.own.URL+path, body, append(more, test.headers...)...)
			return a.status == 200 || a.status == 303
		}
		if got := taken("GET", "/_huygens/trace.json", "", cookie); got != test.read {
			t.Errorf("%v: reading is taken: %v", test.headers, got)
		}
		if got := taken("GET", "/_huygens/trace", "", cookie); got != test.page {
			t.Errorf("%v: the page is taken: %v", test.headers, got)
		}
		if got := taken("GET", "/_huygens/open?key="+key, ""); got != test.page {
			t.Errorf("%v: open is taken: %v", test.headers, got)
		}
		if got := taken("POST", "/_huygens/control/record", `{"on":true}`, keyLine, jsonLine); got != test.post {
			t.Errorf("%v: control is taken: %v", test.headers, got)
		}
	}
}

func TestControl(t *testing.T) {
	b := newBench(t, nil)
	b.serve("shop", "/")
	b.serve("blog", "/")
	cookie := b.cookie()
	for _, test := range []struct {
		name, method, url, body string
		headers                 []string
		want                    int
	}{
		{"nothing", "POST", "/record", "{}", []string{jsonLine}, 403},
		{"cookie only", "POST", "/record", "{}", []string{jsonLine, cookie}, 403},
		{"wrong key", "POST", "/record", "{}", []string{jsonLine, keyLine + "0"}, 403},
		{"two keys", "POST", "/record", "{}", []string{jsonLine, keyLine, keyLine}, 403},
		{"GET without key", "GET", "/record", "", nil, 403},
		{"unknown name without key", "POST", "/nothing", "{}", []string{jsonLine}, 403},
		{"GET", "GET", "/record", "", []string{keyLine}, 405},
		{"unknown name", "POST", "/nothing", "{}", []string{jsonLine, keyLine}, 404},
		{"of a later issue", "POST", "/replay", "{}", []string{jsonLine, keyLine}, 404},
		{"name with a slash", "POST", "/record/", "{}", []string{jsonLine, keyLine}, 404},
		{"no content type", "POST", "/record", "{}", []string{keyLine}, 415},
		{"text", "POST", "/record", "{}", []string{keyLine, "Content-Type: text/plain"}, 415},
		{"form", "POST", "/record", "on=true", []string{keyLine, "Content-Type: application/x-www-form-urlencoded"}, 415},
		{"no JSON", "POST", "/record", "{", []string{jsonLine, keyLine}, 400},
		{"two values", "POST", "/record", "{}{}", []string{jsonLine, keyLine}, 400},
		{"unknown key", "POST", "/record", `{"of":true}`, []string{jsonLine, keyLine}, 400},
		{"wrong kind", "POST", "/record", `{"on":"x"}`, []string{jsonLine, keyLine}, 400},
		{"too long", "POST", "/record", `{"site":"` + strings.Repeat("x", longestOrder) + `"}`, []string{jsonLine, keyLine}, 413},
		{"no body", "POST", "/record", "", []string{jsonLine, keyLine}, 200},
		{"charset", "POST", "/record", "{}", []string{jsonLine + "; charset=utf-8", keyLine}, 200},
		{"method override", "GET", "/record", "{}", []string{jsonLine, keyLine, "X-HTTP-Method-Override: POST"}, 405},
		{"pin what is not there", "POST", "/pin", `{"id":"99"}`, []string{jsonLine, keyLine}, 404},
		{"pin nonsense", "POST", "/pin", `{"id":"x y"}`, []string{jsonLine, keyLine}, 400},
		{"pin", "POST", "/pin", `{"id":1,"on":true}`, []string{jsonLine, keyLine}, 200},
		{"pin of another site", "POST", "/pin?site=blog", `{"id":"1"}`, []string{jsonLine, keyLine}, 404},
		{"recycle", "POST", "/recycle", `{"pool":"Default"}`, []string{jsonLine, keyLine}, 200},
		{"start", "POST", "/start", `{}`, []string{jsonLine, keyLine}, 200},
		{"stop", "POST", "/stop?site=shop", `{"pool":"B"}`, []string{jsonLine, keyLine}, 200},
	} {
		for _, base := range []string{b.own.URL, b.shop.URL} {
			a := b.ask(test.method, base+"/_huygens/control"+test.url, test.body, test.headers...)
			if a.status != test.want {
				t.Errorf("%s: %d %s, want %d", test.name, a.status, a.body, test.want)
			}
			checkGuard(t, test.name, a)
		}
	}
	if got := strings.Join(b.sites.asked, ", "); got != "recycle shop Default, recycle shop Default, start shop Default, start shop Default, stop shop B, stop shop B" {
		t.Errorf("asked of the pools: %s", got)
	}
	if a := b.ask("POST", b.shop.URL+"/_huygens/control/clear", `{"site":"blog"}`, jsonLine, keyLine); a.status != 404 {
		t.Errorf("a site's port clears another site: %d", a.status)
	}
	b.ask("POST", b.shop.URL+"/_huygens/control/clear", `{}`, jsonLine, keyLine)
	if _, ok := b.log.Find("2"); !ok {
		t.Error("a site's port has cleared another site")
	}
	b.ask("POST", b.own.URL+"/_huygens/control/clear", `{}`, jsonLine, keyLine)
	if s := b.log.Stats(); s.Kept != 1 || s.Pinned != 1 {
		t.Errorf("after clear: %+v", s)
	}
	b.ask("POST", b.own.URL+"/_huygens/control/record", `{"on":false}`, jsonLine, keyLine)
	if b.log.Recording("shop") {
		t.Error("it still records")
	}
}

func TestControlOfPools(t *testing.T) {
	b := newBench(t, nil)
	b.sites.names = []string{"shop", "blog"}
	order := func(url, body string) int {
		return b.ask("POST", url, body, jsonLine, keyLine).status
	}
	if got := order(b.own.URL+"/_huygens/control/stop", "{}"); got != 400 {
		t.Errorf("without a site: %d", got)
	}
	if got := order(b.own.URL+"/_huygens/control/stop", `{"site":"blog"}`); got != 200 || b.sites.asked[0] != "stop blog Default" {
		t.Errorf("with a site: %d %v", got, b.sites.asked)
	}
	b.sites.err = ErrUnknown
	if got := order(b.own.URL+"/_huygens/control/stop?site=x", "{}"); got != 404 {
		t.Errorf("unknown: %d", got)
	}
	b.sites.err = errors.New("no\x1b")
	if a := b.ask("POST", b.own.URL+"/_huygens/control/stop?site=shop", "{}", jsonLine, keyLine); a.status != 500 || a.body != "no\\x1b\n" {
		t.Errorf("failed: %+v", a)
	}
}

func TestReserved(t *testing.T) {
	for path, want := range map[string]bool{
		"/_huygens": true, "/_huygens/": true, "/_huygens/trace": true, "/_HUYGENS/trace": true, "//_huygens/trace": true,
		`/\_huygens\trace`: true, "/_huygens./trace": true, "/./_huygens/trace": true, "/_huygenſ/trace": true, "/trace.axd": true,
		"/Trace.AXD": true, "/trace.axd/x": true, "/_huygens /x": true,
		"/": false, "": false, "/_huygensx": false, "/a/_huygens": false, "/x/trace.axd": false, "/trace.axdx": false, "/trace": false,
	} {
		if got := Reserved(path); got != want {
			t.Errorf("Reserved(%q) = %v", path, got)
		}
	}
}

// The viewer's page holds the key; in a browser that opened the tools, all works from there.
func TestBrowser(t *testing.T) {
	b := newBench(t, nil)
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	for range 2 {
		resp, err := browser.Get(b.own.URL + "/_huygens/open?key=" + key)
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != 200 || string(page) != `<meta name=key content="`+key+`">` || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%d %s", resp.StatusCode, page)
		}
	}
	b.serve("shop", "/cart")
	a := b.ask("GET", b.own.URL+"/_huygens/requests/1", "", b.cookie(), "Accept: text/html,*/*")
	if a.status != 303 || a.header.Get("Location") != "/_huygens/trace#1" {
		t.Errorf("%+v", a)
	}
	if a := b.ask("GET", b.shop.URL+"/trace.axd", ""); a.header.Get("Location") != "http://tools.test/_huygens/trace" {
		t.Errorf("%+v", a)
	}
}

type batch struct {
	Traces []struct {
		ID, Site, URL, Phase string
		Number               uint64
	}
	Next, Missed uint64
}

func (b *bench) traces(base, query string) batch {
	b.Helper()
	a := b.ask("GET", base+"/_huygens/trace.json?"+query, "", keyLine)
	var got batch
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != 200 {
		b.Fatalf("%s: %d %s", query, a.status, a.body)
	}
	return got
}

func TestTraceJSON(t *testing.T) {
	b := newBench(t, nil)
	if a := b.ask("GET", b.own.URL+"/_huygens/trace.json", "", keyLine); a.body != `{"traces":[],"next":0,"missed":0}`+"\n" {
		t.Errorf("%s", a.body)
	}
	b.serve("shop", "/cart")
	b.serve("blog", "/post")
	b.serve("shop", "/style.css")
	for _, test := range []struct {
		base, query string
		want        string
	}{
		{b.own.URL, "", "/cart /post /style.css"},
		{b.own.URL, "after=4", "/style.css"},
		{b.own.URL, "after=6&wait=0s", ""},
		{b.own.URL, "after=99999", "/cart /post /style.css"},
		{b.own.URL, "site=shop", "/cart /style.css"},
		{b.own.URL, "site=nobody", ""},
		{b.own.URL, "filter=path:*.css", "/style.css"},
		{b.own.URL, "filter=-path:/cart&site=shop&wait=10s", "/style.css"},
		{b.shop.URL, "", "/cart /style.css"},
		{b.shop.URL, "site=blog", "/cart /style.css"},
	} {
		got := b.traces(test.base, test.query)
		var urls []string
		for _, x := range got.Traces {
			urls = append(urls, x.URL)
		}
		if strings.Join(urls, " ") != test.want || got.Next != 6 {
			t.Errorf("%q: %v, next %d", test.query, urls, got.Next)
		}
	}
	for _, bad := range []string{"after=x", "after=-1", "wait=x", "wait=-1s", "filter=colour:red"} {
		if a := b.ask("GET", b.own.URL+"/_huygens/trace.json?"+bad, "", keyLine); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
	a := b.ask("GET", b.shop.URL+"/_huygens/requests/2.json", "", keyLine)
	if a.status != 404 {
		t.Error("a site's port shows the request of another site")
	}
}

func TestTraceJSONWaits(t *testing.T) {
	b := newBench(t, nil)
	b.serve("shop", "/1")
	got := make(chan batch)
	go func() { got <- b.traces(b.own.URL, "after=2&wait=60s&filter=path:/3") }()
	go func() {
		for len(b.tools.waiting) == 0 && b.Context().Err() == nil {
			b.serve("shop", "/2") // what is not asked for does not end the waiting
		}
		b.serve("shop", "/3")
	}()
	if x := <-got; len(x.Traces) != 1 || x.Traces[0].URL != "/3" || x.Next < 4 {
		t.Errorf("%+v", x)
	}
	if x := b.traces(b.own.URL, "after=99999999&wait=1ms&filter=path:/4"); len(x.Traces) != 0 {
		t.Errorf("%+v", x)
	}
}

// A long answer is written in pieces and is whole.
func TestTraceJSONLong(t *testing.T) {
	b := newBench(t, nil)
	body := []byte(strings.Repeat("x<", 30_000))
	for range 20 {
		r := b.log.Start(trace.Start{Site: "shop", URL: "/"})
		r.Response(200, []pages.Field{{Name: "Content-Type", Value: "text/plain"}}, body, 60_000)
		r.Sent(60_000)
	}
	if got := b.traces(b.own.URL, ""); len(got.Traces) != 20 || got.Next != 40 {
		t.Errorf("%d traces, next %d", len(got.Traces), got.Next)
	}
}

func TestStatus(t *testing.T) {
	b := newBench(t, nil)
	b.sites.names = []string{"shop", "blog"}
	b.serve("shop", "/")
	var got struct {
		Sites   []Site
		Trace   traceStatus
		Streams streamStatus
	}
	for url, sites := range map[string]string{
		b.own.URL + "/_huygens/status": "shop blog", b.own.URL + "/_huygens/status?site=blog": "blog", b.shop.URL + "/_huygens/status": "shop",
	} {
		a := b.ask("GET", url, "", keyLine)
		got.Sites = nil
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range got.Sites {
			names = append(names, s.Name)
		}
		if strings.Join(names, " ") != sites || got.Trace.Kept != 1 || got.Trace.Keep != 500 || !got.Trace.Recording || got.Streams.Most != 16 {
			t.Errorf("%s: %s", url, a.body)
		}
	}
	if a := b.ask("GET", b.own.URL+"/_huygens/status?site=x", "", keyLine); a.status != 404 {
		t.Errorf("unknown site: %d", a.status)
	}
}
