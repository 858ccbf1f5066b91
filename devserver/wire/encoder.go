package wire

import (
	"encoding/binary"
	"fmt"
	"time"
)

// An encoder appends fields to a frame. err is set when something is more than the other side takes.
type encoder struct {
	b   []byte
	err error
}

func (e *encoder) byte(b byte)     { e.b = append(e.b, b) }
func (e *encoder) number(n uint64) { e.b = binary.AppendUvarint(e.b, n) }
func (e *encoder) signed(n int64)  { e.b = binary.AppendVarint(e.b, n) }
func (e *encoder) int(n int)       { e.signed(int64(n)) }

func (e *encoder) duration(d time.Duration) { e.signed(int64(d)) }

func (e *encoder) bool(v bool) {
	if v {
		e.byte(1)
		return
	}
	e.byte(0)
}

func (e *encoder) text(s string) {
	e.number(uint64(len(s)))
	e.b = append(e.b, s...)
}

// bytes keeps nil and empty apart, as list does.
func (e *encoder) bytes(b []byte) {
	e.list(len(b), b == nil, MaxFrame)
	e.b = append(e.b, b...)
}

// list begins a list of n entries, of which limit are allowed. None at all and an empty list are not the same.
func (e *encoder) list(n int, none bool, limit int) {
	switch {
	case none:
		e.number(0)
		return
	case n > limit:
		e.err = fmt.Errorf("%w: a list of %d, more than %d", ErrTooLarge, n, limit)
	}
	e.number(uint64(n) + 1)
}

// name writes a text that is probably one of knownNames.
func (e *encoder) name(s string) {
	if code, ok := nameCodes[s]; ok {
		e.byte(code)
		return
	}
	e.byte(0)
	e.text(s)
}

// wall writes a moment by the wall clock.
func (e *encoder) wall(t time.Time) {
	if t.IsZero() {
		e.signed(0)
		return
	}
	e.signed(t.UnixNano())
}
