package config

import (
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A place is where a key stands.
type place struct{ line, column int }

// places finds every key of a file that is known to parse: the key of the map is the path of names and list
// numbers, each with a zero byte behind it.
func places(data []byte) map[string]place {
	f := finder{at: map[string]place{}, counts: map[string]int{}}
	f.parser.Reset(data)
	prefix := ""
	for f.parser.NextExpression() {
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
	return f.at
}

type finder struct {
	parser unstable.Parser
	at     map[string]place
	counts map[string]int // of the entries of an array of tables
}

func below(path, name string) string { return path + name + "\x00" }

func item(path string, i int) string { return below(path, strconv.Itoa(i)) }

// keys notes the keys of a table's head and returns its path. A name that is an array of tables means its last
// entry.
func (f *finder) keys(path string, keys unstable.Iterator, array bool) string {
	for keys.Next() {
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
	if _, known := f.at[path]; !known {
		f.at[path] = f.place(key)
	}
	return path
}

func (f *finder) place(key *unstable.Node) place {
	start := f.parser.Shape(key.Raw).Start
	return place{line: start.Line, column: start.Column}
}

func (f *finder) pair(path string, e *unstable.Node) {
	keys := e.Key()
	for keys.Next() {
		path = f.note(path, keys.Node())
	}
	f.value(path, e.Value())
}

func (f *finder) value(path string, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for pairs := v.Children(); pairs.Next(); {
			f.pair(path, pairs.Node())
		}
	case unstable.Array:
		i := 0
		for items := v.Children(); items.Next(); {
			if items.Node().Kind == unstable.Comment {
				continue
			}
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
