package markup

import (
	"reflect"
	"strings"
	"text/template/parse"
)

// A builtin is a predefined function. It gets carried values.
type builtin func(args []any) (any, error)

// predefined are the names that authors may call without anybody giving them.
var predefined = map[string]bool{
	"and": true, "or": true, "not": true, "default": true,
	"eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true,
	"print": true, "printf": true, "println": true, "html": true, "js": true, "urlquery": true,
	"index": true, "slice": true, "len": true, "call": true,
}

// builtinOf gives a predefined function, and those that html/template's analysis writes into pipelines.
func builtinOf(name string) builtin {
	switch name {
	case "not":
		return one(func(v any) (any, error) { return !truth(v), nil })
	case "default":
		return two(orDefault)
	case "eq":
		return equalAny
	case "ne":
		return two(func(a, b any) (any, error) { eq, err := equal(a, b); return !eq, err })
	case "lt", "le", "gt", "ge":
		return two(comparison(name))
	case "print":
		return func(args []any) (any, error) { return sprint(args) }
	case "println":
		return sprintln
	case "printf":
		return sprintf
	case "html", "js", "urlquery":
		return escaping(name)
	case "index":
		return index
	case "slice":
		return slice
	case "len":
		return one(length)
	case "_eval_args_":
		return evalArgs
	}
	return nil
}

func one(f func(any) (any, error)) builtin {
	return func(args []any) (any, error) {
		if len(args) != 1 {
			return nil, wrongCount("one argument", len(args))
		}
		return f(args[0])
	}
}

func two(f func(a, b any) (any, error)) builtin {
	return func(args []any) (any, error) {
		if len(args) != 2 {
			return nil, wrongCount("two arguments", len(args))
		}
		return f(args[0], args[1])
	}
}

// orDefault is {{default "none" .x}}.
func orDefault(otherwise, v any) (any, error) {
	if truth(v) {
		return v, nil
	}
	return otherwise, nil
}

// function compiles the call of a function.
func (c *compiler) function(id *parse.IdentifierNode, nodes []parse.Node, final expr) expr {
	name := id.Ident
	args := c.arguments(nodes, final, !lenient[name])
	if f := c.set.options.Funcs[name]; f != nil {
		return given(name, f, args, c.place(id))
	}
	switch {
	case name == "and" || name == "or":
		return c.logic(id, args)
	case name == "call":
		return c.callFunction(id, args)
	case strings.HasPrefix(name, escaperPrefix):
		return c.escaping(id, args)
	}
	f := builtinOf(name)
	if f == nil {
		c.fault(id, "there is no function %q", name)
	}
	return own(name, f, args, c.place(id))
}

// given calls a function of Options.
func given(name string, f Func, args arguments, at place) expr {
	return func(s *state, dot any) (any, error) {
		list, err := args.bare(s, dot)
		if err == nil {
			err = s.alive(at)
		}
		if err != nil {
			return nil, err
		}
		s.at = at
		v, err := f(s.env, list)
		if err != nil {
			return nil, s.wrap(at, err, name+": "+err.Error())
		}
		return v, nil
	}
}

// own calls a predefined function. Texts it makes may not outgrow a page: a loop could double them.
func own(name string, f builtin, args arguments, at place) expr {
	return func(s *state, dot any) (any, error) {
		list, err := args.carried(s, dot)
		if err != nil {
			return nil, err
		}
		s.at = at
		v, err := f(list)
		if err != nil {
			return nil, s.wrap(at, err, name+": "+err.Error())
		}
		if text, ok := v.(string); ok && len(text) > s.limit-s.start {
			return nil, s.wrap(at, errTooMuch, name+": the text is too long")
		}
		return v, nil
	}
}

// logic compiles and and or. They stop at the operand that decides; what the pipe hands them is computed first.
func (c *compiler) logic(id *parse.IdentifierNode, args arguments) expr {
	n := len(args.list)
	if n == 0 {
		c.fault(id, "%s wants at least one argument", id.Ident)
		return dotOf
	}
	isOr, last := id.Ident == "or", args.list[n-1]
	rest := args.list[:n-1]
	return func(s *state, dot any) (v any, err error) {
		var handed any
		if last.piped {
			if handed, err = last.expr(s, dot); err != nil {
				return nil, err
			}
		}
		for _, arg := range rest {
			if v, err = arg.expr(s, dot); err != nil || truth(v) == isOr {
				return v, err
			}
		}
		if last.piped {
			return handed, nil
		}
		return last.expr(s, dot)
	}
}

// callFunction compiles {{call .f 1 2}}: of a Go function that the data has.
func (c *compiler) callFunction(id *parse.IdentifierNode, args arguments) expr {
	at := c.place(id)
	if len(args.list) == 0 {
		c.fault(id, "call wants a function")
		return dotOf
	}
	return func(s *state, dot any) (any, error) {
		v, err := args.list[0].expr(s, dot)
		if err != nil {
			return nil, err
		}
		fn := reflectOf(v)
		if _, foreign := v.(Object); foreign || fn.Kind() != reflect.Func || fn.IsNil() {
			return nil, s.fault(at, "call: %s is no function", kindName(v))
		}
		s.at = at
		return s.callReflected(at, "call", fn, &invocation{dot, arguments{args.list[1:]}})
	}
}

// escaping compiles an escaper in the middle of a pipeline.
func (c *compiler) escaping(id *parse.IdentifierNode, args arguments) expr {
	e, at := escapers[id.Ident], c.place(id)
	if e == nil || len(args.list) != 1 {
		c.fault(id, "html/template knows an escaper that we do not: %s", id.Ident)
		return dotOf
	}
	w := &writer{first: e}
	return func(s *state, dot any) (any, error) {
		v, err := args.list[0].expr(s, dot)
		if err != nil {
			return nil, err
		}
		s.at = at
		text, err := w.append(nil, v)
		if err != nil {
			return nil, s.wrap(at, err, "")
		}
		return string(text), nil
	}
}
