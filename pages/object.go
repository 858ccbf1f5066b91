package pages

import (
	"errors"
	"fmt"

	"huygens/pages/script"
)

// A hostObject is what code and markup see under a name: page, request, response and what hangs on them. One
// implementation serves both (script.Members, and through inMarkup markup.Object).
type hostObject interface {
	Get(name string) (any, bool)
	Set(name string, value any) error
	Names() []string
}

// A function is a method of a host object.
type function = func(call *script.Call) (any, error)

// errReadOnly is the cause of the error when code sets what it can only read.
var errReadOnly = errors.New("it can only be read")

// readOnly is embedded by objects that cannot be changed.
type readOnly struct{}

func (readOnly) Set(name string, _ any) error { return fmt.Errorf("setting %s: %w", name, errReadOnly) }

// inMarkup shows a host object to templates.
type inMarkup struct{ hostObject }

// Field returns a member; other host objects are shown the same way.
func (m inMarkup) Field(name string) (any, bool) {
	v, ok := m.Get(name)
	if o, isObject := v.(hostObject); isObject {
		return inMarkup{o}, true
	}
	if _, isFunction := v.(function); isFunction {
		return nil, false
	}
	return v, ok
}

// Method returns a function as templates call it.
func (m inMarkup) Method(name string) (func(args []any) (any, error), bool) {
	v, _ := m.Get(name)
	f, ok := v.(function)
	if !ok {
		return nil, false
	}
	return func(args []any) (any, error) { return f(script.NewCall(args...)) }, true
}

// Export is the object as Go value: its members that are no functions.
func (m inMarkup) Export() any {
	all := map[string]any{}
	for _, name := range m.Names() {
		if v, ok := m.Field(name); ok {
			all[name] = v
		}
	}
	return all
}
