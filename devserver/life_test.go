package devserver_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"huygens/devserver"
)

const idSite = "-- index.gohtml --\n<p>id {{request.query.id}}.</p>\n"

// Close leaves no process behind and frees the ports.
func TestClose(t *testing.T) {
	s := serve(t, idSite, devserver.SiteOptions{})
	pid := servingPID(t, s)
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	tools, _, _ := strings.Cut(strings.TrimPrefix(s.server.ViewerURL(), "http://"), "/")
	closeServer(t, s.server)
	if p, err := os.FindProcess(pid); err == nil && !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone) {
		t.Errorf("worker %d is still there", pid)
	}
	for _, host := range []string{u.Host, tools} {
		var config net.ListenConfig
		l, err := config.Listen(t.Context(), "tcp", host)
		if err != nil {
			t.Errorf("%s is not free: %v", host, err)
			continue
		}
		l.Close()
	}
}

// Close ends what waits: a page that sleeps, a browser that listens.
func TestCloseUnderway(t *testing.T) {
	inBoth(t, idSite+"-- wait.gohtml --\n-- wait.gohtml.ts --\nexport async function Page_Load() { await server.sleep(60000) }\n", func(t *testing.T, s *testSite) {
		response, err := s.client.Get(s.URL() + "_huygens/reload")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = s.ask(http.MethodGet, "/wait") // how it is told is not promised
		}()
		for inFlight(s) == 0 {
			s.want(t, "/?id=1", 200, "id 1")
		}
		closeServer(t, s.server)
		<-ended
		if _, err := io.ReadAll(response.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the stream of the browser: %v", err)
		}
	})
}

// A site is served by one process at a time; the other is told by which.
func TestServedTwice(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	writeFiles(t, folder, idSite)
	stateFolder := t.TempDir()
	first, second := newServer(t, stateFolder), newServer(t, stateFolder)
	site, err := first.Open(t.Context(), folder, devserver.SiteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := second.Open(t.Context(), folder, devserver.SiteOptions{})
	want := fmt.Sprintf("served by pid %d at %s", os.Getpid(), site.URL())
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the second time: %v, want %q", err, want)
	}
	address := site.URL()
	if err := site.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := other.Start(t.Context()); err != nil {
		t.Fatalf("when the first has stopped: %v", err)
	}
	if other.URL() != address {
		t.Errorf("it is served at %s, want the remembered %s", other.URL(), address)
	}
}

// A port that was typed and is taken is an error that names who has it.
func TestTakenPort(t *testing.T) {
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	folder := filepath.Join(t.TempDir(), "site")
	writeFiles(t, folder, idSite)
	server := newServer(t, t.TempDir())
	_, err = server.Open(t.Context(), folder, devserver.SiteOptions{Addr: taken, AddrGiven: true})
	_, port, _ := net.SplitHostPort(taken)
	if err == nil || !strings.Contains(err.Error(), "port "+port) {
		t.Fatalf("a taken port: %v", err)
	}
	if holder := fmt.Sprintf("(pid %d)", os.Getpid()); filepath.Separator == '/' && exists("/proc/net/tcp") && !strings.Contains(err.Error(), holder) {
		t.Errorf("a taken port: %v, want %s", err, holder)
	}
}

// A remembered port that somebody else has taken meanwhile is given up, and another one remembered.
func TestRememberedPortTaken(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	writeFiles(t, folder, idSite)
	server := newServer(t, t.TempDir())
	site, err := server.Open(t.Context(), folder, devserver.SiteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	before := site.URL()
	if err := site.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(before)
	if err != nil {
		t.Fatal(err)
	}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := site.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if site.URL() == before {
			t.Fatalf("two listen at %s", before)
		}
		if err := site.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	l.Close()
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// A site may be stopped and started again, where it was.
func TestStopAndStart(t *testing.T) {
	inBoth(t, idSite, func(t *testing.T, s *testSite) {
		address := s.URL()
		s.want(t, "/?id=1", 200, "id 1")
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		if err := s.site.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if a, err := s.send(http.MethodGet, address); err == nil {
			t.Errorf("a stopped site answers %d", a.status)
		}
		if err := s.site.Start(ctx); err != nil {
			t.Fatal(err)
		}
		if s.URL() != address {
			t.Errorf("it was at %s and is at %s", address, s.URL())
		}
		s.want(t, "/?id=2", 200, "id 2")
	})
}

// A page that flushes is read while it still runs, and is whole in the end; its trace is there then.
func TestStreaming(t *testing.T) {
	inBoth(t, `
-- index.gohtml --
<p>late</p>
-- index.gohtml.ts --
export async function Page_Load() {
  response.headers.set("X-Early", "yes")
  response.write("early\n")
  response.flush()
  while (!ready()) await server.sleep(5)
}
function ready() { return site.pages("/").some((p) => p.title === "Now") }
`, func(t *testing.T, s *testSite) {
		response, err := s.client.Get(s.URL())
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.Header.Get("X-Early") != "yes" || response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("X-Trace-Id") == "" || response.ContentLength >= 0 {
			t.Errorf("length %d, header %v", response.ContentLength, response.Header)
		}
		body := bufio.NewReader(response.Body)
		if line, err := body.ReadString('\n'); err != nil || line != "early\n" {
			t.Fatalf("the first line is %q, %v", line, err)
		}
		s.write(t, "now.md", "---\ntitle: Now\n---\ntext\n")
		rest, err := io.ReadAll(body)
		if err != nil || !strings.Contains(string(rest), "<p>late</p>") {
			t.Errorf("the rest is %q, %v: %+v", rest, err, s.trace(t, answer{header: response.Header}))
		}
		trace := s.trace(t, answer{header: response.Header})
		checkOrder(t, trace.Spans, []string{"Gate", "Load", "Render", "Unload"})
		if trace.Phase != "done" || trace.Status != 200 {
			t.Errorf("the trace is %+v", trace)
		}
		if timing := response.Header.Get("Server-Timing"); timing != "" {
			t.Errorf("streamed answers have no Server-Timing: %s", timing)
		}
	})
}
