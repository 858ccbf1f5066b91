//go:build cgo || !darwin

package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// printable writes out whatever would not show as itself: control characters, directional and invisible
// marks, broken UTF-8. The result is one line.
func printable(s string) string {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return writtenOut(s, false)
		}
	}
	return s
}

// printableLines is printable for longer texts: line ends stay, tabs become spaces.
func printableLines(s string) string {
	return writtenOut(strings.ReplaceAll(s, "\r\n", "\n"), true)
}

func writtenOut(s string, lines bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case lines && r == '\n':
			b.WriteByte('\n')
		case lines && r == '\t':
			b.WriteString("    ")
		case shows(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		}
		i += size
	}
	return b.String()
}

// shows says whether a rune is seen as itself. Marks that change the direction of what follows, or that
// nobody sees, are not.
func shows(r rune) bool {
	return r == ' ' || unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// millis writes a time in milliseconds as short as can be read: "3.4", "120", "12.3 s".
func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case d < 0:
		return ""
	case d >= 10*time.Second:
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
	case ms >= 99.95:
		return strconv.FormatFloat(ms, 'f', 0, 64)
	}
	return strconv.FormatFloat(ms, 'f', 1, 64)
}

// exact writes a time with its unit, for tooltips.
func exact(d time.Duration) string {
	switch {
	case d < 0:
		return "still running"
	case d < time.Millisecond:
		return strconv.FormatInt(d.Microseconds(), 10) + " µs"
	case d < 10*time.Second:
		return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 2, 64) + " ms"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
}

// byteText writes a size: "812 B", "1.2 kB", "64 MB", counted as huygens.toml and the viewer count (1 kB = 1024 B).
func byteText(n int64) string {
	switch {
	case n < 1<<10:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1<<20:
		return shortFloat(float64(n)/(1<<10)) + " kB"
	case n < 1<<30:
		return shortFloat(float64(n)/(1<<20)) + " MB"
	}
	return shortFloat(float64(n)/(1<<30)) + " GB"
}

func shortFloat(f float64) string {
	if f >= 100 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// counted writes a number and its noun: "1 problem", "1,204 folders".
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + more
}

func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// shortFolder writes a folder below home with "~".
func shortFolder(folder, home string) string {
	if home == "" || home == "/" {
		return folder
	}
	if rest, below := strings.CutPrefix(folder, home); below && (rest == "" || rest[0] == '/' || rest[0] == '\\') {
		return "~" + rest
	}
	return folder
}
