package wire

import (
	"time"

	"huygens/pages"
)

// Kind says what a frame holds.
type Kind uint8

// The kinds of frames. The numbers are the protocol: Version changes when they do.
const (
	kindStart Kind = 1 + iota
	kindOpen
	kindHello
	kindPing
	kindPong
	kindCancel
	kindDrain
	kindBye
	kindRequest
	kindResult
	kindFailure
	kindPart
	kindProgress
	kindBodyRead
	kindBodyPart
	kindSessionCall
	kindSessionAnswer
	kindStreamCall
	kindStreamAnswer
	kindPauseCall
	kindPauseAnswer
)

// Version of the protocol: both sides must have the same.
const Version = 1

// SecretSize is the length of the secret in bytes.
const SecretSize = 32

// A Message is what one frame holds: a pointer to one of the types below.
type Message interface {
	kind() Kind
	encode(e *encoder)
	decode(d *decoder)
	// bulk and setBulk are the body that follows the fields; nil for most.
	bulk() []byte
	setBulk(b []byte)
}

// Start is what the front tells a worker process on its standard input, once.
type Start struct {
	noBulk
	Secret      [SecretSize]byte
	Socket      string // path to listen at
	Memory      int64  // bytes that the worker should stay below; 0: the default
	Connections int    // how many the front will open at most, control included
	Settings    []byte // for the runner, JSON
}

// Open is the first message on a connection to a worker.
type Open struct {
	noBulk
	Secret  [SecretSize]byte
	Control bool
}

// Hello is a worker's answer to Open on the control connection.
type Hello struct {
	noBulk
	Build string
	PID   int
}

// Ping asks whether the worker is alive; Pong is the answer, with the same number.
type Ping struct {
	noBulk
	Number uint64
}

// Pong answers a Ping.
type Pong struct {
	noBulk
	Number uint64
}

// Cancel ends the context of the request with this ID: its client went away.
type Cancel struct {
	noBulk
	ID uint64
}

// Drain tells a worker that no new requests will come.
type Drain struct{ noBulk }

// Bye tells a worker to end.
type Bye struct{ noBulk }

// Request begins a request. Request.Body is not encoded: First is its beginning, and More says that the worker
// may ask for what follows (BodyRead).
type Request struct {
	ID      uint64
	Request *pages.Request
	First   []byte
	More    bool
}

// Result answers a Request. A Body longer than PartSize comes before it, in Parts.
type Result struct {
	ID     uint64
	Began  time.Time // when the worker called Run, by the wall clock
	Parts  int       // how many Parts came before
	Result *pages.Result
}

// Failure answers a Request that has no Result.
type Failure struct {
	noBulk
	ID      uint64
	Began   time.Time
	Failure *pages.Failure
}

// Part is a piece of a long body; its Result follows.
type Part struct{ Data []byte }

// Progress tells the spans and lines so far of a request that still runs.
type Progress struct {
	noBulk
	Began time.Time
	Spans []pages.Span
	Lines []pages.Line
}

// BodyRead asks for more of the request's body.
type BodyRead struct {
	noBulk
	Max int
}

// BodyPart answers a BodyRead.
type BodyPart struct {
	Data []byte
	End  bool  // nothing follows
	Err  error // why there is no more
}

// SessionCall is Host.Session.
type SessionCall struct {
	noBulk
	Mode pages.SessionMode
}

// SessionAnswer answers a SessionCall.
type SessionAnswer struct {
	noBulk
	Session pages.Session
	Err     error
}

// StreamCall is Host.Stream.
type StreamCall struct {
	Status int
	Header []pages.Field
	Part   []byte
}

// StreamAnswer answers a StreamCall.
type StreamAnswer struct {
	noBulk
	Err error
}

// PauseCall is Host.Pause.
type PauseCall struct {
	noBulk
	At       pages.Stage
	Snapshot pages.Snapshot
}

// PauseAnswer answers a PauseCall.
type PauseAnswer struct {
	noBulk
	Action pages.Action
	Err    error
}

// noBulk is embedded by messages that are fields only.
type noBulk struct{}

func (noBulk) bulk() []byte   { return nil }
func (noBulk) setBulk([]byte) {}

func (m *Request) bulk() []byte        { return m.First }
func (m *Request) setBulk(b []byte)    { m.First = b }
func (m *Result) bulk() []byte         { return m.Result.Body }
func (m *Result) setBulk(b []byte)     { m.Result.Body = b }
func (m *Part) bulk() []byte           { return m.Data }
func (m *Part) setBulk(b []byte)       { m.Data = b }
func (m *BodyPart) bulk() []byte       { return m.Data }
func (m *BodyPart) setBulk(b []byte)   { m.Data = b }
func (m *StreamCall) bulk() []byte     { return m.Part }
func (m *StreamCall) setBulk(b []byte) { m.Part = b }

// newMessage returns an empty message of kind k, nil if there is no such kind.
func newMessage(k Kind) Message {
	switch k {
	case kindRequest:
		return &Request{Request: &pages.Request{}}
	case kindResult:
		return &Result{Result: &pages.Result{}}
	case kindFailure:
		return &Failure{Failure: &pages.Failure{}}
	case kindPart:
		return &Part{}
	case kindProgress:
		return &Progress{}
	case kindBodyRead:
		return &BodyRead{}
	case kindBodyPart:
		return &BodyPart{}
	case kindSessionCall:
		return &SessionCall{}
	case kindSessionAnswer:
		return &SessionAnswer{}
	case kindStreamCall:
		return &StreamCall{}
	case kindStreamAnswer:
		return &StreamAnswer{}
	case kindPauseCall:
		return &PauseCall{}
	case kindPauseAnswer:
		return &PauseAnswer{}
	}
	return newControlMessage(k)
}

func newControlMessage(k Kind) Message {
	switch k {
	case kindStart:
		return &Start{}
	case kindOpen:
		return &Open{}
	case kindHello:
		return &Hello{}
	case kindPing:
		return &Ping{}
	case kindPong:
		return &Pong{}
	case kindCancel:
		return &Cancel{}
	case kindDrain:
		return &Drain{}
	case kindBye:
		return &Bye{}
	}
	return nil
}
