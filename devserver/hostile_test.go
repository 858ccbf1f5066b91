package devserver_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"huygens/devserver"
)

// echo is in every hostile request where it can be: no answer may repeat it.
const echo = "zqxj7k"

const hostileSite = `
-- index.gohtml --
<h1>Home</h1>
-- index.gohtml.ts --
export function Page_Load() {}
-- _layout.gohtml --
{{template "content" .}}
-- .env --
SECRET=1
-- App_Data/x.db --
data
-- App_Code/x.ts --
export const x = 1
-- sub/index.gohtml --
sub
-- sub/_nav.gohtml --
nav
-- package.json --
{}
-- huygens.toml --
[site]
name = "Hostile"
-- style.css --
body {}
-- data.txt --
text
`

// refused are targets that lead nowhere, or where browsers have no business: all look like what is missing.
var refused = []string{
	"/none", "/.env", "/.git/config", "/index.gohtml.ts", "/_layout.gohtml", "/_layout", "/App_Data/x.db", "/app_data/x.db", "/App_Data/",
	"/App_Code/x.ts", "/App_Code/x.js", "/App_Code", "/package.json", "/huygens.toml", "/sub/_nav.gohtml", "/leak.txt", "/leak/passwd", "/pipe", "/inside.txt",
	"/../etc/passwd", "/../../../../etc/passwd", "/%2e%2e/etc/passwd", "/%2e%2e%2fetc%2fpasswd", "/..%2f..%2fetc/passwd", "/sub/../.env",
	"/sub/%2e%2e/.env", "/sub/..%5c..%5c.env", `/..\..\etc\passwd`, `/sub\..\.env`, "/%5c..%5c.env", "/./.env", "/.%2e/.env", "/.env/", "/.env%20", "/.env.", "/%2eenv",
	"/.env::$DATA", "/index.gohtml.ts%00.css", "/style.css%00", "/%00", "/sub/%00/x", "/STYLE.CSS", "/Index.gohtml.ts",
	"//etc/passwd", "///etc/passwd", "/sub//../.env", "/style.css/", "/style.css/x", "/style.css;x=1", "/.env;x", "/..;/.env", "/sub/..;/.env",
	"/%c0%ae%c0%ae/etc/passwd", "/%ff", "/%e0%80%af", "/%252e%252e/etc/passwd", "/~root/" + echo, "/C:/Windows/" + echo, "/con", "/" + echo, "/<script>" + echo,
	"/%3Cscript%3E" + echo, "/sub/" + strings.Repeat("a", 300), "/" + strings.Repeat("a/", 2000),
}

// What is denied and what is missing cannot be told apart, and nothing repeats the request.
func TestRefusedTargets(t *testing.T) {
	inBoth(t, hostileSite, func(t *testing.T, s *testSite) {
		makeTraps(t, s.folder)
		missing := s.raw(t, target("/missing"))
		for _, path := range refused {
			a := s.raw(t, target(path))
			if a.status != http.StatusNotFound {
				t.Errorf("GET %.80s: %d\n%.500s", path, a.status, a.body)
				continue
			}
			if got, want := withoutTrace(a), withoutTrace(missing); got != want {
				t.Errorf("GET %.80s can be told from what is missing:\n%s\nnot\n%s", path, got, want)
			}
			checkSafe(t, path, a)
		}
		s.want(t, "/", 200, "<h1>Home</h1>")
	})
}

// withoutTrace is an answer without what differs from request to request.
func withoutTrace(a answer) string {
	h := a.header.Clone()
	id := h.Get("X-Trace-Id")
	for _, name := range []string{"Date", "X-Trace-Id", "Traceparent", "Server-Timing"} {
		if h.Get(name) == "" {
			return "no " + name
		}
		h.Del(name)
	}
	var text strings.Builder
	h.Write(&text)
	return text.String() + strings.ReplaceAll(a.body, id, "ID")
}

// checkSafe looks for what every answer has, and for what none has.
func checkSafe(t *testing.T, what string, a answer) {
	t.Helper()
	if a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("%.80q: headers %v", what, a.header)
	}
	checkSentence(t, what, a)
}

func checkSentence(t *testing.T, what string, a answer) {
	t.Helper()
	if strings.Contains(a.body, echo) {
		t.Errorf("%.80q: the answer repeats the request: %.500s", what, a.body)
	}
	for name, values := range a.header {
		if name != "Location" && strings.Contains(strings.Join(values, " "), echo) {
			t.Errorf("%.80q: the answer repeats the request in %s", what, name)
		}
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%.80q: the answer has %s", what, name)
		}
	}
	if a.status >= 400 && !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
		t.Errorf("%.80q: content type %s", what, a.header.Get("Content-Type"))
	}
}

