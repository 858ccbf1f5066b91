//go:build cgo || !darwin

package ui

import (
	"context"

	"huygens/devserver/trace"
)

// Server is what the window shows and commands. Every method may be called by several goroutines at once.
type Server interface {
	Observed
	Commands
}

// Observed is what the window reads. Sites and Status answer at once.
type Observed interface {
	// Sites are the sites of the list, in the order in which they are shown.
	Sites() []Site
	Status() Status
	// Changed waits until Sites or Status may answer something else than at change number n, and returns the
	// number reached. 0 asks for the first one: it returns at once if there ever was a change. An error, other
	// than that of ctx, ends the watching and is shown in the status bar.
	Changed(ctx context.Context, n uint64) (uint64, error)
	// Traces is where requests are read.
	Traces() trace.Source
}

// Commands are what the user asks for. They may take their time, return when they are done, and give up when
// ctx ends. Errors are shown as they are: one sentence with cause and remedy.
type Commands interface {
	AddSite(ctx context.Context, folder string) error
	StartSite(ctx context.Context, id string) error
	StopSite(ctx context.Context, id string) error
	RemoveSite(ctx context.Context, id string) error
	ClearTraces(ctx context.Context) error
	SetRecording(ctx context.Context, on bool) error
}

// A SiteState says how far a site is. The words are shown as they are.
type SiteState string

// The states of a site.
const (
	Starting SiteState = "starting"
	Serving  SiteState = "running"
	Stopped  SiteState = "stopped"
	Failed   SiteState = "failed"
)

// A Site is one entry of the list on the left.
type Site struct {
	ID       string // names the site in commands; never shown
	Name     string // as in the traces of the site
	Folder   string // absolute path
	URL      string // "http://127.0.0.1:8123/"; "" while it is not served
	State    SiteState
	Reason   string // why it failed, one sentence; "" otherwise
	Problems int    // faults in its files that are known now
	Pool     string // state of its pool in words, such as "1 worker, 38 MB"; "" if there is none
}

// Status is what the status bar tells about the whole program. Zero values are left out.
type Status struct {
	WatchedFolders int
	Polled         int    // of them, those that are polled because the system gave no events
	TracesKept     int    // of them the newest are listed
	TraceLimit     int    // most traces that are kept; 0: not known
	TraceBytes     int64  // of memory
	TraceByteLimit int64  // of memory
	ClearedTo      uint64 // requests up to this number were cleared
	Problems       int    // faults of all sites
	NotRecording   bool   // recording is switched off
}
