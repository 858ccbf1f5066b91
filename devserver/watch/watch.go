package watch

import (
	"context"
	"time"
)

// Kind says what happened to a file.
type Kind uint8

// The kinds of change.
const (
	Created Kind = iota + 1
	Modified
	Removed
)

func (k Kind) String() string {
	switch k {
	case Created:
		return "created"
	case Modified:
		return "modified"
	case Removed:
		return "removed"
	}
	return "unknown"
}

// A Change is one file that is no longer what it was. A renamed file is Removed and Created.
type Change struct {
	Path string // site path: slashes, no leading one
	Kind Kind
}

// RootState says what became of the folder itself.
type RootState uint8

// The states of the folder.
const (
	RootSame RootState = iota
	RootGone           // nothing, or something else, lies at its path; Changes is empty
	RootBack           // a folder lies there again, perhaps another one
)

// A Batch is what changed between two scans.
type Batch struct {
	Changes []Change  // by path, each path once
	Folders []string  // folders whose list of names changed, by path; "." is the site's folder itself
	Root    RootState // usually RootSame
	First   time.Time // when the first event of the batch came; without events, when its scan began
}

// Options say how to watch. The zero Options are useful.
type Options struct {
	// Ignore names what is left out: "dist/**", "*.log", "docs/old". A pattern without a slash matches the
	// name at any depth, others the whole site path; * stands for anything but a slash, ** for any folders.
	Ignore   []string
	Poll     bool          // do not use file events
	Every    time.Duration // between two scans while polling; 0 means 2 s
	MaxFiles int           // 0 means 200,000
}

// Health says how well the folder is watched.
type Health struct {
	Folders   int // watched now
	Files     int // kept in mind
	Polled    bool
	Gone      bool      // nothing lies at the folder's path
	LastEvent time.Time // zero: none yet
	Problem   string    // one sentence that names the remedy; "" if all is well
}

// Run watches folder until ctx ends and calls changed for each batch, on its own goroutine: while changed
// runs, changes gather in the next batch. It returns nil when ctx ends, and an error if the folder cannot be
// opened at the start or a pattern is wrong.
func Run(ctx context.Context, folder string, o Options, changed func(Batch)) error {
	return New(folder, o).Run(ctx, changed)
}
