package script

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// table is an object of the host for tests.
type table struct{ members map[string]any }

func (t *table) Get(name string) (any, bool) { v, ok := t.members[name]; return v, ok }

func (t *table) Set(name string, v any) error {
	if _, ok := t.members[name]; !ok {
		return fmt.Errorf("%s can only be read", name)
	}
	t.members[name] = v
	return nil
}

func (t *table) Names() []string {
	var names []string
	for name := range t.members {
		names = append(names, name)
	}
	return names
}

const w1 = `
interface Line { id: number; title: string; price: number }
export function Page_Load(sender: any, e: any) {
  const who = request.query.who
  const lines: Line[] = []
  for (let i = 0; i < 20; i++) {
    lines.push({ id: i, title: "Line " + i, price: i * 1.5 })
  }
  page.data.lines = lines
  page.data.who = who
  page.title = "Cart of " + who
}
`

func newHost(page *table) Host {
	h := Host{Globals: map[string]any{}}
	for _, name := range []string{"response", "session", "application", "cache", "server", "user", "db", "trace", "console", "site", "format"} {
		h.Globals[name] = &table{}
	}
	h.Globals["page"] = page
	h.Globals["request"] = &table{map[string]any{"query": &table{map[string]any{"who": "Ada"}}}}
	return h
}

func BenchmarkPage(b *testing.B) {
	for _, bench := range []struct{ name, code string }{
		{"W1", w1},
		{"W1 with JSON and strings guarded", w1 + "function f(s) { return JSON.parse(s.repeat(2)) }"},
		{"W1 with all guards", w1 + "function f() { return globalThis }"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p, err := Compile(context.Background(), File{"w1.gohtml.ts", bench.code}, Options{})
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			page := &table{map[string]any{"data": nil, "title": ""}}
			h := newHost(page)
			b.ReportAllocs()
			for b.Loop() {
				r, err := p.Start(ctx, h)
				if err != nil {
					b.Fatal(err)
				}
				page.members["data"] = r.NewObject()
				if _, err := r.Call(ctx, "Page_Load", page, nil); err != nil {
					b.Fatal(err)
				}
				r.Close()
			}
		})
	}
}

func BenchmarkStart(b *testing.B) {
	p, err := Compile(context.Background(), File{"w1.gohtml.ts", w1}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h := newHost(&table{})
	b.ReportAllocs()
	for b.Loop() {
		r, err := p.Start(ctx, h)
		if err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}

func BenchmarkCompile(b *testing.B) {
	var long strings.Builder
	for i := range 20 {
		fmt.Fprintf(&long, "class Item%d { #n = %d\n  total(a: number) {\n    return this.#n * a\n  }\n}\nfunction f%d(x?: Item%d): number { return x?.total(3) ?? 0 }\n", i, i, i, i)
	}
	for _, bench := range []struct{ name, code string }{{"W1", w1}, {"120 lines", w1 + long.String()}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(context.Background(), File{"w1.gohtml.ts", bench.code}, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRead reads what a template of W1 reads.
func BenchmarkRead(b *testing.B) {
	p, err := Compile(context.Background(), File{"w1.gohtml.ts", w1}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	page := &table{map[string]any{"data": nil, "title": ""}}
	r, err := p.Start(context.Background(), newHost(page))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	page.members["data"] = r.NewObject()
	if _, err := r.Call(context.Background(), "Page_Load", page, nil); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		v, _ := page.members["data"].(*object).Field("lines")
		lines := v.(*list)
		for i := range lines.Len() {
			row := lines.At(i).(*object)
			for _, name := range [...]string{"title", "price"} {
				if _, ok := row.Field(name); !ok {
					b.Fatal("no " + name)
				}
			}
		}
	}
}
