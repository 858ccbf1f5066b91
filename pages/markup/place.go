package markup

import (
	"fmt"
	"strings"
	"text/template/parse"
	"unicode/utf8"
)

// A place is an offset, in bytes, in a file of templates.
type place struct {
	file *file
	at   int
}

// position turns the offset into line and column; out of range it is the nearest place there is.
func (p place) position() (line, column int) {
	text := p.file.text
	before := text[:min(max(p.at, 0), len(text))]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// fault makes an error of this place.
func (p place) fault(format string, args ...any) *Error {
	e := &Error{File: p.file.name, Message: fmt.Sprintf(format, args...)}
	e.Line, e.Column = p.position()
	return e
}

// fieldPlaces gives the place of each name of a chain. The parser notes where the second name of a field stands,
// or the first one after a variable or function; the names of a chain stand side by side.
func fieldPlaces(f *file, n parse.Node) []place {
	var names []string
	at := int(n.Position())
	switch n := n.(type) {
	case *parse.FieldNode:
		names = n.Ident
		if len(names) > 1 {
			at -= 1 + len(names[0])
		}
	case *parse.VariableNode:
		names = n.Ident[1:]
	case *parse.ChainNode:
		names = n.Field
	}
	places := make([]place, len(names))
	for i, name := range names {
		places[i] = place{f, at}
		at += 1 + len(name)
	}
	return places
}

// identifiers calls f for each function name in a tree.
func identifiers(n parse.Node, f func(*parse.IdentifierNode)) {
	walk(n, func(n parse.Node) {
		if id, ok := n.(*parse.IdentifierNode); ok {
			f(id)
		}
	})
}

// walk calls f for a node and all nodes in it, in document order.
func walk(n parse.Node, f func(parse.Node)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		f(n)
		for _, child := range n.Nodes {
			walk(child, f)
		}
	case *parse.PipeNode:
		if n == nil {
			return
		}
		f(n)
		for _, cmd := range n.Cmds {
			walk(cmd, f)
		}
	case *parse.CommandNode:
		f(n)
		for _, arg := range n.Args {
			walk(arg, f)
		}
	case *parse.ChainNode:
		f(n)
		walk(n.Node, f)
	case *parse.ActionNode:
		f(n)
		walk(n.Pipe, f)
	case *parse.TemplateNode:
		f(n)
		walk(n.Pipe, f)
	case *parse.IfNode:
		f(n)
		walkBranch(&n.BranchNode, f)
	case *parse.WithNode:
		f(n)
		walkBranch(&n.BranchNode, f)
	case *parse.RangeNode:
		f(n)
		walkBranch(&n.BranchNode, f)
	default:
		f(n)
	}
}

func walkBranch(n *parse.BranchNode, f func(parse.Node)) {
	walk(n.Pipe, f)
	walk(n.List, f)
	walk(n.ElseList, f)
}
