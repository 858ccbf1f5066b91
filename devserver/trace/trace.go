package trace

import (
	"context"
	"time"

	"huygens/devserver/feed"
	"huygens/pages"
)

// Phase says how far a request is.
type Phase string

// The phases.
const (
	Running Phase = "running"
	Paused  Phase = "paused"
	Done    Phase = "done"
)

// A Trace is what is known of one request at one moment. Its JSON form is api.md, 6.
type Trace struct {
	ID          string // 32 hexadecimal digits
	Number      uint64 // runs from 1, over all sites of the app
	Phase       Phase
	PausedAt    string // stage, "" if not paused
	Site        string // the site's name
	Application string // path of the application, "/" for the root
	Pool        string // "" if no pool was asked
	Worker      int    // process id; 0 if none, or in this process
	Method      string
	URL         string // path and query, masked
	Status      int    // 0 while unknown
	Why         string
	Handler     pages.Handler // what answered; "" if the request was refused before
	Began       time.Time
	Took        time.Duration
	Bytes       int64 // of the body that was sent
	Spans       []pages.Span
	Request     Message
	Response    Message
	Log         []pages.Line
}

// A Message is a request or response as far as it is kept, masked.
type Message struct {
	Headers []pages.Field
	Form    []pages.Field
	Body    Body
}

// A Body is the beginning of a body.
type Body struct {
	Bytes int64  // its whole length
	Text  string // at most 64 kB of it; "" if it is not text
	Cut   bool   // Text is not all of it
}

// A Source is what every observer reads.
type Source interface {
	// Next waits for traces that came or changed after the number n.
	Next(ctx context.Context, n uint64) (feed.Batch[*Trace], error)
	// Since returns them without waiting.
	Since(n uint64) feed.Batch[*Trace]
}
