package static

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huygens/devserver/resolve"
	"huygens/pages/source"
)

// A site serves a folder over HTTP with a Sender.
type site struct {
	t      testing.TB
	dir    string
	sender *Sender
	server *httptest.Server
	insert []byte
	sent   chan Sent
}

func newSite(t testing.TB) *site {
	t.Helper()
	dir := t.TempDir()
	folder, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	resolver, err := resolve.New(resolve.Options{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, dir: dir, sender: New(Config{Mime: map[string]string{".glb": "model/gltf-binary"}}), sent: make(chan Sent, 1)}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := s.sender.Serve(w, r, resolver.Resolve(r.Method, r.RequestURI), Options{Insert: s.insert})
		var refused *Error
		if errors.As(err, &refused) {
			for name, values := range refused.Header {
				w.Header()[name] = values
			}
			w.WriteHeader(refused.Status)
		}
		select {
		case s.sent <- sent:
		default:
		}
	}))
	t.Cleanup(s.server.Close)
	return s
}

func (s *site) write(name string, data []byte) {
	s.t.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// age moves a file's times into the past.
func (s *site) age(name string, by time.Duration) time.Time {
	s.t.Helper()
	then := time.Now().Add(-by).Truncate(time.Second)
	if err := os.Chtimes(filepath.Join(s.dir, name), then, then); err != nil {
		s.t.Fatal(err)
	}
	return then
}

// ask sends a request with headers "Name: value" and returns the answer and its body.
func (s *site) ask(method, target string, headers ...string) (*http.Response, []byte) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.server.URL+target, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, body
}

func TestWholeFile(t *testing.T) {
	s := newSite(t)
	large := bytes.Repeat([]byte("0123456789"), maxKept/10+1)
	s.write("small.css", []byte("body{}"))
	s.write("large.txt", large)
	s.write("empty.js", nil)
	for name, want := range map[string][]byte{"small.css": []byte("body{}"), "large.txt": large, "empty.js": {}} {
		then := s.age(name, time.Hour)
		for range 2 {
			resp, body := s.ask("GET", "/"+name)
			if resp.StatusCode != 200 || !bytes.Equal(body, want) || resp.ContentLength != int64(len(want)) {
				t.Fatalf("%s: %d, %d bytes of %d", name, resp.StatusCode, len(body), len(want))
			}
			h := resp.Header
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" ||
				h.Get("Cache-Control") != "no-cache" || h.Get("Accept-Ranges") != "bytes" ||
				h.Get("Last-Modified") != then.UTC().Format(http.TimeFormat) || !strings.HasPrefix(h.Get("ETag"), `"`) {
				t.Errorf("%s: headers %v", name, h)
			}
			head, none := s.ask("HEAD", "/"+name)
			if head.StatusCode != 200 || len(none) > 0 || head.ContentLength != resp.ContentLength ||
				head.Header.Get("Content-Type") != h.Get("Content-Type") || name != "large.txt" && head.Header.Get("ETag") != h.Get("ETag") {
				t.Errorf("%s: HEAD %d, headers %v", name, head.StatusCode, head.Header)
			}
		}
	}
	if s.sender.memory.get("small.css").data == nil || s.sender.memory.get("large.txt").data != nil {
		t.Error("the small file is kept, the large one is not")
	}
}

func TestRefusals(t *testing.T) {
	s := newSite(t)
	s.write("a.txt", []byte("text"))
	s.write("b.gohtml", nil)
	if err := os.Symlink("a.txt", filepath.Join(s.dir, "link.txt")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, target string
		want           int
	}{
		{"POST", "/a.txt", 405},
		{"OPTIONS", "/a.txt", 405},
		{"DELETE", "/a.txt", 405},
		{"PUT", "/none.txt", 405},
		{"GET", "/none.txt", 404},
		{"GET", "/link.txt", 404},
		{"HEAD", "/none.txt", 404},
		{"GET", "/", 404},
	} {
		resp, _ := s.ask(c.method, c.target)
		if resp.StatusCode != c.want || c.want == 405 && resp.Header.Get("Allow") != "GET, HEAD" || resp.Header.Get("ETag") != "" {
			t.Errorf("%s %s: %d, %v", c.method, c.target, resp.StatusCode, resp.Header)
		}
	}
}

