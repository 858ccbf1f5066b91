package tools

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"huygens/devserver/trace"
	"huygens/pages"
)

// listen opens a stream and returns its lines; the head has arrived when it returns.
func (b *bench) listen(url string, headers ...string) (*bufio.Scanner, *http.Response) {
	b.Helper()
	r, _ := http.NewRequestWithContext(b.Context(), "GET", url, nil)
	r.Header.Set("X-Huygens-Key", key)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return lines, resp
}

// next is the next message of a stream, comments left out.
func next(lines *bufio.Scanner) (message []string) {
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "" && len(message) > 0:
			return message
		case line != "" && !strings.HasPrefix(line, ":"):
			message = append(message, line)
		}
	}
	return message
}

func TestEvents(t *testing.T) {
	b := newBench(t, nil)
	b.serve("shop", "/old")
	lines, resp := b.listen(b.own.URL + "/_huygens/trace/events")
	if ct := resp.Header.Get("Content-Type"); ct != "text/event-stream" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", resp.Header)
	}
	if m := next(lines); m[0] != "retry: 1000" {
		t.Errorf("%q", m)
	}
	r := b.log.Start(trace.Start{Site: "shop", URL: "/new\n\ndata: x"})
	r.Complete()
	m := next(lines)
	if len(m) != 2 || m[0] != "id: 3" || !strings.Contains(m[1], `"url":"/new\\n\\ndata: x"`) || !strings.HasPrefix(m[1], `data: {"id":`) {
		t.Fatalf("%q", m)
	}
	r.Sent(7)
	if m := next(lines); !strings.Contains(m[1], `"bytes":7`) || !strings.Contains(m[1], `"Send"`) {
		t.Errorf("%q", m)
	}
	// From a number on, by query and by the header of a browser that comes back; of one site; filtered.
	for _, x := range [][2]string{
		{"/_huygens/trace/events?after=2", "X: y"},
		{"/_huygens/trace/events?after=77", "Last-Event-ID: 2"},
		{"/_huygens/trace/events?after=0&site=shop&filter=path:/new", "X: y"},
	} {
		lines, _ := b.listen(b.own.URL+x[0], x[1])
		next(lines)
		if m := next(lines); !strings.Contains(m[1], "/new") {
			t.Errorf("%s: %q", x, m)
		}
	}
	if a := b.ask("GET", b.own.URL+"/_huygens/trace/events?after=x", "", keyLine); a.status != 400 {
		t.Errorf("%d", a.status)
	}
	b.tools.Close()
	if m := next(lines); len(m) != 0 {
		t.Errorf("after Close: %q", m)
	}
}

func TestEventsMissed(t *testing.T) {
	b := newBench(t, nil)
	b.log.SetLimits(2, 0)
	for range 10 {
		b.serve("shop", "/")
	}
	lines, _ := b.listen(b.own.URL+"/_huygens/trace/events", "Last-Event-ID: 2")
	next(lines)
	if m := next(lines); len(m) != 2 || m[0] != "event: missed" || m[1] != `data: {"missed":7}` {
		t.Errorf("%q", m)
	}
}

func TestEventsAreBounded(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Streams = 2 })
	for range 2 {
		lines, _ := b.listen(b.own.URL + "/_huygens/trace/events")
		next(lines)
	}
	if a := b.ask("GET", b.own.URL+"/_huygens/trace/events", "", keyLine); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("%+v", a)
	}
}

// A viewer that stops reading is dropped and counted; who makes requests never waits for it.
func TestEventsOfAReaderThatStopsReading(t *testing.T) {
	b := newBench(t, func(c *Config) { c.WriteTimeout = 20 * time.Millisecond })
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		b.tools.ServeHTTP(w, r)
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /_huygens/trace/events HTTP/1.1\r\nHost: x\r\n"+keyLine+"\r\n\r\n")
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil { // the stream is open; from here on nothing is read
		t.Fatal(err)
	}
	body := []byte(strings.Repeat("x", 64<<10))
	for open := true; open; {
		r := b.log.Start(trace.Start{Site: "shop", URL: "/"})
		r.Response(200, []pages.Field{{Name: "Content-Type", Value: "text/plain"}}, body, int64(len(body)))
		r.Sent(0)
		select {
		case <-ended:
			open = false
		default:
		}
	}
	if n := b.tools.dropped.Load(); n != 1 || len(b.tools.streams) != 0 {
		t.Errorf("dropped %d, open %d", n, len(b.tools.streams))
	}
}
