package script

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestExport(t *testing.T) {
	for code, want := range map[string]any{
		"undefined": nil, "null": nil, "true": true, "'ü'": "ü", "4e6 / 4": int64(1000000), "1.5": 1.5, "-0": int64(0),
		"[1, 'a', [null]]":                      []any{int64(1), "a", []any{nil}},
		"({ a: 1, b: { c: undefined } })":       map[string]any{"a": int64(1), "b": map[string]any{"c": nil}},
		"({ f() {}, g: () => 1, h: class {} })": map[string]any{},
		"(() => 1)":                             nil,
		"Symbol('x')":                           "x",
		"new Date(0)":                           time.UnixMilli(0),
		"new Date(NaN)":                         nil,
		"new Uint8Array([1, 2]).subarray(1)":    []byte{2},
		"new ArrayBuffer(2)":                    []byte{0, 0},
		"new Map([['a', { b: 1 }], [1, 2]])":    map[string]any{"a": map[string]any{"b": int64(1)}, "1": int64(2)},
		"new Set([1, [2]])":                     []any{int64(1), []any{int64(2)}},
		"/a/g":                                  "/a/g",
		"new String('x')":                       "x",
		"new Error('x').message":                "x",
		"[new Promise(() => {})]":               []any{nil},
		"(() => { const a = { n: 1 }; a.self = a; return a })()": map[string]any{"n": int64(1), "self": nil},
		"(() => { const o = {}; return [o, o] })()":              []any{map[string]any{}, map[string]any{}},
		"new (class A { x = 1; get y() { return 2 } })()":        map[string]any{"x": int64(1)},
		"({ get a() { return 1 } })":                             map[string]any{"a": int64(1)},
		"Object.create({ inherited: 1 })":                        map[string]any{},
		"[, 1]":                                                  []any{nil, int64(1)},
		"rows":                                                   []any{map[string]any{"id": 1}},
		"rows[0]":                                                map[string]any{"id": int64(1)},
		"({ rows })":                                             map[string]any{"rows": []any{map[string]any{"id": 1}}},
		"new Int16Array([1])":                                    []int16{1},
	} {
		rows := []any{map[string]any{"id": 1}}
		r := start(t, "function f() { return "+code+" }", map[string]any{"rows": rows})
		v, err := r.Call(context.Background(), "f")
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		got := Export(v)
		if at, ok := want.(time.Time); ok {
			if date, ok := got.(time.Time); !ok || !date.Equal(at) {
				t.Errorf("%s: got %v", code, got)
			}
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v, want %#v", code, got, want)
		}
	}
}

func TestExportDeep(t *testing.T) {
	v, err := result(t, "let a = 1; for (let i = 0; i < 100_000; i++) a = [a]; return a", nil)
	if err != nil {
		t.Fatal(err)
	}
	depth := 0
	for {
		list, ok := v.([]any)
		if !ok {
			break
		}
		v, depth = list[0], depth+1
	}
	if depth != maxDepth || v != nil {
		t.Errorf("depth is %d, below it is %v", depth, v)
	}
}

// What markup reads: structurally its interfaces.
type (
	markupObject interface {
		Field(string) (any, bool)
		Names() []string
		Export() any
	}
	markupList interface {
		Len() int
		At(int) any
		Export() any
	}
	markupScalar interface {
		String() string
		Export() any
	}
)

