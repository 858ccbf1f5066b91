package source

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// MaxFile bounds the size of a file that is read whole, in bytes.
const MaxFile = 64 << 20

const (
	stillInPlace = 5 * time.Millisecond
	stillRenamed = time.Millisecond
	patience     = 20 * time.Millisecond // the longest wait for a file to be still, and the span in which times are not trusted

	// A file that has become empty is most likely between an editor's truncation and its write. On a loaded
	// machine the editor may lose the processor there for long (100 ms were seen), so an empty file replaces one
	// that was not empty only after the time that api.md, 4 gives huygens.toml too.
	stillEmptied    = 500 * time.Millisecond
	patienceEmptied = 500 * time.Millisecond

	// A file that was written in place and has the size of whole pages of memory may be in the middle of a write,
	// which systems make page by page; between two pages the file system may write its journal (20 ms were not
	// enough in one of 7,500 saves).
	stillPartly    = 250 * time.Millisecond
	patiencePartly = 500 * time.Millisecond
	memoryPage     = 4096

	patienceMoved = 500 * time.Millisecond // for a file that changes while it is read
)

// ErrNotRegular is the cause of the error for a folder, device, named pipe or socket where a file was wanted.
var ErrNotRegular = errors.New("not a regular file")

// ErrTooLarge is the cause of the error for a file of more than MaxFile bytes.
var ErrTooLarge = errors.New("file is too large")

// A Folder is the folder of a site, kept open. It may be used by any number of goroutines.
type Folder struct {
	path string
	root *os.Root
	seed maphash.Seed
}

// Open opens the folder at path.
func Open(path string) (*Folder, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening folder %s: %w", path, err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("opening folder: %w", err)
	}
	return &Folder{path: abs, root: root, seed: maphash.MakeSeed()}, nil
}

// Close closes the folder. Files opened through it stay open.
func (f *Folder) Close() error { return f.root.Close() }

// Path is the absolute path of the folder in the file system.
func (f *Folder) Path() string { return f.path }

// Root is the open folder itself.
func (f *Folder) Root() *os.Root { return f.root }

// Moved says whether the path of the folder no longer leads to the folder that was opened: it was removed,
// renamed, or made anew.
func (f *Folder) Moved() bool {
	opened, err := f.root.Stat(".")
	if err != nil {
		return true
	}
	now, err := os.Stat(f.path)
	return err != nil || !os.SameFile(opened, now)
}

// OpenFile opens a regular file for reading. It does not wait for a named pipe.
func (f *Folder) OpenFile(name string) (*os.File, fs.FileInfo, error) {
	file, err := f.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|openNonblock, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNotRegular}
	}
	if err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, info, nil
}

// Stat returns the state of a file or folder without reading it: a Stamp without hash.
func (f *Folder) Stat(name string) Stamp { return stampOf(f.path, name) }

// Read returns a whole file and its Stamp. before is the Stamp of the last reading, the zero Stamp if there
// was none; it tells a file written in place from a new one. On an error the Stamp says what is there instead:
// a missing file has a Stamp too.
func (f *Folder) Read(name string, before Stamp) ([]byte, Stamp, error) {
	began, doubted := time.Now(), false
	for {
		data, stamp, err := f.readOnce(name)
		if err != nil {
			if errors.Is(err, errMoved) && time.Since(began) < patienceMoved {
				continue
			}
			return nil, stamp, err
		}
		if doubted && !stamp.doubtful(before) {
			began = time.Now() // the write has gone on: it gets its own time
		}
		doubted = stamp.doubtful(before)
		still, longest := stamp.stillFor(before)
		age := time.Since(stamp.lastChange())
		if stamp.Size == 0 && !stamp.sameState(before) {
			age = 0 // ext4 truncates first and sets the times then: those of an empty file prove nothing
		}
		wait := min(still-age, longest-time.Since(began))
		if wait <= 0 {
			return data, stamp, nil
		}
		if f.rests(name, stamp, wait) {
			stamp.settle(time.Now())
			return data, stamp, nil
		}
	}
}

// rests waits, and says whether the file has stayed as it was. It looks now and then, so that what was to be
// waited for is not missed by much.
func (f *Folder) rests(name string, was Stamp, wait time.Duration) bool {
	for end := time.Now().Add(wait); ; {
		time.Sleep(min(time.Until(end), stillInPlace))
		if !f.Stat(name).sameState(was) {
			return false
		}
		if !time.Now().Before(end) {
			return true
		}
	}
}

var errMoved = errors.New("changed while it was read")

func (f *Folder) readOnce(name string) ([]byte, Stamp, error) {
	file, info, err := f.OpenFile(name)
	if err != nil {
		return nil, f.stampOfFault(name, err), fmt.Errorf("reading %s: %w", name, cause(err))
	}
	defer file.Close()
	if info.Size() > MaxFile {
		return nil, stampOfInfo(info), fmt.Errorf("reading %s: %w", name, ErrTooLarge)
	}
	data := make([]byte, 0, info.Size()+1)
	data, err = readAll(file, data)
	if err != nil {
		return nil, stampOfInfo(info), fmt.Errorf("reading %s: %w", name, cause(err))
	}
	after, err := file.Stat()
	if err != nil {
		return nil, stampOfInfo(info), fmt.Errorf("reading %s: %w", name, cause(err))
	}
	stamp := stampOfInfo(after)
	if !stamp.sameState(stampOfInfo(info)) || stamp.Size != int64(len(data)) {
		return nil, stamp, fmt.Errorf("reading %s: %w", name, errMoved)
	}
	stamp.Hash, stamp.Hashed = maphash.Bytes(f.seed, data), true
	stamp.settle(time.Now())
	return data, stamp, nil
}

// stampOfFault is the Stamp that goes with a failed opening: the miss itself is an input.
func (f *Folder) stampOfFault(name string, err error) Stamp {
	if errors.Is(err, fs.ErrNotExist) {
		return Stamp{Kind: Missing}
	}
	return f.Stat(name)
}

func readAll(file *os.File, data []byte) ([]byte, error) {
	for {
		if len(data) > MaxFile {
			return nil, ErrTooLarge
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := file.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// cause takes the path out of an error, so that messages name the site path once.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// List returns the entries of a folder in order of their names, and a Stamp whose hash is of the names.
func (f *Folder) List(name string) ([]fs.DirEntry, Stamp, error) {
	before := f.Stat(name)
	dir, err := f.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, f.stampOfFault(name, err), fmt.Errorf("listing %s: %w", name, cause(err))
	}
	defer dir.Close()
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return nil, before, fmt.Errorf("listing %s: %w", name, cause(err))
	}
	sortEntries(entries)
	var h maphash.Hash
	h.SetSeed(f.seed)
	for _, e := range entries {
		h.WriteString(e.Name())
		h.WriteByte('/')
		h.WriteByte(byte(e.Type() >> 24))
	}
	before.Hash, before.Hashed = h.Sum64(), true
	before.settle(time.Now())
	return entries, before, nil
}
