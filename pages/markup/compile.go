package markup

import (
	"slices"
	"strings"
	"text/template/parse"
)

// A compiler turns analysed trees into closures. Where it stands (file, variables, what "." and "$" are) changes
// as it goes down.
type compiler struct {
	set      *set
	forest   *forest
	strict   bool
	programs map[string]*program
	fields   map[string]bool
	faults   Errors
	scope
}

// A scope is where the compiler stands.
type scope struct {
	file  *file
	vars  []variable
	slots int
	dot   bool // "." is the page's data
	root  bool // "$" is
}

// A variable has a slot in state.vars. Slot 0 is "$" unless a template was put in place of its call.
type variable struct {
	name string
	slot int
}

func newCompiler(s *set, f *forest, strict bool) *compiler {
	return &compiler{set: s, forest: f, strict: strict, programs: map[string]*program{}, fields: map[string]bool{}}
}

func (c *compiler) fault(n parse.Node, format string, args ...any) {
	c.faults = append(c.faults, c.place(n).fault(format, args...))
}

func (c *compiler) place(n parse.Node) place { return place{c.file, int(n.Position())} }

// program compiles a unit once for calls that hand it the page's data, and once for others.
func (c *compiler) program(u *unit, data bool) *program {
	key := u.key
	if data {
		key += "\x00"
	}
	if p := c.programs[key]; p != nil {
		return p
	}
	p := &program{name: u.name, start: place{u.file, 0}}
	c.programs[key] = p
	before := c.scope
	c.scope = scope{file: u.file, vars: []variable{{"$", 0}}, slots: 1, dot: data, root: data}
	p.run = c.list(c.forest.trees[u.key].Root)
	p.slots = c.slots
	c.scope = before
	return p
}

func nothing(*state, any) flow { return next }

func (c *compiler) list(l *parse.ListNode) step {
	if l == nil {
		return nothing
	}
	steps := make([]step, 0, len(l.Nodes))
	for i := 0; i < len(l.Nodes); i++ {
		var text []byte // of all text nodes that follow each other
		for ; i < len(l.Nodes) && l.Nodes[i].Type() == parse.NodeText; i++ {
			text = append(text, l.Nodes[i].(*parse.TextNode).Text...)
		}
		if len(text) > 0 {
			steps = append(steps, literal(string(text)))
		}
		if i < len(l.Nodes) {
			steps = append(steps, c.node(l.Nodes[i]))
		}
	}
	switch len(steps) {
	case 0:
		return nothing
	case 1:
		return steps[0]
	}
	return func(s *state, dot any) flow {
		for _, st := range steps {
			if f := st(s, dot); f != next {
				return f
			}
		}
		return next
	}
}

func (c *compiler) node(n parse.Node) step {
	switch n := n.(type) {
	case *parse.ActionNode:
		return c.action(n)
	case *parse.IfNode:
		return c.branch(&n.BranchNode, false)
	case *parse.WithNode:
		return c.branch(&n.BranchNode, true)
	case *parse.RangeNode:
		return c.ranges(n)
	case *parse.TemplateNode:
		return c.template(n)
	case *parse.ListNode:
		return c.inlined(n, c.forest.inlined[n])
	case *parse.BreakNode:
		return func(*state, any) flow { return breaks }
	case *parse.ContinueNode:
		return func(*state, any) flow { return continues }
	}
	c.fault(n, "%s cannot stand here", n)
	return nothing
}

func literal(text string) step {
	return func(s *state, _ any) flow {
		s.out = append(s.out, text...)
		return next
	}
}

// branch compiles if and with.
func (c *compiler) branch(n *parse.BranchNode, with bool) step {
	mark, dot := len(c.vars), c.dot
	cond := c.pipe(n.Pipe, false)
	own := len(c.vars)
	c.dot = dot && !with || with && c.isData(n.Pipe)
	yes := c.list(n.List)
	c.vars, c.dot = c.vars[:own], dot
	no := c.list(n.ElseList)
	c.vars = c.vars[:mark]
	return func(s *state, dot any) flow {
		v, err := cond(s, dot)
		if err != nil {
			return s.fail(err)
		}
		if !truth(v) {
			return no(s, dot)
		}
		if with {
			dot = v
		}
		return yes(s, dot)
	}
}

