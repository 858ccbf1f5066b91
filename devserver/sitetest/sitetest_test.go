package sitetest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeSite serves the files of a folder, and what the scripts of the tests ask for.
type fakeSite struct {
	*httptest.Server
	folder string
	events chan string   // what the reload stream tells next
	quit   chan struct{} // closed to end the stream
}

const fakeTrace = `{"why":"reused, 7 inputs unchanged","spans":[{"name":"Gate"},{"name":"Init"},{"name":"Load"},{"name":"Init"}]}`

func startFake(t *testing.T, folder string) *fakeSite {
	f := &fakeSite{folder: folder, events: make(chan string, 10), quit: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Trace-Id", "abc")
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(strings.TrimPrefix(r.URL.Path, "/"))))
		if err != nil {
			http.Error(w, "nothing here", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(data)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		cookie, _ := r.Cookie("seen")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
		fmt.Fprintf(w, "%s %s host %s dest %s seen %v: %s", r.Method, r.URL.RequestURI(), r.Host, r.Header.Get("Sec-Fetch-Dest"), cookie != nil, body)
	})
	mux.Handle("/away", http.RedirectHandler("/echo", http.StatusSeeOther))
	mux.HandleFunc("/_huygens/requests/abc.json", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Huygens-Key") != "key" {
			http.Error(w, "no", http.StatusNotFound)
			return
		}
		fmt.Fprint(w, fakeTrace)
	})
	mux.HandleFunc("/end", func(http.ResponseWriter, *http.Request) { close(f.quit) })
	mux.HandleFunc("/tell/", func(_ http.ResponseWriter, r *http.Request) {
		name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/tell/"), "/")
		f.events <- fmt.Sprintf("event: %s\nid: 1\ndata: {\"path\":\"/%s\"}\n\n", name, path)
	})
	mux.HandleFunc("/_huygens/reload", f.stream)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeSite) stream(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, ": hello\n\nevent: connected\ndata: {}\n\n")
	for {
		w.(http.Flusher).Flush()
		select {
		case e := <-f.events:
			fmt.Fprint(w, e)
		case <-f.quit:
			if len(f.events) == 0 {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

func (f *fakeSite) URL() string          { return f.Server.URL + "/" }
func (f *fakeSite) Client() *http.Client { return f.Server.Client() }
func (f *fakeSite) Key() string          { return "key" }
func (f *fakeSite) Folder() string       { return f.folder }

// The archives in testdata use every command and every expectation, and all are met.
func TestScripts(t *testing.T) {
	Test(t, "testdata/*.txtar", func(t *testing.T, folder string) Site { return startFake(t, folder) })
}

func run(t *testing.T, script string) []Failure {
	t.Helper()
	s, err := Parse("x.txtar", []byte(script))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := s.WriteFiles(folder); err != nil {
		t.Fatal(err)
	}
	return s.Run(t.Context(), startFake(t, folder))
}

// Every expectation can fail, and says where.
func TestFailures(t *testing.T) {
	const site = "-- a.txt --\nHello\n-- folder/b.txt --\n"
	tests := []struct {
		script string
		line   int
		says   string
	}{
		{"get /none\n", 1, "the status is 404, not 200"},
		{"# first\n\nget /a.txt\n  status 404\n", 4, "the status is 200, not 404"},
		{"get /a.txt\n  body contains Bye\n", 2, "does not contain \"Bye\"\nthe answer is 200:\n\tHello"},
		{"get /a.txt\n  body not contains Hell\n", 2, "the body contains \"Hell\""},
		{"get /a.txt\n  body equals Hell\n", 2, "the body is not \"Hell\""},
		{"get /a.txt\n  body equals\n", 2, "the body is not \"\""},
		{"get /a.txt\n  body matches ^B\n", 2, "the body does not match ^B"},
		{"get /a.txt\n  body empty\n", 2, "the body is not empty"},
		{"get /a.txt\n  header Content-Type: text/html\n", 2, "header Content-Type is \"text/plain\", not \"text/html\""},
		{"get /a.txt\n  header X-None: \"\"\n", 2, "header X-None is \"\""},
		{"get /a.txt\n  header Content-Type contains html\n", 2, "does not contain \"html\""},
		{"get /a.txt\n  header Content-Type missing\n", 2, "header Content-Type is there"},
		{"get /a.txt\n  trace Load Init Gate\n", 2, "no Gate there: Gate Init Load Init"},
		{"get /a.txt\n  trace Render\n", 2, "no Render"},
		{"get /a.txt\n  trace not Render Load\n", 2, "the trace has Load"},
		{"get /a.txt\n  why compiled\n", 2, "\"reused, 7 inputs unchanged\", which does not contain \"compiled\""},
		{"get /echo\n  trace Gate\n", 2, "no X-Trace-Id"},
		{"remove none.txt\n", 1, "none.txt"},
		{"rename none.txt a.txt\n", 1, "none.txt"},
		{"write folder\n  x\n", 1, "folder"},
	}
	for _, test := range tests {
		got := run(t, test.script+site)
		if len(got) != 1 || got[0].Place != fmt.Sprintf("x.txtar:%d", test.line) || !strings.Contains(got[0].Message, test.says) {
			t.Errorf("%q: got %v", test.script, got)
		}
	}
	if got := run(t, "get /none\nget /a.txt\n  body contains 1\n  body contains 2\nremove none\nget /none\n"+site); len(got) != 4 {
		t.Errorf("expectations go on, and a step that cannot be done ends it: %v", got)
	}
}

func TestEndedStream(t *testing.T) {
	got := run(t, "get /tell/ok/\nget /end\nexpect reload full-reload\n")
	if len(got) != 1 || got[0].Place != "x.txtar:3" || !strings.Contains(got[0].Message, "has ended; they were told of ok") {
		t.Errorf("got %v", got)
	}
}

// Without a stream nothing can be expected of it.
func TestNoStream(t *testing.T) {
	s, err := Parse("x.txtar", []byte("expect reload ok\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := startFake(t, t.TempDir())
	f.Config.Handler = http.NotFoundHandler()
	if got := s.Run(t.Context(), f); len(got) != 1 || !strings.Contains(got[0].Message, "the status is 404") {
		t.Errorf("got %v", got)
	}
}

func TestParseFaults(t *testing.T) {
	for script, says := range map[string]string{
		"":                                "x.txtar:1: the script has no command",
		"# nothing\n":                     "x.txtar:1: the script has no command",
		"fetch /\n":                       `x.txtar:1: there is no command "fetch"`,
		"get\n":                           "x.txtar:1: a request takes a path",
		"get x\n":                         "x.txtar:1: a request takes a path",
		"request GET\n":                   "x.txtar:1: a request takes a path",
		"  body contains x\n":             "x.txtar:1: the line belongs to no command",
		"remove a\n  b\n":                 "x.txtar:2: the line belongs to no command",
		"get /\n  contains x\n":           `x.txtar:2: there is no expectation "contains"`,
		"get /\n\n  # why\n  status OK\n": `x.txtar:4: "OK" is no status`,
		"get /\n  body has x\n":           "x.txtar:2: write: body contains",
		"get /\n  body contains\n":        "x.txtar:2: body contains has no text",
		"get /\n  body empty x\n":         "x.txtar:2: body empty has no text, or one too many",
		"get /\n  body matches (\n":       "x.txtar:2: error parsing regexp",
		"get /\n  header X\n":             "x.txtar:2: write: header NAME",
		"get /\n  trace\n":                "x.txtar:2: write: trace NAME",
		"get /\n  trace not\n":            "x.txtar:2: write: trace NAME",
		"get /\n  why\n":                  "x.txtar:2: write: why TEXT",
		"get /\n  with X\n":               "x.txtar:2: write: with NAME: VALUE",
		"get /\n  status 200\n  send x\n": "x.txtar:3: what is sent stands before",
		"write\n":                         "x.txtar:1: write takes 1 names, not 0",
		"write ../x\n  y\n":               `x.txtar:1: "../x" is not the name of a file`,
		"rename a\n":                      "x.txtar:1: rename takes 2 names",
		"rename a /b\n":                   `x.txtar:1: "/b" is not the name of a file`,
		"expect page\n":                   "x.txtar:1: write: expect reload",
		"get /\n-- ../x --\n":             `x.txtar: "../x" is not the name of a file`,
	} {
		if _, err := Parse("x.txtar", []byte(script)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v", script, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("get /\n  with A: b\n  status 200\nwrite a\n  x\n\n  y\nexpect reload / \"x\n-- a --\n")
	f.Add("request X /\n\tbody matches [\n")
	f.Fuzz(func(t *testing.T, script string) {
		s, err := Parse("x", []byte(script))
		if (s == nil) == (err == nil) {
			t.Fatalf("%v, %v", s, err)
		}
	})
}
