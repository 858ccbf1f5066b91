package markup

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// render compiles and renders a page that must not fail.
func render(t testing.TB, text string, data any) string {
	t.Helper()
	tm, err := Compile(File{Name: "page.gohtml", Text: text}, nil, Options{Funcs: testFuncs()})
	if err != nil {
		t.Fatalf("compiling %s: %v", text, err)
	}
	out, err := tm.Render(context.Background(), nil, &Env{Data: data})
	if err != nil {
		t.Fatalf("rendering %s: %v", text, err)
	}
	return string(out)
}

// testFuncs are functions such as pages have.
func testFuncs() map[string]Func {
	return map[string]Func{
		"page": func(env *Env, _ []any) (any, error) {
			return strictObject{testObject{"title": "Cart <3", "data": env.Data}}, nil
		},
		"request": func(*Env, []any) (any, error) {
			return testObject{"query": query{testObject{"name": "ada", "tag": "a"}}}, nil
		},
		"upper": func(_ *Env, args []any) (any, error) {
			s, ok := args[0].(string)
			if !ok {
				return nil, fmt.Errorf("wants a string, not %T", args[0])
			}
			return strings.ToUpper(s), nil
		},
		"safe":  func(_ *Env, args []any) (any, error) { return template.HTML(fmt.Sprint(args...)), nil },
		"value": func(env *Env, _ []any) (any, error) { return env.Values, nil },
		"fails": func(*Env, []any) (any, error) { return nil, errTest },
		"panic": func(*Env, []any) (any, error) { panic(errTest) },
	}
}

var errTest = errors.New("the test wants this")

// partialsOf finds partials in a map of names.
func partialsOf(files map[string]string) func(from, name string) (File, error) {
	return func(_, name string) (File, error) {
		text, ok := files[name]
		if !ok {
			return File{}, fs.ErrNotExist
		}
		return File{Name: name + ".gohtml", Text: text}, nil
	}
}

type testObject map[string]any

func (o testObject) Field(name string) (any, bool) { v, ok := o[name]; return v, ok }
func (o testObject) Names() []string               { return slices.Sorted(maps.Keys(o)) }
func (o testObject) Export() any                   { return map[string]any(o) }

type strictObject struct{ testObject }

func (strictObject) Strict() bool { return true }

// query has a method, as request.query has.
type query struct{ testObject }

func (q query) Method(name string) (func([]any) (any, error), bool) {
	switch name {
	case "all":
		return func(args []any) (any, error) {
			if len(args) != 1 {
				return nil, errTest
			}
			return []any{q.testObject[args[0].(string)], "b"}, nil
		}, true
	case "count":
		return func(args []any) (any, error) { return int64(len(q.testObject) + len(args)), nil }, true
	}
	return nil, false
}

type testList []any

func (l testList) Len() int     { return len(l) }
func (l testList) At(i int) any { return l[i] }
func (l testList) Export() any  { return []any(l) }

type testScalar struct{ v any }

func (s testScalar) String() string { return fmt.Sprint(s.v) }
func (s testScalar) Export() any    { return s.v }

// fragments are what escapers have to look at.
var fragments = []string{
	"", "word", "Ünïcode", "日本", "<", ">", "&", "&amp;", "'", `"`, "`", "+", "=", " ", "\t", "\n", "\r\n", "\v", "\f", "\x00", "\x07", "\x1f",
	"\\", "\\\\", "/", "//", "*/", "/*", "</script>", "<Script", "<!--", "-->", "]]>", "<b title='2>1'>fat</b>", "<i", "&#60;",
	"javascript:", "JaVaScRiPt:alert(1)", "http://h/p?q=1&r=2#f", "https:", "mailto:a@b", "data:text/html,x", ":", "%", "%2f", "%g1", "#", "?", ",", ", x 2x", "100w",
	"\u2028", "\u2029", "\ufdd0", "\ufffe", "\uffff", "\xff", "\xc3", "\xe2\x80", "\U0010ffff", "expression(", "-moz-binding", "--x", ";", "{", "}", "${x}", "(", ")", "[", "]",
	"^", "|", "*", "-", ".", "12px", "#fff", `\41 `, `\3c`, `\110000`, "onload", "onclick=", "href", "style", "data-u", "@import", "_", "~", "!", "1e5", "NaN", "function", "in", "\u00a0",
}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(5) {
		b.WriteString(fragments[r.IntN(len(fragments))])
	}
	return b.String()
}

