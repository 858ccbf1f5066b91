package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const patient = 20 * time.Second // how long a test waits for what must come

// A watched is a folder with a running watcher.
type watched struct {
	*testing.T
	dir     string
	watcher *Watcher
	batches chan Batch
	marks   int
}

func watchFolder(t *testing.T, files map[string]string, o Options, prepare ...func(*Watcher)) *watched {
	t.Helper()
	w := &watched{T: t, dir: filepath.Join(t.TempDir(), "site"), batches: make(chan Batch, 1000)}
	if err := os.Mkdir(w.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		w.write(name, text)
		w.age(name)
	}
	w.watcher = New(w.dir, o)
	for _, p := range prepare {
		p(w.watcher)
	}
	w.start(w.watcher, func(b Batch) { w.batches <- b })
	return w
}

func (w *watched) start(watcher *Watcher, changed func(Batch)) {
	w.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- watcher.Run(ctx, changed) }()
	w.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			w.Errorf("Run: %v", err)
		}
	})
	select {
	case <-watcher.Ready():
	case err := <-done:
		done <- err
		w.Fatalf("Run ended: %v", err)
	case <-time.After(patient):
		w.Fatal("the first snapshot was never taken")
	}
}

func (w *watched) path(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

func (w *watched) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *watched) write(name, text string) {
	w.Helper()
	w.must(os.MkdirAll(filepath.Dir(w.path(name)), 0o755))
	w.must(os.WriteFile(w.path(name), []byte(text), 0o644))
}

// age sets a file's time back, as if it had been saved long ago.
func (w *watched) age(name string) {
	w.Helper()
	old := time.Now().Add(-time.Hour)
	w.must(os.Chtimes(w.path(name), old, old))
}

// mark writes a file of its own and returns all that was told until it is: what is not among that was not told.
func (w *watched) mark() (changes []Change, batches []Batch) {
	w.Helper()
	w.marks++
	name := fmt.Sprintf("mark%d", w.marks)
	w.write(name, name)
	deadline := time.After(patient)
	for {
		select {
		case b := <-w.batches:
			batches = append(batches, b)
			marked := false
			for _, c := range b.Changes {
				if c.Path == name {
					marked = true
				} else if !strings.HasPrefix(c.Path, "mark") { // an earlier mark may be told once more
					changes = append(changes, c)
				}
			}
			if marked {
				return changes, batches
			}
		case <-deadline:
			w.Fatalf("%s was never told; told: %v", name, changes)
		}
	}
}

