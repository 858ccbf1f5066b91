package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// readJSON reads a file, or its .bak if the file is damaged. The error of a missing file is fs.ErrNotExist.
func readJSON(path string, v any) error {
	err := decodeFile(path, v)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if decodeFile(path+".bak", v) == nil {
		return nil
	}
	return fmt.Errorf("reading state: %w; it is left as it is: mend or remove it", err)
}

func decodeFile(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return nil
}

// writeJSON writes a file so that whoever reads it, at any moment and after any crash, sees the old or the new
// one, whole.
func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing state: %w", err)
	}
	if err := replaceFile(path, append(data, '\n')); err != nil {
		return fmt.Errorf("writing state: %w", err)
	}
	return nil
}

func replaceFile(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	keepBackup(path)
	if err = os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}

// keepBackup keeps the last good version. A copy by link: the old file is not touched, and without one nothing
// is lost that was not lost before.
func keepBackup(path string) {
	if data, err := os.ReadFile(path); err != nil || !json.Valid(data) {
		return
	}
	temp := path + ".bak.new"
	os.Remove(temp)
	if os.Link(path, temp) == nil {
		os.Rename(temp, path+".bak")
	}
}
