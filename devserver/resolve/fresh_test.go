package resolve

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Each change is seen by the very next request.
func TestNextRequestSeesTheChange(t *testing.T) {
	s := newSite(t)
	r := s.resolver()
	move := func(from, to string) func() {
		return func() {
			if err := os.Rename(s.path(from), s.path(to)); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(name string) func() {
		return func() {
			if err := os.RemoveAll(s.path(name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	write := func(name, text string) func() { return func() { s.write(name, text) } }
	for _, step := range []struct {
		what   string
		change func()
		target string
		want   string
	}{
		{"nothing yet", func() {}, "/a", "404"},
		{"made", write("a.md", ""), "/a", "Markdown a.md"},
		{"outdone", write("a.gohtml", ""), "/a", "Page a.gohtml"},
		{"renamed", move("a.gohtml", "b.gohtml"), "/a", "Markdown a.md"},
		{"its new name", func() {}, "/b", "Page b.gohtml"},
		{"other letters", move("b.gohtml", "B.gohtml"), "/b", "404"},
		{"removed", remove("a.md"), "/a", "404"},
		{"a folder", write("a/index.html", ""), "/a/", "Static a/index.html"},
		{"a better index", write("a/README.md", ""), "/a/", "Markdown a/README.md"},
		{"a file in it", write("a/x/y.txt", ""), "/a/x/y.txt", "Static a/x/y.txt"},
		{"the folder renamed", move("a", "c"), "/a/x/y.txt", "404"},
		{"its files there", func() {}, "/c/x/y.txt", "Static c/x/y.txt"},
		{"the folder gone", remove("c"), "/c/x/y.txt", "404"},
		{"the folder again", write("c/x/y.txt", ""), "/c/x/y.txt", "Static c/x/y.txt"},
		{"a folder turned into a link", func() {
			move("c", "d")()
			if err := os.Symlink("d", s.path("c")); err != nil {
				t.Fatal(err)
			}
		}, "/c/x/y.txt", "404"},
		{"path info", write("p.gohtml", "---\npathInfo: true\n---\n"), "/p/x", "Page p.gohtml + /x"},
		{"no path info", write("p.gohtml", "---\npathInfo: false\n---"), "/p/x", "404"},
		{"a broken page", write("p.gohtml", "---\npathInfo: [\n---\n"), "/p/x", "404"},
	} {
		step.change()
		if got := show(r.Resolve("GET", step.target)); got != step.want {
			t.Errorf("%s: %s leads to %q, want %q", step.what, step.target, got, step.want)
		}
	}
}

// A listing whose folder was changed long before it was read is used again; the folder is then not read.
func TestListingsAreKept(t *testing.T) {
	s := newSite(t)
	s.write("a/x.txt", "")
	then := time.Now().Add(-time.Hour)
	for _, name := range []string{".", "a"} {
		if err := os.Chtimes(s.path(name), then, then); err != nil {
			t.Fatal(err)
		}
	}
	r := s.resolver()
	settled := func() bool {
		r.Resolve("GET", "/a/x.txt")
		return !r.listings.get(".").stamp.Unsure && !r.listings.get("a").stamp.Unsure
	}
	for !settled() { // the change time of the folders is now: they are read until 20 ms have gone by
	}
	before := [2]*listing{r.listings.get("."), r.listings.get("a")}
	if a := r.Resolve("GET", "/a/x.txt"); !a.Found() {
		t.Fatal(show(a))
	}
	if after := [2]*listing{r.listings.get("."), r.listings.get("a")}; before != after {
		t.Error("the folders were read again")
	}
	for i := range maxFolders + 10 { // folders that are not there take no room
		r.Resolve("GET", fmt.Sprintf("/none%d/x", i))
	}
	if n := len(r.listings.slots); n > 2 {
		t.Errorf("%d listings are kept", n)
	}
}

// Whoever asks after a file has been made finds it, while many ask and others are made.
func TestManyAskWhileFilesCome(t *testing.T) {
	s := newSite(t)
	r := s.resolver()
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					r.Resolve("GET", "/x/new0")
				}
			}
		})
	}
	for i := range 200 {
		name := fmt.Sprintf("x/new%d", i)
		s.write(name+".md", "")
		if a := r.Resolve("GET", "/"+name); !a.Found() {
			t.Errorf("%s was not found after it had been made", name)
		}
		if i%2 == 0 {
			os.Remove(s.path(name + ".md"))
			if a := r.Resolve("GET", "/"+name); a.Found() {
				t.Errorf("%s was found after it had been removed", name)
			}
		}
	}
	close(done)
	readers.Wait()
}

func BenchmarkResolve(b *testing.B) {
	s := newSite(b)
	for i := range 200 {
		s.write(fmt.Sprintf("w%d.gohtml", i), "")
		s.write(fmt.Sprintf("a/b/c/w%d.css", i), "")
	}
	then := time.Now().Add(-time.Hour)
	filepath.WalkDir(s.dir, func(path string, _ os.DirEntry, _ error) error { return os.Chtimes(path, then, then) })
	r := s.resolver()
	for r.Resolve("GET", "/a/b/c/w1.css"); r.listings.get(".").stamp.Unsure || r.listings.get("a/b/c").stamp.Unsure; {
	}
	for _, target := range []string{"/w1", "/a/b/c/w1.css", "/missing", "/a/b/c/missing.css?x=y"} {
		b.Run(target, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Resolve("GET", target)
			}
		})
	}
	b.Run("stat alone", func(b *testing.B) {
		for b.Loop() {
			s.folder.Stat(".")
		}
	})
}
