package pages_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huygens/pages"
)

type nobody struct{ pages.Host }

// A site is an application in a folder of its own.
type site struct {
	*testing.T
	app *pages.Application
}

func newSite(t *testing.T, files map[string]string) *site {
	t.Helper()
	dir := t.TempDir()
	app, err := pages.NewApplication(pages.Config{Site: "Test", Folder: dir, Path: "/"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.Close() })
	s := &site{t, app}
	for name, text := range files {
		s.write(name, text)
	}
	return s
}

func (s *site) write(name, text string) {
	s.Helper()
	path := filepath.Join(s.app.Folder().Path(), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.Fatal(err)
	}
}

// ask runs a request for a page file, as a worker does.
func (s *site) ask(file string, change ...func(*pages.Request)) *pages.Result {
	s.Helper()
	handler := pages.HandlerPage
	if strings.HasSuffix(file, ".md") {
		handler = pages.HandlerMarkdown
	}
	req := &pages.Request{
		Application: "/", Method: "GET", Target: "/x?name=Ada", Path: "/x", Query: "name=Ada", RemoteAddr: "127.0.0.1:5",
		Header: []pages.Field{{Name: "Host", Value: "127.0.0.1:80"}}, Resource: pages.Resource{Handler: handler, File: file},
	}
	for _, f := range change {
		f(req)
	}
	ctx := s.Context()
	if req.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, req.Timeout, pages.ErrTimeout)
		defer cancel()
	}
	record := pages.NewRecorder(time.Now())
	c := pages.NewContext(req, nobody{}, s.app, record)
	if err := s.app.Handle(ctx, c); err != nil {
		c.Fail(ctx, err)
	}
	res := c.Result()
	res.Spans, res.Log = record.Finish()
	return res
}

func spans(res *pages.Result) string {
	var names []string
	for _, s := range res.Spans {
		names = append(names, s.Name)
	}
	return strings.Join(names, " ")
}

func logged(res *pages.Result) string {
	var lines []string
	for _, l := range res.Log {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, " ")
}