func TestConditions(t *testing.T) {
	s := newSite(t)
	s.write("a.txt", []byte("0123456789"))
	s.write("large.txt", bytes.Repeat([]byte("x"), maxKept+1))
	then := s.age("a.txt", time.Hour)
	s.age("large.txt", time.Hour)
	settle(t, s, "large.txt")
	at := func(d time.Duration) string { return then.Add(d).UTC().Format(http.TimeFormat) }
	for _, target := range []string{"/a.txt", "/large.txt"} {
		first, _ := s.ask("GET", target)
		tag := first.Header.Get("ETag")
		for _, c := range []struct {
			headers []string
			want    int
		}{
			{[]string{"If-None-Match: " + tag}, 304},
			{[]string{"If-None-Match: W/" + tag}, 304},
			{[]string{`If-None-Match: "other", ` + tag}, 304},
			{[]string{`If-None-Match: "other"`, "If-None-Match: " + tag}, 304},
			{[]string{"If-None-Match: *"}, 304},
			{[]string{`If-None-Match: "other"`}, 200},
			{[]string{`If-None-Match: ` + strings.Trim(tag, `"`)}, 200},
			{[]string{`If-None-Match: "a,` + tag}, 200},
			{[]string{"If-Modified-Since: " + at(0)}, 304},
			{[]string{"If-Modified-Since: " + at(time.Minute)}, 304},
			{[]string{"If-Modified-Since: " + at(-time.Second)}, 200},
			{[]string{"If-Modified-Since: yesterday"}, 200},
			{[]string{`If-None-Match: "other"`, "If-Modified-Since: " + at(0)}, 200},
			{[]string{"If-Match: " + tag}, 200},
			{[]string{"If-Match: *"}, 200},
			{[]string{"If-Match: W/" + tag}, 412},
			{[]string{`If-Match: "other"`}, 412},
			{[]string{"If-Unmodified-Since: " + at(0)}, 200},
			{[]string{"If-Unmodified-Since: " + at(-time.Second)}, 412},
		} {
			resp, body := s.ask("GET", target, c.headers...)
			if resp.StatusCode != c.want {
				t.Errorf("%s %q: %d, want %d", target, c.headers, resp.StatusCode, c.want)
			}
			h := resp.Header
			if c.want == 304 && (len(body) > 0 || h.Get("ETag") != tag || h.Get("Cache-Control") != "no-cache" || h.Get("Content-Type") != "" ||
				h.Get("Cross-Origin-Resource-Policy") != "same-origin") {
				t.Errorf("%s %q: %d bytes, %v", target, c.headers, len(body), h)
			}
		}
	}
}

// settle waits until the change time of a file is proved by a tag that stays the same.
func settle(t *testing.T, s *site, name string) {
	t.Helper()
	for {
		a, _ := s.ask("HEAD", "/"+name)
		b, _ := s.ask("HEAD", "/"+name)
		if a.Header.Get("ETag") == b.Header.Get("ETag") {
			return
		}
	}
}

func TestRanges(t *testing.T) {
	s := newSite(t)
	data := make([]byte, maxKept+1000)
	for i := range data {
		data[i] = byte('a' + i%26)
	}
	s.write("large.txt", data)
	s.write("small.txt", data[:100])
	s.age("large.txt", time.Hour)
	s.age("small.txt", time.Hour)
	settle(t, s, "large.txt")
	for name, data := range map[string][]byte{"large.txt": data, "small.txt": data[:100]} {
		size := len(data)
		first, _ := s.ask("GET", "/"+name)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		for _, c := range []struct {
			ranges, ifRange string
			want            int
			from, to        int
		}{
			{"bytes=0-0", "", 206, 0, 1},
			{"bytes=5-9", "", 206, 5, 10},
			{"bytes=5-", "", 206, 5, size},
			{"bytes=-5", "", 206, size - 5, size},
			{"bytes=90-999999999", "", 206, 90, size},
			{"bytes=-999999999", "", 206, 0, size},
			{"bytes=0-99999999999999999999999", "", 206, 0, size},
			{"BYTES= 5-9", "", 206, 5, 10},
			{"bytes=5-9", tag, 206, 5, 10},
			{"bytes=5-9", modified, 206, 5, 10},
			{"bytes=5-9", `"other"`, 200, 0, size},
			{"bytes=5-9", "W/" + tag, 200, 0, size},
			{"bytes=5-9", "Mon, 02 Jan 2006 15:04:05 GMT", 200, 0, size},
			{"pages=5-9", "", 200, 0, size},
			{"bytes 5-9", "", 200, 0, size},
			{"bytes=" + strings.Repeat("0-0,", maxRanges) + "1-1", "", 200, 0, size},
			{"bytes=0-,0-", "", 200, 0, size},
			{fmt.Sprintf("bytes=%d-", size), "", 416, 0, 0},
			{"bytes=-0", "", 416, 0, 0},
			{"bytes=9-5", "", 416, 0, 0},
			{"bytes=a-b", "", 416, 0, 0},
			{"bytes=", "", 416, 0, 0},
			{"bytes=+1-2", "", 416, 0, 0},
			{"bytes=--5", "", 416, 0, 0},
			{"bytes=5", "", 416, 0, 0},
		} {
			headers := []string{"Range: " + c.ranges}
			if c.ifRange != "" {
				headers = append(headers, "If-Range: "+c.ifRange)
			}
			resp, body := s.ask("GET", "/"+name, headers...)
			if resp.StatusCode != c.want {
				t.Errorf("%s %.40q: %d, want %d", name, headers, resp.StatusCode, c.want)
				continue
			}
			got := resp.Header.Get("Content-Range")
			switch c.want {
			case 416:
				if got != fmt.Sprintf("bytes */%d", size) {
					t.Errorf("%s %q: Content-Range %q", name, headers, got)
				}
				continue
			case 206:
				if got != fmt.Sprintf("bytes %d-%d/%d", c.from, c.to-1, size) {
					t.Errorf("%s %q: Content-Range %q", name, headers, got)
				}
			}
			if !bytes.Equal(body, data[c.from:c.to]) {
				t.Errorf("%s %q: %d bytes", name, headers, len(body))
			}
		}
		if resp, _ := s.ask("HEAD", "/"+name, "Range: bytes=5-9"); resp.StatusCode != 200 || resp.ContentLength != int64(size) {
			t.Errorf("%s: HEAD has no ranges: %d", name, resp.StatusCode)
		}
	}
}

