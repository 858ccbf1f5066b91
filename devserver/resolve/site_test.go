package resolve

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"huygens/devserver/config"
	"huygens/pages/source"
)

// A site is a folder made of a txtar file.
type site struct {
	t       testing.TB
	dir     string
	folder  *source.Folder
	targets []string // lines of the file "targets"
	config  *config.Config
}

func openSite(t testing.TB, name string) *site {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	for _, f := range archive.Files {
		if f.Name == "targets" {
			s.targets = strings.Split(string(f.Data), "\n")
			continue
		}
		s.write(f.Name, string(f.Data))
		if f.Name == config.Name && len(f.Data) > 0 {
			if s.config, err = config.Load(f.Data); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

func newSite(t testing.TB) *site {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	folder, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	return &site{t: t, dir: dir, folder: folder}
}

func (s *site) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *site) write(name, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path(name)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.path(name), []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) resolver() *Resolver {
	s.t.Helper()
	r, err := New(Options{
		Folder: s.folder, Config: s.config,
		Private: func(file string) bool { return file == "used.js" || file == "used.mjs" },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// show says what an answer is, in the words of the test files.
func show(a Answer) string {
	var b strings.Builder
	line := ""
	if n := a.Resource().Line; n > 0 {
		line = fmt.Sprintf(" #%d", n)
	}
	switch {
	case a.Status() == 405:
		return "405 " + a.Allow()
	case a.Location() != "":
		return "-> " + a.Location()
	case !a.Found():
		return fmt.Sprint(a.Status()) + line
	}
	fmt.Fprintf(&b, "%s %s%s", a.Resource().Handler, a.Resource().File, line)
	if a.PathInfo() != "" {
		b.WriteString(" + " + a.PathInfo())
	}
	if app := a.Application().Path; app != "/" {
		b.WriteString(" @" + app)
	}
	return b.String()
}

func TestSite(t *testing.T) {
	s := openSite(t, "site.txtar")
	r := s.resolver()
	for _, line := range s.targets {
		target, want, ok := strings.Cut(line, " ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		a := r.Resolve("GET", target)
		if got := show(a); got != strings.TrimSpace(want) {
			t.Errorf("%s leads to %q, want %q", target, got, strings.TrimSpace(want))
		}
		checkAnswer(t, s, a)
	}
}

func TestConfiguredSite(t *testing.T) {
	s := openSite(t, "config.txtar")
	r := s.resolver()
	for _, line := range s.targets {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] == "#" {
			continue
		}
		want := strings.Join(fields[2:], " ")
		a := r.Resolve(fields[0], fields[1])
		got := show(a)
		if strings.Contains(want, " ? ") {
			got += " ? " + a.Query()
		}
		if got != want {
			t.Errorf("%s %s leads to %q, want %q", fields[0], fields[1], got, want)
		}
		checkAnswer(t, s, a)
	}
}

// checkAnswer opens what was found, and sees that nothing else can be opened.
func checkAnswer(t *testing.T, s *site, a Answer) {
	t.Helper()
	file, info, err := a.Open()
	if !a.Found() || a.Resource().Handler == "DirectoryList" {
		if err == nil {
			file.Close()
			t.Errorf("%s (%s) can be opened", a.Path(), show(a))
		}
		return
	}
	if err != nil {
		t.Errorf("%s: %v", show(a), err)
		return
	}
	file.Close()
	want, err := os.Lstat(s.path(a.Resource().File))
	if err != nil || !os.SameFile(want, info) {
		t.Errorf("%s opens another file: %v", show(a), err)
	}
}
