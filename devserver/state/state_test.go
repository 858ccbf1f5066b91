package state

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// claimant makes the test binary a process that claims a site and holds it until its input ends; counter makes
// it one that changes the window's state many times.
const (
	claimant = "HUYGENS_TEST_CLAIMANT"
	counter  = "HUYGENS_TEST_COUNTER"
)

func TestMain(m *testing.M) {
	if site := os.Getenv(claimant); site != "" {
		os.Exit(claim(site))
	}
	if os.Getenv(counter) != "" {
		os.Exit(count())
	}
	os.Exit(m.Run())
}

const counts = 40

func count() int {
	store, err := Open("")
	if err != nil {
		return 1
	}
	for range counts {
		if err := store.changeWindow(func(w *windowState) { w.Sites = append(w.Sites, "/x") }); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return 0
}

func claim(site string) int {
	store, err := Open("")
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	c, holder, err := store.Claim(site)
	switch {
	case err != nil:
		fmt.Println("error", err)
	case holder != nil:
		fmt.Println("held")
	default:
		if os.Getenv("HUYGENS_TEST_SILENT") == "" {
			c.Publish(Running{URL: "http://127.0.0.1:1/"})
		}
		fmt.Println("mine")
		io.Copy(io.Discard, os.Stdin)
	}
	return 0
}

func open(t *testing.T) (*Store, string) {
	t.Helper()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	site := filepath.Join(t.TempDir(), "site")
	if err := os.Mkdir(site, 0o755); err != nil {
		t.Fatal(err)
	}
	return s, site
}

func TestTrustIsOfTheFolder(t *testing.T) {
	s, site := open(t)
	trusted := func() bool {
		t.Helper()
		ok, err := s.Trusted(site)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if trusted() {
		t.Error("nobody has trusted it")
	}
	if err := s.Trust(site); err != nil {
		t.Fatal(err)
	}
	if !trusted() {
		t.Error("it was trusted")
	}
	if err := os.Rename(site, site+".old"); err != nil {
		t.Fatal(err)
	}
	if trusted() {
		t.Error("nothing lies there any more")
	}
	if err := os.Mkdir(site, 0o755); err != nil {
		t.Fatal(err)
	}
	if trusted() {
		t.Error("another folder at the same path")
	}
}

func TestSitesAreKnownByTheirRealPath(t *testing.T) {
	s, site := open(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(site, link); err != nil {
		t.Fatal(err)
	}
	if err := s.RememberPort(link, 8123); err != nil {
		t.Fatal(err)
	}
	if got := s.Port(site); got != 8123 {
		t.Errorf("port %d", got)
	}
}

func TestKeyIsMadeOnce(t *testing.T) {
	s, site := open(t)
	one, err := s.Key(site)
	if err != nil || len(one) != 32 {
		t.Fatal(one, err)
	}
	two, err := s.Key(site)
	if err != nil || string(one) != string(two) {
		t.Errorf("%x, then %x, %v", one, two, err)
	}
}

func TestModes(t *testing.T) {
	s, site := open(t)
	if _, err := s.Key(site); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == s.dir {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", d.Name(), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDamagedFileIsNotOverwritten(t *testing.T) {
	s, site := open(t)
	for port := 8001; port <= 8002; port++ {
		if err := s.RememberPort(site, port); err != nil {
			t.Fatal(err)
		}
	}
	_, path, err := s.site(site)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(`{"port":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.Port(site); got != 8001 {
		t.Errorf("port %d; the last version but one is kept", got)
	}
	if err := os.Remove(path + ".bak"); err != nil {
		t.Fatal(err)
	}
	if err := s.Trust(site); err == nil || !strings.Contains(err.Error(), "left as it is") {
		t.Errorf("the fault is told: %v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != `{"port":` {
		t.Errorf("the file has become %q", data)
	}
}

func TestWindowSettings(t *testing.T) {
	s, _ := open(t)
	if err := s.SaveWindow([]byte("{")); err == nil {
		t.Error("settings that are not JSON were kept")
	}
	if err := errors.Join(s.SaveWindow([]byte(`{"a":1}`)), s.SaveOpened([]string{"/a", "/b"})); err != nil {
		t.Fatal(err)
	}
	var got struct{ A int }
	if s.Window() == nil || !strings.Contains(string(s.Window()), `"a"`) || len(s.Opened()) != 2 {
		t.Errorf("%s, %v, %v", s.Window(), s.Opened(), got)
	}
}

// start starts a claimant and returns what it says first, and how to end it.
func start(t *testing.T, dir, site string, env ...string) (said string, end func(kill bool)) {
	t.Helper()
	first, end := launch(t, dir, site, env...)
	return first(), end
}

// launch starts a claimant without waiting for it.
func launch(t *testing.T, dir, site string, env ...string) (first func() string, end func(kill bool)) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), self(t))
	cmd.Env = append(os.Environ(), claimant+"="+site, Variable+"="+dir, "GORACE=atexit_sleep_ms=0")
	cmd.Env = append(cmd.Env, env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first = func() string {
		line, _ := lines.ReadString('\n')
		return strings.TrimSpace(line)
	}
	return first, func(kill bool) {
		if kill {
			cmd.Process.Kill()
		}
		in.Close()
		cmd.Wait()
	}
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOneProcessServesASite(t *testing.T) {
	s, site := open(t)
	if r, err := s.Running(site); r != nil || err != nil {
		t.Fatalf("nobody has claimed it: %+v, %v", r, err)
	}
	first, end := start(t, s.dir, site)
	if first != "mine" {
		t.Fatalf("the first says %q", first)
	}
	second, endSecond := start(t, s.dir, site)
	endSecond(false)
	if second != "held" {
		t.Errorf("the second says %q", second)
	}
	c, holder, err := s.Claim(site)
	if err != nil || c != nil || holder == nil || holder.URL != "http://127.0.0.1:1/" || holder.PID == 0 {
		t.Fatalf("%v, %+v, %v", c, holder, err)
	}
	if r, err := s.Running(site); err != nil || r == nil || *r != *holder {
		t.Errorf("%+v, %v; the holder is %+v", r, err, holder)
	}
	end(true) // killed: nothing was released
	if r, err := s.Running(site); r != nil || err != nil {
		t.Errorf("its process was killed: %+v, %v", r, err)
	}
	c, holder, err = s.Claim(site)
	if err != nil || holder != nil {
		t.Fatalf("%+v, %v", holder, err)
	}
	if r, err := s.Running(site); err != nil || r == nil || r.PID != os.Getpid() || r.URL != "" {
		t.Errorf("what the killed one told is believed: %+v, %v", r, err)
	}
	c.Release()
}

// What a killed process has published is not what the next one serves, even if that has not told yet.
func TestStartingHolder(t *testing.T) {
	s, site := open(t)
	_, end := start(t, s.dir, site)
	end(true)
	first, end := start(t, s.dir, site, "HUYGENS_TEST_SILENT=1")
	defer end(false)
	c, holder, err := s.Claim(site)
	if first != "mine" || err != nil || c != nil || holder == nil || holder.URL != "" || holder.PID == 0 {
		t.Errorf("%q, %v, %+v, %v", first, c, holder, err)
	}
}

// Of processes that start at once exactly one wins, also while others ask who it is.
func TestRace(t *testing.T) {
	s, site := open(t)
	for range 5 {
		var firsts []func() string
		var ends []func(bool)
		for range 4 {
			first, end := launch(t, s.dir, site)
			firsts, ends = append(firsts, first), append(ends, end)
		}
		said := map[string]int{}
		for _, first := range firsts {
			if _, err := s.Running(site); err != nil {
				t.Error(err)
			}
			said[first()]++
		}
		if said["mine"] != 1 || said["held"] != 3 {
			t.Errorf("they say %v", said)
		}
		for _, end := range ends {
			end(true)
		}
	}
}

// Processes that change the same file lose nothing of each other.
func TestProcessesTakeTurns(t *testing.T) {
	s, _ := open(t)
	var running []*exec.Cmd
	for range 3 {
		cmd := exec.CommandContext(t.Context(), self(t))
		cmd.Env = append(os.Environ(), counter+"=1", Variable+"="+s.dir, "GORACE=atexit_sleep_ms=0")
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if got := len(s.Opened()); got != 3*counts {
		t.Errorf("%d of %d changes are there", got, 3*counts)
	}
}

func TestPlace(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(Variable, filepath.Join(dir, "a"))
	s, err := Open("")
	if err != nil || s.dir != filepath.Join(dir, "a") {
		t.Errorf("%+v, %v", s, err)
	}
	t.Setenv(Variable, "")
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "b"))
	t.Setenv("LocalAppData", filepath.Join(dir, "b"))
	if got, err := place(); err != nil || !strings.HasPrefix(got, dir) && !strings.Contains(got, "Huygens") {
		t.Errorf("%s, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(dir, "file")); err == nil {
		t.Error("a file is no state folder")
	}
}

func TestShortID(t *testing.T) {
	_, site := open(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(site, link); err != nil {
		t.Fatal(err)
	}
	if a, b := ShortID(site), ShortID(link+"/"); a != b || len(a) != 8 || a == ShortID(filepath.Dir(site)) {
		t.Errorf("%s, %s", a, b)
	}
}
