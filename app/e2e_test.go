package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"huygens/devserver/pool"
)

// asProgram makes the test binary the program itself, so that these tests see what a user of the command line sees.
const asProgram = "HUYGENS_TEST_PROGRAM"

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0") // else every worker sleeps a second at its end
	if len(os.Args) > 1 && os.Args[1] == pool.ChildArgument || os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// hangLimit bounds what hangs. It measures nothing.
const hangLimit = time.Minute

// huygens is one call of the program with a state folder of its own.
func huygens(t *testing.T, state string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*hangLimit)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "HUYGENS_STATE="+state)
	return cmd
}

// newSite makes a site of a starter, as its user would.
func newSite(t *testing.T, state, starter string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), starter)
	if out, err := huygens(t, state, "new", starter, dir).CombinedOutput(); err != nil {
		t.Fatalf("huygens new %s: %v\n%s", starter, err, out)
	}
	return dir
}

// An event is one line of serve --json.
type event struct {
	Event, Site, URL, Trace, Key string
	PID                          int
	Files                        []string
	Status                       int
}

// A running is a site that `huygens serve` serves.
type running struct {
	*testing.T
	event
	dir    string
	events chan event
	client *http.Client
}

// serveSite starts huygens serve, waits for its ready line, and ends it with the test.
func serveSite(t *testing.T, state, dir string) *running {
	t.Helper()
	cmd := huygens(t, state, "serve", dir, "--addr", "127.0.0.1:0", "--json")
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &running{T: t, dir: dir, events: make(chan event, 1<<16), client: &http.Client{
		Timeout:       hangLimit,
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	go s.read(out)
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		if runtime.GOOS == "windows" || cmd.Process.Signal(os.Interrupt) != nil {
			_ = cmd.Process.Kill()
		}
		for range s.events { // until the program has closed its output
			continue
		}
		if err := cmd.Wait(); err != nil && runtime.GOOS != "windows" {
			t.Errorf("serve ended with %v", err)
		}
	})
	s.event = s.wait("ready", func(event) bool { return true })
	return s
}

func (s *running) read(out io.Reader) {
	defer close(s.events)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			s.events <- e
		}
	}
}

// wait takes events until one of the kind is the wanted one.
func (s *running) wait(kind string, wanted func(event) bool) event {
	s.Helper()
	late := time.After(hangLimit)
	for {
		select {
		case e, open := <-s.events:
			if !open {
				s.Fatalf("the program ended before %q", kind)
			}
			if e.Event == kind && wanted(e) {
				return e
			}
		case <-late:
			s.Fatalf("no event %q came", kind)
		}
	}
}

// get asks as a program does. Redirects are answers of their own.
func (s *running) get(path string, headers ...string) (*http.Response, string) {
	s.Helper()
	base, err := url.Parse(s.URL)
	if err != nil {
		s.Fatal(err)
	}
	at, err := base.Parse(path)
	if err != nil {
		s.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, at.String(), nil)
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp, string(body)
}

// save writes a file of the site in place.
func (s *running) save(name, text string) {
	s.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		s.Fatal(err)
	}
}

func (s *running) text(name string) string {
	s.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.Fatal(err)
	}
	return string(data)
}

// change saves a file with one text in place of another, which must be there.
func (s *running) change(name, from, to string) {
	s.Helper()
	text := s.text(name)
	if !strings.Contains(text, from) {
		s.Fatalf("%s has no %q", name, from)
	}
	s.save(name, strings.Replace(text, from, to, 1))
}
