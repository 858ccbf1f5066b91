package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A disk is what writing a file needs. Tests let each step of it fail.
type disk interface {
	createTemp(dir string) (tempFile, error)
	link(old, name string) error
	rename(old, name string) error
	remove(name string) error
	syncFolder(dir string) error
}

type tempFile interface {
	io.WriteCloser
	Sync() error
	Name() string
}

// realDisk is the disk outside of tests.
type realDisk struct{}

func (realDisk) createTemp(dir string) (tempFile, error) { return os.CreateTemp(dir, ".new-*") }
func (realDisk) link(old, name string) error             { return os.Link(old, name) }
func (realDisk) rename(old, name string) error           { return renameFile(old, name) }
func (realDisk) remove(name string) error                { return os.Remove(name) }
func (realDisk) syncFolder(dir string) error             { return syncFolder(dir) }

// read reads a file, or its .bak if the file is damaged. The error of a missing file is fs.ErrNotExist.
func read[T any](s *Store, path string, v *T) error {
	err := decodeFile(path, v)
	if err == nil {
		return nil
	}
	if backup := decodeFile(path+".bak", v); backup == nil && !errors.Is(err, fs.ErrNotExist) {
		s.tell(fmt.Errorf("reading state: %w; the version before it is used", err))
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return fmt.Errorf("reading state: %w; it is left as it is: mend or remove it", err)
}

// maxFile is how long a file of ours may be; one that is longer is not ours.
const maxFile = 4 << 20

// decodeFile reads a JSON object. v is not touched if that fails.
func decodeFile[T any](path string, v *T) error {
	data, err := readFile(path)
	if err != nil {
		return err
	}
	fresh := *v
	if err := json.Unmarshal(data, &fresh); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) { // null is JSON too
		return fmt.Errorf("%s: it is not a JSON object", filepath.Base(path))
	}
	*v = fresh
	return nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s: it is longer than %d MB", filepath.Base(path), maxFile>>20)
	}
	return data, err
}

// write writes a file so that whoever reads it, at any moment and after any crash, sees the old or the new one,
// whole.
func (s *Store) write(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing state: %w", err)
	}
	if err := s.replace(path, append(data, '\n')); err != nil {
		return fmt.Errorf("writing state: %w", err)
	}
	return nil
}

func (s *Store) replace(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	temp, err := s.disk.createTemp(dir)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(s.disk.remove(temp.Name())))
		}
	}()
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	s.keepBackup(path)
	if err = s.disk.rename(temp.Name(), path); err != nil {
		return err
	}
	return s.disk.syncFolder(dir)
}

// keepBackup keeps the last good version under a second name, so that the file itself is not touched. Where
// that cannot be done nothing is lost that was not lost before.
func (s *Store) keepBackup(path string) {
	if data, err := readFile(path); err != nil || !json.Valid(data) {
		return
	}
	temp := path + ".bak.new"
	if ignoreMissing(s.disk.remove(temp)) != nil || s.disk.link(path, temp) != nil {
		return
	}
	if s.disk.rename(temp, path+".bak") != nil {
		return
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
