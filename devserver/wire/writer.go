package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// ErrTooLarge is the cause of the error when a message does not fit a frame. Nothing has been written then.
var ErrTooLarge = errors.New("the message is larger than a frame")

const (
	copiedBulk = 16 << 10 // a bulk up to here is copied behind the fields, a longer one is written from where it is
	keptBuffer = 64 << 10
)

// A Writer puts messages into a stream, each with one write. It may be used by several goroutines.
type Writer struct {
	w io.Writer

	mu  sync.Mutex // guards out, and keeps frames whole
	out []byte
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Send writes a message.
func (w *Writer) Send(m Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var blank [headSize]byte
	e := encoder{b: append(w.out[:0], blank[:]...)}
	m.encode(&e)
	if e.err != nil {
		return e.err
	}
	bulk := m.bulk()
	fields := len(e.b) - headSize
	length := len(e.b) - lengthSize + len(bulk)
	if length > MaxFrame {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, length)
	}
	binary.LittleEndian.PutUint32(e.b, uint32(length))
	e.b[lengthSize] = byte(m.kind())
	binary.LittleEndian.PutUint32(e.b[lengthSize+1:], uint32(fields))
	if cap(e.b) <= keptBuffer {
		w.out = e.b
	}
	if len(bulk) > copiedBulk {
		_, err := (&net.Buffers{e.b, bulk}).WriteTo(w.w)
		return err
	}
	e.b = append(e.b, bulk...)
	if cap(e.b) <= keptBuffer {
		w.out = e.b
	}
	_, err := w.w.Write(e.b)
	return err
}
