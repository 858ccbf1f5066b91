package script

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dop251/goja"
)

// What a guarded function may be asked for. More than this is refused by a RangeError that the script can catch; the
// engine would try, and end the process.
const (
	maxString = 64 << 20 // characters of a string from repeat, padStart, padEnd
	maxBuffer = 64 << 20 // bytes of an ArrayBuffer or typed array
	maxArray  = 10 << 20 // elements of new Array(n)
)

// guards say which dangerous functions of the language a program can reach. Guarding all of them costs more than a
// small page, so those that the program's text never names are left alone.
type guards struct {
	json, pad, array, arrayConstructor, locale bool
	buffers                                    []buffer
}

// A buffer is a class whose objects are bytes.
type buffer struct {
	class string
	size  int64 // bytes of an element
}

func buffers() []buffer {
	return []buffer{
		{"ArrayBuffer", 1},
		{"Int8Array", 1},
		{"Uint8Array", 1},
		{"Uint8ClampedArray", 1},
		{"Int16Array", 2},
		{"Uint16Array", 2},
		{"Int32Array", 4},
		{"Uint32Array", 4},
		{"Float32Array", 4},
		{"Float64Array", 8},
		{"BigInt64Array", 8},
		{"BigUint64Array", 8},
	}
}

var (
	reachesAll  = regexp.MustCompile(`\beval\b|\bFunction\b|\.constructor\b|["']constructor|\bglobalThis\b|\bReflect\b`)
	bareArray   = regexp.MustCompile(`\bArray\b\s*(?:[^.\s]|$)|\bArray\.(?:from|prototype)\b`)
	constructor = regexp.MustCompile(`\.constructor\b|["']constructor`)
)

func guardsFor(code string) guards {
	code = strings.TrimPrefix(code, banner)
	all := reachesAll.MatchString(code)
	computed := strings.Contains(code, "](") // a function called by a name that only shows when it runs
	has := func(names ...string) bool {
		for _, name := range names {
			if strings.Contains(code, name) {
				return true
			}
		}
		return all
	}
	g := guards{
		json:             has("JSON"),
		pad:              has("repeat", "pad") || computed,
		array:            all || bareArray.MatchString(code),
		arrayConstructor: constructor.MatchString(code),
		locale:           has("toLocale") || computed,
	}
	for _, b := range buffers() {
		if has(b.class) {
			g.buffers = append(g.buffers, b)
		}
	}
	return g
}

// install puts the guards into a runtime.
func (g guards) install(r *Runtime) {
	if g.json {
		r.wrap(r.builtin("JSON"), "parse", guardParse)
	}
	if g.pad {
		proto := r.prototype("String")
		r.wrap(proto, "repeat", guardRepeat)
		r.wrap(proto, "padStart", guardPad)
		r.wrap(proto, "padEnd", guardPad)
	}
	if g.locale {
		r.installLocale()
	}
	for _, b := range g.buffers {
		r.guardConstructor(b.class, b.size, maxBuffer, true)
	}
	if g.array {
		r.guardConstructor("Array", 1, maxArray, g.arrayConstructor)
	}
}

// prototype is what the objects of a class inherit from.
func (r *Runtime) prototype(class string) *goja.Object {
	if c := r.builtin(class); c != nil {
		o, _ := c.Get("prototype").(*goja.Object)
		return o
	}
	return nil
}

// native is a function of the language as the engine calls it.
type native = func(goja.FunctionCall) goja.Value

// wrap puts check before a function of the language.
func (r *Runtime) wrap(o *goja.Object, name string, check func(*Runtime, goja.FunctionCall)) {
	if o == nil {
		return
	}
	original, ok := o.Get(name).Export().(native)
	if !ok {
		return
	}
	guarded := r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		check(r, c)
		return original(c)
	}).(*goja.Object)
	r.rename(guarded, name)
	r.define(o, name, guarded)
}

// define sets a property as the language defines its own: not enumerable.
func (r *Runtime) define(o *goja.Object, name string, v goja.Value) {
	if err := o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		panic(fmt.Sprintf("defining %s: %v", name, err)) // a runtime is new when it is guarded: nothing is frozen yet
	}
}

// refuse throws a RangeError.
func (r *Runtime) refuse(format string, args ...any) {
	panic(r.newError("RangeError", fmt.Errorf(format, args...)))
}

func guardParse(r *Runtime, c goja.FunctionCall) {
	if err := checkDepth(c.Argument(0).String()); err != nil {
		r.refuse("%w", err)
	}
}

func guardRepeat(r *Runtime, c goja.FunctionCall) {
	s, ok := c.This.(goja.String)
	if !ok {
		return // the engine makes a string of it, which is rare and only as long as what was there before
	}
	if n := c.Argument(0).ToFloat(); n*float64(s.Length()) > maxString {
		r.refuse("repeating a string of %d characters %.0f times makes it longer than %d", s.Length(), n, maxString)
	}
}

func guardPad(r *Runtime, c goja.FunctionCall) {
	if n := c.Argument(0).ToFloat(); n > maxString {
		r.refuse("padding a string to %.0f characters makes it longer than %d", n, maxString)
	}
}

// guardConstructor puts a class in the place of one of the language: the same, but that the length with which it can be
// made is bounded, length×size ≤ most. A Proxy would do, but the engine's ones do not work with instanceof.
func (r *Runtime) guardConstructor(class string, size, most int64, asConstructor bool) {
	original := r.builtin(class)
	construct, ok := goja.AssertConstructor(original)
	if !ok {
		return
	}
	var guarded *goja.Object
	guarded = r.vm.ToValue(func(c goja.ConstructorCall) *goja.Object {
		if len(c.Arguments) > 0 && goja.IsNumber(c.Arguments[0]) && (class != "Array" || len(c.Arguments) == 1) {
			if n := c.Arguments[0].ToFloat(); n*float64(size) > float64(most) {
				r.refuse("an %s of length %.0f is too large", class, n)
			}
		}
		target := c.NewTarget
		if target == guarded {
			target = nil
		}
		o, err := construct(target, c.Arguments...)
		if err != nil {
			panic(err)
		}
		return o
	}).(*goja.Object)
	r.rename(guarded, class)
	prototype := r.prototype(class)
	if err := guarded.Set("prototype", prototype); err != nil || guarded.SetPrototype(original) != nil {
		return // cannot be: both are new
	}
	if asConstructor {
		r.define(prototype, "constructor", guarded)
	}
	r.define(r.vm.GlobalObject(), class, guarded)
}

// checkDepth refuses JSON text that is nested too deeply for the engine, whose parser would exhaust the stack.
func checkDepth(text string) error {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = endOfString(text, i+1)
		case '[', '{':
			if depth++; depth > maxDepth {
				return fmt.Errorf("the JSON is nested more than %d deep", maxDepth)
			}
		case ']', '}':
			depth--
		}
	}
	return nil
}

// endOfString is the place of the quote that ends a string, or the end of the text.
func endOfString(text string, i int) int {
	for i < len(text) && text[i] != '"' {
		if text[i] == '\\' {
			i++
		}
		i++
	}
	return i
}
