package assets

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

//go:embed all:starters
var starterFiles embed.FS

// A Starter is a small site to begin with.
type Starter struct {
	Name        string // as `huygens new` takes it
	Title       string
	Description string // one sentence
}

// ErrNotEmpty is the cause of Copy's error when the folder holds something.
var ErrNotEmpty = errors.New("the folder is not empty")

// Starters returns the gallery, the simplest first.
func Starters() []Starter {
	return []Starter{
		{Name: "blank", Title: "Blank", Description: "One empty page."},
		{Name: "hello", Title: "Hello", Description: "A layout, a page with TypeScript behind it, a Markdown page and a style sheet; each says what to try."},
		{Name: "docs", Title: "Documentation", Description: "A documentation site of Markdown files with a sidebar, contents and links to the next page."},
	}
}

// FS returns the files of the starter.
func (s Starter) FS() (fs.FS, error) {
	dir := path.Join("starters", s.Name)
	if info, err := fs.Stat(starterFiles, dir); err != nil || !info.IsDir() || path.Dir(dir) != "starters" {
		return nil, fmt.Errorf("starter %q: %w", s.Name, fs.ErrNotExist)
	}
	return fs.Sub(starterFiles, dir)
}

// Copy writes the starter into dir, which is made if it is not there, and returns the names of the files it
// wrote, by slashes, in order. It refuses a folder that holds anything (ErrNotEmpty) and overwrites nothing;
// after an error the names are of what has been written.
func (s Starter) Copy(dir string) (written []string, err error) {
	files, err := s.FS()
	if err != nil {
		return nil, err
	}
	if err := emptyFolder(dir); err != nil {
		return nil, fmt.Errorf("making a site in %s: %w", dir, err)
	}
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		data, err := fs.ReadFile(files, name)
		if err == nil {
			err = writeNew(to, data)
		}
		if err == nil {
			written = append(written, name)
		}
		return err
	})
	if err != nil {
		return written, fmt.Errorf("making a site in %s: %w", dir, err)
	}
	return written, nil
}

func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return os.MkdirAll(dir, 0o755)
	}
	if err == nil && len(entries) > 0 {
		return ErrNotEmpty
	}
	return err
}

// writeNew writes a file that must not be there yet.
func writeNew(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}
