package markup

import (
	"strings"
	"text/template/parse"
)

// lenient are the functions whose operands may be names that do not exist. if and with are so too.
var lenient = map[string]bool{"and": true, "or": true, "not": true, "default": true}

// pipe compiles a pipeline with its declarations. must: a name that the page's data lacks is a fault when it is
// all that the pipeline says.
func (c *compiler) pipe(p *parse.PipeNode, must bool) expr {
	e := untyped(c.commands(p.Cmds, must))
	if len(p.Decl) == 0 {
		return e
	}
	slots := make([]int, len(p.Decl))
	for i, d := range p.Decl {
		if p.IsAssign {
			slots[i] = c.slot(d)
		} else {
			slots[i] = c.declare(d.Ident[0])
		}
	}
	return func(s *state, dot any) (any, error) {
		v, err := e(s, dot)
		if err != nil {
			return nil, err
		}
		for _, slot := range slots {
			s.vars[slot] = v
		}
		return v, nil
	}
}

// commands compiles "a | b | c".
func (c *compiler) commands(cmds []*parse.CommandNode, must bool) expr {
	var e expr
	for i, cmd := range cmds {
		m := must
		if i+1 < len(cmds) {
			id, ok := cmds[i+1].Args[0].(*parse.IdentifierNode)
			m = !ok || !lenient[id.Ident]
		}
		e = c.command(cmd, e, m)
	}
	return e
}

// untyped: a nil that comes out of a pipeline has lost its type; it is absent from there on.
func untyped(e expr) expr {
	return func(s *state, dot any) (any, error) {
		v, err := e(s, dot)
		if v == nil {
			v = absent{}
		}
		return v, err
	}
}

// command compiles one command; final is what the pipe hands it, nil if it is the first.
func (c *compiler) command(cmd *parse.CommandNode, final expr, must bool) expr {
	args := cmd.Args[1:]
	switch n := cmd.Args[0].(type) {
	case *parse.FieldNode:
		return c.chain(dotOf, n, c.dot, args, final, must)
	case *parse.ChainNode:
		return c.chainOf(n, args, final, must)
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return c.chain(c.variable(n), n, c.root && n.Ident[0] == "$", args, final, must)
		}
	case *parse.IdentifierNode:
		return c.function(n, args, final)
	case *parse.NilNode:
		c.fault(n, "nil alone is no command")
	}
	if len(args) > 0 || final != nil {
		c.fault(cmd.Args[0], "%s is no function; it cannot be given arguments", cmd.Args[0])
	}
	return c.operand(cmd.Args[0], must)
}

func dotOf(_ *state, dot any) (any, error) { return dot, nil }

func (c *compiler) variable(n *parse.VariableNode) expr {
	slot := c.slot(n)
	return func(s *state, _ any) (any, error) { return s.vars[slot], nil }
}

// operand compiles an argument.
func (c *compiler) operand(n parse.Node, must bool) expr {
	switch n := n.(type) {
	case *parse.DotNode:
		return dotOf
	case *parse.FieldNode:
		return c.chain(dotOf, n, c.dot, nil, nil, must)
	case *parse.VariableNode:
		if len(n.Ident) == 1 {
			return c.variable(n)
		}
		return c.chain(c.variable(n), n, c.root && n.Ident[0] == "$", nil, nil, must)
	case *parse.ChainNode:
		return c.chainOf(n, nil, nil, must)
	case *parse.PipeNode:
		return c.pipe(n, must)
	case *parse.IdentifierNode:
		return c.function(n, nil, nil)
	}
	v := c.constant(n)
	return func(*state, any) (any, error) { return v, nil }
}

func (c *compiler) constant(n parse.Node) any {
	switch n := n.(type) {
	case *parse.BoolNode:
		return n.True
	case *parse.StringNode:
		return n.Text
	case *parse.NilNode:
		return nil
	case *parse.NumberNode:
		v, fault := number(n)
		if fault != "" {
			c.fault(n, "%s", fault)
		}
		return v
	}
	c.fault(n, "%s cannot stand here", n)
	return nil
}

// floatSyntax tells 1.0 and 1e3 from 1, 0xe and 'e'.
func floatSyntax(text string) bool {
	hex := len(text) > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && !strings.ContainsAny(text, "pP")
	return !hex && text[0] != '\'' && strings.ContainsAny(text, ".eEpP")
}

// chainOf compiles (pipeline).a.b and function.a.b.
func (c *compiler) chainOf(n *parse.ChainNode, args []parse.Node, final expr, must bool) expr {
	if n.Node.Type() == parse.NodeNil {
		c.fault(n, "nil has no members")
	}
	data := false
	if p, ok := n.Node.(*parse.PipeNode); ok {
		data = c.isData(p)
	}
	return c.chain(c.operand(n.Node, true), n, data, args, final, must)
}

// chain compiles the fields of a field, variable or chain node, read from what base gives. data: that is the
// page's data.
func (c *compiler) chain(base expr, n parse.Node, data bool, args []parse.Node, final expr, must bool) expr {
	places := fieldPlaces(c.file, n)
	names := fieldNames(n)
	if data {
		c.fields[names[0]] = true
	}
	fields := make([]*field, len(names))
	for i, name := range names {
		fields[i] = &field{name: name, place: places[i], must: must, top: data && i == 0 && c.strict}
	}
	last := fields[len(fields)-1]
	fields = fields[:len(fields)-1]
	if len(args) > 0 || final != nil {
		return c.methodCall(base, fields, last, args, final)
	}
	if len(fields) == 0 {
		return func(s *state, dot any) (any, error) {
			v, err := base(s, dot)
			if err != nil {
				return nil, err
			}
			return last.get(s, v)
		}
	}
	return func(s *state, dot any) (any, error) {
		v, err := along(s, dot, base, fields)
		if err != nil {
			return nil, err
		}
		return last.get(s, v)
	}
}

// along reads fields one after the other.
func along(s *state, dot any, base expr, fields []*field) (any, error) {
	v, err := base(s, dot)
	for _, f := range fields {
		if err != nil {
			return nil, err
		}
		v, err = f.get(s, v)
	}
	return v, err
}

func fieldNames(n parse.Node) []string {
	switch n := n.(type) {
	case *parse.FieldNode:
		return n.Ident
	case *parse.VariableNode:
		return n.Ident[1:]
	case *parse.ChainNode:
		return n.Field
	}
	return nil
}

// methodCall compiles a chain whose last name is a method that is given arguments.
func (c *compiler) methodCall(base expr, fields []*field, last *field, args []parse.Node, final expr) expr {
	list := c.arguments(args, final, true)
	return func(s *state, dot any) (any, error) {
		v, err := along(s, dot, base, fields)
		if err != nil {
			return nil, err
		}
		return last.call(s, dot, v, list)
	}
}
