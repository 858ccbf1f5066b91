package markup

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"math/rand/v2"
	"strings"
	"testing"
)

// contexts in which a hole (§) is analysed differently.
var holes = []string{
	"<p>§</p>", "<p>a&lt;§ b</p>", `<a href="§">`, `<a href=§>`, `<a href='§'>`, `<a href="/s?q=§&amp;r=§#§">`, `<a href="/p/§/x">`,
	`<script>let x = §;</script>`, `<script>let s = "§" + '§'</script>`, `<script>let r = /§/.test(s)</script>`, "<script>let l = `§ ${§}`</script>",
	"<script>/* § */ f() // §\n</script>", `<script type="application/json">{"v": §}</script>`, `<script type="text/x">§</script>`,
	`<style>b{color: §; background: url("§")}</style>`, `<style>b{background: url(§); content: "§"}</style>`, `<b style="width: §; color: §">`, `<b style='background: url(§)'>`,
	`<img srcset="§">`, `<img srcset=§>`, `<img src=§>`, `<b §>`, `<b §="v">`, `<b x§="v">`, `<b data-n="§">`, `<b data-url="§">`, `<textarea>§</textarea>`, `<title>§</title>`, `<!-- § -->`,
	`<b onclick="f(§)">`, `<b onclick='f("§")'>`, `<b title='§'>`, `<b title=§>`, `<b class="a § b">`, `<meta http-equiv="refresh" content="1; url=§">`,
	`<input value=§ checked>`, `<iframe srcdoc="§">`, `<svg><use xlink:href="§"/></svg>`, `<form action=§>`, "§",
}

