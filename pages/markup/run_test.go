package markup

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func testRand() *rand.Rand { return rand.New(rand.NewPCG(5, 6)) }

// A head writes markup and remembers where.
type head struct{ at int }

func (h *head) Render(out []byte) []byte {
	h.at = len(out)
	return append(out, "<style></style>"...)
}

func TestRenderFaults(t *testing.T) {
	eachFault(t, "testdata/faults/render.txtar", func(t *testing.T, page File) []string {
		tm, err := Compile(page, nil, Options{Funcs: testFuncs()})
		if err != nil {
			t.Fatal(err)
		}
		data := map[string]any{
			"greeting": "hi", "items": []any{map[string]any{"n": int64(1)}}, "nothing": nil, "ring": ring(),
			"when": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), "fn": func(n int) int { return 1 / n }, "empty": "",
		}
		out, err := tm.Render(context.Background(), []byte("before"), &Env{Data: data, Values: &head{}, MaxOutput: 100_000})
		var fault *Error
		if !errors.As(err, &fault) {
			t.Fatalf("%v is no *Error", err)
		}
		if string(out) != "before" {
			t.Errorf("out is %.40q", out)
		}
		return []string{said(t, fault)}
	})
}

func TestFramesAreTheWayToTheFault(t *testing.T) {
	find := partialsOf(map[string]string{"_row": "<tr>\n<td title=\"{{template \"cell\" $}}\">{{define \"cell\"}}é{{$.nam}}{{end}}"})
	page := File{Name: "page.gohtml", Text: "<table>{{template \"_row\" .}}</table>"}
	tm, err := Compile(page, []File{{Name: "_layout.gohtml", Text: "<body>{{template \"content\" .}}"}}, Options{Partial: find})
	if err != nil {
		t.Fatal(err)
	}
	_, err = tm.Render(context.Background(), nil, &Env{Data: testObject{"name": 1, "b": 2}})
	var fault *Error
	if !errors.As(err, &fault) {
		t.Fatal(err)
	}
	if got, want := fault.Error(), `_row.gohtml:2:56: there is no "nam" in page.data; it has b, name`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want := []Frame{
		{"_layout.gohtml", "_layout.gohtml", 1, 18, nil},
		{"content", "page.gohtml", 1, 19, nil},
		{"_row", "_row.gohtml", 2, 23, nil},
		{"cell", "_row.gohtml", 2, 56, []string{"b", "name"}},
	}
	if !slices.EqualFunc(fault.Frames, want, func(a, b Frame) bool {
		keys := slices.Equal(a.Keys, b.Keys)
		a.Keys, b.Keys = nil, nil
		return keys && a.Template == b.Template && a.File == b.File && a.Line == b.Line && a.Column == b.Column
	}) {
		t.Errorf("frames %+v\nwant   %+v", fault.Frames, want)
	}
}

func TestCausesCanBeFound(t *testing.T) {
	for text, cause := range map[string]error{
		"{{fails}}": errTest, "{{panic}}": errTest, "{{request.query.all}}": errTest, `{{.who.Broken}}`: errTest, "{{.ring}}": errTooDeep,
		"{{range 1000}}{{$.text}}{{end}}": errTooMuch, `{{template "t" 1}}{{define "t"}}{{if .}}{{template "t" .}}{{end}}{{end}}`: errRecursion,
	} {
		tm, err := Compile(File{Name: "page.gohtml", Text: text}, nil, Options{Funcs: testFuncs()})
		if err != nil {
			t.Fatal(err)
		}
		data := map[string]any{"who": human{}, "ring": ring(), "text": strings.Repeat("x", 1000)}
		if _, err = tm.Render(context.Background(), nil, &Env{Data: data, MaxOutput: 10_000}); !errors.Is(err, cause) {
			t.Errorf("%s: %v does not wrap %v", text, err, cause)
		}
	}
}