type named string

type shown struct{ text string }

func (s shown) String() string { return s.text }

type shownByPointer struct{ Text string }

func (s *shownByPointer) String() string { return "at " + s.Text }

type marshals struct{ text string }

func (m marshals) MarshalJSON() ([]byte, error) {
	if m.text == "" {
		return nil, errors.New("no */ </script> <!-- JSON")
	}
	return []byte(`{"m": "` + "\u2028" + `"}`), nil
}

type human struct {
	Name    string
	Age     int
	Nick    named
	Safe    template.HTML
	Friend  *human
	Any     any
	Shown   shownByPointer
	Pets    []string
	private int
}

func (h human) Greet(word string) string          { return word + ", " + h.Name }
func (h *human) Pointed() string                  { return "pointed " + h.Name }
func (h human) Broken() (int, error)              { return 0, errTest }
func (h human) Add(a, b int, more ...int) int     { return a + b + len(more) + h.private }
func (h human) Half(f float64) float64            { return f / 2 }
func (h human) Numbers() iter.Seq[int]            { return slices.Values([]int{4, 5, 6}) }
func (h human) Entries() iter.Seq2[string, named] { return maps.All(map[string]named{"<k>": "v&"}) }

// randomValue makes all kinds of values; numbers that Go and JavaScript print differently are left out.
func randomValue(r *rand.Rand, depth int) any {
	text := randomText(r)
	basic := []func() any{
		func() any { return text },
		func() any { return nil },
		func() any { return r.IntN(25) - 5 },
		func() any { return int64(r.IntN(9)) },
		func() any { return []any{0.5, -2.25, 3.0, 1e30, math.NaN(), float32(1.5)}[r.IntN(6)] },
		func() any { return r.IntN(2) == 1 },
		func() any { return typed(text, content(r.IntN(int(asSrcset)+1))) },
		func() any { return &text },
		func() any { p := &text; return &p },
		func() any { h := template.HTML(text); return &h },
		func() any { return named(text) },
		func() any { return shown{text} },
		func() any { return &shown{text} },
		func() any { return shownByPointer{text} },
		func() any { return &shownByPointer{text} },
		func() any { return errors.New(text) },
		func() any { return marshals{text} },
		func() any { return (*human)(nil) },
		func() any { return []any{uint8(7), int32(-3), uint(9), complex(1, 2)}[r.IntN(4)] },
	}
	if depth == 0 {
		return basic[r.IntN(len(basic))]()
	}
	deep := []func() any{
		func() any { return randomHuman(r, depth) },
		func() any { return *randomHuman(r, depth) },
		func() any { return []human{*randomHuman(r, 0), {Name: text}} },
		func() any { return []any{randomValue(r, depth-1), randomValue(r, depth-1)} },
		func() any { return []any{} },
		func() any { return []string{text, "b"} },
		func() any { return map[int]string{3: text, 1: "one", 2: ""} },
		func() any { return map[string]named{"a": named(text)} },
		func() any { return randomData(r, depth-1) },
	}
	if r.IntN(3) > 0 {
		return basic[r.IntN(len(basic))]()
	}
	return deep[r.IntN(len(deep))]()
}

func randomHuman(r *rand.Rand, depth int) *human {
	h := &human{
		Name: randomText(r), Age: r.IntN(90), Nick: named(randomText(r)), Safe: template.HTML(randomText(r)),
		Shown: shownByPointer{randomText(r)}, Pets: []string{randomText(r), "cat"},
	}
	if depth > 0 {
		h.Any, h.Friend = randomValue(r, depth-1), &human{Name: "friend"}
	}
	return h
}

func randomData(r *rand.Rand, depth int) map[string]any {
	m := map[string]any{}
	for _, name := range []string{"a", "b", "c", "list", "map", "who", "n", "Name"} {
		if r.IntN(6) > 0 {
			m[name] = randomValue(r, depth)
		}
	}
	if r.IntN(3) > 0 {
		m["list"] = []any{randomValue(r, 1), randomValue(r, 1), randomValue(r, 0)}
		m["who"], m["n"] = randomHuman(r, 1), r.IntN(4)
	}
	return m
}
