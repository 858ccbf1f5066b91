package pipeline

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"huygens/pages"
)

// BenchmarkPage is W1's page through the whole pipeline, without HTTP and hop.
func BenchmarkPage(b *testing.B) {
	dir := b.TempDir()
	for name, text := range map[string]string{
		"_layout.gohtml": "<!doctype html>\n<html><head><title>{{page.title}}</title></head>\n<body>{{template \"content\" .}}</body></html>\n",
		"w1.gohtml":      "---\ntitle: Price list\n---\n<p>Hello, {{.name}}!</p>\n<table>{{range .items}}<tr><td>{{.id}}</td><td>{{.title}}</td><td class=\"num\">{{.price}}</td></tr>\n{{end}}</table>\n",
		"w1.gohtml.ts": `export function Page_Load() {
  page.data.name = request.query.name || "nobody"
  const items = []
  for (let i = 1; i <= 20; i++) items.push({ id: i, title: "Widget " + i + " <new> & improved, in a sturdy box", price: (i * 1.25).toFixed(2) })
  page.data.items = items
  response.headers.set("X-Bench", "w1")
}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
		then := time.Now().Add(-time.Hour)
		if err := os.Chtimes(filepath.Join(dir, name), then, then); err != nil {
			b.Fatal(err)
		}
	}
	r := New(Config{Applications: []pages.Config{{Site: "bench", Folder: dir, Path: "/"}}})
	defer r.Close()
	req := &pages.Request{
		Application: "/", Method: "GET", Target: "/w1?name=Ada", Path: "/w1", Query: "name=Ada", Timeout: 10 * time.Second,
		Header:   []pages.Field{{Name: "Host", Value: "127.0.0.1:1"}},
		Resource: pages.Resource{Handler: pages.HandlerPage, File: "w1.gohtml"},
	}
	b.ReportAllocs()
	for b.Loop() {
		res, err := r.Run(b.Context(), req, nobody{})
		if err != nil || res.Status != 200 || !bytes.Contains(res.Body, []byte("Widget 20")) {
			b.Fatal(res, err)
		}
	}
}
