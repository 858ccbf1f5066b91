//go:build cgo || !darwin

package ui

import (
	"context"
	"time"
)

// Options is what a window may be given. The zero value works.
type Options struct {
	Version  string    // shown in About
	Starters []Starter // offered for new sites; none: no new sites
	// NewSite makes a site from a starter in the folder dir and opens it. nil: no new sites.
	NewSite func(ctx context.Context, starter, dir string) error

	// Load returns what Save was given in an earlier run; nil or anything unreadable means the defaults.
	Load func() []byte
	// Save keeps the window's settings, a small JSON text. It is called when they change and at Close.
	Save func(settings []byte) error

	// OpenURL opens an address in the user's browser. nil: the desktop's way.
	OpenURL func(address string) error
	// Home is the user's home folder, shown as "~". "": as the system says.
	Home string
	// Do has f run on the goroutine of the window, soon, and does not wait for it. nil: Fyne's way. Tests give their own.
	Do func(f func())
	// Every is the shortest time between two batches. 0 means 100 ms.
	Every time.Duration
}

// A Starter is one kind of new site.
type Starter struct {
	Name        string // "hello"
	Description string // one sentence
}