// TestEndlessPagesEnd: each of these would run for ever.
func TestEndlessPagesEnd(t *testing.T) {
	for _, text := range []string{
		"{{range 1000000000000}}{{end}}",
		"{{range .endless}}{{end}}",
		"{{range .list}}{{range $.list}}{{range $.list}}{{range $.list}}{{range $.list}}{{end}}{{end}}{{end}}{{end}}{{end}}",
		`{{range 1000000000000}}<p title="{{template "t" .}}">{{end}}{{define "t"}}{{end}}`,
		`{{template "t" .list}}{{define "t"}}{{range .}}{{template "t" $}}{{end}}{{end}}`,
	} {
		tm, err := Compile(File{Name: "page.gohtml", Text: text}, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		data := map[string]any{"list": make([]any, 1000), "endless": func(yield func(int) bool) {
			for yield(1) {
			}
		}}
		_, err = tm.Render(ctx, nil, &Env{Data: data})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, errRecursion) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestContextThatHasEnded(t *testing.T) {
	tm, err := Compile(File{Name: "page.gohtml", Text: "x{{.a}}"}, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errTest)
	if _, err := tm.Render(ctx, nil, &Env{Data: map[string]any{"a": 1}}); !errors.Is(err, errTest) {
		t.Error(err)
	}
}

func TestRenderer(t *testing.T) {
	tm, err := Compile(File{Name: "page.gohtml", Text: "<head>é{{value}}</head>{{if value}}.{{end}}"}, nil, Options{Funcs: testFuncs()})
	if err != nil {
		t.Fatal(err)
	}
	h := &head{}
	out, err := tm.Render(context.Background(), nil, &Env{Values: h})
	if err != nil || string(out) != "<head>é<style></style></head>." || h.at != 8 {
		t.Errorf("%s at %d: %v", out, h.at, err)
	}
}

func TestNoDataAtAll(t *testing.T) {
	tm, err := Compile(File{Name: "page.gohtml", Text: "{{if .a}}{{end}}{{.b}}"}, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, env := range []*Env{nil, {}, {Data: map[string]any(nil)}, {Data: testObject{}}, {Data: struct{}{}}, {Data: (*human)(nil)}} {
		if _, err := tm.Render(context.Background(), nil, env); err == nil || !strings.HasPrefix(err.Error(), "page.gohtml:1:19: ") {
			t.Errorf("%+v: %v", env, err)
		}
	}
}

func TestValuesInPlace(t *testing.T) {
	data := testObject{
		"name": testScalar{"A<"}, "n": testScalar{int64(3)}, "f": testScalar{2.5}, "no": testScalar{false}, "empty": testList{},
		"list": testList{testScalar{"x"}, testObject{"y": testScalar{int64(1)}}}, "rows": []map[string]any{{"a": 1}, {"a": 2}},
	}
	for text, want := range map[string]string{
		"{{.name}}{{.n}}{{.f}}{{.no}}":                                                               "A&lt;32.5false",
		"{{if .no}}yes{{end}}{{if .empty}}yes{{end}}{{if .n}}n{{end}}":                               "n",
		"{{range $k, $v := .}}{{$k}} {{end}}":                                                        "empty f list n name no rows ",
		"{{range $i, $v := .list}}{{$i}}{{end}}{{range .n}}{{.}}{{end}}":                             "01012",
		"{{len .list}}{{len .name}}{{len .}}{{index .list 0}}{{(index .list 1).y}}{{index . \"f\"}}": "227x12.5",
		"{{eq .n 3}}{{lt .f .n}}{{eq .name \"A<\"}}{{ge .n 2.5}}":                                    "truetruetruetrue",
		"{{printf \"%d %.2f %s\" .n .f .name}}":                                                      "3 2.50 A&lt;",
		"{{range slice .list 0 1}}{{.}}{{end}}{{slice .name 0 1}}":                                   "xA",
		"{{range .rows}}{{.a}}{{end}}":                                                               "12",
		"<script>{{.list}}{{.name}}{{.n}}</script>":                                                  `<script>["x",{"y":1}]"A\u003c" 3 </script>`,
		"{{.list}}":                        "[x map[y:1]]",
		"{{upper .name}}":                  "A&lt;",
		"{{default 1 .empty}}":             "1",
		"{{.when.Year}}{{.when}}":          "20262026-01-02T03:04:05Z",
		"{{.when.Format \"2006\"}}":        "2026",
		"{{(.when.AddDate 0 .n 0).Month}}": "April",
	} {
		data["when"] = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		if strings.Contains(text, "range $k") || strings.Contains(text, "len .}") {
			delete(data, "when")
		}
		if got := render(t, text, data); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestComparisons(t *testing.T) {
	data := map[string]any{"i": int64(3), "f": 3.5, "u": uint8(3), "big": uint64(1 << 63), "large": int64(1<<53 + 1), "float": float64(1 << 53), "nan": nan(), "s": "b", "t": true, "nil": nil}
	for text, want := range map[string]bool{
		"eq .i 3": true, "eq .i 3.0": true, "eq .i .u": true, "ne .i .f": true, "eq .i 1 2 3": true, "lt .i .f": true, "gt .f .i": true, "le .u .i": true,
		"gt .big .i": true, "lt .i .big": true, "eq .large .float": false, "gt .large .float": true, "lt .float .large": true, "eq .nan .nan": false, "lt .nan 1": false,
		"ge 1 .nan": false, "lt \"a\" .s": true, "ge .s \"b\"": true, "eq .t true": true, "eq .nil nil": true, "eq .nil 1": false, "ne 1 .nil": true, "lt -1.5 -1": true,
		"gt .big 1e30": false, "lt .i 1e300": true, "gt .i -1e300": true,
	} {
		if got := render(t, "{{"+text+"}}", data); got != map[bool]string{true: "true", false: "false"}[want] {
			t.Errorf("%s is %s", text, got)
		}
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestGoValues(t *testing.T) {
	h := &human{Name: "Ada", Friend: &human{Name: "Bob"}, Pets: []string{"cat"}, Shown: shownByPointer{"x"}}
	data := map[string]any{"h": h, "v": *h, "f": func(a int, b ...string) string { return strings.Repeat("x", a+len(b)) }}
	for text, want := range map[string]string{
		"{{.h.Name}} {{.h.Friend.Name}} {{.h.Pointed}} {{.v.Name}}":                                                      "Ada Bob pointed Ada Ada",
		"{{.h.Shown.String}} {{.h.Shown}} {{.v.Shown}}":                                                                  "at x {x} {x}",
		"{{.h.Greet \"Hi\"}} {{.h.Add 1 2 3}} {{.h.Half 3}}":                                                             "Hi, Ada 4 1.5",
		"{{range .h.Pets}}{{.}}{{end}}{{range .h.Numbers}}{{.}}{{end}}{{range $k, $v := .h.Entries}}{{$k}}{{$v}}{{end}}": "cat456&lt;k&gt;v&amp;",
		"{{call .f 1 \"a\" \"b\"}}":                                                                                      "xxx",
	} {
		if got := render(t, text, data); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// TestTemplatesAreShared: run with -race.
func TestTemplatesAreShared(t *testing.T) {
	tm, err := Compile(File{Name: "page.gohtml", Text: benchPage + "{{range .who}}{{.Name}}{{end}}"}, []File{{Name: "_layout.gohtml", Text: benchLayout}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	data := benchData(5)
	data["who"] = []any{human{Name: "a"}, &human{Name: "b"}, struct{ Name string }{"c"}, map[string]any{"Name": "d"}}
	want, err := tm.Render(context.Background(), nil, &Env{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				got, err := tm.Render(context.Background(), nil, &Env{Data: data})
				if err != nil || string(got) != string(want) {
					t.Errorf("%v %s", err, got)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestRenderAllocates(t *testing.T) {
	tm, err := Compile(File{Name: "w1.gohtml", Text: benchPage}, []File{{Name: "_layout.gohtml", Text: benchLayout}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	env := &Env{Data: benchData(20)}
	out := make([]byte, 0, 1<<16)
	n := testing.AllocsPerRun(50, func() {
		if _, err := tm.Render(context.Background(), out, env); err != nil {
			t.Error(err)
		}
	})
	if n > 10 {
		t.Errorf("%v allocations", n)
	}
}
