package static

import (
	"net/http"
	"strings"
)

// A verdict is what the conditions of a request come to (RFC 9110, 13.2.2).
type verdict int

const (
	proceed   verdict = iota
	unchanged         // 304
	failed            // 412
)

func (f *file) condition(r *http.Request) verdict {
	h := r.Header
	if match := h["If-Match"]; len(match) > 0 {
		if !listHas(match, f.tag[0], false) {
			return failed
		}
	} else if since := h.Get("If-Unmodified-Since"); since != "" {
		if t, err := http.ParseTime(since); err == nil && (f.time.After(t) || f.twin) {
			return failed
		}
	}
	if none := h["If-None-Match"]; len(none) > 0 {
		if listHas(none, f.tag[0], true) {
			return unchanged
		}
	} else if since := h.Get("If-Modified-Since"); since != "" {
		if t, err := http.ParseTime(since); err == nil && !f.time.After(t) && !f.twin {
			return unchanged
		}
	}
	return proceed
}

// rangeWanted says whether the condition of a Range holds: If-Range with this very tag or time.
func (f *file) rangeWanted(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	want := r.Header["If-Range"]
	switch {
	case len(want) == 0:
		return true
	case len(want) > 1:
		return false
	case strings.HasPrefix(want[0], `"`):
		return want[0] == f.tag[0]
	}
	t, err := http.ParseTime(want[0])
	return err == nil && f.time.Equal(t) && !f.twin
}

// listHas says whether a list of entity tags has tag, or is a star. weak lets W/"x" stand for "x".
func listHas(lines []string, tag string, weak bool) bool {
	for _, line := range lines {
		if strings.TrimSpace(line) == "*" {
			return true
		}
		for line != "" {
			line = strings.TrimLeft(line, " \t,")
			isWeak := strings.HasPrefix(line, "W/")
			line = strings.TrimPrefix(line, "W/")
			if !strings.HasPrefix(line, `"`) {
				break // not a tag: the rest cannot be told apart
			}
			end := strings.IndexByte(line[1:], '"')
			if end < 0 {
				break
			}
			if line[:end+2] == tag && (weak || !isWeak) {
				return true
			}
			line = line[end+2:]
		}
	}
	return false
}
