package markup

import (
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func archives(t *testing.T, pattern string) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	found := map[string]*txtar.Archive{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(path)] = a
	}
	return found
}

// TestPages renders testdata/pages: each archive has a page, what it is made of, data and output.
func TestPages(t *testing.T) {
	for name, a := range archives(t, "testdata/pages/*.txtar") {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for _, f := range a.Files {
				files[f.Name] = string(f.Data)
			}
			var layouts []File
			if _, list, ok := strings.Cut(string(a.Comment), "layouts: "); ok {
				for _, name := range strings.Fields(list) {
					layouts = append(layouts, File{Name: name, Text: files[name]})
				}
			}
			find := func(from, name string) (File, error) {
				text, ok := files[name+".gohtml"]
				if !ok || from != "page.gohtml" {
					return File{}, fs.ErrNotExist
				}
				return File{Name: name + ".gohtml", Text: text}, nil
			}
			tm, err := Compile(File{Name: "page.gohtml", Text: files["page.gohtml"]}, layouts, Options{Funcs: testFuncs(), Partial: find})
			if err != nil {
				t.Fatal(err)
			}
			data := any(map[string]any{})
			if text, ok := files["data.json"]; ok {
				if err := json.Unmarshal([]byte(text), &data); err != nil {
					t.Fatal(err)
				}
			}
			for kind, data := range map[string]any{"maps": data, "objects": inPlace(data)} {
				out, err := tm.Render(context.Background(), []byte("before "), &Env{Data: data})
				if want := "before " + files["want"]; err != nil || strings.TrimSpace(string(out)) != strings.TrimSpace(want) {
					t.Errorf("%s: %v\ngot\n%s\nwant\n%s", kind, err, out, want)
				}
			}
		})
	}
}

// said puts a fault as the archives of testdata/faults do.
func said(t *testing.T, e *Error) string {
	t.Helper()
	if e.File != "page.gohtml" || e.Line == 0 || e.Column == 0 {
		t.Errorf("the fault has no place: %#v", e)
	}
	return strings.TrimPrefix(strings.Replace(e.Error(), ": ", " ", 1), "page.gohtml:") + " | " + e.Hint
}