// template compiles a call.
func (c *compiler) template(n *parse.TemplateNode) step {
	u := c.set.units[n.Name]
	arg := c.argument(n.Pipe)
	p := c.program(u, c.isData(n.Pipe))
	at := &callSite{c.place(n), u.name}
	return func(s *state, dot any) flow {
		v, err := arg(s, dot)
		if err != nil {
			return s.fail(err)
		}
		return s.call(p, v, at)
	}
}

// inlined compiles a template that stands in place of its call: its own dot, $ and variables, in slots of the
// template around it.
func (c *compiler) inlined(l *parse.ListNode, called *call) step {
	if called == nil {
		return c.list(l)
	}
	n := called.node
	arg := c.argument(n.Pipe)
	at := &callSite{c.place(n), called.unit.name}
	data := c.isData(n.Pipe)
	before := c.scope
	slot := c.slots
	c.scope = scope{file: called.unit.file, vars: []variable{{"$", slot}}, slots: slot + 1, dot: data, root: data}
	body := c.list(l)
	before.slots = c.slots
	c.scope = before
	return func(s *state, dot any) flow {
		v, err := arg(s, dot)
		if err == nil {
			err = s.tick(at.place)
		}
		if err != nil {
			return s.fail(err)
		}
		s.vars[slot] = v
		s.calls = append(s.calls, at)
		f := body(s, v)
		s.calls = s.calls[:len(s.calls)-1]
		return f
	}
}

// argument compiles what a template is handed; without one it is handed nothing.
func (c *compiler) argument(p *parse.PipeNode) expr {
	if p == nil {
		return func(*state, any) (any, error) { return absent{}, nil }
	}
	return c.pipe(p, true)
}

// isData reports whether a pipeline is just "." or "$" where that is the page's data.
func (c *compiler) isData(p *parse.PipeNode) bool {
	if p == nil || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return false
	}
	switch n := p.Cmds[0].Args[0].(type) {
	case *parse.DotNode:
		return c.dot
	case *parse.VariableNode:
		return c.root && len(n.Ident) == 1 && n.Ident[0] == "$"
	case *parse.PipeNode:
		return c.isData(n)
	}
	return false
}

func (c *compiler) declare(name string) int {
	slot := c.slots
	c.slots++
	c.vars = append(c.vars, variable{name, slot})
	return slot
}

// slot finds a variable. The parser lets one pass that was declared in the other branch of an {{if}}.
func (c *compiler) slot(n *parse.VariableNode) int {
	for _, v := range slices.Backward(c.vars) {
		if v.name == n.Ident[0] {
			return v.slot
		}
	}
	c.fault(n, "there is no variable %s here", n.Ident[0])
	return 0
}

// action compiles {{pipeline}}: what stands before the escapers computes, the escapers write.
func (c *compiler) action(n *parse.ActionNode) step {
	p := n.Pipe
	if len(p.Decl) > 0 {
		e := c.pipe(p, true)
		return func(s *state, dot any) flow {
			if _, err := e(s, dot); err != nil {
				return s.fail(err)
			}
			return next
		}
	}
	k := len(p.Cmds)
	for k > 1 && escaperOf(p.Cmds[k-1]) != nil {
		k--
	}
	e, at := c.commands(p.Cmds[:k], true), c.place(n)
	w := newWriter(p.Cmds[k:])
	if w == nil { // html and urlquery at the end of a pipeline count as escapers
		w = written
		if id, ok := p.Cmds[k-1].Args[0].(*parse.IdentifierNode); !ok || id.Ident != "html" && id.Ident != "urlquery" {
			w = inText
		}
	}
	return func(s *state, dot any) flow {
		v, err := e(s, dot)
		if err != nil {
			return s.fail(err)
		}
		if str, ok := v.(string); ok {
			s.out = w.text(s.out, str)
		} else if err := s.write(w, v, at); err != nil {
			return s.fail(err)
		}
		if len(s.out) > s.limit {
			return s.fail(s.check(at))
		}
		return next
	}
}

// write writes what is not a plain string.
func (s *state) write(w *writer, v any, at place) error {
	s.at = at
	out, err := w.append(s.out, v)
	if err != nil {
		return s.wrap(at, err, "")
	}
	s.out = out
	return nil
}

// escaperOf gives the escaper that a command of an analysed pipeline is, nil if it is none.
func escaperOf(cmd *parse.CommandNode) *escaper {
	id, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok || len(cmd.Args) != 1 || !strings.HasPrefix(id.Ident, escaperPrefix) {
		return nil
	}
	return escapers[id.Ident]
}
