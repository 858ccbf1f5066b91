package markup

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"testing"
)

const benchLayout = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{.title}}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><h1>Bench site</h1><nav><a href="/">Home</a> <a href="/w1">Prices</a> <a href="/md">Notes</a></nav></header>
<main>
{{template "content" .}}</main>
<footer><p>Made for a benchmark.</p></footer>
</body>
</html>
`

const benchPage = `<p>Hello, {{.name}}! Here are the prices of today.</p>
<table>
<thead><tr><th>No.</th><th>Title</th><th>Price</th></tr></thead>
<tbody>
{{range .items}}<tr><td>{{.id}}</td><td>{{.title}}</td><td class="num">{{.price}}</td></tr>
{{end}}</tbody>
</table>
`

func benchData(rows int) map[string]any {
	items := make([]any, rows)
	for i := range items {
		items[i] = map[string]any{
			"id": int64(i + 1), "price": strconv.FormatFloat(float64(i+1)*1.25, 'f', 2, 64),
			"title": "Widget " + strconv.Itoa(i+1) + " <new> & improved, in a sturdy box",
		}
	}
	return map[string]any{"title": "Price list", "name": "Ada & Bob <x>", "items": items}
}

// inPlace makes objects, lists and scalars of the same data.
func inPlace(v any) any {
	switch t := v.(type) {
	case map[string]any:
		o := testObject{}
		for name, v := range t {
			o[name] = inPlace(v)
		}
		return o
	case []any:
		l := make(testList, len(t))
		for i, v := range t {
			l[i] = inPlace(v)
		}
		return l
	}
	return v
}

func benchTemplates(b *testing.B) (*Template, *template.Template) {
	mine, err := Compile(File{Name: "w1.gohtml", Text: benchPage}, []File{{Name: "_layout.gohtml", Text: benchLayout}}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	ref := template.Must(template.New("layout").Parse(benchLayout))
	return mine, template.Must(ref.New("content").Parse(benchPage))
}

// BenchmarkW1 renders a table in a layout.
func BenchmarkW1(b *testing.B) {
	mine, ref := benchTemplates(b)
	for _, rows := range []int{20, 1000} {
		for _, source := range []string{"maps", "objects"} {
			env := &Env{Data: benchData(rows)}
			if source == "objects" {
				env.Data = inPlace(env.Data)
			}
			b.Run(fmt.Sprintf("%s/%d", source, rows), func(b *testing.B) {
				b.ReportAllocs()
				var out []byte
				var err error
				for b.Loop() {
					if out, err = mine.Render(context.Background(), out[:0], env); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("html-template/%d", rows), func(b *testing.B) {
			b.ReportAllocs()
			data := benchData(rows)
			for b.Loop() {
				if err := ref.Lookup("layout").Execute(io.Discard, data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkContexts renders values where more than one escaper stands.
func BenchmarkContexts(b *testing.B) {
	for name, text := range map[string]string{
		"url": `<a href="{{.v}}">`, "query": `<a href="/?q={{.v}}">`, "script": `<script>let x = {{.v}}</script>`, "style": `<b style="color: {{.v}}">`,
	} {
		b.Run(name, func(b *testing.B) {
			mine, err := Compile(File{Name: "page.gohtml", Text: text}, nil, Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			env := &Env{Data: map[string]any{"v": "/shop/cart"}}
			var out []byte
			for b.Loop() {
				out, _ = mine.Render(context.Background(), out[:0], env)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		benchTemplates(b)
	}
}
