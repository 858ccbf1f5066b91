package static

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"huygens/devserver/reload"
	"huygens/devserver/resolve"
)

// Config is what a Sender is made of.
type Config struct {
	Memory int64             // bytes of files that are kept; 0: 32 MB
	Mime   map[string]string // [site] mime: extension with dot, in lower case, to content type; goes first
}

// A Sender sends the files of one site. It may be used by any number of goroutines.
type Sender struct {
	mime   map[string]string
	memory memory
}

// New returns a Sender.
func New(c Config) *Sender {
	if c.Memory == 0 {
		c.Memory = 32 << 20
	}
	return &Sender{mime: c.Mime, memory: memory{most: c.Memory}}
}

// Options is how one file is sent.
type Options struct {
	Insert []byte // put into HTML where the reload tag may stand; nil: nothing
}

// Sent is what was sent.
type Sent struct {
	Status   int
	Bytes    int64 // of the body
	Memory   bool  // the file was kept in memory and unchanged
	Inserted bool  // Options.Insert is in it
}

// An Error is a request that was not answered: nothing has been written. Its headers belong into the answer.
type Error struct {
	Status int // 404, 405, 412, 416 or 503
	Header http.Header
	Err    error // nil: the status says all
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("sending a file: %d: %v", e.Status, e.Err)
	}
	return fmt.Sprintf("sending a file: %d", e.Status)
}

func (e *Error) Unwrap() error { return e.Err }

// Serve sends the file of an answer. An error that is no *Error is of the connection, after the headers.
func (s *Sender) Serve(w http.ResponseWriter, r *http.Request, a resolve.Answer, o Options) (Sent, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return Sent{}, &Error{Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {"GET, HEAD"}}}
	}
	f, err := s.load(a)
	if err != nil {
		return Sent{}, openError(err)
	}
	defer f.close()
	if len(o.Insert) > 0 && strings.HasPrefix(f.kind[0], "text/html") && f.size <= maxInserted {
		sent, err, done := f.sendInserted(w, r, o.Insert)
		if done {
			return sent, err
		}
	}
	return f.send(w, r)
}

func openError(err error) *Error {
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Status: http.StatusNotFound, Err: err}
	}
	return &Error{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1"}}, Err: err}
}

// send answers with the file, a part of it, or "not modified".
func (f *file) send(w http.ResponseWriter, r *http.Request) (Sent, error) {
	sent := Sent{Memory: f.kept}
	switch f.condition(r) {
	case failed:
		return Sent{}, &Error{Status: http.StatusPreconditionFailed}
	case unchanged:
		f.head(w.Header())
		sent.Status = http.StatusNotModified
		w.WriteHeader(sent.Status)
		return sent, nil
	}
	parts, fault := f.ranges(r)
	if fault != nil {
		return Sent{}, fault
	}
	h := w.Header()
	f.head(h)
	h["Accept-Ranges"] = acceptRanges()
	switch len(parts) {
	case 0:
		sent.Status = http.StatusOK
		h["Content-Type"], h["Content-Length"] = f.kind, f.length
		w.WriteHeader(sent.Status)
		if r.Method == http.MethodHead {
			return sent, nil
		}
		var err error
		sent.Bytes, err = f.copy(w, span{0, f.size})
		return sent, err
	case 1:
		sent.Status = http.StatusPartialContent
		h["Content-Type"] = f.kind
		h.Set("Content-Range", parts[0].contentRange(f.size))
		setLength(h, parts[0].length)
		w.WriteHeader(sent.Status)
		var err error
		sent.Bytes, err = f.copy(w, parts[0])
		return sent, err
	}
	return f.sendParts(w, parts)
}

// maxInserted bounds the HTML that gets something inserted, in bytes: it is read whole.
const maxInserted = 8 << 20

// sendInserted sends HTML with something in it. done is false if there is no place for it.
func (f *file) sendInserted(w http.ResponseWriter, r *http.Request, insert []byte) (sent Sent, err error, done bool) {
	data, err := f.whole()
	if err != nil {
		return Sent{}, openError(err), true
	}
	at := reload.Place(data)
	if at < 0 || at > len(data) {
		return Sent{}, nil, false
	}
	h := w.Header()
	safety(h)
	h.Set("Cache-Control", "no-store")
	h["Content-Type"] = f.kind
	setLength(h, int64(len(data)+len(insert)))
	sent = Sent{Status: http.StatusOK, Memory: f.kept, Inserted: true}
	w.WriteHeader(sent.Status)
	if r.Method == http.MethodHead {
		return sent, nil, true
	}
	for _, part := range [][]byte{data[:at], insert, data[at:]} {
		n, err := w.Write(part)
		sent.Bytes += int64(n)
		if err != nil {
			return sent, fmt.Errorf("sending %s: %w", f.name, err), true
		}
	}
	return sent, nil, true
}
