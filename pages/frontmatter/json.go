package frontmatter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// isJSON says whether a text begins with a JSON object and not with a template action or mere text.
func isJSON(text string) bool {
	inside, ok := strings.CutPrefix(text, "{")
	inside = strings.TrimLeft(inside, " \t\r\n")
	return ok && (strings.HasPrefix(inside, `"`) || strings.HasPrefix(inside, "}"))
}

// jsonEnd returns the offset behind the object.
func jsonEnd(text string) (int, error) {
	var object json.RawMessage
	// What is behind the object has no bearing; one byte more than may be read shows that it is too long.
	d := json.NewDecoder(io.LimitReader(strings.NewReader(text), MaxBytes+1))
	if err := d.Decode(&object); err != nil {
		if len(text) > MaxBytes && errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, &Error{1, 1, fmt.Sprintf("the front matter is not closed, or longer than %d kB", MaxBytes>>10), ""}
		}
		return 0, jsonError(text, err)
	}
	return int(d.InputOffset()), nil
}

func jsonError(text string, err error) error {
	at := len(text)
	message := "the front matter is not closed"
	var s *json.SyntaxError
	if errors.As(err, &s) {
		message = s.Error()
		at = min(int(s.Offset)-1, len(text))
	}
	p := placeIn(text, max(at, 0))
	return &Error{p.line, p.column, message, ""}
}

func placeIn(text string, offset int) place {
	before := text[:offset]
	return place{strings.Count(before, "\n") + 1, characters(before[strings.LastIndexByte(before, '\n')+1:]) + 1}
}

// readJSON reads a JSON object.
func readJSON(text string) (node, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	r := jsonReader{text: text, d: d}
	return r.read(0)
}

type jsonReader struct {
	budget
	text   string
	d      *json.Decoder
	offset int // of the last token
	at     place
}

// next returns the next token and where it begins.
func (r *jsonReader) next() (json.Token, place, error) {
	start := int(r.d.InputOffset())
	for start < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[start]) >= 0 {
		start++
	}
	at := r.advance(start)
	token, err := r.d.Token()
	if err != nil {
		return nil, at, jsonError(r.text, err)
	}
	return token, at, nil
}

// advance counts on from the last token, so that a long text is walked through once.
func (r *jsonReader) advance(to int) place {
	p := placeIn(r.text[r.offset:to], to-r.offset)
	if p.line == 1 {
		p.column += max(r.at.column-1, 0)
	}
	p.line += max(r.at.line-1, 0)
	r.offset, r.at = to, p
	return p
}

func (r *jsonReader) read(depth int) (node, error) {
	token, at, err := r.next()
	if err != nil {
		return node{}, err
	}
	if err := r.take(depth, at); err != nil {
		return node{}, err
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return r.object(at, depth)
		}
		return r.array(at, depth)
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return node{at, i}, nil
		}
		f, err := v.Float64()
		if err != nil {
			return node{}, &Error{at.line, at.column, "the number is too large", ""}
		}
		return node{at, f}, nil
	}
	return node{at, token}, nil
}

func (r *jsonReader) object(at place, depth int) (node, error) {
	m := new(mapping)
	for r.d.More() {
		token, keyAt, err := r.next()
		if err != nil {
			return node{}, err
		}
		key, _ := token.(string)
		n, err := r.read(depth + 1)
		if err != nil {
			return node{}, err
		}
		if m.has(key) {
			return node{}, &Error{keyAt.line, keyAt.column, fmt.Sprintf("key %q is there twice", key), ""}
		}
		m.pairs = append(m.pairs, pair{key, keyAt, n})
	}
	_, _, err := r.next()
	return node{at, m}, err
}

func (r *jsonReader) array(at place, depth int) (node, error) {
	l := list{}
	for r.d.More() {
		n, err := r.read(depth + 1)
		if err != nil {
			return node{}, err
		}
		l = append(l, n)
	}
	_, _, err := r.next()
	return node{at, l}, err
}
