package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The site of W1 in our page format. The bytes of the page are those of page.go.
var siteFiles = map[string]string{
	"_layout.gohtml": `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{page.title}}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><h1>Bench site</h1><nav><a href="/">Home</a> <a href="/w1">Prices</a> <a href="/md">Notes</a></nav></header>
<main>
{{template "content" .}}</main>
<footer><p>Made for a benchmark: the same bytes from every server, as far as possible.</p></footer>
</body>
</html>
`,
	"w1.gohtml": `---
title: Price list
---
<p>Hello, {{.name}}! Here are the prices of today.</p>
<p>Rev r0000.</p>
<table>
<thead><tr><th>No.</th><th>Title</th><th>Price</th></tr></thead>
<tbody>
{{range .items}}<tr><td>{{.id}}</td><td>{{.title}}</td><td class="num">{{.price}}</td></tr>
{{end}}</tbody>
</table>
`,
	"w1.gohtml.ts": `export function Page_Load() {
  page.data.name = request.query.name || "nobody"
  const items = []
  for (let i = 1; i <= 20; i++) {
    items.push({ id: i, title: "Widget " + i + " <new> & improved, in a sturdy box", price: (i * 1.25).toFixed(2) })
  }
  page.data.items = items
  response.headers.set("X-Bench", "w1")
}
`,
	"style.css":  "body { font: 16px/1.5 sans-serif; }\n",
	"small.html": "<!doctype html><title>small</title>" + strings.Repeat("<p>0123456789 abcdefghijklmnopqrstuvwxyz</p>\n", 90),
}

// writeSite makes the site, with more files around it if many is not 0.
func writeSite(dir string, many int) error {
	for name, text := range siteFiles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("making the site: %w", err)
		}
	}
	for i := range many {
		name := filepath.Join(dir, fmt.Sprintf("f%02d", i%50), fmt.Sprintf("p%04d.gohtml", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("making the site: %w", err)
		}
		if err := os.WriteFile(name, fmt.Appendf(nil, "<h1>Page %d</h1>\n", i), 0o644); err != nil {
			return fmt.Errorf("making the site: %w", err)
		}
	}
	return nil
}

// save writes a file as editors do: in place, or into a temporary file that is renamed.
func save(path, text string, rename bool) error {
	if !rename {
		return os.WriteFile(path, []byte(text), 0o644)
	}
	temp := path + ".tmp~"
	if err := os.WriteFile(temp, []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(temp, path)
}
