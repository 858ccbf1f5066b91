package frontmatter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// readTOML reads settings written in TOML. A value's place is that of its first-level key: the decoder tells
// no others.
func readTOML(text string) (n node, err error) {
	if at, deep := bracketDepth(text); deep {
		return node{}, &Error{at.line, at.column, "the front matter is nested too deep", ""}
	}
	defer func() {
		if p := recover(); p != nil { // as in readYAML
			err = &Error{1, 1, "the front matter is not TOML", ""}
		}
	}()
	var values map[string]any
	if err := toml.Unmarshal([]byte(text), &values); err != nil {
		fault := &Error{1, 1, "the front matter is not TOML", ""}
		var d *toml.DecodeError
		if errors.As(err, &d) {
			fault.Line, fault.Column = d.Position()
			fault.Line, fault.Column = max(fault.Line, 1), max(fault.Column, 1)
			fault.Message = strings.TrimPrefix(d.Error(), "toml: ")
		}
		return node{}, fault
	}
	r := tomlReader{places: tomlPlaces(text)}
	return r.table(values, place{1, 1}, 0)
}

// tomlPlaces finds the first-level keys of a valid text.
func tomlPlaces(text string) map[string]place {
	places := map[string]place{}
	var p unstable.Parser
	p.Reset([]byte(text))
	inTable := false
	for p.NextExpression() {
		e := p.Expression()
		isTable := e.Kind == unstable.Table || e.Kind == unstable.ArrayTable
		inTable = inTable || isTable
		if !isTable && (e.Kind != unstable.KeyValue || inTable) {
			continue
		}
		keys := e.Key()
		if !keys.Next() {
			continue
		}
		key := keys.Node()
		name := string(key.Data)
		if _, ok := places[name]; ok {
			continue
		}
		start := min(int(key.Raw.Offset), len(text))
		line := text[strings.LastIndexByte(text[:start], '\n')+1 : start]
		places[name] = place{strings.Count(text[:start], "\n") + 1, characters(line) + 1}
	}
	return places
}

type tomlReader struct {
	budget
	places map[string]place
}

func (r *tomlReader) table(values map[string]any, at place, depth int) (node, error) {
	m := new(mapping)
	for key, value := range values {
		where := at
		if depth == 0 {
			where = r.places[key]
		}
		n, err := r.read(value, where, depth+1)
		if err != nil {
			return node{}, err
		}
		m.pairs = append(m.pairs, pair{key, where, n})
	}
	// Go's maps have no order; faults are told in the order of the file.
	slices.SortFunc(m.pairs, func(a, b pair) int {
		if a.at != b.at {
			return (a.at.line-b.at.line)<<16 + a.at.column - b.at.column
		}
		return strings.Compare(a.key, b.key)
	})
	return node{at, m}, nil
}

func (r *tomlReader) read(value any, at place, depth int) (node, error) {
	if err := r.take(depth, at); err != nil {
		return node{}, err
	}
	switch v := value.(type) {
	case map[string]any:
		return r.table(v, at, depth)
	case []any:
		l := list{}
		for _, item := range v {
			n, err := r.read(item, at, depth+1)
			if err != nil {
				return node{}, err
			}
			l = append(l, n)
		}
		return node{at, l}, nil
	case string, bool, int64, float64:
		return node{at, v}, nil
	case time.Time:
		return node{at, v.Format(time.RFC3339Nano)}, nil
	default: // local dates and times, which print as they are written
		return node{at, fmt.Sprint(v)}, nil
	}
}
