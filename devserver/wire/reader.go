package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	// MaxFrame is how long a frame may be, in bytes, its length not counted.
	MaxFrame = 16 << 20
	// PartSize is how much of a body goes into one frame; what is longer travels in Parts.
	PartSize = 4 << 20

	lengthSize   = 4
	headSize     = lengthSize + 1 + 4 // length, kind, length of the fields
	bufferSize   = 16 << 10           // frames up to here are read in one piece, with what follows them
	firstReserve = 256 << 10          // of a longer frame; more only when it arrives
)

// A Reader takes messages from a stream. It belongs to one goroutine.
type Reader struct {
	r     io.Reader
	limit int    // of a frame
	buf   []byte // buf[from:to] has been read and not yet used
	from  int
	to    int
	long  []byte // what has arrived of a frame that does not fit buf, nil if there is none
	head  head   // of that frame
}

type head struct {
	kind   Kind
	fields int // bytes
	rest   int // bytes of fields and bulk
}

// NewReader returns a Reader of frames that are at most limit bytes long; 0 means MaxFrame.
func NewReader(r io.Reader, limit int) *Reader {
	if limit <= 0 || limit > MaxFrame {
		limit = MaxFrame
	}
	return &Reader{r: r, limit: limit, buf: make([]byte, bufferSize)}
}

// SetLimit changes how long a frame may be.
func (r *Reader) SetLimit(limit int) { r.limit = min(limit, MaxFrame) }

// Receive returns the next message. At the end of the stream its error is io.EOF, in the middle of a frame
// io.ErrUnexpectedEOF. After a time-out it may be called again.
func (r *Reader) Receive() (Message, error) {
	if r.long == nil {
		if err := r.fill(headSize); err != nil {
			return nil, err
		}
		h, err := parseHead(r.buf[r.from:], r.limit)
		if err != nil {
			return nil, err
		}
		if headSize+h.rest <= len(r.buf) {
			return r.short(h)
		}
		r.head = h
		r.long = make([]byte, 0, min(h.rest, firstReserve))
		r.from += headSize
		r.long = append(r.long, r.buf[r.from:r.to]...)
		r.from, r.to = 0, 0
	}
	for len(r.long) < r.head.rest {
		if err := r.more(); err != nil {
			return nil, err
		}
	}
	rest := r.long
	r.long = nil
	return open(r.head, string(rest[:r.head.fields]), rest[r.head.fields:])
}

func parseHead(b []byte, limit int) (head, error) {
	length := binary.LittleEndian.Uint32(b)
	fields := binary.LittleEndian.Uint32(b[lengthSize+1:])
	const inner = headSize - lengthSize
	switch {
	case length > uint32(limit):
		return head{}, fmt.Errorf("%w: %d bytes, more than %d", ErrMalformed, length, limit)
	case length < inner, fields > length-inner:
		return head{}, errShort
	}
	return head{kind: Kind(b[lengthSize]), fields: int(fields), rest: int(length - inner)}, nil
}

// short takes a frame that fits the buffer.
func (r *Reader) short(h head) (Message, error) {
	if err := r.fill(headSize + h.rest); err != nil {
		return nil, err
	}
	rest := r.buf[r.from+headSize : r.from+headSize+h.rest]
	r.from += headSize + h.rest
	return open(h, string(rest[:h.fields]), slices.Clone(rest[h.fields:]))
}

// fill reads until n bytes are there; n is at most the length of the buffer.
func (r *Reader) fill(n int) error {
	if r.to-r.from >= n {
		return nil
	}
	if r.from > 0 {
		r.to = copy(r.buf, r.buf[r.from:r.to])
		r.from = 0
	}
	for empty := 0; r.to < n; {
		m, err := r.r.Read(r.buf[r.to:])
		r.to += m
		if r.to >= n {
			return nil
		}
		if err != nil {
			return r.ended(err, r.to > 0)
		}
		if empty++; m == 0 && empty > 100 {
			return io.ErrNoProgress
		}
	}
	return nil
}

// more reads another piece of a long frame.
func (r *Reader) more() error {
	if len(r.long) == cap(r.long) {
		r.long = slices.Grow(r.long, min(len(r.long), r.head.rest-len(r.long)))
	}
	free := r.long[len(r.long):min(cap(r.long), r.head.rest)]
	m, err := r.r.Read(free)
	r.long = r.long[:len(r.long)+m]
	if err != nil && len(r.long) < r.head.rest {
		return r.ended(err, true)
	}
	return nil
}

func (r *Reader) ended(err error, inside bool) error {
	if errors.Is(err, io.EOF) && inside {
		return io.ErrUnexpectedEOF
	}
	return err
}

// open decodes a frame. It owns bulk.
func open(h head, fields string, bulk []byte) (Message, error) {
	m := newMessage(h.kind)
	if m == nil {
		return nil, fmt.Errorf("%w: unknown kind %d", ErrMalformed, h.kind)
	}
	d := decoder{s: fields}
	m.decode(&d)
	if err := d.end(); err != nil {
		return nil, err
	}
	if len(bulk) > 0 {
		if m.bulk() == nil { // decode makes it empty where there is one
			return nil, errRest
		}
		m.setBulk(bulk)
	}
	return m, nil
}