func TestInPlace(t *testing.T) {
	data := start(t, "", nil).NewObject()
	if _, ok := data.(markupObject).Field("x"); ok {
		t.Error("a new object has an x")
	}
	r := start(t, `function f() { return { b: 'text', a: [1, { deep: 1.5 }], yes: true, none: null, date: new Date(0), f() {},
		inherit: Object.create({ x: 'from above' }), e: new Error('oops'), big: 10n ** 20n, late: Promise.resolve(1) } }`, nil)
	v, err := r.Call(context.Background(), "f")
	if err != nil {
		t.Fatal(err)
	}
	o := v.(markupObject)
	if got := strings.Join(o.Names(), " "); got != "b a yes none date f inherit e big late" {
		t.Errorf("names are %s", got)
	}
	field := func(name string) any {
		v, ok := o.Field(name)
		if !ok {
			t.Errorf("there is no %s", name)
		}
		return v
	}
	if s := field("b").(markupScalar); s.String() != "text" || s.Export() != "text" {
		t.Errorf("b is %v", s)
	}
	list := field("a").(markupList)
	if list.Len() != 2 || list.At(0).(markupScalar).String() != "1" || list.At(5) != nil {
		t.Errorf("a is %v", list.Export())
	}
	deep, _ := list.At(1).(markupObject).Field("deep")
	if s := deep.(markupScalar); s.String() != "1.5" || s.Export() != 1.5 {
		t.Errorf("deep is %v", s)
	}
	if field("yes") != true || field("none") != nil {
		t.Error("yes or none is not as it was")
	}
	if d := field("date").(time.Time); d.UnixMilli() != 0 {
		t.Errorf("date is %v", d)
	}
	if x, _ := field("inherit").(markupObject).Field("x"); x.(markupScalar).String() != "from above" {
		t.Errorf("inherited x is %v", x)
	}
	if m, _ := field("e").(markupObject).Field("message"); m.(markupScalar).String() != "oops" {
		t.Errorf("message is %v", m)
	}
	if fmt.Sprint(field("f"), field("late"), field("big")) != "[a function: call it] [a promise: await it] 100000000000000000000" {
		t.Errorf("got %v", []any{field("f"), field("late"), field("big")})
	}
	for _, name := range []string{"x", "toString", "constructor", "hasOwnProperty", "__proto__"} {
		if v, ok := o.Field(name); ok && name != "__proto__" {
			t.Errorf("there is %s: %v", name, v)
		}
	}
}