func TestSeveralRanges(t *testing.T) {
	s := newSite(t)
	s.write("a.txt", []byte("0123456789abcdef"))
	resp, body := s.ask("GET", "/a.txt", "Range: bytes=0-1, 4-5,-2, 99-")
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || resp.StatusCode != 206 || kind != "multipart/byteranges" || resp.ContentLength != int64(len(body)) {
		t.Fatalf("%d, %v, %v", resp.StatusCode, resp.Header, err)
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for _, want := range []string{"bytes 0-1/16 01", "bytes 4-5/16 45", "bytes 14-15/16 ef"} {
		p, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(p)
		if got := p.Header.Get("Content-Range") + " " + string(text); got != want || p.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("part %q of %v, want %q", got, p.Header, want)
		}
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Error(err)
	}
}

func TestInsert(t *testing.T) {
	s := newSite(t)
	s.insert = []byte("<script src=x></script>")
	s.write("a.html", []byte("<!doctype html><head><title>x</title>"))
	s.write("b.txt", []byte("<head>"))
	s.write("c.html", []byte("\xff\xfe<\x00h\x00"))
	s.write("large.html", append([]byte("<head>"), bytes.Repeat([]byte(" "), maxKept)...))
	for range 2 {
		resp, body := s.ask("GET", "/a.html", "Range: bytes=0-1", "If-None-Match: *")
		want := "<!doctype html><head><script src=x></script><title>x</title>"
		if resp.StatusCode != 200 || string(body) != want || resp.ContentLength != int64(len(want)) {
			t.Errorf("%d %q", resp.StatusCode, body)
		}
		h := resp.Header
		if h.Get("ETag") != "" || h.Get("Last-Modified") != "" || h.Get("Accept-Ranges") != "" || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("headers %v", h)
		}
		if head, none := s.ask("HEAD", "/a.html"); len(none) > 0 || head.ContentLength != int64(len(want)) {
			t.Errorf("HEAD: %v", head.Header)
		}
	}
	for _, name := range []string{"/b.txt", "/c.html"} {
		if resp, body := s.ask("GET", name); bytes.Contains(body, s.insert) || resp.Header.Get("ETag") == "" {
			t.Errorf("%s: %q, %v", name, body, resp.Header)
		}
	}
	if _, body := s.ask("GET", "/large.html"); !bytes.HasPrefix(body, []byte("<head><script")) || len(body) != 6+len(s.insert)+maxKept {
		t.Errorf("large: %d bytes", len(body))
	}
}

func TestContentTypes(t *testing.T) {
	s := newSite(t)
	for name, want := range map[string]string{
		"a.html": "text/html; charset=utf-8", "a.HTM": "text/html; charset=utf-8", "a.css": "text/css; charset=utf-8", "a.js": "text/javascript; charset=utf-8",
		"a.mjs": "text/javascript; charset=utf-8", "a.json": "application/json", "a.svg": "image/svg+xml", "a.png": "image/png", "a.woff2": "font/woff2",
		"a.wasm": "application/wasm", "a.txt": "text/plain; charset=utf-8", "a.webmanifest": "application/manifest+json", "a.glb": "model/gltf-binary",
		"LICENSE": "text/plain; charset=utf-8", "page.unknown": "text/plain; charset=utf-8",
	} {
		s.write(name, []byte("<html>ünï"))
		if resp, _ := s.ask("HEAD", "/"+name); resp.Header.Get("Content-Type") != want {
			t.Errorf("%s: %q, want %q", name, resp.Header.Get("Content-Type"), want)
		}
	}
	s.write("blob", []byte("\x00\x01\x02"))
	s.write("latin", []byte("gr\xfc\xdfe"))
	for _, name := range []string{"/blob", "/latin"} {
		if resp, _ := s.ask("HEAD", name); resp.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s: %q", name, resp.Header.Get("Content-Type"))
		}
	}
	if !isText(append(bytes.Repeat([]byte("x"), sniffed-1), "ü…"...)) {
		t.Error("a character cut by the limit makes no difference")
	}
	if ContentType("x.CSS") != "text/css; charset=utf-8" || ContentType("x") != "" {
		t.Error("ContentType")
	}
}
