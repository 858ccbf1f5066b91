package markup

import (
	"html/template"
	"reflect"
	"text/template/parse"

	texttemplate "text/template"
)

// An Object is a value with named members that lives in another world (a script's object) and is read in place.
type Object interface {
	Field(name string) (any, bool) // false: it has no such member
	Names() []string               // in the order in which range goes through them
	Export() any                   // as Go value
}

// A List is an array of another world.
type List interface {
	Len() int
	At(i int) any // 0 ≤ i < Len
	Export() any
}

// A Scalar is a string, number or boolean of another world.
type Scalar interface {
	String() string // what text shows
	Export() any    // as Go value
}

// A Renderer writes trusted markup itself, appending to out. It can stand in text only, not in an attribute,
// script or style.
type Renderer interface {
	Render(out []byte) []byte
}

// A Caller is an Object with methods: {{request.query.all "x"}}. A method without arguments is called where
// Field does not have the name.
type Caller interface {
	Method(name string) (call func(args []any) (any, error), ok bool)
}

// A Strict object wants a name that it does not have to be a fault, as one of the page's data is.
type Strict interface {
	Strict() bool
}

// absent is the value of a name that does not exist. nil is different: it has no members, which is a fault,
// while a member of absent is absent.
type absent struct{}

// reflectOf gives the reflect.Value of a carried value. Structs and arrays that can be addressed travel as
// reflect.Value, so that methods of their pointers stay within reach; everything else travels as itself.
func reflectOf(v any) reflect.Value {
	switch v := v.(type) {
	case reflect.Value:
		return v
	case absent:
		return reflect.Value{}
	}
	return reflect.ValueOf(v)
}

// carry is the opposite of reflectOf.
func carry(v reflect.Value) any {
	switch kind := v.Kind(); {
	case kind == reflect.Invalid:
		return absent{}
	case kind == reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return v.Elem().Interface()
	case v.CanAddr() && (kind == reflect.Struct || kind == reflect.Array || v.Type().PkgPath() != ""):
		return v
	}
	return v.Interface()
}

// bare is what functions see of a carried value.
func bare(v any) any {
	switch t := v.(type) {
	case string, int64, map[string]any:
		return v
	case absent:
		return nil
	case reflect.Value:
		return t.Interface()
	case Object, List:
		return v
	case Scalar:
		return t.Export()
	}
	return v
}

// truth is what if sees.
func truth(v any) bool {
	switch t := v.(type) {
	case nil, absent:
		return false
	case bool:
		return t
	case string:
		return t != ""
	case int64:
		return t != 0
	case []any:
		return len(t) > 0
	case map[string]any:
		return len(t) > 0
	case List:
		return t.Len() > 0
	case Object, Renderer:
		return true
	case Scalar:
		return truth(t.Export())
	case reflect.Value:
		v = t.Interface()
	}
	is, _ := texttemplate.IsTrue(v)
	return is
}

// keys lists the names that v has, for messages; nil if v is no such thing.
func keys(v any) []string {
	switch t := v.(type) {
	case Object:
		return t.Names()
	case map[string]any:
		names := make([]string, 0, len(t))
		for name := range t {
			names = append(names, name)
		}
		return names
	}
	rv := reflectOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		rv = rv.Elem()
	}
	var names []string
	switch {
	case rv.Kind() == reflect.Struct:
		for _, f := range reflect.VisibleFields(rv.Type()) {
			if f.IsExported() {
				names = append(names, f.Name)
			}
		}
	case rv.Kind() == reflect.Map && rv.Type().Key().Kind() == reflect.String:
		for _, key := range rv.MapKeys() {
			names = append(names, key.String())
		}
	}
	return names
}

// kindName says in plain words what v is.
func kindName(v any) string {
	switch t := v.(type) {
	case nil, absent:
		return "nothing"
	case string, template.HTML:
		return "a string"
	case bool:
		return "a boolean"
	case List:
		return "a list"
	case Object:
		return "an object"
	case Scalar:
		return kindName(t.Export())
	}
	rv := reflectOf(v)
	switch {
	case rv.CanInt(), rv.CanUint(), rv.CanFloat():
		return "a number"
	case rv.Kind() == reflect.String:
		return "a string"
	case rv.Kind() == reflect.Slice, rv.Kind() == reflect.Array:
		return "a list"
	case rv.Kind() == reflect.Map:
		return "an object"
	}
	return "a " + rv.Type().String()
}

// number gives the value of a constant by the rules of text/template: its syntax decides the type.
func number(n *parse.NumberNode) (any, string) {
	switch {
	case n.IsComplex:
		return n.Complex128, ""
	case n.IsFloat && floatSyntax(n.Text):
		return n.Float64, ""
	case n.IsInt && int64(int(n.Int64)) == n.Int64:
		return int(n.Int64), ""
	}
	return nil, n.Text + " is too large a number"
}
