package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Running is what the process that serves a site tells other programs.
type Running struct {
	Site    string    `json:"site"` // folder
	Name    string    `json:"name"`
	URL     string    `json:"url"`
	Tools   string    `json:"tools"` // address of the tools' origin
	Key     string    `json:"key"`   // what programs send in X-Huygens-Key
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// A Claim is this process's right to serve a site. It ends with Release or with the process.
type Claim struct {
	site string
	path string
	lock *os.File
}

// errHeld is returned by lockFile when another process holds the lock.
var errHeld = errors.New("another process holds it")

// Claim makes this process the one that serves the site. If another one does, holder says which, as far as it has
// told; its PID is 0 if it is still starting.
func (s *Store) Claim(folder string) (claim *Claim, holder *Running, err error) {
	real, err := resolved(folder)
	if err != nil {
		return nil, nil, err
	}
	path := filepath.Join(s.dir, "running", fileName(real))
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("claiming %s: %w", folder, err)
	}
	if err := lockFile(lock); err != nil {
		lock.Close()
		if !errors.Is(err, errHeld) {
			return nil, nil, fmt.Errorf("claiming %s: %w", folder, err)
		}
		holder = &Running{Site: real}
		decodeFile(path, holder) // not told yet: the holder is starting
		return nil, holder, nil
	}
	os.Remove(path) // of a process that ended without Release
	return &Claim{site: real, path: path, lock: lock}, nil, nil
}

// Publish tells other programs where the site is served.
func (c *Claim) Publish(r Running) error {
	r.Site, r.PID = c.site, os.Getpid()
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("publishing the running server: %w", err)
	}
	if err := replaceFile(c.path, data); err != nil {
		return fmt.Errorf("publishing the running server: %w", err)
	}
	return nil
}

// Release gives the site up.
func (c *Claim) Release() {
	os.Remove(c.path)
	os.Remove(c.path + ".bak")
	c.lock.Close() // takes the lock with it
}
