package markup

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An Error is a fault in a template, or one that showed while it ran, with its place in the author's file.
type Error struct {
	File         string
	Line, Column int    // from 1, columns in characters; 0: unknown
	Message      string // one sentence, lower case, without the place
	Hint         string // what to do about it; may be ""
	Frames       []Frame
	Err          error // the cause: of a function, a value, the context; may be nil
}

// A Frame is one template on the way to a fault, outermost first: where in it the next one was called, and in
// the last one where the fault is.
type Frame struct {
	Template     string // as it is called: "content", "_nav", "aside"; the outermost layout by its file
	File         string
	Line, Column int
	Keys         []string // in the last frame, when a name was missing: the names that exist, sorted
}

// Error gives the fault as "file:line:column: message".
func (e *Error) Error() string {
	switch {
	case e.File == "":
		return e.Message
	case e.Line == 0:
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors are the faults of one compilation, in the order of files and places.
type Errors []*Error

// Error lists all faults, a line each.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the faults.
func (e Errors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, fault := range e {
		errs[i] = fault
	}
	return errs
}

var (
	errTooMuch   = errors.New("output limit reached")
	errRecursion = errors.New("recursion limit reached")
)

// listed puts names into a sentence: sorted, the first twenty.
func listed(names []string) string {
	const most = 20
	if len(names) == 0 {
		return "nothing"
	}
	names = sortedStrings(names)
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}

// nearest finds the name that was probably meant, "" if none is near.
func nearest(name string, names []string) string {
	best, least := "", 1+max(1, len(name)/3)
	for _, candidate := range names {
		if strings.EqualFold(candidate, name) {
			return candidate
		}
		if len(candidate) > 64 || len(name) > 64 {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < least || d == least && best != "" && candidate < best {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the letters to insert, remove, replace or swap with their neighbour.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// didYouMean is the hint for a misspelt name.
func didYouMean(name string, names []string, prefix string) string {
	if near := nearest(name, names); near != "" {
		return "did you mean " + prefix + near + "?"
	}
	return ""
}

func sortedStrings(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return names
}
