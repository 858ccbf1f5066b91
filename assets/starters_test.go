package assets

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestStartersAreCopiedWhole(t *testing.T) {
	names := []string{}
	for _, s := range Starters() {
		names = append(names, s.Name)
		dir := filepath.Join(t.TempDir(), "a", s.Name)
		written, err := s.Copy(dir)
		if err != nil {
			t.Fatal(err)
		}
		files, err := s.FS()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			want = append(want, name)
			data, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			copied, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if !bytes.Equal(data, copied) {
				t.Errorf("%s: %s was not copied as it is", s.Name, name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if !slices.Equal(written, want) {
			t.Errorf("%s: wrote %q, has %q", s.Name, written, want)
		}
		if s.Title == "" || !strings.HasSuffix(s.Description, ".") {
			t.Errorf("%+v is not described", s)
		}
	}
	if !slices.Equal(names, []string{"blank", "hello", "docs"}) {
		t.Errorf("the gallery is %q", names)
	}
}

// Layouts and partials begin with "_": go:embed leaves such files out unless it is told otherwise.
func TestStartersHaveTheirFiles(t *testing.T) {
	for _, name := range []string{
		"blank/index.gohtml",
		"hello/_layout.gohtml", "hello/index.gohtml", "hello/index.gohtml.ts", "hello/about.md", "hello/style.css",
		"docs/_layout.gohtml", "docs/index.md", "docs/guide/a-page.md", "docs/style.css",
	} {
		if _, err := fs.Stat(starterFiles, "starters/"+name); err != nil {
			t.Error(err)
		}
	}
}

func TestEachFileSaysWhatToTry(t *testing.T) {
	err := fs.WalkDir(starterFiles, "starters", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(starterFiles, name)
		if !bytes.Contains(data, []byte("Try: ")) && !bytes.Contains(data, []byte("Things to try")) {
			t.Errorf("%s does not say what to try", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCopyOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := Starters()[0]
	if written, err := s.Copy(dir); !errors.Is(err, ErrNotEmpty) || len(written) != 0 || !strings.Contains(err.Error(), dir) {
		t.Errorf("Copy into a folder that is not empty: %v, %v", written, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("afterwards there are %d files, %v", len(entries), err)
	}
	if _, err := s.Copy(mine); err == nil {
		t.Error("Copy onto a file went well")
	}
	if _, err := s.Copy(t.TempDir()); err != nil {
		t.Errorf("Copy into an empty folder: %v", err)
	}
	for _, name := range []string{"", ".", "..", "none", "hello/..", "docs/guide"} {
		target := filepath.Join(dir, "new")
		if _, err := (Starter{Name: name}).Copy(target); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("starter %q: %v", name, err)
		}
		if _, err := os.Stat(target); err == nil {
			t.Errorf("starter %q made a folder", name)
		}
	}
}
