package trace

import (
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// Clean returns a text with everything written out that a terminal or a text field could interpret: control
// characters, escape sequences, marks that turn the direction of writing, bytes that are no UTF-8. Line ends
// and tabs stay.
func Clean(s string) string { return clean(s, true) }

// CleanLine is Clean for what must stay on one line: line ends and tabs are written out too.
func CleanLine(s string) string { return clean(s, false) }

func clean(s string, lines bool) string {
	i := firstUnclean(s, lines)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !unclean(r, s[i+size:], lines):
			b.WriteString(s[i : i+size])
		default:
			b.WriteString(written(r))
		}
		i += size
	}
	return b.String()
}

// firstUnclean finds the first byte that must be written out, -1 if there is none.
func firstUnclean(s string, lines bool) int {
	for i := nextOdd(s, 0); i < len(s); i = nextOdd(s, i) {
		if s[i] == '\n' && lines {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || unclean(r, s[i+size:], lines) {
			return i
		}
		i += size
	}
	return -1
}

const (
	ones = 0x0101010101010101
	high = 0x8080808080808080
)

// word is the first eight bytes as one number, the first one lowest.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// nextOdd returns the index of the first byte from i on that is not printable ASCII, or len(s). It looks at
// eight bytes in one step: bodies are long.
func nextOdd(s string, i int) int {
	for ; len(s)-i >= 8; i += 8 {
		w := word(s[i:])
		low := (w - ones*' ') &^ w  // high bit where a byte is under a space
		del := w ^ ones*0x7f        // zero where a byte is DEL
		zero := (del - ones) &^ del // high bit where it was zero
		if odd := (w | low | zero) & high; odd != 0 {
			return i + bits.TrailingZeros64(odd)/8 // the lowest is right; borrowing only adds higher ones
		}
	}
	for ; i < len(s) && s[i] >= ' ' && s[i] < 0x7f; i++ {
	}
	return i
}

func unclean(r rune, rest string, lines bool) bool {
	switch {
	case r == '\n' || r == '\t':
		return !lines
	case r == '\r':
		return !lines || !strings.HasPrefix(rest, "\n")
	}
	return interpreted(r)
}

// interpreted reports whether a character does something instead of being shown.
func interpreted(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r == 0x2028, r == 0x2029, r == 0xfeff:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func written(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	if r < 0x80 {
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
