package reload

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"huygens/devserver/watch"
)

const patient = 20 * time.Second

func serve(t *testing.T, o Options) (*Hub, *httptest.Server) {
	t.Helper()
	h := NewHub(o)
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		h.Close()
		s.Close()
	})
	return h, s
}

// A reader reads one event stream.
type reader struct {
	t     *testing.T
	lines *bufio.Reader
	body  io.Closer
}

func listen(t *testing.T, s *httptest.Server, query string, header ...string) *reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+Path+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %v", resp.StatusCode, resp.Header)
	}
	return &reader{t: t, lines: bufio.NewReader(resp.Body), body: resp.Body}
}

// message reads up to the next empty line.
func (r *reader) message() (text string, err error) {
	for {
		line, err := r.lines.ReadString('\n')
		if err != nil {
			return text, err
		}
		if line == "\n" {
			return text, nil
		}
		text += line
	}
}

func (r *reader) want(parts ...string) string {
	r.t.Helper()
	text, err := r.message()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			r.t.Fatalf("message %q (%v) lacks %q", text, err, p)
		}
	}
	return text
}

func TestStream(t *testing.T) {
	h, s := serve(t, Options{})
	r := listen(t, s, "")
	r.want("retry: 500")
	r.want("event: connected\n", "id: "+h.run+"-0\n", `data: {"run":"`+h.run+`"}`)
	h.Told(modified("style.css", "cart.gohtml"))
	r.want("event: css-update\n", "id: "+h.run+"-1\n", `data: {"paths":["/style.css"]}`)
	r.want("event: page-update\n", "id: "+h.run+"-2\n", `data: {"path":"/cart"}`)
	h.Error("unknown key", "huygens.toml", 3)
	r.want("event: error\n", `data: {"message":"unknown key","file":"huygens.toml","line":3}`)
	h.OK()
	r.want("event: ok\n", "data: {}")
	h.Reload()
	r.want("event: full-reload\n", "data: {}")
}

func TestWhatCameMeanwhile(t *testing.T) {
	h, s := serve(t, Options{Keep: 4})
	before := h.Position()
	h.Told(modified("a.css"))
	h.Told(modified("b.css"))
	for _, r := range []*reader{
		listen(t, s, "?after="+before),
		listen(t, s, "", "Last-Event-ID", before),
		listen(t, s, "?after="+h.Position(), "Last-Event-ID", before),
	} {
		r.want("retry")
		r.want("connected", "id: "+before+"\n")
		r.want("/a.css")
		r.want("/b.css")
	}
	for i := range 4 {
		h.Told(modified(strconv.Itoa(i) + ".css"))
	}
	r := listen(t, s, "?after="+before) // more than is kept: reload
	r.want("retry")
	r.want("connected")
	r.want("full-reload", "id: "+h.Position()+"\n")
	for _, id := range []string{"OTHER-0", h.run + "-99", h.run + "-x", "-", "%00"} { // no id of this run: from now on
		r := listen(t, s, "?after="+id)
		r.want("retry")
		r.want("connected", "id: "+h.Position()+"\n")
	}
}

func TestAFaultStandsUntilOK(t *testing.T) {
	h, s := serve(t, Options{})
	h.Error("unknown key", "huygens.toml", 3)
	at := h.Position()
	if got := h.Told(modified("huygens.toml")); len(got) != 0 {
		t.Errorf("a change of the broken file told %v", got)
	}
	h.Told(modified("a.css"))
	r := listen(t, s, "?after="+h.Position())
	r.want("retry")
	r.want("connected")
	r.want("event: error", "id: "+at+"\n", "unknown key")
	h.OK()
	r.want("event: ok")
	if got := describe(h.Told(modified("huygens.toml"))); len(got) != 1 || got[0] != "full-reload" {
		t.Errorf("a change of the mended file told %q", got)
	}
	r = listen(t, s, "?after="+h.Position())
	r.want("retry")
	r.want("connected")
	h.Reload()
	r.want("full-reload")
}