func choose(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

func randomOperand(r *rand.Rand, depth int) string {
	if depth > 0 && r.IntN(6) == 0 {
		return "(" + randomPipe(r, depth-1) + ")"
	}
	return choose(r, ".", ".a", ".b", ".c", ".list", ".map", ".who", "$", "$.a", "$.who.Name", ".a.b", ".map.a", ".who.Name", ".who.Age", ".who.Friend.Name",
		".who.Friend.Friend.Name", ".who.Any", ".who.Shown", ".who.Safe", ".who.Nick", ".who.Pets", ".who.private", ".who.Pointed", ".who.Broken", ".none",
		".none.at.all", `"q<u'o"`, "3", "2.5", "1e3", "true", `'\x41'`, "0x1F", ".n", "$.n", ".Name", ".who.Numbers", ".who.Entries")
}

func randomPipe(r *rand.Rand, depth int) string {
	o := func() string { return randomOperand(r, depth) }
	switch r.IntN(28) {
	case 0:
		return o() + " | printf " + choose(r, `"<%v>"`, `"%v-%v" `+o())
	case 1:
		return "html " + o()
	case 2:
		return o() + " | html"
	case 3:
		return o() + " | urlquery"
	case 4:
		return "print " + o() + " " + o()
	case 5:
		return "index " + o() + " " + o()
	case 6:
		return "index .list " + choose(r, "0", "2", "7", ".n")
	case 7:
		return "len " + o()
	case 8, 9:
		return choose(r, "eq ", "ne ", "lt ", "le ", "gt ", "ge ") + o() + " " + o()
	case 10:
		return choose(r, "and ", "or ") + o() + " " + o()
	case 11:
		return "not " + o()
	case 12:
		return "slice " + o() + choose(r, "", " 1", " 0 1", " 0 2")
	case 13:
		return ".who.Greet " + o()
	case 14:
		return ".who.Add 1 " + choose(r, "2", "3 4 5", ".n", "2.0", "1.5", `"s"`)
	case 15:
		return ".who.Half " + choose(r, "1", "1.5", ".who.Age", ".a")
	case 16:
		return o() + " | join " + o()
	case 17:
		return "join " + o() + " " + o()
	case 18:
		return o() + " | js"
	case 19:
		return "html " + o() + " " + o()
	case 20:
		return o() + " | " + choose(r, "and ", "or ") + o()
	case 21:
		return "println " + o()
	}
	return o()
}

func randomNode(r *rand.Rand, depth int) string {
	p := randomPipe(r, 1)
	inner := func() string {
		if depth == 0 {
			return choose(r, "t", "{{.}}", "{{.a}}", "{{$.b}}", "")
		}
		return choose(r, "", "t") + randomNode(r, depth-1)
	}
	switch r.IntN(15) {
	case 0:
		return "{{if " + p + "}}" + inner() + "{{else}}" + inner() + "{{end}}"
	case 1:
		return "{{if " + p + "}}" + inner() + "{{else if " + randomPipe(r, 0) + "}}" + inner() + "{{end}}"
	case 2:
		stop := choose(r, "", "{{break}}", "{{continue}}", "{{if .a}}{{continue}}{{end}}u", "{{if .}}{{break}}{{end}}")
		over := choose(r, ".list", ".who.Pets", ".map", "2", ".n", ".who.Numbers", ".who.Entries", p)
		return "{{range " + over + "}}" + inner() + stop + "{{else}}" + inner() + "{{end}}"
	case 3:
		return "{{with " + p + "}}" + inner() + "{{else}}" + inner() + "{{end}}"
	case 4:
		return "{{$x := " + p + "}}{{$x}}{{if $x}}{{$x = 3}}{{$y := $x}}{{$y}}{{end}}{{$x}}"
	case 5:
		return "{{range $k, $v := " + choose(r, ".list", ".map", ".who.Entries", ".who.Pets", p) + "}}{{$k}}{{$v}}{{.}}{{end}}"
	case 6:
		return "{{range $v := " + choose(r, ".list", "3", ".who.Numbers", p) + "}}{{$v}}{{end}}"
	case 7:
		return "{{with $w := " + p + "}}{{$w}}{{.}}{{else}}{{$w}}{{end}}"
	case 8:
		return "{{- " + p + " -}}"
	}
	return "{{" + p + "}}"
}

// randomPage makes a page with calls in text and in other contexts.
func randomPage(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(2) {
		for i, part := range strings.Split(holes[r.IntN(len(holes))], "§") {
			if i > 0 {
				b.WriteString(randomNode(r, 1))
			}
			b.WriteString(part)
		}
	}
	if r.IntN(4) == 0 {
		b.WriteString(`{{template "text" ` + randomOperand(r, 0) + `}}{{define "text"}}<i>` + randomNode(r, 1) + "</i>{{end}}")
	}
	if r.IntN(4) == 0 {
		b.WriteString(choose(r, `<b title="{{template "in" $}}">`, `<script>{{template "js" .list}}{{template "js" .}}</script>`, `<title>{{block "in" .a}}{{end}}</title>`,
			`<a href="/x?{{template "in" .a}}&{{template "in"}}">`, `<style>{{range .list}}{{template "in" .}}{{end}}</style>`, `<b onclick="{{template "js" .who}}">`))
		b.WriteString(`{{define "in"}}` + choose(r, "{{.}}", "{{$}}{{$.Name}}", "{{if .}}{{.a}}{{end}}", `{{template "in2" .}}`) + "{{end}}")
		b.WriteString(`{{define "in2"}}{{$v := .}}{{$v}}{{end}}{{define "js"}}let x = {{.}};{{range $i, $e := .}}f({{$e}});{{end}}{{end}}`)
	}
	return b.String()
}

// reference gives html/template the functions that differ on purpose.
func reference() template.FuncMap {
	m := template.FuncMap{"join": func(a, b any) string { return fmt.Sprintf("%v+%v", a, b) }}
	for _, name := range []string{"eq", "ne", "lt", "le", "gt", "ge", "len"} {
		f := builtinOf(name)
		m[name] = func(args ...any) (any, error) { return f(args) }
	}
	return m
}

// more is what ours does and html/template does not: it converts numbers, and takes any index and layout.
func more(err error) bool {
	for _, text := range []string{
		"wrong type for value", "expected integer; found", "slice of untyped nil", "index of untyped nil", "cannot index slice/array with type", "value has type",
	} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// earlier is what ours finds when it compiles and html/template when it runs.
func earlier(err error) bool {
	for _, text := range []string{"it cannot be given arguments", "there is no variable"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// compareWithHTMLTemplate makes a page and data of a seed; both must give the same bytes, or both fail. It
// reports what became of it.
func compareWithHTMLTemplate(t *testing.T, seed uint64) (compiled bool, equal int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 3))
	text := randomPage(r)
	ref, err := template.New("page").Funcs(reference()).Parse(text)
	if err != nil {
		return false, 0
	}
	join := func(_ *Env, args []any) (any, error) {
		if len(args) != 2 {
			return nil, errors.New("two arguments")
		}
		return fmt.Sprintf("%v+%v", args[0], args[1]), nil
	}
	mine, err := compile(File{Name: "page", Text: text}, nil, Options{Funcs: map[string]Func{"join": join}}, false)
	if err != nil {
		var refused *template.Error
		if errors.As(ref.Execute(&strings.Builder{}, nil), &refused) || earlier(err) {
			return false, 0
		}
		t.Fatalf("seed %d: only ours refuses\n%s\n%v", seed, text, err)
	}
	for range 3 {
		data := any(randomData(r, 2))
		var want strings.Builder
		refErr := ref.Execute(&want, data)
		got, err := mine.Render(context.Background(), nil, &Env{Data: data})
		switch {
		case refErr == nil && err == nil && want.String() == string(got):
			equal++
		case refErr != nil && (err != nil || more(refErr)):
		default:
			t.Fatalf("seed %d\n%s\ndata %#v\nwant %q %v\ngot  %q %v", seed, text, data, want.String(), refErr, got, err)
		}
	}
	return true, equal
}

func TestPagesMatchHTMLTemplate(t *testing.T) {
	n := uint64(3000)
	if testing.Short() {
		n = 300
	}
	pages, outputs := 0, 0
	for seed := range n {
		compiled, equal := compareWithHTMLTemplate(t, seed)
		if compiled {
			pages++
		}
		outputs += equal
	}
	if pages < int(n)/3 || outputs < int(n)/3 {
		t.Errorf("only %d pages compiled and %d outputs were compared", pages, outputs)
	}
	t.Logf("%d pages, %d outputs", pages, outputs)
}

func FuzzPages(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { compareWithHTMLTemplate(t, seed) })
}