// want waits until the wanted changes were told, and reports any other.
func (w *watched) want(want ...string) {
	w.Helper()
	var got []string
	deadline := time.After(patient)
	for !containsAll(got, want) {
		select {
		case b := <-w.batches:
			for _, c := range b.Changes {
				got = append(got, c.Kind.String()+" "+c.Path)
			}
		case <-deadline:
			w.Fatalf("told %q, want %q", got, want)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("told %q beside what was wanted", slices.DeleteFunc(got, func(s string) bool { return slices.Contains(want, s) }))
	}
}

func containsAll(got, want []string) bool {
	for _, s := range want {
		if !slices.Contains(got, s) {
			return false
		}
	}
	return true
}

func TestChangesAreTold(t *testing.T) {
	w := watchFolder(t, map[string]string{"a.css": "a", "sub/b.md": "b", "sub/deep/c.md": "c"}, Options{})
	w.write("a.css", "a2")
	w.want("modified a.css")
	w.write("new.md", "n")
	w.want("created new.md")
	w.must(os.Remove(w.path("sub/b.md")))
	w.want("removed sub/b.md")
	w.must(os.Rename(w.path("new.md"), w.path("sub/moved.md")))
	w.want("removed new.md", "created sub/moved.md")
	w.must(os.Rename(w.path("sub/deep"), w.path("deeper")))
	w.want("removed sub/deep/c.md", "created deeper/c.md")
	w.write("deeper/c.md", "c in the renamed folder")
	w.want("modified deeper/c.md")
	w.must(os.RemoveAll(w.path("deeper")))
	w.want("removed deeper/c.md")
	w.must(os.Symlink("a.css", w.path("link.css")))
	w.want("created link.css")
}

func TestFoldersWhoseNamesChanged(t *testing.T) {
	w := watchFolder(t, map[string]string{"blog/a.md": "a", "x.css": "x"}, Options{})
	w.write("x.css", "x2")
	if _, batches := w.mark(); len(batches) != 2 || len(batches[0].Folders) != 0 {
		// The mark may have come into the same batch; then its folder is there.
		if len(batches) != 1 || !slices.Equal(batches[0].Folders, []string{"."}) {
			t.Errorf("batches %+v", batches)
		}
	}
	w.must(os.Mkdir(w.path("blog/empty"), 0o755))
	_, batches := w.mark()
	var folders []string
	for _, b := range batches {
		folders = append(folders, b.Folders...)
	}
	if !slices.Contains(folders, "blog") {
		t.Errorf("an empty folder made in blog changed the lists of %q", folders)
	}
}

// The case of 475 lost files (security.md 3): a folder and files in it made at once.
func TestNewFoldersAreWalked(t *testing.T) {
	w := watchFolder(t, nil, Options{})
	var want []string
	for i := range 100 {
		name := fmt.Sprintf("new%d/sub/f.md", i)
		w.write(name, "x")
		want = append(want, "created "+name)
	}
	w.want(want...)
	for i := range 100 {
		w.write(fmt.Sprintf("new%d/sub/f.md", i), "changed")
		want[i] = strings.Replace(want[i], "created", "modified", 1)
	}
	w.want(want...)
}

func TestSkippedTellNothing(t *testing.T) {
	w := watchFolder(t, map[string]string{"App_Data/x.txt": "x", ".git/HEAD": "x"}, Options{Ignore: []string{"dist/**"}})
	for _, name := range []string{"App_Data/x.txt", ".git/HEAD", "node_modules/m/index.js", "dist/a/b.css", "site.db", "site.db-wal", ".a.swp", "sub/x~"} {
		w.write(name, "changed")
	}
	if got, _ := w.mark(); len(got) != 0 {
		t.Errorf("told %v", got)
	}
}

func TestTouchTellsNothing(t *testing.T) {
	w := watchFolder(t, map[string]string{"a.css": "a", "sub/b.md": "b"}, Options{})
	for range 20 {
		now := time.Now()
		w.must(os.Chtimes(w.path("a.css"), now, now))
		w.must(os.WriteFile(w.path("sub/b.md~"), []byte("b"), 0o644))
		w.must(os.Rename(w.path("sub/b.md~"), w.path("sub/b.md"))) // saved unchanged; in place it would be empty for a moment
		w.must(os.Chmod(w.path("a.css"), 0o600))
	}
	if got, _ := w.mark(); len(got) != 0 {
		t.Errorf("told %v", got)
	}
	w.write("a.css", "b") // the same size
	w.want("modified a.css")
}

func TestEmptiedAndBigFiles(t *testing.T) {
	big := strings.Repeat("x", hashBelow+1)
	w := watchFolder(t, map[string]string{"a.css": "a", "big.bin": big}, Options{})
	w.write("a.css", "")
	w.want("modified a.css")
	w.write("big.bin", strings.Repeat("y", hashBelow+1))
	w.want("modified big.bin")
}

func TestRunRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, file + "-missing"} {
		if err := Run(context.Background(), folder, Options{}, nil); err == nil || !strings.Contains(err.Error(), "watching "+folder) {
			t.Errorf("Run(%q) = %v", folder, err)
		}
	}
	if err := Run(context.Background(), t.TempDir(), Options{Ignore: []string{"["}}, nil); err == nil {
		t.Error("a wrong pattern was accepted")
	}
}