// hostile are requests that the gate, the tools or net/http itself refuse.
var hostile = []struct {
	name, request string
	status        int
	plainServer   bool // net/http answers before anything of ours is asked: a fixed sentence without our headers
}{
	{"foreign host", "GET / HTTP/1.1\r\nHost: " + echo + ".example\r\nConnection: close\r\n\r\n", 403, false},
	{"host without port", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 403, false},
	{"host of another port", "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n", 403, false},
	{"host with a dot", "GET / HTTP/1.1\r\nHost: localhost.:80\r\nConnection: close\r\n\r\n", 403, false},
	{"host with a user", "GET / HTTP/1.1\r\nHost: " + echo + "@HOST\r\nConnection: close\r\n\r\n", 400, true},
	{"no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 403, false},
	{"no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400, true},
	{"two hosts", "GET / HTTP/1.1\r\nHost: HOST\r\nHost: " + echo + "\r\nConnection: close\r\n\r\n", 400, true},
	{"forwarded host", target("/none", "X-Forwarded-Host: "+echo, "Forwarded: host="+echo), 404, false},
	{"absolute form", target("http://HOST/"), 400, false},
	{"absolute form of another", target("http://" + echo + "/"), 400, false},
	{"authority form", "CONNECT HOST HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n", 405, false},
	{"star", "OPTIONS * HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n", 400, false},
	{"no slash", target("style.css"), 400, true},
	{"fragment", target("/style.css#" + echo), 400, false},
	{"bad escape", target("/%zz" + echo), 400, true},
	{"space in the target", target("/a b" + echo), 400, true},
	{"long target", target("/" + strings.Repeat("a", 9<<10)), 414, false},
	{"many keys", target("/?" + strings.Repeat("&", 10_000)), 400, false},
	{"huge header", target("/", "X-Long: "+strings.Repeat("a", 200<<10)), 431, true},
	{"many header lines", target("/", strings.TrimSuffix(strings.Repeat("X-A: 1\r\n", 200), "\r\n")), 431, false},
	{"TRACE", "TRACE / HTTP/1.1\r\nHost: HOST\r\nX-A: " + echo + "\r\nConnection: close\r\n\r\n", 405, false},
	{"CONNECT", "CONNECT / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n", 405, false},
	{"unknown method", "FOO" + echo + " / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n", 405, false},
	{"small letters", "get / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n", 405, false},
	{"bad method", "G@T{ / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n", 400, true},
	{"folded header", "GET / HTTP/1.1\r\nHost: HOST\r\nX-A: 1\r\n " + echo + "\r\nConnection: close\r\n\r\n", 200, false},
	{"space before the colon", "GET / HTTP/1.1\r\nHost: HOST\r\nX-A : " + echo + "\r\nConnection: close\r\n\r\n", 400, true},
	{"length and chunks", "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", 200, false},
	{"two lengths", "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nContent-Length: 5\r\nConnection: close\r\n\r\nbodyx", 400, true},
	{"unknown coding", "POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: " + echo + "\r\nConnection: close\r\n\r\n", 501, true},
	{"long body", "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 999999999999\r\nConnection: close\r\n\r\nbody", 413, false},
	{"encoded body", post("/", "Content-Encoding: gzip"), 415, false},
	{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, false},
	{"foreign origin", post("/", "Origin: http://"+echo+".example"), 403, false},
	{"origin of another port", post("/", "Origin: http://127.0.0.1:1"), 403, false},
	{"origin null", post("/", "Origin: null"), 403, false},
	{"cross-site", post("/", "Sec-Fetch-Site: cross-site"), 403, false},
	{"same-site", post("/", "Sec-Fetch-Site: same-site"), 403, false},
	{"two origins", post("/", "Origin: http://HOST", "Origin: http://"+echo), 403, false},
	{"own origin", post("/", "Origin: http://HOST"), 200, false},
	{"reload from elsewhere", target("/_huygens/reload", "Sec-Fetch-Site: cross-site"), 403, false},
	{"reload from another origin", target("/_huygens/reload", "Origin: http://"+echo+".example"), 403, false},
	{"client script from elsewhere", target("/_huygens/client.js", "Sec-Fetch-Site: cross-site"), 403, false},
	{"trace with a cookie", target("/_huygens/trace.json", "Cookie: huygens_tools="+echo), 404, false},
	{"trace with a wrong key", target("/_huygens/trace.json", "X-Huygens-Key: "+echo), 404, false},
	{"trace with a key in the query", target("/_huygens/trace.json?key=" + echo), 404, false},
	{"open on a site's port", target("/_huygens/open?key=" + echo), 404, false},
	{"control without key", post("/_huygens/control/clear"), 403, false},
	{"control with a wrong key", post("/_huygens/control/clear", "X-Huygens-Key: "+echo), 403, false},
	{"status without key", target("/_huygens/status"), 404, false},
	{"viewer on a site's port", target("/_huygens/trace"), 303, false},
	{"foreign host, reserved", "GET /_huygens/client.js HTTP/1.1\r\nHost: " + echo + "\r\nConnection: close\r\n\r\n", 403, false},
}

func TestHostileRequests(t *testing.T) {
	inBoth(t, hostileSite, func(t *testing.T, s *testSite) {
		for _, test := range hostile {
			a := s.raw(t, test.request)
			if a.status != test.status {
				t.Errorf("%s: %d, want %d\n%.500s", test.name, a.status, test.status, a.body)
			}
			if test.plainServer {
				checkSentence(t, test.name, a)
			} else {
				checkSafe(t, test.name, a)
			}
		}
		s.want(t, "/", 200, "<h1>Home</h1>")
	})
}

// A chunked body that is nonsense does no harm, whoever reads it.
func TestBadChunks(t *testing.T) {
	inBoth(t, `
-- index.gohtml --
{{.n}}
-- index.gohtml.ts --
export function Page_Load() { page.data.n = request.text().length }
`, func(t *testing.T, s *testSite) {
		const head = "POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
		for _, body := range []string{"zz\r\nbody\r\n", "-1\r\n\r\n", "ffffffffffffffffff\r\n", "4;" + strings.Repeat("x", 70_000) + "\r\nbody\r\n"} {
			a := s.raw(t, head+body)
			if a.status < 400 || a.status > 500 {
				t.Errorf("chunk %.20q: %d\n%s", body, a.status, a.body)
			}
			checkSafe(t, body, a)
		}
		if a := s.raw(t, head+strings.Repeat("100000\r\n"+strings.Repeat("x", 1<<20)+"\r\n", 11)); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("eleven megabytes: %d\n%s", a.status, a.body)
		}
		if a := s.raw(t, head+"4\r\nbody\r\n0\r\n\r\n"); a.status != 200 || !strings.Contains(a.body, "4") {
			t.Errorf("good chunks: %d\n%s", a.status, a.body)
		}
	})
}

// The reserved addresses are ours in every spelling: none reaches the site's files, none answers without key.
func TestReservedSpellings(t *testing.T) {
	const files = hostileSite + "-- _huygens/trace.json --\nthe site's own\n-- trace.axd --\nthe site's own\n"
	inBoth(t, files, func(t *testing.T, s *testSite) {
		for _, path := range []string{
			"/_huygens/trace.json", "/_Huygens/trace.json", "/_HUYGENS/trace.json", "//_huygens/trace.json", "/_huygens%2ftrace.json", "/%5fhuygens/trace.json",
			"/_huygens/./trace.json", "/_huygens/../_huygens/trace.json", "/./_huygens/trace.json", "/_huygens\\trace.json", "/_huygens./trace.json", "/_huygens%20/trace.json",
			"/_huygens;x/trace.json", "/_huygens/", "/_huygens", "/_huygens/none", "/_huygens/trace.json/", "/sub/../_huygens/trace.json", "/_huygens%00/trace.json",
		} {
			a := s.raw(t, target(path))
			if a.status != http.StatusNotFound || strings.Contains(a.body, "own") {
				t.Errorf("GET %s: %d %s", path, a.status, a.body)
			}
			checkSafe(t, path, a)
		}
		if a := s.get(t, "/_huygens/trace.json", "X-Huygens-Key: "+s.Key()); a.status != 200 || !strings.HasPrefix(a.body, `{"traces":`) {
			t.Errorf("with the key: %d %s", a.status, a.body)
		}
	})
}

// On the tools' port the same gate stands.
func TestToolsGate(t *testing.T) {
	s := serve(t, hostileSite, devserver.SiteOptions{})
	viewer := s.server.ViewerURL()
	base, _, _ := strings.Cut(viewer, "/_huygens/")
	for _, test := range []struct {
		path   string
		lines  []string
		status int
	}{
		{"/_huygens/trace.json", nil, 404},
		{"/_huygens/trace.json", []string{"Host: " + echo}, 403},
		{"/_huygens/trace.json", []string{"X-Huygens-Key: " + s.Key()}, 200},
		{"/_huygens/trace.json", []string{"X-Huygens-Key: " + s.Key(), "Sec-Fetch-Site: cross-site"}, 404},
		{"/_huygens/open?key=" + s.Key(), nil, 303},
		{"/_huygens/open?key=" + echo, nil, 404},
		{"/", nil, 404},
	} {
		a := s.at(t, base+test.path, test.lines...)
		if a.status != test.status {
			t.Errorf("GET %s %v: %d, want %d\n%s", test.path, test.lines, a.status, test.status, a.body)
		}
		checkSafe(t, test.path, a)
	}
}

func makeTraps(t *testing.T, folder string) {
	t.Helper()
	outside := filepath.Join(t.TempDir(), "outside")
	writeFile(t, filepath.Join(outside, "passwd"), "secret "+echo)
	trap(t, filepath.Join(outside, "passwd"), filepath.Join(folder, "leak.txt"))
	trap(t, outside, filepath.Join(folder, "leak"))
	trap(t, "data.txt", filepath.Join(folder, "inside.txt"))
	makePipe(t, filepath.Join(folder, "pipe"))
}
