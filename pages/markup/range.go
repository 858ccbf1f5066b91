package markup

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"text/template/parse"
)

// A loop is a compiled range.
type loop struct {
	place
	over expr
	body step
	none step // what else says
	key  int  // slots of the variables; -1: there is none
	item int
}

func (c *compiler) ranges(n *parse.RangeNode) step {
	mark, dot := len(c.vars), c.dot
	l := &loop{place: c.place(n), over: c.pipe(n.Pipe, true), key: -1, item: -1}
	switch decl := n.Pipe.Decl; len(decl) {
	case 1:
		l.item = c.slot(decl[0])
	case 2:
		l.key, l.item = c.slot(decl[0]), c.slot(decl[1])
	}
	own := len(c.vars)
	c.dot = false
	l.body = c.list(n.List)
	c.vars, c.dot = c.vars[:own], dot
	l.none = c.list(n.ElseList)
	c.vars = c.vars[:mark]
	return l.run
}

// ranged exports a scalar. Lists and objects may have the methods of one too: they are gone through in place.
func ranged(v any) any {
	switch t := v.(type) {
	case List, Object:
	case Scalar:
		return t.Export()
	}
	return v
}

func (l *loop) run(s *state, dot any) flow {
	v, err := l.over(s, dot)
	if err != nil {
		return s.fail(err)
	}
	v = ranged(v)
	some := false
	visit := func(key, item any) flow {
		some = true
		return l.once(s, key, item)
	}
	f := next
	switch t := v.(type) {
	case []any:
		for i, item := range t {
			if f = visit(l.index(i), item); f != next {
				break
			}
		}
	case List:
		s.at = l.place
		for i, n := 0, t.Len(); i < n && f == next; i++ {
			s.at = l.place
			f = visit(l.index(i), t.At(i))
		}
	case Object:
		f = l.members(s, t, visit)
	case map[string]any:
		for _, key := range sortedKeys(t) {
			if f = visit(key, t[key]); f != next {
				break
			}
		}
	default:
		f = l.reflected(s, v, visit)
	}
	switch {
	case f == fails:
		return fails
	case !some:
		return l.none(s, dot)
	}
	return next
}

// index boxes a number only if there is a variable for it.
func (l *loop) index(i int) any {
	if l.key < 0 {
		return nil
	}
	return i
}

// once runs the body for one item. next: go on.
func (l *loop) once(s *state, key, item any) flow {
	if err := s.tick(l.place); err != nil {
		return s.fail(err)
	}
	if l.item >= 0 {
		s.vars[l.item] = item
	}
	if l.key >= 0 {
		s.vars[l.key] = key
	}
	if f := l.body(s, item); f != continues {
		return f
	}
	return next
}

func (l *loop) members(s *state, o Object, visit func(key, item any) flow) flow {
	s.at = l.place
	for _, name := range o.Names() {
		s.at = l.place
		item, ok := o.Field(name)
		if !ok {
			continue
		}
		if f := visit(name, item); f != next {
			return f
		}
	}
	return next
}

// reflected goes through a Go value.
func (l *loop) reflected(s *state, v any, visit func(key, item any) flow) flow {
	rv := reflectOf(v)
	for (rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Interface) && !rv.IsNil() {
		rv = rv.Elem()
	}
	f := next
	switch kind := rv.Kind(); {
	case kind == reflect.Invalid:
	case kind == reflect.Slice || kind == reflect.Array:
		for i := 0; i < rv.Len() && f == next; i++ {
			f = visit(l.index(i), carry(rv.Index(i)))
		}
	case kind == reflect.Map:
		for _, key := range sortedMapKeys(rv) {
			if f = visit(carry(key), carry(rv.MapIndex(key))); f != next {
				break
			}
		}
	case rv.CanInt() || rv.CanUint() || kind == reflect.Func && rv.Type().CanSeq():
		if l.key >= 0 {
			return s.fail(s.fault(l.place, "range over %s has one variable only", kindName(v)))
		}
		s.at = l.place
		for item := range rv.Seq() {
			if f = visit(absent{}, carry(item)); f != next {
				break
			}
		}
	case kind == reflect.Func && rv.Type().CanSeq2():
		s.at = l.place
		for key, item := range rv.Seq2() {
			if l.key < 0 {
				item = key
			}
			if f = visit(carry(key), carry(item)); f != next {
				break
			}
		}
	default:
		return s.fail(s.fault(l.place, "range cannot go through %s", kindName(v)))
	}
	return f
}

// sortedMapKeys orders the keys of a map as fmt does.
func sortedMapKeys(m reflect.Value) []reflect.Value {
	mapKeys := m.MapKeys()
	slices.SortFunc(mapKeys, func(a, b reflect.Value) int {
		if a.Kind() == reflect.Interface {
			a, b = a.Elem(), b.Elem()
		}
		if o, err := order(carry(a), carry(b)); err == nil && o != unordered {
			return o
		}
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	return mapKeys
}
