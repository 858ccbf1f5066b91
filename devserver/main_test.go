package devserver_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"huygens/devserver"
	"huygens/devserver/pipeline"
	"huygens/devserver/pool"
	"huygens/devserver/state"
)

// The test binary is the worker, as the app is.
func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else every worker sleeps a second at its end
	if len(os.Args) > 1 && os.Args[1] == pool.ChildArgument {
		if err := pool.Child(os.Stdin, os.Stdout, pipeline.Start); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// limit bounds what hangs. It measures nothing.
const limit = 30 * time.Second

const (
	process   = "process"
	inProcess = "in-process"
)

// inBoth runs a test in both hosting modes, each with a site of its own that has the files of an archive.
func inBoth(t *testing.T, files string, test func(t *testing.T, s *testSite)) {
	t.Helper()
	for _, hosting := range []string{process, inProcess} {
		t.Run(hosting, func(t *testing.T) {
			test(t, serve(t, files, devserver.SiteOptions{Trust: true, Hosting: hosting}))
		})
	}
}

// A testSite is a served site.
type testSite struct {
	server *devserver.Server
	site   *devserver.Site
	folder string
	client *http.Client
}

func (s *testSite) URL() string          { return s.site.URL() }
func (s *testSite) Client() *http.Client { return s.client }
func (s *testSite) Key() string          { return s.server.Key() }
func (s *testSite) Folder() string       { return s.folder }

// serve writes the files of an archive into a folder and serves it until the test ends.
func serve(t testing.TB, files string, o devserver.SiteOptions) *testSite {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "Test Site")
	writeFiles(t, folder, files)
	return serveFolder(t, folder, o)
}

func serveFolder(t testing.TB, folder string, o devserver.SiteOptions) *testSite {
	t.Helper()
	server := newServer(t, t.TempDir())
	site, err := server.Open(t.Context(), folder, o)
	if err != nil {
		t.Fatal(err)
	}
	return &testSite{server: server, site: site, folder: folder, client: newClient(t)}
}

// newServer makes a server whose state lies in a folder. It is closed at the end of the test.
func newServer(t testing.TB, stateFolder string) *devserver.Server {
	t.Helper()
	store, err := state.Open(stateFolder)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log := new(syncBuffer)
	server, err := devserver.New(devserver.Config{
		State: store, Worker: pool.Program{Executable: self, Args: []string{pool.ChildArgument}},
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		closeServer(t, server)
		if t.Failed() {
			t.Logf("the server's log:\n%s", log)
		}
	})
	return server
}

func closeServer(t testing.TB, server *devserver.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := server.Close(ctx); err != nil {
		t.Errorf("closing the server: %v", err)
	}
}

func newClient(t testing.TB) *http.Client {
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 20}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: limit, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

func writeFiles(t testing.TB, folder, files string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(files)).Files {
		writeFile(t, filepath.Join(folder, filepath.FromSlash(f.Name)), string(f.Data))
	}
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// write writes a file of the site in place.
func (s *testSite) write(t testing.TB, name, text string) {
	t.Helper()
	writeFile(t, filepath.Join(s.folder, filepath.FromSlash(name)), text)
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request with header lines "Name: value".
func (s *testSite) ask(method, path string, lines ...string) (answer, error) {
	return s.send(method, strings.TrimSuffix(s.URL(), "/")+path, lines...)
}

func (s *testSite) send(method, address string, lines ...string) (answer, error) {
	r, err := http.NewRequest(method, address, nil)
	if err != nil {
		return answer{}, err
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
		}
		r.Header.Add(name, value)
	}
	response, err := s.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, err
}

// at asks for a whole address.
func (s *testSite) at(t testing.TB, address string, lines ...string) answer {
	t.Helper()
	a, err := s.send(http.MethodGet, address, lines...)
	if err != nil {
		t.Fatalf("GET %s: %v", address, err)
	}
	return a
}

func (s *testSite) get(t testing.TB, path string, lines ...string) answer {
	t.Helper()
	a, err := s.ask(http.MethodGet, path, lines...)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return a
}

// want asks for a path and checks status and a part of the body.
func (s *testSite) want(t testing.TB, path string, status int, text string) answer {
	t.Helper()
	a := s.get(t, path)
	if a.status != status || !strings.Contains(a.body, text) {
		t.Errorf("GET %s: %d, want %d with %q:\n%s", path, a.status, status, text, a.body)
	}
	return a
}

// until asks again and again until the answer is as wanted. Each request is the wait.
func (s *testSite) until(t testing.TB, path string, is func(answer) bool) answer {
	t.Helper()
	for end := time.Now().Add(limit); ; {
		a := s.get(t, path)
		if is(a) {
			return a
		}
		if time.Now().After(end) {
			t.Fatalf("GET %s is still %d after %s:\n%s", path, a.status, limit, a.body)
		}
	}
}

// A syncBuffer may be written to by several goroutines.
type syncBuffer struct {
	mu  sync.Mutex // guards all
	all bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all.String()
}