func TestTheOldestStreamIsClosed(t *testing.T) {
	h, s := serve(t, Options{Streams: 3})
	var all []*reader
	for range 4 {
		r := listen(t, s, "")
		r.want("retry")
		r.want("connected")
		all = append(all, r)
	}
	if _, err := all[0].message(); err == nil {
		t.Error("the first of four streams is still open, three may be")
	}
	h.OK()
	for _, r := range all[1:] {
		r.want("event: ok")
	}
	if n := h.Streams(); n != 3 {
		t.Errorf("%d streams are open", n)
	}
}

func TestSilentStreamsArePinged(t *testing.T) {
	_, s := serve(t, Options{Ping: time.Millisecond})
	r := listen(t, s, "")
	r.want("retry")
	r.want("connected")
	r.want(": ping")
	r.want(": ping")
}

func TestCloseEndsStreams(t *testing.T) {
	h, s := serve(t, Options{})
	r := listen(t, s, "")
	r.want("retry")
	r.want("connected")
	h.Close()
	if text, err := r.message(); err != io.EOF {
		t.Errorf("after Close: %q, %v", text, err)
	}
}

func TestRefusals(t *testing.T) {
	h := NewHub(Options{})
	h.Close() // streams that are let in end at once
	tests := []struct {
		method, target, header, value string
		status                        int
	}{
		{"GET", Path, "", "", 200},
		{"GET", Path, "Sec-Fetch-Site", "same-origin", 200},
		{"GET", Path, "Sec-Fetch-Site", "cross-site", 403},
		{"GET", Path, "Sec-Fetch-Site", "same-site", 403},
		{"GET", Path, "Sec-Fetch-Site", "none", 403},
		{"GET", Path, "Origin", "http://example.com", 200},
		{"GET", Path, "Origin", "http://evil.example", 403},
		{"GET", Path, "Origin", "null", 403},
		{"POST", Path, "", "", 405},
		{"HEAD", Path, "", "", 405},
		{"GET", ClientPath, "Sec-Fetch-Site", "cross-site", 200},
		{"HEAD", ClientPath, "", "", 200},
		{"POST", ClientPath, "", "", 405},
		{"GET", "/_huygens/other", "", "", 404},
	}
	for _, test := range tests {
		r := httptest.NewRequest(test.method, test.target, nil)
		if test.header != "" {
			r.Header.Set(test.header, test.value)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%s %s with %s: %s is %d, want %d", test.method, test.target, test.header, test.value, w.Code, test.status)
		}
		if strings.Contains(w.Body.String(), "evil") {
			t.Errorf("the refusal echoes the request: %q", w.Body)
		}
	}
}

func TestClientScript(t *testing.T) {
	h := NewHub(Options{})
	defer h.Close()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", ClientPath, nil))
	tag := w.Header().Get("ETag")
	if w.Code != 200 || tag == "" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") || !strings.Contains(w.Body.String(), "EventSource") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	r := httptest.NewRequest("GET", ClientPath, nil)
	r.Header.Set("If-None-Match", tag)
	w = httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("asked again: %d, %d bytes", w.Code, w.Body.Len())
	}
}

// From a save to the browser: real files, the real watcher, a real stream.
func TestSaveReachesTheStream(t *testing.T) {
	dir := t.TempDir()
	h, s := serve(t, Options{})
	ctx, cancel := context.WithCancel(context.Background())
	watcher := watch.New(dir, watch.Options{})
	done := make(chan error, 1)
	go func() { done <- watcher.Run(ctx, func(b watch.Batch) { h.Told(b) }) }()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	<-watcher.Ready()
	r := listen(t, s, "")
	r.want("retry")
	r.want("connected")
	if err := os.WriteFile(filepath.Join(dir, "style.css"), []byte("p{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.want("css-update", "/style.css")
	if err := os.WriteFile(filepath.Join(dir, "about.md"), []byte("# About"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.want("page-update", `"/about"`)
}
