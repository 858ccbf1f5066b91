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

// claimant makes the test binary a process that claims a site and holds it until its input ends.
const claimant = "HUYGENS_TEST_CLAIMANT"

func TestMain(m *testing.M) {
	if site := os.Getenv(claimant); site != "" {
		os.Exit(claim(site))
	}
	os.Exit(m.Run())
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
		c.Publish(Running{URL: "http://127.0.0.1:1/"})
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
func start(t *testing.T, dir, site string) (said string, end func(kill bool)) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), claimant+"="+site, Variable+"="+dir, "GORACE=atexit_sleep_ms=0")
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
	line, _ := bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(line), func(kill bool) {
		if kill {
			cmd.Process.Kill()
		}
		in.Close()
		cmd.Wait()
	}
}

func TestOneProcessServesASite(t *testing.T) {
	s, site := open(t)
	first, end := start(t, s.dir, site)
	if first != "mine" {
		t.Fatalf("the first says %q", first)
	}
	if second, endSecond := start(t, s.dir, site); second != "held" {
		t.Errorf("the second says %q", second)
	} else {
		endSecond(false)
	}
	c, holder, err := s.Claim(site)
	if err != nil || c != nil || holder == nil || holder.URL != "http://127.0.0.1:1/" || holder.PID == 0 {
		t.Fatalf("%v, %+v, %v", c, holder, err)
	}
	end(true) // killed: nothing was released
	c, holder, err = s.Claim(site)
	if err != nil || holder != nil {
		t.Fatalf("%+v, %v", holder, err)
	}
	c.Release()
}