func header(res *pages.Result, name string) string {
	for _, f := range res.Header {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

const allStages = "PreInit Init InitComplete PreLoad Load LoadComplete PreRender PreRenderComplete SaveStateComplete Render Unload Disposed"

// noting is code whose every stage writes its name into the trace.
func noting(except, body string) string {
	var b strings.Builder
	for _, s := range strings.Fields("PreInit Init InitComplete PreLoad Load LoadComplete PreRender PreRenderComplete SaveStateComplete Unload Disposed") {
		b.WriteString("function Page_" + s + "() { trace.write('" + s + "');")
		if s == except {
			b.WriteString(body)
		}
		b.WriteString(" }\n")
	}
	return b.String()
}

func TestStagesInOrder(t *testing.T) {
	s := newSite(t, map[string]string{"a.gohtml": "<p>hello</p>\n", "a.gohtml.ts": noting("", "")})
	res := s.ask("a.gohtml")
	if res.Status != 200 || string(res.Body) != "<p>hello</p>\n" {
		t.Fatalf("%d %s", res.Status, res.Body)
	}
	if got := spans(res); got != "Compile "+allStages {
		t.Errorf("spans: %s", got)
	}
	if got := logged(res); got != strings.Replace(allStages, " Render", "", 1) {
		t.Errorf("told: %s", got)
	}
	if got := spans(s.ask("a.gohtml")); got != allStages {
		t.Errorf("spans of the second request: %s", got)
	}
}

func TestWhatEndsAPage(t *testing.T) {
	const page = "<p>{{.x}}</p>"
	tests := []struct {
		name, stage, code string
		status            int
		body              string // part of it
		told              string // stages that were told
	}{
		{"end", "Load", "response.write('only this'); response.end()", 200, "only this", "PreInit Init InitComplete PreLoad Load Unload Disposed"},
		{"end skips catch and finally", "Load", "try { response.end() } catch { trace.write('caught') } finally { trace.write('finally') }", 200, "", "PreInit Init InitComplete PreLoad Load Unload Disposed"},
		{"redirect", "Init", "response.redirect('/other')", 302, "", "PreInit Init Unload Disposed"},
		{"redirect with status", "Load", "response.redirect('/other', 303)", 303, "", "PreInit Init InitComplete PreLoad Load Unload Disposed"},
		{"json", "Load", "response.json({a: [1, 'x']})", 200, `{"a":[1,"x"]}`, "PreInit Init InitComplete PreLoad Load Unload Disposed"},
		{"error", "PreRender", "null.x", 500, "a.gohtml.ts:", "PreInit Init InitComplete PreLoad Load LoadComplete PreRender Unload Disposed"},
		{"missing name", "Load", "", 500, `&#34;x&#34;`, "PreInit Init InitComplete PreLoad Load LoadComplete PreRender PreRenderComplete SaveStateComplete Unload Disposed"},
		{"error in Unload changes nothing", "Unload", "throw new Error('late')", 200, "<p>1</p>", "PreInit Init InitComplete PreLoad Load LoadComplete PreRender PreRenderComplete SaveStateComplete Unload Page_Unload: a.gohtml.ts:11:51: Error: late Disposed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code := noting(tt.stage, tt.code)
			if tt.stage == "Unload" {
				code = strings.Replace(code, "trace.write('Load');", "trace.write('Load'); page.data.x = 1;", 1)
			}
			s := newSite(t, map[string]string{"a.gohtml": page, "a.gohtml.ts": code})
			res := s.ask("a.gohtml", func(r *pages.Request) {
				r.Header = append(r.Header, pages.Field{Name: "Accept", Value: "text/html"})
			})
			if res.Status != tt.status || !strings.Contains(string(res.Body), tt.body) {
				t.Errorf("status %d, body %s", res.Status, res.Body)
			}
			if got := logged(res); !strings.HasPrefix(got, tt.told[:20]) || tt.stage != "Unload" && got != tt.told {
				t.Errorf("told %s\nwant %s", got, tt.told)
			}
		})
	}
}

func TestPageError(t *testing.T) {
	tests := []struct {
		name, code string
		status     int
		body       string
	}{
		{"cleared", "const e = server.getLastError(); response.write('sorry: ' + e.message + ' at ' + e.file + ':' + e.line); server.clearError()", 200, "sorry: oh at a.gohtml.js:1"},
		{"cleared with a status", "response.status = 503; server.clearError()", 503, ""},
		{"not cleared", "response.write('lo' + 'st')", 500, "oh"},
		{"fails itself", "throw new Error('worse')", 500, "worse"},
		{"ends the response", "response.write('done'); response.end()", 200, "done"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, map[string]string{
				"a.gohtml":    "<p></p>",
				"a.gohtml.js": "function Page_Load() { throw new Error('oh') }\nfunction Page_Error() { " + tt.code + " }\nfunction Page_Unload() { trace.write('unloaded') }",
			})
			res := s.ask("a.gohtml")
			if res.Status != tt.status || !strings.Contains(string(res.Body), tt.body) || strings.Contains(string(res.Body), "lost") {
				t.Errorf("status %d, body %s", res.Status, res.Body)
			}
			if got := logged(res); got != "unloaded" {
				t.Errorf("told %q", got)
			}
		})
	}
}

func TestAwaited(t *testing.T) {
	s := newSite(t, map[string]string{
		"a.gohtml":    "{{.x}}",
		"a.gohtml.ts": "async function Page_Load() { await server.sleep(20); page.data.x = 'later' }",
	})
	res := s.ask("a.gohtml")
	if string(res.Body) != "later" {
		t.Errorf("%d %s", res.Status, res.Body)
	}
	for _, span := range res.Spans {
		slept := span.Took >= 20*time.Millisecond
		if want := span.Name == "Load"; slept != want && span.Name != "Compile" {
			t.Errorf("%s took %v", span.Name, span.Took)
		}
	}
}

