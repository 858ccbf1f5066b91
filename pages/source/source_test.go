package source

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func openTemp(t *testing.T) (*Folder, func(name, text string)) {
	t.Helper()
	dir := t.TempDir()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// age moves a file's times into the past, so that its times alone are trusted.
func age(t *testing.T, f *Folder, name string) {
	t.Helper()
	then := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(f.Path(), name), then, then); err != nil {
		t.Fatal(err)
	}
}

func inputsOf(t *testing.T, f *Folder, before *Inputs, names ...string) *Inputs {
	t.Helper()
	r := NewReader(f, before)
	for _, n := range names {
		if _, err := r.ReadFile(n); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return r.Inputs()
}

func TestChangedNamesTheFile(t *testing.T) {
	f, write := openTemp(t)
	write("a.txt", "one")
	write("b.txt", "one")
	in := inputsOf(t, f, nil, "a.txt", "b.txt", "missing.txt")

	if c, changed := in.Changed(); changed {
		t.Fatalf("nothing changed, but Changed says %+v", c)
	}
	write("b.txt", "two")
	if c, changed := in.Changed(); !changed || c.Name != "b.txt" || c.Gone || c.New || c.When.IsZero() {
		t.Errorf("b.txt was written: %+v, %v", c, changed)
	}
	write("b.txt", "one")
	if c, changed := in.Changed(); changed {
		t.Errorf("b.txt has its old bytes again: %+v", c)
	}
	write("missing.txt", "here")
	if c, changed := in.Changed(); !changed || !c.New || c.Name != "missing.txt" {
		t.Errorf("missing.txt came: %+v, %v", c, changed)
	}
	os.Remove(filepath.Join(f.Path(), "missing.txt"))
	os.Remove(filepath.Join(f.Path(), "a.txt"))
	if c, changed := in.Changed(); !changed || !c.Gone || c.Name != "a.txt" {
		t.Errorf("a.txt went: %+v, %v", c, changed)
	}
}

func TestTouchChangesNothing(t *testing.T) {
	f, write := openTemp(t)
	write("a.txt", "one")
	in := inputsOf(t, f, nil, "a.txt")
	age(t, f, "a.txt")
	if c, changed := in.Changed(); changed {
		t.Errorf("a touch is no change: %+v", c)
	}
	if got, want := in.List()[0].Stamp.Modified, f.Stat("a.txt").Modified; got != want {
		t.Errorf("the new times were not taken over: %d, want %d", got, want)
	}
}

// A second write of the same length within the clock's grain must be seen although size and times agree.
func TestSameTimesOtherBytes(t *testing.T) {
	f, write := openTemp(t)
	write("a.txt", "one")
	in := inputsOf(t, f, nil, "a.txt")
	stamp := in.List()[0].Stamp
	if !stamp.Unsure {
		t.Skip("the machine was too slow to read the file within 20 ms of its writing")
	}
	write("a.txt", "two")
	// The list claims the times that the file has now, as if both writes had fallen into one tick.
	forged := f.Stat("a.txt")
	forged.Hash, forged.Hashed, forged.Unsure = stamp.Hash, true, true
	in.replace(0, Input{Name: "a.txt", Stamp: forged})
	if _, changed := in.Changed(); !changed {
		t.Error("the second write was missed")
	}
}

func TestListSeesNewFiles(t *testing.T) {
	f, write := openTemp(t)
	write("blog/a.md", "a")
	r := NewReader(f, nil)
	if entries, err := r.List("blog"); err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	in := r.Inputs()
	if c, changed := in.Changed(); changed {
		t.Errorf("nothing changed: %+v", c)
	}
	write("blog/b.md", "b")
	if c, changed := in.Changed(); !changed || c.Name != "blog" {
		t.Errorf("b.md came: %+v, %v", c, changed)
	}
}

func TestReadRefuses(t *testing.T) {
	f, write := openTemp(t)
	write("dir/a.txt", "a")
	outside := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(f.Path(), "link.txt")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dir", "link.txt", "../secret.txt", "/etc/passwd", "nothing.txt"} {
		if data, _, err := f.Read(name, Stamp{}); err == nil {
			t.Errorf("Read(%q) = %q", name, data)
		}
	}
	if _, _, err := f.Read("nothing.txt", Stamp{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file is fs.ErrNotExist: %v", err)
	}
	if _, _, err := f.Read("dir", Stamp{}); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a folder is ErrNotRegular: %v", err)
	}
}

func TestMoved(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "site")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Moved() {
		t.Error("nothing moved yet")
	}
	if err := os.Rename(dir, filepath.Join(base, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	if !f.Moved() {
		t.Error("the folder is gone")
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if !f.Moved() {
		t.Error("the folder was made anew")
	}
}

// Readers see the old or the new file, whole, while an editor saves in place and by rename; and whoever asks
// after a save has the new bytes.
func TestWholeFilesWhileSaving(t *testing.T) {
	f, write := openTemp(t)
	text := func(i int) []byte { return bytes.Repeat([]byte{'a' + byte(i%26)}, 8000+i) }
	write("page", string(text(0)))

	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			var in *Inputs
			for {
				select {
				case <-done:
					return
				default:
				}
				r := NewReader(f, in)
				data, err := r.ReadFile("page")
				if err != nil {
					t.Error(err)
					return
				}
				if len(data) < 8000 || bytes.Count(data, data[:1]) != len(data) {
					t.Errorf("half a file of %d bytes", len(data))
					return
				}
				in = r.Inputs()
			}
		})
	}
	in := inputsOf(t, f, nil, "page")
	for i := 1; i <= 100; i++ {
		if i%2 == 0 {
			write("page", string(text(i)))
		} else {
			write("page.tmp", string(text(i)))
			if err := os.Rename(filepath.Join(f.Path(), "page.tmp"), filepath.Join(f.Path(), "page")); err != nil {
				t.Fatal(err)
			}
		}
		if _, changed := in.Changed(); !changed {
			t.Fatalf("save %d was missed", i)
		}
		r := NewReader(f, in)
		if data, err := r.ReadFile("page"); err != nil || !bytes.Equal(data, text(i)) {
			t.Fatalf("save %d: %d bytes, %v", i, len(data), err)
		}
		in = r.Inputs()
	}
	close(done)
	readers.Wait()
}

func BenchmarkChanged(b *testing.B) {
	dir := b.TempDir()
	f, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	names := []string{"a", "b", "c", "d", "e"}
	then := time.Now().Add(-time.Hour)
	r := NewReader(f, nil)
	for _, n := range names {
		if err := os.WriteFile(filepath.Join(dir, n), []byte(n), 0o644); err != nil {
			b.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(dir, n), then, then); err != nil {
			b.Fatal(err)
		}
	}
	for _, n := range append(names, "missing1", "missing2") {
		r.ReadFile(n)
	}
	in := r.Inputs()
	b.ReportAllocs()
	for b.Loop() {
		if _, changed := in.Changed(); changed {
			b.Fatal("changed")
		}
	}
}
