package config

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A place is where a key stands.
type place struct{ line, column int }

// Bounds of a file. The library that reads TOML takes a time that grows with the square of the keys of a table.
const (
	maxKeys  = 5000
	maxDepth = 32
)

// places finds every key of a file: the key of the map is the path of names and list numbers, each with a zero
// byte behind it. A file beyond the bounds is a fault; one that is not TOML is not looked at to its end.
func places(data []byte) (map[string]place, *Error) {
	f := finder{at: map[string]place{}, counts: map[string]int{}, data: data}
	for i, c := range data {
		if c == '\n' {
			f.ends = append(f.ends, i)
		}
	}
	f.parser.Reset(data)
	prefix := ""
	for f.fault == nil && f.parser.NextExpression() {
		e := f.parser.Expression()
		switch e.Kind {
		case unstable.Table:
			prefix = f.keys("", e.Key(), false)
		case unstable.ArrayTable:
			prefix = f.keys("", e.Key(), true)
		case unstable.KeyValue:
			f.pair(prefix, e)
		}
	}
	return f.at, f.fault
}

type finder struct {
	parser unstable.Parser
	at     map[string]place
	counts map[string]int // of the entries of an array of tables
	data   []byte
	ends   []int // of the lines
	noted  int
	fault  *Error // nil: the file keeps to the bounds
}

func below(path, name string) string { return path + name + "\x00" }

func item(path string, i int) string { return below(path, strconv.Itoa(i)) }

// keys notes the keys of a table's head and returns its path. A name that is an array of tables means its last
// entry.
func (f *finder) keys(path string, keys unstable.Iterator, array bool) string {
	for f.fault == nil && keys.Next() {
		path = f.note(path, keys.Node())
		last := keys.IsLast()
		if array && last {
			f.counts[path]++
		}
		if n := f.counts[path]; n > 0 {
			p := f.at[path]
			path = item(path, n-1)
			if array && last {
				p = f.place(keys.Node())
			}
			f.at[path] = p
		}
	}
	return path
}

func (f *finder) note(path string, key *unstable.Node) string {
	path = below(path, string(key.Data))
	f.count(path, f.place(key))
	if _, known := f.at[path]; !known {
		f.at[path] = f.place(key)
	}
	return path
}

// count keeps a file to the bounds.
func (f *finder) count(path string, at place) {
	f.noted++
	problem := ""
	switch {
	case f.noted > maxKeys:
		problem = "the file has too many keys"
	case strings.Count(path, "\x00") > maxDepth:
		problem = "the keys are nested too deep"
	default:
		return
	}
	f.fault = &Error{File: Name, Line: at.line, Column: at.column, Message: problem}
}

// place counts lines and characters. The parser's own Shape counts from the beginning of the file each time.
func (f *finder) place(key *unstable.Node) place {
	at := int(key.Raw.Offset)
	line, _ := slices.BinarySearch(f.ends, at)
	start := 0
	if line > 0 {
		start = f.ends[line-1] + 1
	}
	return place{line: line + 1, column: utf8.RuneCount(f.data[start:min(at, len(f.data))]) + 1}
}

func (f *finder) pair(path string, e *unstable.Node) {
	keys := e.Key()
	for f.fault == nil && keys.Next() {
		path = f.note(path, keys.Node())
	}
	f.value(path, e.Value())
}

func (f *finder) value(path string, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for pairs := v.Children(); f.fault == nil && pairs.Next(); {
			f.pair(path, pairs.Node())
		}
	case unstable.Array:
		i := 0
		for items := v.Children(); f.fault == nil && items.Next(); {
			if items.Node().Kind == unstable.Comment {
				continue
			}
			f.count(item(path, i), f.at[path])
			f.at[item(path, i)] = f.at[path]
			f.value(item(path, i), items.Node())
			i++
		}
	}
}

// words shows a path in a message: pool.recycle.
func words(path string) string {
	var b strings.Builder
	for name := range strings.SplitSeq(strings.TrimSuffix(path, "\x00"), "\x00") {
		if _, err := strconv.Atoi(name); err == nil && b.Len() > 0 {
			continue // the entries of a list look alike in TOML: [[pools]]
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(name)
	}
	return b.String()
}
