package reload

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"huygens/devserver/watch"
)

// describe spells events briefly: "css-update /a.css /b.png", "page-update /cart".
func describe(events []Event) (all []string) {
	for _, e := range events {
		all = append(all, strings.Join(slices.DeleteFunc([]string{e.Name, strings.Join(e.Paths, " "), e.Path, e.Message}, func(s string) bool { return s == "" }), " "))
	}
	return all
}

func modified(names ...string) (b watch.Batch) {
	for _, n := range names {
		b.Changes = append(b.Changes, watch.Change{Path: n, Kind: watch.Modified})
	}
	return b
}

func TestTold(t *testing.T) {
	full := []string{"full-reload"}
	tests := []struct {
		name  string
		batch watch.Batch
		want  []string
	}{
		{"a style sheet", modified("style.css"), []string{"css-update /style.css"}},
		{"style sheets and images", modified("b/x y.css", "a.png"), []string{"css-update /a.png /b/x%20y.css"}},
		{"a page known by its inputs", modified("cart.gohtml"), []string{"page-update /cart", "page-update /cart/7"}},
		{"its code-behind", modified("cart.gohtml.ts"), []string{"page-update /cart"}},
		{"a layout", modified("_layout.gohtml"), []string{"page-update /", "page-update /cart", "page-update /cart/7"}},
		{"a style sheet that a page was made from", modified("inline.css"), []string{"css-update /inline.css", "page-update /"}},
		{"code of one page", modified("App_Code/cart.ts"), []string{"page-update /cart"}},
		{"a page nobody has asked for", modified("blog/new.md"), []string{"page-update /blog/new"}},
		{"an index", modified("blog/index.md"), []string{"page-update /blog/", "page-update /blog/index"}},
		{"static HTML", modified("plain.html"), []string{"page-update /plain.html"}},
		{"a static index", modified("sub/index.html"), []string{"page-update /sub/", "page-update /sub/index.html"}},
		{"a partial nobody uses yet", modified("_new.gohtml"), full},
		{"a client script", modified("main.client.ts"), full},
		{"the site's code", modified("global.ts"), full},
		{"a module", modified("modules/audit.module.ts"), full},
		{"the configuration", modified("huygens.toml"), full},
		{"environment", modified(".env"), full},
		{"a reload swallows the rest", modified("style.css", "data.json", "cart.gohtml"), full},
		{"what nobody sees", modified("debug.log", "package.json", ".editorconfig", "App_Data/x.txt", ".git/HEAD", "tsconfig.build.json"), nil},
		{"a hidden file that a page was made from", modified("go.mod"), []string{"page-update /cart"}},
		{"a listed folder", watch.Batch{Folders: []string{"blog"}}, []string{"page-update /"}},
		{"a folder nobody lists", watch.Batch{Folders: []string{"other"}}, nil},
		{"the folder is gone", watch.Batch{Root: watch.RootGone}, []string{"error The folder of this site is gone."}},
		{"the folder is back", watch.Batch{Root: watch.RootBack, Changes: modified("a.css").Changes}, []string{"ok", "full-reload"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := NewHub(Options{})
			defer h.Close()
			h.Depends("/", []string{"index.gohtml", "_layout.gohtml", "blog", "inline.css", "global.ts"})
			h.Depends("/cart?x=1", []string{"cart.gohtml"})
			h.Depends("/cart?x=1", []string{"cart.gohtml", "cart.gohtml.ts", "_layout.gohtml", "App_Code/cart.ts", "go.mod"})
			h.Depends("/cart?x=1", nil)
			h.Depends("/cart/7", []string{"cart.gohtml", "_layout.gohtml"})
			if got := describe(h.Told(test.batch)); !slices.Equal(got, test.want) {
				t.Errorf("told %q, want %q", got, test.want)
			}
		})
	}
}

func TestManyAddresses(t *testing.T) {
	h := NewHub(Options{})
	defer h.Close()
	for i := range maxUpdates + 1 {
		h.Depends(fmt.Sprintf("/p%d", i), []string{"_layout.gohtml"})
	}
	if got := describe(h.Told(modified("_layout.gohtml"))); !slices.Equal(got, []string{"full-reload"}) {
		t.Errorf("told %q", got)
	}
	for i := range maxAddresses {
		h.Depends(fmt.Sprintf("/q?%d", i), []string{"q.gohtml"})
	}
	if got := describe(h.Told(modified("q.gohtml"))); !slices.Equal(got, []string{"full-reload"}) {
		t.Errorf("with forgotten addresses, told %q", got)
	}
	if n := len(h.depends.inputs); n != maxAddresses {
		t.Errorf("%d addresses are kept in mind", n)
	}
}

func TestPause(t *testing.T) {
	h := NewHub(Options{})
	defer h.Close()
	h.Pause(true)
	if got := h.Told(modified("a.css")); got != nil {
		t.Errorf("told %v while paused", got)
	}
	at := h.log.Last()
	h.Pause(false)
	if got := describe(h.log.Since(at).Values); !slices.Equal(got, []string{"full-reload"}) {
		t.Errorf("afterwards %q", got)
	}
	h.Pause(true)
	h.Pause(false)
	if h.log.Last() != at+1 {
		t.Error("a pause in which nothing happened told something")
	}
}

func TestEventsAreOneLineOfJSON(t *testing.T) {
	for _, e := range []Event{
		{Name: Connected, run: "R"},
		{Name: CSSUpdate, Paths: []string{"/a.css"}},
		{Name: PageUpdate, Path: "/x"},
		{Name: FullReload},
		{Name: Error, Message: "line\nbreak \u2028 </script>", File: "x\r\ndata: y", Line: 3},
		{Name: OK},
	} {
		text := string(e.message("R-1"))
		lines := strings.Split(text, "\n")
		if len(lines) != 5 || lines[0] != "event: "+e.Name || lines[1] != "id: R-1" || lines[3]+lines[4] != "" {
			t.Fatalf("message %q", text)
		}
		if data := strings.TrimPrefix(lines[2], "data: "); !json.Valid([]byte(data)) || strings.ContainsRune(data, '\r') {
			t.Errorf("data %q", data)
		}
	}
}

func BenchmarkDependsUnchanged(b *testing.B) {
	h := NewHub(Options{})
	defer h.Close()
	inputs := []string{"index.gohtml", "index.gohtml.ts", "_layout.gohtml", "_nav.gohtml", "blog", "blog/a.md", "blog/b.md"}
	for b.Loop() {
		h.Depends("/", inputs)
	}
}