func TestTimeoutNamesThePage(t *testing.T) {
	s := newSite(t, map[string]string{
		"a.gohtml":    "x",
		"a.gohtml.ts": "let i = 0\nfunction Page_Load() {\n  while (true) {\n    i++\n  }\n}\nfunction Page_Unload() { trace.write('unloaded') }",
	})
	s.ask("a.gohtml", func(r *pages.Request) { r.Timeout = 200 * time.Millisecond })
	res := s.ask("a.gohtml", func(r *pages.Request) { r.Timeout = 50 * time.Millisecond })
	if res.Status != 504 || len(res.Faults) == 0 || res.Faults[0].File != "a.gohtml.ts" || res.Faults[0].Line != 4 {
		t.Errorf("status %d, faults %+v", res.Status, res.Faults)
	}
	if logged(res) != "unloaded" {
		t.Errorf("told %q", logged(res))
	}
}

func TestLayouts(t *testing.T) {
	files := map[string]string{
		"_layout.gohtml":      "[{{template \"content\" .}}|{{block \"aside\" .}}none{{end}}]",
		"_other.gohtml":       "---\nlayout: _layout\n---\n({{template \"content\" .}})",
		"a.gohtml":            "a",
		"none.gohtml":         "---\nlayout: none\n---\nn",
		"other.gohtml":        "---\nlayout: _other\n---\no{{define \"aside\"}}mine{{end}}",
		"sub/b.gohtml":        "b{{template \"_part\" .}}",
		"_part.gohtml":        "+part",
		"chosen.gohtml":       "c",
		"chosen.gohtml.js":    "function Page_PreInit() { page.layout = '_other' }",
		"missing.gohtml":      "---\ntitle: x\nlayout: _nowhere\n---\n",
		"self.gohtml":         "---\nlayout: _self\n---\n",
		"_self.gohtml":        "---\nlayout: _self\n---\n{{template \"content\" .}}",
		"sub/deep/c.gohtml":   "c",
		"sub/_layout.gohtml":  "{ {{- template \"content\" . -}} }",
		"head.gohtml":         "---\nlayout: _head\n---\nh",
		"head.gohtml.js":      "function Page_Load() { page.head.add('<link>') }",
		"_head.gohtml":        "<head>{{page.head}}</head>{{template \"content\" .}}",
		"nohead.gohtml":       "---\nlayout: none\n---\n<HEAD><title>{{page.title}}</title></HEAD>",
		"nohead.gohtml.js":    "function Page_Load() { page.title = 'T'; page.head.add('<link>') }",
		"markdown.md":         "# M",
		"actions.md":          "---\nactions: true\n---\n# {{request.query.name}}",
		"sub/index.gohtml.js": "",
	}
	tests := []struct{ file, body string }{
		{"a.gohtml", "[a|none]"},
		{"none.gohtml", "n"},
		{"other.gohtml", "[(o)|mine]"},
		{"sub/b.gohtml", "{b+part}"},
		{"sub/deep/c.gohtml", "{c}"},
		{"chosen.gohtml", "[(c)|none]"},
		{"chosen.gohtml", "[(c)|none]"},
		{"head.gohtml", "<head><link></head>h"},
		{"nohead.gohtml", "<HEAD><title>T</title><link></HEAD>"},
		{"markdown.md", "[<h1 id=\"m\">M</h1>\n|none]"},
		{"actions.md", "[<h1 id=\"\">Ada</h1>\n|none]"},
	}
	s := newSite(t, files)
	for _, tt := range tests {
		res := s.ask(tt.file)
		got := string(res.Body)
		if tt.file == "actions.md" { // the id of a heading of actions only is the converter's business
			if !strings.Contains(got, ">Ada</h1>") {
				t.Errorf("%s: %s", tt.file, got)
			}
			continue
		}
		if got != tt.body {
			t.Errorf("%s: %s, want %s", tt.file, got, tt.body)
		}
	}
	for file, at := range map[string]string{"missing.gohtml": "missing.gohtml:3:9", "self.gohtml": "_self.gohtml:2:9"} {
		res := s.ask(file)
		if res.Status != 500 || !strings.HasPrefix(res.Faults[0].Error(), at+": ") {
			t.Errorf("%s: %d, %v", file, res.Status, res.Faults)
		}
	}
}

