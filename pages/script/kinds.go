package script

import (
	"reflect"

	"github.com/dop251/goja"
)

// A shape is what an object of the script is, as far as its host is concerned.
type shape int

const (
	plainShape shape = iota // named members
	arrayShape
	functionShape
	promiseShape
	membersShape // an object of the host
	mapShape
	setShape
	dateShape
	boxedShape // new String("…") and the like
	bytesShape // ArrayBuffer, Uint8Array
	errorShape
	regexpShape
	goShape    // a Go value that the host gave
	otherShape // something of the engine's that has no Go form
)

var (
	typeMap     = reflect.TypeFor[map[string]any]()
	typeEntries = reflect.TypeFor[[][2]any]()
	typeList    = reflect.TypeFor[[]any]()
	typePromise = reflect.TypeFor[*goja.Promise]()
	typeMembers = reflect.TypeFor[*members]()
	typeBytes   = reflect.TypeFor[[]byte]()
	typeBuffer  = reflect.TypeFor[goja.ArrayBuffer]()
)

const enginePath = "github.com/dop251/goja"

// shapeOf tells what an object is. The engine tells most by the type that it would export.
func (r *Runtime) shapeOf(o *goja.Object) shape {
	class := o.ClassName()
	switch class {
	case "Array":
		return arrayShape
	case "Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction":
		return functionShape
	case "Error":
		return errorShape
	case "Date":
		return dateShape
	case "RegExp":
		return regexpShape
	case "String", "Number", "Boolean":
		return boxedShape
	}
	t := o.ExportType()
	switch t {
	case typeMap:
		return plainShape
	case typePromise:
		return promiseShape
	case typeMembers:
		return membersShape
	case typeEntries:
		return mapShape
	case typeList:
		return setShape
	case typeBytes, typeBuffer:
		return bytesShape
	}
	switch {
	case t == nil:
		return otherShape
	case t.Kind() == reflect.Func:
		return functionShape
	case isEnginesType(t):
		return otherShape
	}
	return goShape
}

func isEnginesType(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath() == enginePath
}

// isEngines says whether a value is of a type of the engine's own.
func isEngines(x any) bool { return x != nil && isEnginesType(reflect.TypeOf(x)) }
