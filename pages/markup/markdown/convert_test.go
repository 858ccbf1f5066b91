package markdown

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func convert(t *testing.T, src string, o Options) Document {
	t.Helper()
	d, err := Convert(t.Context(), []byte(src), o)
	if err != nil {
		t.Fatalf("Convert(%q): %v", src, err)
	}
	return d
}

var update = flag.Bool("update", false, "rewrite the HTML in testdata")

// Every archive in testdata has pairs NAME.md and NAME.html; the names of those in actions.txtar are converted
// with actions.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Actions: filepath.Base(file) == "actions.txtar"}
		archive := txtar.Parse(data)
		for i := 0; i+1 < len(archive.Files); i += 2 {
			in, want := archive.Files[i], archive.Files[i+1]
			name := strings.TrimSuffix(in.Name, ".md")
			if want.Name != name+".html" {
				t.Fatalf("%s: %s is not followed by its HTML", file, in.Name)
			}
			t.Run(name, func(t *testing.T) {
				got := string(convert(t, string(in.Data), o).HTML)
				if *update {
					archive.Files[i+1].Data = []byte(got)
				} else if got != string(want.Data) {
					t.Errorf("%s: got\n%swant\n%s", file, got, want.Data)
				}
			})
		}
		if *update {
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestContents(t *testing.T) {
	d := convert(t, "Intro\n\n# The `foo` *Option*!\n\n## A & B\n\n## A & B\n\n## A--B\n\n## a--b-1\n\n## 日本語 Ünï\n\n## ![](x.png)\n\nSet\next\n===\n\n### [link](x.md) &copy; \\*\n", Options{})
	want := []Heading{
		{1, "the-foo-option", "The foo Option!"},
		{2, "a--b", "A & B"},
		{2, "a--b-1", "A & B"},
		{2, "a--b-2", "A--B"},
		{2, "a--b-1-1", "a--b-1"},
		{2, "日本語-ünï", "日本語 Ünï"},
		{2, "section", ""},
		{1, "set-ext", "Set ext"},
		{3, "link--", "link © *"},
	}
	if !reflect.DeepEqual(d.Contents, want) {
		t.Errorf("got %+v\nwant %+v", d.Contents, want)
	}
	if d.Title != "The foo Option!" || !d.HasH1 {
		t.Errorf("title %q, h1 %v", d.Title, d.HasH1)
	}
	if d := convert(t, "<div><H1>x</H1></div>\n\n## y", Options{}); d.Title != "y" || !d.HasH1 {
		t.Errorf("title %q, h1 %v", d.Title, d.HasH1)
	}
	if d := convert(t, "text", Options{}); d.Title != "" || d.HasH1 || d.Contents != nil {
		t.Errorf("%+v", d)
	}
	if d := convert(t, "# Hello {{.name}} `{{x}}`", Options{Actions: true}); d.Title != "Hello {{x}}" || d.Contents[0].ID != "hello-x" {
		t.Errorf("%+v", d.Contents)
	}
}

func TestAddress(t *testing.T) {
	for from, to := range map[string]string{
		"x.md": "x", "x.md#y": "x#y", "x.md?a=b#y": "x?a=b#y", "../a/x.md": "../a/x", "/docs/x.md": "/docs/x",
		"README.md": "./", "./README.md": "./", "../README.md#a": "../#a", "a/README.md": "a/", "/README.md": "/", "a/index.md": "a/",
		"https://example.com/x.md": "https://example.com/x.md", "//example.com/x.md": "//example.com/x.md", "mailto:x.md": "mailto:x.md",
		"x.mdx": "x.mdx", "#x.md": "#x.md", "x?y.md": "x?y.md", ".md": ".md", "a/.md": "a/.md", "": "", "x": "x", "my%20page.md": "my%20page", "readme.md": "readme",
	} {
		if got := string(address([]byte(from))); got != to {
			t.Errorf("%q: got %q, want %q", from, got, to)
		}
	}
}

func TestLinks(t *testing.T) {
	d := convert(t, "[a](a.md#x) [b](a.md#x) ![i](i.png) [r] [{{.x}}]({{.y}}.md) <https://e.org> [](javascript:x)\n\n[r]: ../r.md 'title'", Options{Actions: true})
	if want := []string{"a.md#x", "i.png", "../r.md"}; !reflect.DeepEqual(d.Links, want) {
		t.Errorf("got %q", d.Links)
	}
}

func TestScriptTargets(t *testing.T) {
	for _, src := range []string{
		"[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](<java\tscript:alert(1)>)", "[x](&#106;avascript:alert(1))", "[x](javascript&colon;alert(1))",
		"![x](javascript:alert(1))", "<javascript:alert(1)>", "[x][r]\n\n[r]: vbscript:x", "[x](data:text/html,x)", "[x](javascript\\:alert(1))", "![x](data:image/svg+xml,x)",
	} {
		html := strings.ToLower(string(convert(t, src, Options{}).HTML))
		for _, bad := range []string{`="javascript`, `="vbscript`, `="data`, `="java`} {
			if strings.Contains(html, bad) {
				t.Errorf("%s became %s", src, html)
			}
		}
	}
	if html := string(convert(t, "![x](data:image/png;base64,AA==)", Options{}).HTML); !strings.Contains(html, "data:image/png") {
		t.Errorf("a picture was lost: %s", html)
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		src          string
		line, column int
		message      string
	}{
		{"a\n\nb {{.x", 3, 3, "not closed"},
		{"{{.x\n\n```\n}}\n```\n", 1, 1, "not closed"},
		{"ä {{\"x\n}}", 1, 3, "not closed"},
		{"x\n{{define \"a\"}}x{{end}}", 2, 1, "cannot have {{define}}"},
		{"{{- block \"a\" .}}x{{end}}", 1, 1, "cannot have {{block}}"},
		{"- item\n\n      <script runat=server>x</script>\n  <script RUNAT='server'>\n", 4, 3, "server script"},
		{"{{.a}}\n{{if\n.b}}{{end}}\n\n<div>\n<script runat=\"server\"></script>\n</div>", 5, 1, "server script"},
	}
	for _, test := range tests {
		_, err := Convert(t.Context(), []byte(test.src), Options{Actions: true})
		var e *Error
		if !errors.As(err, &e) || e.Line != test.line || e.Column != test.column || !strings.Contains(e.Message, test.message) {
			t.Errorf("%q: got %v", test.src, err)
		}
	}
	if _, err := Convert(t.Context(), make([]byte, MaxBytes+1), Options{}); err == nil {
		t.Error("a text of any length is taken")
	}
}

func TestSource(t *testing.T) {
	d := convert(t, "# Häd {{.a}}\n\n> {{.b}} *x {{if\n> .c}}y{{end}}*\n\n{{range .d}}\n\n- `{{.no}}` {{.e}}\n\n{{end}}\n", Options{Actions: true})
	lines := strings.Split(string(d.HTML), "\n")
	find := func(text string) (int, int) {
		for i, line := range lines {
			if at := strings.Index(line, text); at >= 0 {
				return i + 1, len([]rune(line[:at])) + 1
			}
		}
		t.Fatalf("%q is not in %s", text, d.HTML)
		return 0, 0
	}
	for _, test := range []struct {
		text         string
		line, column int
	}{{".a}}", 1, 9}, {".b}}", 3, 5}, {"{{if", 3, 13}, {".c}}", 4, 3}, {"y{{end", 3, 13}, {"{{end}}</em>", 4, 8}, {".d}}", 6, 9}, {".e}}", 8, 15}} {
		line, column := find(test.text)
		if l, c := d.Source(line, column); l != test.line || c != test.column {
			t.Errorf("%s at %d:%d: got %d:%d, want %d:%d", test.text, line, column, l, c, test.line, test.column)
		}
	}
	line, _ := find("{{if")
	if l, c := d.Source(line, 0); l != 3 || c != 3 {
		t.Errorf("the line of {{if: got %d:%d", l, c)
	}
	if l, c := d.Source(1000, 1); l != 10 || c != 1 {
		t.Errorf("behind the end: got %d:%d", l, c)
	}
}

func TestShell(t *testing.T) {
	for _, test := range []struct{ src, title, file, head, body string }{
		{"text", "A <b> {{x}}", "f", "<title>A &lt;b&gt; &#123;&#123;x}}</title>", "<h1>A &lt;b&gt; &#123;&#123;x}}</h1>\n<p>text"},
		{"# H1", "Title", "f", "<title>Title</title>", "<main>\n<h1 id=\"h1\">H1"},
		{"## H2", "", "f", "<title>H2</title>", "<main>\n<h2 id"},
		{"text", "", "notes", "<title>notes</title>", "<main>\n<p>text"},
	} {
		d := convert(t, test.src, Options{})
		html, lines := Shell(d, test.title, test.file)
		if !strings.Contains(string(html), test.head) || !strings.Contains(string(html), test.body) {
			t.Errorf("%q: got %s", test.src, html)
		}
		if got := strings.Split(string(html), "\n")[lines]; !strings.HasPrefix(string(d.HTML), got) {
			t.Errorf("line %d is %q", lines, got)
		}
	}
	if strings.Contains(shellStyle, "{{") || strings.Contains(shellStyle, "</") {
		t.Error("the style cannot stand in a template")
	}
}

func TestEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("why")
	cancel(why)
	for _, o := range []Options{{}, {Actions: true}} {
		if _, err := Convert(ctx, []byte(strings.Repeat("*a* [b](c) `d` {{.x}}\n\n", 1000)), o); !errors.Is(err, why) {
			t.Errorf("got %v", err)
		}
	}
}