func TestFaultsHaveTheirPlace(t *testing.T) {
	tests := []struct{ name, page, code, fault string }{
		{"template", "---\ntitle: x\n---\n<p>\n  {{.nope}}</p>", "", "a.gohtml:5:5: "},
		{"template syntax", "<p>\n{{if}}", "", "a.gohtml:2:"},
		{"front matter", "---\ntitle: x\ntitel: y\n---\n", "", "a.gohtml:3:1: "},
		{"script syntax", "x", "function Page_Load() {\n  let = = 1\n}", "a.gohtml.ts:2:"},
		{"script", "x", "const a: number = 1\nfunction Page_Load(): void {\n  const q: any = null\n  q.x()\n}", "a.gohtml.ts:4:"},
		{"import outside", "x", "import x from '../outside'\nfunction Page_Load() { x() }", "a.gohtml.ts:1:"},
		{"include cycle", `{{template "_a" .}}`, "", "_b.gohtml:1:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"a.gohtml": tt.page, "_a.gohtml": `{{template "_b" .}}`, "_b.gohtml": `{{template "_a" .}}`}
			if tt.code != "" {
				files["a.gohtml.ts"] = tt.code
			}
			s := newSite(t, files)
			res := s.ask("a.gohtml")
			if res.Status != 500 || len(res.Faults) == 0 || !strings.HasPrefix(res.Faults[0].Error(), tt.fault) {
				t.Fatalf("%d, %v", res.Status, res.Faults)
			}
			if !strings.Contains(string(res.Body), strings.TrimSuffix(tt.fault, ": ")) {
				t.Errorf("the page does not name the place: %s", res.Body)
			}
			s.write("a.gohtml", "mended")
			os.Remove(filepath.Join(s.app.Folder().Path(), "a.gohtml.ts"))
			if res := s.ask("a.gohtml"); string(res.Body) != "mended" || !strings.HasPrefix(res.Why, "compiled because ") {
				t.Errorf("after mending: %d %s, %s", res.Status, res.Body, res.Why)
			}
		})
	}
}

func TestObjects(t *testing.T) {
	tests := []struct{ code, want string }{
		{"request.method + request.path + request.query.name", "GET/xAda"},
		{"request.query.nothing === undefined", "true"},
		{"request.url", "http://127.0.0.1:80/x?name=Ada"},
		{"request.headers.get('host') + request.isLocal + request.remoteAddress", "127.0.0.1:80true127.0.0.1"},
		{"request.query.all('name').length", "1"},
		{"page.isPostBack", "false"},
		{"site.name + site.trusted", "Testfalse"},
		{"server.htmlEncode('<a>')", "&amp;lt;a&amp;gt;"},
		{"server.mapPath('~/../a/b.txt')", "a/b.txt"},
		{"(request.items.x = {a: 1}, request.items.x.a)", "1"},
		{"request.cookies.none === undefined", "true"},
	}
	for _, tt := range tests {
		s := newSite(t, map[string]string{
			"a.gohtml":    "---\nlayout: none\n---\n{{.x}}",
			"a.gohtml.js": "function Page_Load() { page.data.x = String(" + tt.code + ") }",
		})
		if res := s.ask("a.gohtml"); string(res.Body) != tt.want {
			t.Errorf("%s = %s, want %s", tt.code, res.Body, tt.want)
		}
	}
}