// Go rows that a script passes on come out as the same Go values, as long as the script has made them.
func TestGoValuesByReference(t *testing.T) {
	type item struct{ Title string }
	rows := []any{map[string]any{"id": 1}}
	same := &item{"x"}
	globals := map[string]any{
		"rows": func(*Call) (any, error) { return rows, nil }, "same": same,
		"take": func(c *Call) (any, error) { return c.Value(0) == any(same), nil },
	}
	r := start(t, `
function f() { const data = { rows: rows() }; return data }
function g() { const r = rows(); r.push({ id: 2 }); return { r, n: r.length, first: r[0].id, mapped: r.map(x => x.id).join() } }
function h() { return take(same) && same.Title }`, globals)
	v, _ := r.Call(context.Background(), "f")
	got, _ := v.(markupObject).Field("rows")
	if list, ok := got.([]any); !ok || &list[0] != &rows[0] {
		t.Errorf("rows are %#v", got)
	}
	v, err := r.Call(context.Background(), "g")
	if want := "map[first:1 mapped:1,2 n:2 r:[map[id:1] map[id:2]]]"; err != nil || fmt.Sprint(Export(v)) != want {
		t.Errorf("got %v, %v", Export(v), err)
	}
	if v, err := r.Call(context.Background(), "h"); err != nil || v != "x" {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestMembers(t *testing.T) {
	head := &table{map[string]any{"add": func(c *Call) (any, error) { return c.Len(), nil }}}
	page := &table{map[string]any{
		"title": "t", "data": nil, "head": head, "when": time.UnixMilli(5), "bytes": []byte{1}, "list": []any{1}, "wrong": errors.New("not now"),
	}}
	globals := map[string]any{"page": page, "other": &table{}, "n": 5, "give": func(c *Call) (any, error) { return c.Value(0) == any(page), nil }}
	for code, want := range map[string]string{
		"page.title":                               "t",
		"page.nix === undefined":                   "true",
		"page.data === undefined":                  "true",
		"page === page && page.head === page.head": "true",
		"page.head.add(1, 2)":                      "2",
		"page.when.getTime()":                      "5",
		"page.bytes.length + page.bytes[0]":        "2",
		"page.list[0]":                             "1",
		"(page.title = 'new') + page.title":        "newnew",
		"(page.data = { a: [1] }, page.data.a.push(2), page.data.a.join())": "1,2",
		"'title' in page && !('nix' in page)":                               "true",
		"Object.keys(page).sort().join()":                                   "bytes,data,head,list,title,when,wrong",
		"String(page) + page.hasOwnProperty('title')":                       "[object Object]true",
		"give(page)":            "true",
		"JSON.stringify(other)": "{}",
		"typeof page.toString + typeof page.head.add": "functionfunction",
		"n + globalThis.n": "10",
		"(() => { try { page.wrong } catch (e) { return e.message } })()":                     "not now",
		"(() => { try { delete page.title } catch (e) { return e.name } })()":                 "TypeError",
		"(() => { try { page.head = 1 } catch (e) { return 'refused' } return page.head })()": "1",
		"(() => { try { page.titel = 1 } catch (e) { return e.message } })()":                 `there is no property "titel" to set; did you mean title? (titel can only be read)`,
		"(() => { try { other.abc = 1 } catch (e) { return e.message } })()":                  `there is no property "abc" to set (abc can only be read)`,
		"(() => { const l = []; for (const k in other) l.push(k); return l.length })()":       "0",
	} {
		v, err := result(t, "return String("+code+")", globals)
		page.members["title"], page.members["data"], page.members["head"] = "t", nil, head
		if err != nil || v != want {
			t.Errorf("%s: got %v, %v, want %s", code, v, err, want)
		}
	}
}

func TestCallArguments(t *testing.T) {
	globals := map[string]any{"probe": func(c *Call) (any, error) {
		_, isFunction := c.Function(1)
		return fmt.Sprintf("%d %q %v %T %v %v", c.Len(), c.String(0), c.Arg(0), c.Value(0), isFunction, c.Arg(9)), nil
	}}
	for code, want := range map[string]string{
		"probe()":                 `0 "" <nil> <nil> false <nil>`,
		"probe('a', () => 1)":     `2 "a" a string true <nil>`,
		"probe(1.5, 2)":           `2 "1.5" 1.5 float64 false <nil>`,
		"probe(undefined, probe)": `2 "undefined" <nil> <nil> true <nil>`,
		"probe([1, 2])":           `1 "1,2" [1 2] *script.list false <nil>`,
		"probe({ a: 1 })":         `1 "[object Object]" map[a:1] *script.object false <nil>`,
		"probe({ toString() { return 'own' } }, class {})": `2 "own" map[] *script.object true <nil>`,
	} {
		if v, err := result(t, "return "+code, globals); err != nil || v != want {
			t.Errorf("%s: got %v, %v, want %s", code, v, err, want)
		}
	}
	if v, err := result(t, "try { probe({ toString() { throw new TypeError('no text') } }) } catch (e) { return e.name + e.message }", globals); err != nil || v != "TypeErrorno text" {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestJSON(t *testing.T) {
	globals := map[string]any{
		"write": func(c *Call) (any, error) { return c.JSON(0) },
		"read":  func(c *Call) (any, error) { return c.ParseJSON(c.String(0)) },
	}
	for code, want := range map[string]string{
		"write({ z: 1, a: [new Date(0), undefined], t: { toJSON: () => 'own' } })": `{"z":1,"a":["1970-01-01T00:00:00.000Z",null],"t":"own"}`,
		"write(undefined) + write()":                                                          "",
		"read('{\"z\":[1,{\"a\":null}]}').z[1].a":                                             "null",
		"(() => { const v = read('[1]'); v.push(2); return v })()":                            "1,2",
		"(() => { try { read('[') } catch (e) { return e.name } })()":                         "SyntaxError",
		"(() => { try { read('['.repeat(1e5)) } catch (e) { return e.message } })()":          "the JSON is nested more than 512 deep",
		"(() => { const a = []; a.push(a); try { write(a) } catch (e) { return e.name } })()": "TypeError",
	} {
		if v, err := result(t, "return String("+code+")", globals); err != nil || v != want {
			t.Errorf("%s: got %v, %v, want %s", code, v, err, want)
		}
	}
}

// Host functions can be called without a script.
func TestNewCall(t *testing.T) {
	c := NewCall("a", 5, nil, []byte("b"))
	if got := fmt.Sprintf("%d %q %q %q %q %q %v %v %v", c.Len(), c.String(0), c.String(1), c.String(2), c.String(3), c.String(9), c.Arg(1), c.Arg(9), c.Args()); got != `4 "a" "5" "" "b" "" 5 <nil> [a 5 <nil> [98]]` {
		t.Errorf("got %s", got)
	}
	if c.Context() == nil {
		t.Error("there is no context")
	}
	if v := c.Promise(func(context.Context) (any, error) { return 7, nil }); v != 7 {
		t.Errorf("got %v", v)
	}
	if _, err := c.JSON(0); err == nil {
		t.Error("JSON without a script")
	}
}

// An object of one script that is given to another goes as a copy.
func TestObjectsDoNotCross(t *testing.T) {
	a := start(t, "function f() { return { x: [1] } }", nil)
	v, err := a.Call(context.Background(), "f")
	if err != nil {
		t.Fatal(err)
	}
	b := start(t, "function g(o) { return o.x[0] }", nil)
	if v, err := b.Call(context.Background(), "g", v); err != nil || v != int64(1) {
		t.Errorf("got %v, %v", v, err)
	}
}
