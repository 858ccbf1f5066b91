package script

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sort"
	"strings"

	"github.com/dop251/goja/parser"
)

// The engine counts columns from 1 and looks them up as if they were counted from 0, as a source map does. So the
// map that it gets has all columns moved by one: then what it finds is right, and counted from 1.

// A mapping is a source map, in the engine's form and readable by us.
type mapping struct {
	sources  []string
	segments []segment
	moved    []byte // the JSON for the engine
}

// A segment says where a piece of generated code comes from. Lines and columns from 0.
type segment struct {
	line, column             int
	source                   int // -1: nowhere
	sourceLine, sourceColumn int
}

var errMapping = errors.New("malformed source map")

type mapJSON struct {
	Version  int      `json:"version"`
	Sources  []string `json:"sources"`
	Mappings string   `json:"mappings"`
	Names    []string `json:"names"`
}

func readMapping(data []byte) (*mapping, error) {
	var j mapJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("reading the source map: %w", err)
	}
	m := &mapping{}
	for i, name := range j.Sources {
		name = strings.TrimPrefix(name, namespace+":")
		m.sources = append(m.sources, name)
		j.Sources[i] = (&url.URL{Path: "./" + name}).EscapedPath()
	}
	var err error
	if j.Mappings, err = m.read(j.Mappings); err != nil {
		return nil, err
	}
	j.Names = []string{}
	m.moved, err = json.Marshal(j)
	return m, err
}

// read decodes the segments and returns them encoded again with their columns moved by one and without names.
func (m *mapping) read(text string) (string, error) {
	var out []byte
	moved := false
	var last, placed segment // placed: the last one that has a source, which the next one's is relative to
	for line, part := range strings.Split(text, ";") {
		if line > 0 {
			out = append(out, ';')
		}
		last.line, last.column = line, 0
		for i, item := range strings.Split(part, ",") {
			if item == "" {
				continue
			}
			fields, err := readVLQ(item)
			if err != nil || len(fields) == 0 {
				return "", errMapping
			}
			if i > 0 {
				out = append(out, ',')
			} else {
				last.column = 0
			}
			last.column += fields[0]
			last.source = -1
			if i == 0 {
				fields[0]++
			}
			if len(fields) >= 4 {
				fields = fields[:4]
				last.source, last.sourceLine, last.sourceColumn = placed.source+fields[1], placed.sourceLine+fields[2], placed.sourceColumn+fields[3]
				if !moved {
					fields[3]++
					moved = true
				}
				placed = last
			}
			if last.column < 0 || last.source >= len(m.sources) {
				return "", errMapping
			}
			m.segments = append(m.segments, last)
			for _, f := range fields {
				out = appendVLQ(out, f)
			}
		}
	}
	return string(out), nil
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func readVLQ(s string) ([]int, error) {
	var list []int
	value, shift := 0, 0
	for i := range len(s) {
		d := strings.IndexByte(base64Digits, s[i])
		if d < 0 || shift > 30 {
			return nil, errMapping
		}
		value |= d & 31 << shift
		shift += 5
		if d&32 != 0 {
			continue
		}
		if value&1 != 0 {
			value = -value
		}
		list = append(list, value/2)
		value, shift = 0, 0
	}
	if shift != 0 {
		return nil, errMapping
	}
	return list, nil
}

func appendVLQ(out []byte, v int) []byte {
	v *= 2
	if v < 0 {
		v = -v + 1
	}
	for v > 31 {
		out = append(out, base64Digits[v&31|32])
		v >>= 5
	}
	return append(out, base64Digits[v])
}

// load gives the map to the engine's parser.
func (m *mapping) load(string) ([]byte, error) { return m.moved, nil }

// original finds the place of generated code. Lines and columns from 1.
func (m *mapping) original(line, column int) (name string, l, c int, ok bool) {
	line, column = line-1, column-1
	i := sort.Search(len(m.segments), func(i int) bool {
		s := m.segments[i]
		return s.line > line || s.line == line && s.column > column
	}) - 1
	if i < 0 || m.segments[i].source < 0 {
		return "", 0, 0, false
	}
	s := m.segments[i]
	return m.sources[s.source], s.sourceLine + 1, s.sourceColumn + 1, true
}

// faults translates what the engine's parser says.
func (m *mapping) faults(name string, err error) Errors {
	var list parser.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return Errors{{File: name, Message: err.Error(), Err: err}}
	}
	// What comes after the first is most often its consequence.
	e := &Error{File: name, Message: lowerFirst(list[0].Message)}
	if e.Message == "unexpected reserved word" {
		e.Hint = "import(…) wants a fixed name in quotes"
	}
	if file, line, column, ok := m.original(list[0].Position.Line, list[0].Position.Column); ok {
		e.File, e.Line, e.Column = file, line, column
	}
	return Errors{e}
}

// authorFile turns the name of a file as the engine tells it into a site path. false: the code is no author's.
func authorFile(name string) (string, bool) {
	if name == "" || name == internalName {
		return "", false
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	return name, true
}
