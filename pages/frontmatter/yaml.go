package frontmatter

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readYAML reads settings written in YAML. Anchors, aliases and merge keys work, within the budget.
func readYAML(text string) (n node, err error) {
	// The parser takes the square of the nesting in time, so it is bounded before it runs.
	if at, deep := bracketDepth(text); deep {
		return node{}, &Error{at.line, at.column, "the front matter is nested too deep", ""}
	}
	defer func() {
		// The parser is not ours, and its input is whatever a file holds.
		if p := recover(); p != nil {
			err = &Error{1, 1, "the front matter is not YAML", ""}
		}
	}()
	// A lone carriage return is a space: for the parser it would be a line break, for editors it is none.
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", " ")
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return node{}, yamlError(err)
	}
	r := yamlReader{anchors: map[string]ast.Node{}}
	switch len(file.Docs) {
	case 0:
		return node{}, nil
	case 1:
		return r.read(file.Docs[0].Body, 0)
	}
	at := yamlPlace(file.Docs[1])
	return node{}, &Error{at.line, at.column, "front matter is one YAML document, not several", ""}
}

// bracketDepth looks for flow collections that are nested deeper than anybody writes them.
func bracketDepth(text string) (place, bool) {
	at, depth := place{1, 0}, 0
	for _, c := range text {
		at.column++
		switch c {
		case '\n':
			at = place{at.line + 1, 0}
		case '[', '{':
			if depth++; depth > 4*maxDepth {
				return at, true
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return place{}, false
}

func yamlError(err error) error {
	fault := &Error{Line: 1, Column: 1, Message: "the front matter is not YAML", Hint: ""}
	var y yaml.Error
	if errors.As(err, &y) {
		fault.Message = y.GetMessage()
		if t := y.GetToken(); t != nil && t.Position != nil {
			fault.Line, fault.Column = max(t.Position.Line, 1), max(t.Position.Column, 1)
		}
	}
	return fault
}

// A yamlReader turns the parser's tree into ours.
type yamlReader struct {
	budget
	anchors map[string]ast.Node
	open    []string // aliases being expanded
}

func yamlPlace(n ast.Node) place {
	if n != nil {
		if t := n.GetToken(); t != nil && t.Position != nil {
			return place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
		}
	}
	return place{1, 1}
}

func (r *yamlReader) read(n ast.Node, depth int) (node, error) {
	at := yamlPlace(n)
	if err := r.take(depth, at); err != nil {
		return node{}, err
	}
	switch v := n.(type) {
	case nil, *ast.NullNode, *ast.CommentNode, *ast.CommentGroupNode:
		return node{place: at}, nil
	case *ast.MappingNode:
		m := new(mapping)
		return node{at, m}, r.pairs(m, v.Values, depth)
	case *ast.MappingValueNode:
		m := new(mapping)
		return node{at, m}, r.pairs(m, []*ast.MappingValueNode{v}, depth)
	case *ast.SequenceNode:
		return r.sequence(v, depth)
	case *ast.AnchorNode:
		r.anchors[v.Name.String()] = v.Value
		return r.read(v.Value, depth+1)
	case *ast.AliasNode:
		return r.alias(v, depth)
	case *ast.TagNode:
		return r.read(v.Value, depth+1)
	case *ast.LiteralNode: // | or >
		return node{at, v.Value.Value}, nil
	case ast.ScalarNode:
		return node{at, yamlScalar(v)}, nil
	}
	return node{}, &Error{at.line, at.column, "this YAML cannot stand in front matter", ""}
}

func (r *yamlReader) sequence(v *ast.SequenceNode, depth int) (node, error) {
	l := list{}
	for _, item := range v.Values {
		n, err := r.read(item, depth+1)
		if err != nil {
			return node{}, err
		}
		l = append(l, n)
	}
	return node{yamlPlace(v), l}, nil
}

func (r *yamlReader) alias(v *ast.AliasNode, depth int) (node, error) {
	at, name := yamlPlace(v), v.Value.String()
	target, ok := r.anchors[name]
	if !ok {
		return node{}, &Error{at.line, at.column, fmt.Sprintf("there is no anchor %q", name), ""}
	}
	for _, o := range r.open {
		if o == name {
			return node{}, &Error{at.line, at.column, fmt.Sprintf("anchor %q contains itself", name), ""}
		}
	}
	r.open = append(r.open, name)
	n, err := r.read(target, depth+1)
	r.open = r.open[:len(r.open)-1]
	n.place = at
	return n, err
}

// pairs adds the pairs of a mapping to m. A key given twice is a fault; a key of the mapping wins over a
// merged one.
func (r *yamlReader) pairs(m *mapping, values []*ast.MappingValueNode, depth int) error {
	var merged []*mapping
	for _, v := range values {
		n, err := r.read(v.Value, depth+1)
		if err != nil {
			return err
		}
		at := yamlPlace(v.Key)
		if v.Key.IsMergeKey() {
			more, ok := n.value.(*mapping)
			if !ok {
				return &Error{at.line, at.column, "<< takes keys from elsewhere, this is " + n.kind(), ""}
			}
			merged = append(merged, more)
			continue
		}
		key, err := yamlKey(v.Key)
		if err != nil {
			return err
		}
		if m.has(key) {
			return &Error{at.line, at.column, fmt.Sprintf("key %q is there twice", key), ""}
		}
		m.pairs = append(m.pairs, pair{key, at, n})
	}
	for _, more := range merged {
		for _, p := range more.pairs {
			if err := r.take(depth, p.at); err != nil {
				return err
			}
			if !m.has(p.key) {
				m.pairs = append(m.pairs, p)
			}
		}
	}
	return nil
}

func yamlKey(n ast.Node) (string, error) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, nil
	case *ast.MappingKeyNode:
		return yamlKey(v.Value)
	case ast.ScalarNode:
		return fmt.Sprint(v.GetValue()), nil
	}
	at := yamlPlace(n)
	return "", &Error{at.line, at.column, "a key must be text", ""}
}

func yamlScalar(n ast.ScalarNode) any {
	switch v := n.GetValue().(type) {
	case int64:
		return v
	case uint64:
		if v > math.MaxInt64 {
			return float64(v)
		}
		return int64(v)
	case string, bool, float64, nil:
		return v
	default:
		return fmt.Sprint(v)
	}
}
