package resolve

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"huygens/pages"
	"huygens/pages/source"
)

// Open opens the file of an answer: a regular file inside the site, no link. It does not wait for a named
// pipe. An error is fs.ErrNotExist unless the system is out of means (descriptors, for one).
func (a Answer) Open() (*os.File, fs.FileInfo, error) {
	if a.from == nil || a.status != http.StatusOK || a.resource.File == "" {
		return nil, nil, fmt.Errorf("opening the file of an address: %w", fs.ErrNotExist)
	}
	return a.from.open(a.resource.File)
}

// Stamp is the state of the file of an answer, without opening it; a missing one if there is no file.
func (a Answer) Stamp() source.Stamp {
	if a.from == nil || a.resource.File == "" {
		return source.Stamp{}
	}
	return a.from.folder.Stat(a.resource.File)
}

// Read reads the whole file of an answer by the rules of package source. before is the Stamp of the last
// reading. A file that is a link or no regular file is fs.ErrNotExist.
func (a Answer) Read(before source.Stamp) ([]byte, source.Stamp, error) {
	file, _, err := a.Open()
	if err != nil {
		return nil, source.Stamp{}, err
	}
	file.Close()
	return a.from.folder.Read(a.resource.File, before)
}

// Open is a.Open, for answers of any Resolver.
func (r *Resolver) Open(a Answer) (*os.File, fs.FileInfo, error) { return a.Open() }

// openTries bounds how often a file is opened anew that is replaced at that very moment.
const openTries = 100

var errReplaced = errors.New("replaced while it was opened")

func (r *Resolver) open(name string) (*os.File, fs.FileInfo, error) {
	for range openTries {
		file, info, err := r.openOnce(name)
		if !errors.Is(err, errReplaced) {
			return file, info, err
		}
	}
	return nil, nil, missingError(name, fs.ErrNotExist)
}

func (r *Resolver) openOnce(name string) (*os.File, fs.FileInfo, error) {
	file, info, err := r.folder.OpenFile(name)
	if err != nil {
		return nil, nil, missingError(name, err)
	}
	// The listing knew no link at this name, but it may have become one since: Root follows links that stay
	// inside, so what was opened must be what the name itself is.
	own, err := r.folder.Root().Lstat(filepath.FromSlash(name))
	switch {
	case err == nil && os.SameFile(own, info):
		return file, info, nil
	case err == nil && own.Mode().IsRegular():
		err = errReplaced // saved by renaming, between the two calls
	default:
		err = missingError(name, fs.ErrNotExist)
	}
	file.Close()
	return nil, nil, err
}

func missingError(name string, err error) error {
	if outOfMeans(err) {
		return fmt.Errorf("opening %s: %w", name, err)
	}
	return fmt.Errorf("opening %s: %w", name, fs.ErrNotExist)
}

// Denied says whether browsers are refused a file by its name: server.readText refuses it too. It asks no
// file system. A page is denied: what browsers get is not its file.
func (r *Resolver) Denied(name string) bool {
	if !fs.ValidPath(name) || name == "." || strings.Contains(name, "\\") {
		return true
	}
	dir := "."
	for {
		first, rest, deeper := strings.Cut(name, "/")
		e := r.judge(dir)(nameOnly{name: first, dir: deeper})
		if !deeper {
			return e.kind == private || e.kind == page || e.kind == generic || e.kind == service || e.kind == script && r.private(e.path)
		}
		if e.kind != folder {
			return true
		}
		dir, name = e.path, rest
	}
}

// A nameOnly is an entry of a folder that nobody has looked at.
type nameOnly struct {
	name string
	dir  bool
}

func (n nameOnly) Name() string               { return n.name }
func (n nameOnly) IsDir() bool                { return n.dir }
func (n nameOnly) Info() (fs.FileInfo, error) { return nil, fs.ErrNotExist }
func (n nameOnly) Type() fs.FileMode {
	if n.dir {
		return fs.ModeDir
	}
	return 0
}

// dataFolder is what only the code of a site reads.
const dataFolder = "App_Data"

// File is the answer for a file that the code of a site names by its site path (Result.File): what browsers
// are refused is refused here too, but for App_Data.
func (r *Resolver) File(name string) Answer {
	answer := Answer{path: "/" + name, app: r.owner(name), from: r}
	if !fs.ValidPath(name) || name == "." {
		return answer.missing()
	}
	if !strings.HasPrefix(name, dataFolder+"/") && r.Denied(name) {
		return answer.missing()
	}
	if e, ok := r.locate(name); !ok || !e.regular {
		return answer.missing()
	}
	return answer.with(pages.HandlerStatic, name)
}
