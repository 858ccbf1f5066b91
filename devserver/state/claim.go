package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
	store *Store
	site  string
	path  string
	lock  *os.File
}

// errHeld is returned by lockFile when another process holds the lock.
var errHeld = errors.New("another process holds it")

// startTime is how long Claim waits for a process that has just claimed the site to say where it serves it:
// without it the refusal could only say that there is one.
const startTime = 100 * time.Millisecond

// Claim makes this process the one that serves a site. If another one does, holder says which, as far as it has
// told; its URL is "" if it is still starting.
func (s *Store) Claim(folder string) (claim *Claim, holder *Running, err error) {
	real, path, err := s.running(folder)
	if err != nil {
		return nil, nil, err
	}
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("claiming %s: %w", folder, err)
	}
	for end := time.Now().Add(startTime); ; time.Sleep(5 * time.Millisecond) {
		err := lockFile(lock)
		if err == nil {
			break
		}
		if !errors.Is(err, errHeld) {
			return nil, nil, errors.Join(fmt.Errorf("claiming %s: %w", folder, err), lock.Close())
		}
		if onlyAsked(lock) {
			continue
		}
		if holder = published(real, path, lock); holder.URL != "" || time.Now().After(end) {
			return nil, holder, lock.Close()
		}
	}
	c := &Claim{store: s, site: real, path: path, lock: lock}
	if err := c.begin(); err != nil {
		c.Release()
		return nil, nil, fmt.Errorf("claiming %s: %w", folder, err)
	}
	return c, nil, nil
}

// onlyAsked says whether the lock was held by nobody but programs that ask who serves the site.
func onlyAsked(lock *os.File) bool {
	if lockShared(lock) != nil {
		return false
	}
	return unlockFile(lock) == nil
}

// begin writes this process's id into the lock's file and removes what a process published that ended without
// Release.
func (c *Claim) begin() error {
	if err := ignoreMissing(os.Remove(c.path)); err != nil {
		return err
	}
	if err := c.lock.Truncate(0); err != nil {
		return err
	}
	_, err := c.lock.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return err
}

// Running says which process serves a site, nil if none does. Its URL is "" if it is still starting.
func (s *Store) Running(folder string) (*Running, error) {
	real, path, err := s.running(folder)
	if err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(path+".lock", os.O_RDWR, 0)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	defer lock.Close()
	// A shared lock cannot be had while the site is served. It hinders a Claim for a moment only, and the Claim
	// sees that it does (onlyAsked).
	switch err := lockShared(lock); {
	case errors.Is(err, errHeld):
		return published(real, path, lock), nil
	case err != nil:
		return nil, fmt.Errorf("asking who serves %s: %w", folder, err)
	}
	return nil, nil
}

func (s *Store) running(folder string) (real, path string, err error) {
	if real, err = resolved(folder); err != nil {
		return "", "", err
	}
	return real, filepath.Join(s.dir, "running", fileName(real)), nil
}

// published is what the holder of a lock has told.
func published(site, path string, lock *os.File) *Running {
	held := Running{Site: site}
	id, err := io.ReadAll(io.NewSectionReader(lock, 0, 20))
	if err != nil {
		return &held
	}
	held.PID, _ = strconv.Atoi(strings.TrimSpace(string(id)))
	told := held
	if err := decodeFile(path, &told); err != nil || told.PID != held.PID {
		return &held
	}
	return &told
}

// Publish tells other programs where the site is served.
func (c *Claim) Publish(r Running) error {
	r.Site, r.PID = c.site, os.Getpid()
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("publishing the running server: %w", err)
	}
	if err := c.store.replace(c.path, data); err != nil {
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
