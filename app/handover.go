package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"huygens/devserver/state"
)

const (
	handOverTime  = 2 * time.Second // for one message; the other side is a program of ours
	handOverBytes = 64 << 10
)

// errNobody is returned when no window is open.
var errNobody = errors.New("no window is open")

// handOver gives the sites to the window that is open already. The socket lies in the user's own state folder.
func handOver(ctx context.Context, store *state.Store, sites []string) error {
	ctx, cancel := context.WithTimeout(ctx, handOverTime)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", store.WindowSocket())
	if err != nil {
		return errNobody
	}
	defer c.Close()
	folders := []string{}
	for _, site := range sites {
		path, err := filepath.Abs(site)
		if err != nil {
			return fmt.Errorf("finding %s: %w", site, err)
		}
		folders = append(folders, path)
	}
	deadline, _ := ctx.Deadline()
	c.SetDeadline(deadline)
	if err := json.NewEncoder(c).Encode(folders); err != nil {
		return fmt.Errorf("handing the sites to the window that is open: %w", err)
	}
	if _, err := io.ReadAll(io.LimitReader(c, 1)); err != nil {
		return fmt.Errorf("handing the sites to the window that is open: %w", err)
	}
	return nil
}

// takeOver listens for later starts until ctx ends, and calls open with the folders of each. It returns when
// nothing more will be opened.
func takeOver(ctx context.Context, store *state.Store, open func(folders []string)) error {
	path := store.WindowSocket()
	os.Remove(path) // of a process that was killed: nobody answered there
	l, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("listening for later starts: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		c, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("listening for later starts: %w", err)
		}
		if folders, err := received(c); err == nil {
			open(folders)
		}
	}
}

// received reads the folders of one later start.
func received(c net.Conn) ([]string, error) {
	defer c.Close()
	c.SetDeadline(time.Now().Add(handOverTime))
	var folders []string
	err := json.NewDecoder(io.LimitReader(c, handOverBytes)).Decode(&folders)
	return folders, err
}