// eachFault calls f with the pages of an archive in testdata/faults.
func eachFault(t *testing.T, archive string, f func(t *testing.T, page File) []string) {
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(a.Files); i += 2 {
		page, want := a.Files[i], strings.Split(strings.TrimSuffix(string(a.Files[i+1].Data), "\n"), "\n")
		t.Run(page.Name, func(t *testing.T) {
			got := f(t, File{Name: "page.gohtml", Text: strings.TrimSuffix(string(page.Data), "\n")})
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("%s\ngot\n%s\nwant\n%s", page.Data, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestCompileFaults(t *testing.T) {
	eachFault(t, "testdata/faults/compile.txtar", func(t *testing.T, page File) []string {
		o := Options{Funcs: testFuncs(), Partial: partialsOf(nil)}
		_, err := Compile(page, nil, o)
		var faults Errors
		if !errors.As(err, &faults) {
			t.Fatalf("%v is no Errors", err)
		}
		var list []string
		for _, e := range faults {
			list = append(list, said(t, e))
		}
		return list
	})
}

func TestFaultsOfOtherFiles(t *testing.T) {
	find := partialsOf(map[string]string{"_nav": "<nav>\n{{.a | nofunc}}", "_open": "<p>\n<b title=\"{{.a}}>"})
	for _, test := range []struct{ name, page, layout, want string }{
		{"partial", `{{template "_nav" .}}`, `{{template "content" .}}`, "_nav.gohtml:2:8: there is no function \"nofunc\""},
		{"layout", `x`, "<p>\n{{template \"content\" .}}{{.a | nofunc}}", "_layout.gohtml:2:32: there is no function \"nofunc\""},
		{"layout's syntax", `{{.a`, `{{end}}`, "page.gohtml:1:1: the action that begins here is not closed\n_layout.gohtml:1:1: {{end}} closes nothing here"},
		{"layout's template", "x", `{{template "aside" .}}`, "_layout.gohtml:1:12: there is no template \"aside\""},
		{
			"partial's quote", `{{template "_open" .}}`, `{{template "content" .}}`,
			"_open.gohtml:2:1: what begins here with <b is not closed where the page ends",
		},
		{"page's quote", "<i>\n<a href=x{{.a}}<>", `<p>{{template "content" .}}`, "page.gohtml:2:16: \"<\" in unquoted attr: \"<\""},
		{"content of a partial", `{{template "_c" .}}`, `{{template "content" .}}`, "page.gohtml:1:12: there is no partial \"_c\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			layouts := []File{{Name: "_layout.gohtml", Text: test.layout}}
			_, err := Compile(File{Name: "page.gohtml", Text: test.page}, layouts, Options{Partial: find})
			if err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestPartialThatCannotBeRead(t *testing.T) {
	find := func(_, _ string) (File, error) { return File{}, errTest }
	_, err := Compile(File{Name: "page.gohtml", Text: `{{template "_x"}}`}, nil, Options{Partial: find})
	if !errors.Is(err, errTest) {
		t.Errorf("%v does not wrap the cause", err)
	}
}

func TestLayoutOfItself(t *testing.T) {
	l := File{Name: "_layout.gohtml", Text: `{{template "content" .}}`}
	_, err := Compile(File{Name: "page.gohtml", Text: "x"}, []File{l, l}, Options{})
	if err == nil || !strings.Contains(err.Error(), "layout of itself") {
		t.Error(err)
	}
	find := func(_, _ string) (File, error) { return l, nil }
	_, err = Compile(File{Name: "page.gohtml", Text: `{{template "_layout" .}}`}, []File{l}, Options{Partial: find})
	if err == nil || !strings.Contains(err.Error(), "call each other for ever") {
		t.Error(err)
	}
}

func TestDeepAndLargeFilesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"deep":    strings.Repeat("{{if 1}}", 300_000),
		"else if": "{{if 1}}" + strings.Repeat("{{else if 1}}", 300_000) + "{{end}}",
		"large":   strings.Repeat("0123456789", 500_000),
		"parens":  "{{" + strings.Repeat("(", 300_000) + "}}",
		"calls":   doubling(25),
	} {
		if _, err := Compile(File{Name: "page.gohtml", Text: text}, nil, Options{}); err == nil {
			t.Errorf("%s was compiled", name)
		}
	}
	if _, err := Compile(File{Name: "page.gohtml", Text: strings.Repeat("{{if 1}}{{end}}", 2000)}, nil, Options{}); err != nil {
		t.Error(err)
	}
}

// TestLongScripts: html/template would look through them for minutes. What is cut for it must come out whole.
func TestLongScripts(t *testing.T) {
	lines := strings.Repeat("if (a<b) x = 'y' + \"z\" + `\nw`; // it's\n/* \n\" */ let r = /[/'\"]/.test({{.s}} / 2);\n", 350)
	for name, text := range map[string]string{
		"script": "<p>" + strings.Repeat("text\n", 10_000) + "<script>" + lines + "</script>{{.s}}",
		"text":   strings.Repeat("<p title='a\nb' x=y\n>\n&amp; <!-- \nno -->< b\n</p>\n", 1000),
		"across": "<script>" + strings.Repeat("x = [a,\n b] / c [\n d] / 2;\n", 1500) + "</script>",
	} {
		ref := template.Must(template.New("").Parse(text))
		var want strings.Builder
		data := map[string]any{"s": "</script>"}
		if err := ref.Execute(&want, data); err != nil {
			t.Fatal(name, err)
		}
		if got := render(t, text, data); squeezed(got) != squeezed(want.String()) {
			t.Errorf("%s: %d bytes, want %d", name, len(got), want.Len())
		}
	}
}

// squeezed leaves out spaces: a comment that is cut is more than one space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// doubling is a page of which a title would be 2^n calls.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString(`<title>{{template "a" .}}</title>`)
	for i := range n {
		name, next := strings.Repeat("a", i+1), strings.Repeat("a", i+2)
		b.WriteString(`{{define "` + name + `"}}{{template "` + next + `" .}}{{template "` + next + `" .}}{{end}}`)
	}
	b.WriteString(`{{define "` + strings.Repeat("a", n+1) + `"}}x{{end}}`)
	return b.String()
}

func TestFieldsAndUses(t *testing.T) {
	page := `{{.a}}{{$.b.c}}{{range .d}}{{.e}}{{$.f}}{{end}}{{with .}}{{.g}}{{end}}{{template "_p" .}}{{template "_p" .h}}{{upper page.title}}{{if .i}}{{end}}`
	find := partialsOf(map[string]string{"_p": "{{.j}}<title>{{template \"t\" $}}</title>{{define \"t\"}}{{.k}}{{end}}"})
	tm, err := Compile(File{Name: "page.gohtml", Text: page}, []File{{Name: "_l.gohtml", Text: `{{.l}}{{template "content" .}}{{template "content" .m}}`}},
		Options{Funcs: testFuncs(), Partial: find})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(tm.Fields(), ""); got != "abdfghijklm" {
		t.Errorf("fields: %s", got)
	}
	if !tm.Uses("page") || !tm.Uses("upper") || tm.Uses("request") {
		t.Error("uses")
	}
}

// FuzzCompile: no text may do harm; every fault has a place in the file.
func FuzzCompile(f *testing.F) {
	for _, pattern := range []string{"testdata/pages/*.txtar", "testdata/faults/*.txtar"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			a, err := txtar.ParseFile(path)
			if err != nil {
				f.Fatal(err)
			}
			for _, file := range a.Files {
				f.Add(string(file.Data), "<title>{{template \"content\" .}}</title>{{template \"content\"}}")
			}
		}
	}
	f.Add("{{.a", "{{template \"_p\" .}}")
	f.Add("{{/*", "<script>{{template \"content\" .}}</script>")
	o := Options{Funcs: testFuncs(), Partial: partialsOf(map[string]string{"_p": "<b>{{.}}"})}
	f.Fuzz(func(t *testing.T, page, layout string) {
		tm, err := Compile(File{Name: "page.gohtml", Text: page}, []File{{Name: "_layout.gohtml", Text: layout}}, o)
		if err != nil {
			checkPlaces(t, err, map[string]string{"page.gohtml": page, "_layout.gohtml": layout, "_p.gohtml": "<b>{{.}}"})
			return
		}
		env := &Env{Data: randomData(testRand(), 2), MaxOutput: 1 << 16}
		out, err := tm.Render(context.Background(), nil, env)
		if err != nil {
			checkPlaces(t, Errors{err.(*Error)}, map[string]string{"page.gohtml": page, "_layout.gohtml": layout, "_p.gohtml": "<b>{{.}}"})
		} else if len(out) > 1<<16 {
			t.Errorf("%d bytes", len(out))
		}
	})
}

func checkPlaces(t *testing.T, err error, files map[string]string) {
	t.Helper()
	var faults Errors
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("%v is no Errors", err)
	}
	for _, e := range faults {
		text, ok := files[e.File]
		lines := strings.Split(text, "\n")
		if !ok || e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Column > len([]rune(lines[e.Line-1]))+1 || e.Message == "" {
			t.Errorf("no place: %#v", e)
		}
	}
}
