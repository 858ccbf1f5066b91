package wire

import (
	"errors"
	"fmt"
	"time"
)

// ErrMalformed is the cause of the error when a peer sends what is not a frame of this protocol.
var ErrMalformed = errors.New("malformed frame")

var (
	errShort  = fmt.Errorf("%w: a field is longer than the frame", ErrMalformed)
	errNumber = fmt.Errorf("%w: a number does not end", ErrMalformed)
	errRange  = fmt.Errorf("%w: a number is out of its range", ErrMalformed)
	errCount  = fmt.Errorf("%w: a list is longer than allowed", ErrMalformed)
	errName   = fmt.Errorf("%w: unknown name", ErrMalformed)
	errRest   = fmt.Errorf("%w: something follows the last field", ErrMalformed)
)

// A decoder takes fields from a frame. Texts are parts of s, which nobody changes. After the first mistake
// err is set, and everything else that is taken is zero.
type decoder struct {
	s   string
	err error
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
	d.s = ""
}

func (d *decoder) byte() byte {
	if len(d.s) == 0 {
		d.fail(errShort)
		return 0
	}
	b := d.s[0]
	d.s = d.s[1:]
	return b
}

func (d *decoder) bool() bool {
	switch d.byte() {
	case 0:
	case 1:
		return true
	default:
		d.fail(errRange)
	}
	return false
}

func (d *decoder) number() uint64 {
	var n uint64
	for i := 0; i < len(d.s); i++ {
		b := d.s[i]
		if i == 9 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			d.s = d.s[i+1:]
			return n
		}
		if i == 9 {
			break
		}
	}
	d.fail(errNumber)
	return 0
}

func (d *decoder) signed() int64 {
	u := d.number()
	n := int64(u >> 1)
	if u&1 != 0 {
		n = ^n
	}
	return n
}

func (d *decoder) int() int {
	n := d.signed()
	if int64(int(n)) != n {
		d.fail(errRange)
		return 0
	}
	return int(n)
}

func (d *decoder) duration() time.Duration { return time.Duration(d.signed()) }

func (d *decoder) text() string {
	n := d.number()
	if n > uint64(len(d.s)) {
		d.fail(errShort)
		return ""
	}
	s := d.s[:n]
	d.s = d.s[n:]
	return s
}

func (d *decoder) bytes() []byte {
	n := d.number()
	if n == 0 {
		return nil
	}
	if n-1 > uint64(len(d.s)) {
		d.fail(errShort)
		return nil
	}
	b := []byte(d.s[:n-1])
	d.s = d.s[n-1:]
	return b
}

// list begins a list of at most limit entries, each of which takes at least one byte. none says that there is
// no list at all.
func (d *decoder) list(limit int) (n int, none bool) {
	v := d.number()
	if v == 0 {
		return 0, true
	}
	v--
	if v > uint64(limit) || v > uint64(len(d.s)) {
		d.fail(errCount)
		return 0, true
	}
	return int(v), false
}

func (d *decoder) name() string {
	code := d.byte()
	if code == 0 {
		return d.text()
	}
	if int(code) >= len(knownNames) {
		d.fail(errName)
		return ""
	}
	return knownNames[code]
}

func (d *decoder) wall() time.Time {
	n := d.signed()
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

// end reports what was wrong with the fields.
func (d *decoder) end() error {
	if d.err == nil && len(d.s) > 0 {
		d.err = errRest
	}
	return d.err
}
