package main

import (
	"bytes"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// bareGo serves the page of W1 with net/http and html/template: the limit that the standard library sets.
func bareGo(site string) error {
	source := strings.NewReplacer(
		"{{page.title}}", "{{.Title}}", "{{.name}}", "{{.Name}}", ".items", ".Items", ".id", ".ID", ".title", ".Title", ".price", ".Price",
	)
	layout := template.Must(template.New("layout").Parse(source.Replace(siteFiles["_layout.gohtml"])))
	_, body, _ := strings.Cut(strings.TrimPrefix(siteFiles["w1.gohtml"], "---\n"), "---\n")
	page := template.Must(layout.New("content").Parse(source.Replace(body)))
	mux := http.NewServeMux()
	mux.HandleFunc("/w1", func(w http.ResponseWriter, r *http.Request) {
		var out bytes.Buffer
		if err := page.ExecuteTemplate(&out, "layout", load(r.URL.Query().Get("name"))); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("X-Bench", "w1")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(out.Len()))
		w.Write(out.Bytes())
	})
	mux.Handle("/", http.FileServer(http.Dir(site)))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "serves at http://%s/\n", l.Addr())
	return http.Serve(l, mux)
}

type item struct {
	ID           int
	Title, Price string
}

type pageData struct {
	Title, Name string
	Items       []item
}

func load(name string) pageData {
	if name == "" {
		name = "nobody"
	}
	d := pageData{Title: "Price list", Name: name}
	for i := 1; i <= 20; i++ {
		d.Items = append(d.Items, item{i, "Widget " + strconv.Itoa(i) + " <new> & improved, in a sturdy box", strconv.FormatFloat(float64(i)*1.25, 'f', 2, 64)})
	}
	return d
}