func TestHeadersFromCode(t *testing.T) {
	s := newSite(t, map[string]string{"a.gohtml": "x", "a.gohtml.js": `function Page_Load() {
  response.status = 201
  response.headers.set("x-one", "1")
  response.headers.append("x-two", "2")
  response.cookies.set("c", "v", { maxAge: 60, httpOnly: true })
}`, "b.gohtml": "x", "b.gohtml.js": `function Page_Load() { response.headers.set("x", "a\r\nSet-Cookie: b") }`})
	res := s.ask("a.gohtml")
	if res.Status != 201 || header(res, "X-One") != "1" || header(res, "X-Two") != "2" {
		t.Errorf("%d %v", res.Status, res.Header)
	}
	if got := header(res, "Set-Cookie"); got != "c=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax" {
		t.Errorf("Set-Cookie: %s", got)
	}
	if res := s.ask("b.gohtml"); res.Status != 500 || header(res, "Set-Cookie") != "" {
		t.Errorf("a split header: %d %v", res.Status, res.Header)
	}
}

func TestSitePages(t *testing.T) {
	s := newSite(t, map[string]string{
		"index.gohtml": `{{range pages "/blog"}}{{.path}}={{.title}};{{end}}`,
		"blog/a.md":    "---\ntitle: First\ndate: 2026-01-01\n---\n",
		"blog/b.md":    "---\ndate: 2026-02-01\n---\n# Second\n",
		"blog/c.md":    "---\ndraft: true\n---\n# Draft\n",
		"blog/_d.md":   "# hidden",
		"all.gohtml":   "{{.n}}",
		"all.gohtml.js": `function Page_Load() {
  page.data.n = site.pages("/", { recursive: true, drafts: true }).map(p => p.path).join(" ")
}`,
	})
	if got := string(s.ask("index.gohtml").Body); got != "/blog/b=Second;/blog/a=First;" {
		t.Error(got)
	}
	s.write("blog/e.md", "# New\n")
	res := s.ask("index.gohtml")
	if got := string(res.Body); got != "/blog/b=Second;/blog/a=First;/blog/e=New;" {
		t.Error(got)
	}
	if got := string(s.ask("all.gohtml").Body); got != "/blog/b /blog/a / /all /blog/c /blog/e" {
		t.Error(got)
	}
}

func TestRequestsDoNotSeeEachOther(t *testing.T) {
	s := newSite(t, map[string]string{"a.gohtml": "{{.n}}", "a.gohtml.js": `let n = 0
function Page_Load() {
  n++
  Array.prototype.evil = 1
  globalThis.count = (globalThis.count || 0) + 1
  page.data.n = n + "," + globalThis.count
}`})
	for range 3 {
		if got := string(s.ask("a.gohtml").Body); got != "1,1" {
			t.Fatal(got)
		}
	}
}

func TestOtherMethods(t *testing.T) {
	s := newSite(t, map[string]string{"a.gohtml": "x"})
	res := s.ask("a.gohtml", func(r *pages.Request) { r.Method = "DELETE" })
	if res.Status != 405 || header(res, "Allow") != "GET, HEAD, POST" {
		t.Errorf("%d %v", res.Status, res.Header)
	}
}

func TestForm(t *testing.T) {
	s := newSite(t, map[string]string{"a.gohtml": "{{.x}}", "a.gohtml.js": "function Page_Load() { page.data.x = request.form.name + page.isPostBack }"})
	post := func(body string) *pages.Result {
		return s.ask("a.gohtml", func(r *pages.Request) {
			r.Method, r.Body = "POST", strings.NewReader(body)
			r.Header = append(r.Header, pages.Field{Name: "Content-Type", Value: "application/x-www-form-urlencoded"})
		})
	}
	if got := string(post("name=A%26B").Body); got != "A&amp;Bfalse" {
		t.Error(got)
	}
	if res := post(strings.Repeat("a=1&", 1001)); res.Status != 400 {
		t.Errorf("1,001 fields: %d", res.Status)
	}
}
