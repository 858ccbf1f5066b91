package state

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Variable is the environment variable that names another state folder.
const Variable = "HUYGENS_STATE"

// A Store is the state folder. It may be used by any number of goroutines, and by several processes.
type Store struct {
	// Tell is called when a damaged file is replaced by its last good version, once for each file. nil: nobody is
	// told. It must be set before the Store is used.
	Tell func(error)

	dir  string
	disk disk

	mu   sync.Mutex // held while a file is read, changed and written
	told sync.Map   // messages that have been told
}

func (s *Store) tell(err error) {
	if _, again := s.told.LoadOrStore(err.Error(), true); !again && s.Tell != nil {
		s.Tell(err)
	}
}

// Open opens the state folder, made if it is missing. dir "" means HUYGENS_STATE, else the system's place.
func Open(dir string) (*Store, error) {
	if dir == "" {
		dir = os.Getenv(Variable)
	}
	if dir == "" {
		var err error
		if dir, err = place(); err != nil {
			return nil, fmt.Errorf("finding a place for state: %w", err)
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the state folder: %w", err)
	}
	for _, d := range []string{filepath.Join(dir, "sites"), filepath.Join(dir, "running")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("making the state folder: %w", err)
		}
	}
	return &Store{dir: dir, disk: realDisk{}}, nil
}

// A siteState is what is kept of one site.
type siteState struct {
	Folder  string `json:"folder"`
	Port    int    `json:"port,omitempty"`
	Trusted string `json:"trusted,omitempty"` // device and inode of the trusted folder
	Key     string `json:"key,omitempty"`     // hexadecimal, 32 bytes
}

// resolved is the path that a site is known by.
func resolved(folder string) (string, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", folder, err)
	}
	real, err := filepath.EvalSymlinks(abs)
	if errors.Is(err, fs.ErrNotExist) {
		return abs, nil
	}
	if err != nil {
		return "", fmt.Errorf("finding %s: %w", folder, err)
	}
	return real, nil
}

// ShortID is a site's short id, used in the names of its cookies: 8 hexadecimal digits. It is the same however
// the path is written, and at every start.
func ShortID(folder string) string {
	if real, err := resolved(folder); err == nil {
		folder = real
	}
	sum := sha256.Sum256([]byte(foldPath(folder)))
	return hex.EncodeToString(sum[:4])
}

func fileName(folder string) string {
	sum := sha256.Sum256([]byte(foldPath(folder)))
	return hex.EncodeToString(sum[:16]) + ".json"
}

// site reads what is kept of a site; nothing is no error.
func (s *Store) site(folder string) (siteState, string, error) {
	real, err := resolved(folder)
	if err != nil {
		return siteState{}, "", err
	}
	path := filepath.Join(s.dir, "sites", fileName(real))
	st := siteState{Folder: real}
	err = read(s, path, &st)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return st, path, err
}

// change changes what is kept of a site.
func (s *Store) change(folder string, f func(*siteState) error) error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	st, path, err := s.site(folder)
	if err != nil {
		return err
	}
	was := st
	if err := f(&st); err != nil {
		return err
	}
	if st == was {
		return nil
	}
	return s.write(path, st)
}

// lock takes the turn to change files, from the goroutines of this process and from other processes.
func (s *Store) lock() (unlock func(), err error) {
	s.mu.Lock()
	f, err := os.OpenFile(filepath.Join(s.dir, "change.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("changing state: %w", err)
	}
	if err := waitForLock(f, patience); err != nil {
		f.Close()
		s.mu.Unlock()
		return nil, fmt.Errorf("changing state: %w", err)
	}
	return func() {
		f.Close() // takes the lock with it
		s.mu.Unlock()
	}, nil
}

// patience is how long a change waits for one of another process, which takes some milliseconds.
const patience = 5 * time.Second

// waitForLock takes a lock, and asks again while another process holds it.
func waitForLock(f *os.File, limit time.Duration) error {
	for end := time.Now().Add(limit); ; time.Sleep(2 * time.Millisecond) {
		err := lockFile(f)
		if !errors.Is(err, errHeld) || time.Now().After(end) {
			return err
		}
	}
}

// Port is the port remembered for a site, 0 if there is none.
func (s *Store) Port(folder string) int {
	st, _, err := s.site(folder)
	if err != nil || st.Port < 1 || st.Port > 65535 {
		return 0
	}
	return st.Port
}

// RememberPort keeps the port that was chosen for a site.
func (s *Store) RememberPort(folder string, port int) error {
	return s.change(folder, func(st *siteState) error { st.Port = port; return nil })
}

// Trust keeps that the user trusts the folder that lies there now.
func (s *Store) Trust(folder string) error {
	return s.change(folder, func(st *siteState) error {
		id, err := identity(st.Folder)
		if err != nil {
			return fmt.Errorf("trusting %s: %w", folder, err)
		}
		st.Trusted = id
		return nil
	})
}

// Trusted says whether the user trusts the folder that lies there now.
func (s *Store) Trusted(folder string) (bool, error) {
	st, _, err := s.site(folder)
	if err != nil || st.Trusted == "" {
		return false, err
	}
	id, err := identity(st.Folder)
	return err == nil && id == st.Trusted, nil
}

// Key is the site's signing key, made at the first call.
func (s *Store) Key(folder string) ([]byte, error) {
	var key []byte
	err := s.change(folder, func(st *siteState) error {
		var err error
		if st.Key != "" {
			if key, err = hex.DecodeString(st.Key); err != nil || len(key) != 32 {
				return fmt.Errorf("reading the key of %s: it is not 32 bytes in hexadecimal digits", folder)
			}
			return nil
		}
		key = make([]byte, 32)
		rand.Read(key) // never fails (crypto/rand, Go 1.24)
		st.Key = hex.EncodeToString(key)
		return nil
	})
	return key, err
}

// A windowState is what the window keeps.
type windowState struct {
	Sites    []string        `json:"sites"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

func (s *Store) window() (w windowState, path string, err error) {
	path = filepath.Join(s.dir, "window.json")
	if err = read(s, path, &w); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return w, path, err
}

// Opened are the folders of the sites in the window, in their order.
func (s *Store) Opened() []string {
	w, _, _ := s.window()
	return w.Sites
}

// SaveOpened keeps the folders of the sites in the window.
func (s *Store) SaveOpened(folders []string) error {
	return s.changeWindow(func(w *windowState) { w.Sites = folders })
}

// Window are the settings that SaveWindow kept, nil if there are none.
func (s *Store) Window() []byte {
	w, _, _ := s.window()
	return w.Settings
}

// SaveWindow keeps the window's settings, a JSON text.
func (s *Store) SaveWindow(settings []byte) error {
	if !json.Valid(settings) {
		return errors.New("keeping the window's settings: they are not JSON")
	}
	return s.changeWindow(func(w *windowState) { w.Settings = settings })
}

func (s *Store) changeWindow(f func(*windowState)) error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	w, path, err := s.window()
	if err != nil {
		return err
	}
	f(&w)
	return s.write(path, w)
}

// WindowSocket is where the process that shows the window listens for others that are started after it.
func (s *Store) WindowSocket() string { return filepath.Join(s.dir, "window.sock") }
