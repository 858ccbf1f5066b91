package script

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/dop251/goja"
)

// members shows an object of the host to the engine.
type members struct {
	Members
	r *Runtime
}

// show makes an object of the script that stands for one of the host; always the same for the same one.
func (r *Runtime) show(m Members) *goja.Object {
	same := reflect.ValueOf(m).Comparable()
	if same {
		if o, ok := r.shown[m]; ok {
			return o
		}
	}
	o := r.vm.NewDynamicObject(&members{m, r})
	if same {
		if r.shown == nil {
			r.shown = map[Members]*goja.Object{}
		}
		r.shown[m] = o
	}
	return o
}

// Get reads a member; what all objects have is found where the host has nothing.
func (m *members) Get(key string) goja.Value {
	v, ok := m.Members.Get(key)
	if !ok || v == nil {
		return nil
	}
	if err, ok := v.(error); ok {
		m.r.throw(err)
	}
	if f, ok := v.(func(*Call) (any, error)); ok {
		return m.r.function(key, f)
	}
	return m.r.toScript(v)
}

// Set writes a member.
func (m *members) Set(key string, v goja.Value) bool {
	err := m.Members.Set(key, m.r.fromScript(v))
	if err == nil {
		return true
	}
	names := m.Names()
	if slices.Contains(names, key) {
		m.r.throw(err)
	}
	if near := nearest(key, names); near != "" {
		err = fmt.Errorf("there is no property %q to set; did you mean %s? (%w)", key, near, err)
	} else {
		err = fmt.Errorf("there is no property %q to set (%w)", key, err)
	}
	m.r.throw(err)
	return false
}

// Has says whether there is a member.
func (m *members) Has(key string) bool {
	if v, ok := m.Members.Get(key); ok && v != nil {
		return true
	}
	return slices.Contains(m.Names(), key)
}

// A deleter is a Members of which members can be deleted.
type deleter interface{ Delete(name string) error }

// Delete deletes a member, where that is possible.
func (m *members) Delete(key string) bool {
	d, ok := m.Members.(deleter)
	if !ok {
		return !m.Has(key)
	}
	if err := d.Delete(key); err != nil {
		m.r.throw(err)
	}
	return true
}

// Keys lists the members.
func (m *members) Keys() []string { return m.Names() }

// globals is what stands behind the global object: names are made when they are asked for first.
type globals struct{ r *Runtime }

// Get makes a global and leaves it with the global object, which does not ask again.
func (g globals) Get(name string) goja.Value {
	v, ok := g.r.host.Globals[name]
	var made goja.Value
	switch {
	case ok:
		made = g.r.toScript(v)
	default:
		if made = g.r.standard(name); made == nil {
			return nil
		}
	}
	if err := g.r.vm.GlobalObject().DefineDataProperty(name, made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		return nil
	}
	return made
}

// Set is not reached: assignments make properties of the global object itself.
func (globals) Set(string, goja.Value) bool { return false }

// Has says whether there is such a global.
func (g globals) Has(name string) bool {
	_, ok := g.r.host.Globals[name]
	return ok || isStandard(name)
}

// Delete does nothing.
func (globals) Delete(string) bool { return true }

// Keys lists the host's globals.
func (g globals) Keys() []string {
	names := make([]string, 0, len(g.r.host.Globals))
	for name := range g.r.host.Globals {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
