package markdown

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are texts that a parser without bounds takes the square of in time, or that blow up.
func hostile(n int) map[string]string {
	var runs strings.Builder
	for i := 1; runs.Len() < n; i++ {
		runs.WriteString(strings.Repeat("`", i) + " ")
	}
	var refs, ids strings.Builder
	for i := 0; refs.Len() < n; i++ {
		refs.WriteString("[a" + strconv.Itoa(i) + "]: b\n")
		ids.WriteString("# a\n\n")
	}
	of := func(s string) string { return strings.Repeat(s, n/len(s)) }
	return map[string]string{
		"quotes": of(">"), "quotes spaced": of("> "), "lists": of("- "), "numbers": of("1. "), "mixed": of("> - "),
		"emphasis": of("*a_ "), "emphasis closed": of("*a**b* "), "stars": of("*"), "strike": of("~~a~ "), "strike spaced": of("a~~ "),
		"brackets": of("["), "images": of("!["), "links": of("[a]("), "links titled": of("[a](b \""), "closed": of("[a]"), "collapsed": of("[a]["), "many links": of("[a](b) "),
		"nested links": of("[") + of("](a)"), "nested images": of("![") + of("](a)"),
		"code runs": runs.String(), "code": of("`a"), "tags": of("<a "), "comments": of("<!--"), "declarations": of("<!A"), "instructions": of("<?"), "cdata": of("<![CDATA["),
		"tag attributes": "<a " + of("a='b' "), "tag quotes": of("<a b=\""), "entities": of("&#1234567;"), "autolinks": of("<a:"), "www": of("www."), "http": of("http://a."), "mail": of("a@b."), "mail2": of("a.b "),
		"pipes": of("|"), "wide table": of("|a") + "\n" + of("|-") + "\n" + of("|\n"), "rows": "|a|b|\n|-|-|\n" + of("|\n"), "delimiters": of("|-|-|\n"), "escaped pipes": "|a|\n|-|\n" + strings.Repeat("|`\\|`|\n", 1_000),
		"references": refs.String() + of("[a1]"), "reference titles": of("[a]: b \"\n"), "open references": of("[a]:\n"), "headings": ids.String(), "setext": of("a\n=\n"), "fences": of("```\n"), "tildes": of("~~~ a\n"),
		"html": of("<div>\n"), "script": of("<script>\n"), "actions": of("{{.x}}"), "action lines": of("{{.x}}\n"), "open action": of("{") + "}}", "escaped": of("\\{"), "lines": of("\n"), "spaces": of(" "), "tabs": of("\t"), "tasks": of("- [ ] a\n"),
		"breaks": of("a  \n"), "deep list": func() string {
			var b strings.Builder
			for i := 0; b.Len() < n; i++ {
				b.WriteString(strings.Repeat(" ", i%300*2) + "- a\n")
			}
			return b.String()
		}(), "NUL": of("\x00"), "invalid": of("\xff"), "long word": of("a"), "colons": of(":"), "brackets and code": of("[`a`](b`"),
	}
}

func TestHostile(t *testing.T) {
	for name, text := range hostile(5_000) {
		for _, o := range []Options{{}, {Actions: true}} {
			d, err := Convert(t.Context(), []byte(text), o)
			if err != nil && name != "open action" {
				t.Errorf("%s: %v", name, err)
			}
			if len(d.HTML) > 100*len(text)+10_000_000 {
				t.Errorf("%s: %d bytes became %d", name, len(text), len(d.HTML))
			}
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, text := range hostile(200_000) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Convert(b.Context(), []byte(text), Options{Actions: true}); err != nil && name != "open action" {
					b.Fatal(err)
				}
			}
		})
	}
}

// The documentation of our own dependencies is real input.
func TestRealDocuments(t *testing.T) {
	root := moduleCache(t)
	count := 0
	for _, module := range []string{"github.com/yuin/goldmark@*", "github.com/evanw/esbuild@*", "github.com/alecthomas/chroma/v2@*", "github.com/spf13/cobra@*", "github.com/goccy/go-yaml@*"} {
		folders, err := filepath.Glob(filepath.Join(root, module))
		if err != nil {
			t.Fatal(err)
		}
		for _, folder := range folders {
			count += convertFolder(t, folder)
		}
	}
	if count == 0 {
		t.Skip("the module cache has no documentation")
	}
}

func moduleCache(t *testing.T) string {
	if dir := os.Getenv("GOMODCACHE"); dir != "" {
		return dir
	}
	if dir := os.Getenv("GOPATH"); dir != "" {
		return filepath.Join(filepath.SplitList(dir)[0], "pkg", "mod")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	return filepath.Join(home, "go", "pkg", "mod")
}

func convertFolder(t *testing.T, folder string) int {
	count := 0
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		count++
		d, err := Convert(t.Context(), src, Options{})
		switch {
		case err != nil:
			t.Errorf("%s: %v", path, err)
		case len(src) > 200 && len(d.HTML) < len(src)/2:
			t.Errorf("%s: %d bytes became %d", path, len(src), len(d.HTML))
		}
		for _, link := range regexp.MustCompile(`<a href="([^"]*\.md)["#]`).FindAllSubmatch(d.HTML, -1) {
			if !strings.Contains(string(link[1]), ":") && strings.Contains(string(src), "]("+string(link[1])) {
				t.Errorf("%s: link %s is left", path, link[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func FuzzMarkdown(f *testing.F) {
	for _, text := range hostile(60) {
		f.Add(text, true)
	}
	f.Add("# a\n\n[x](java\tscript:y) `{{a}}` {{.b}}\n\n|{{c}}|\n|-|\n|{{`|`}}|\n", true)
	f.Add("<script runat=server>\n", false)
	f.Add("1. {{x}}\n   ```\n   {{y}}\n   ```\n> {{z\n> }}", true)
	f.Fuzz(func(t *testing.T, src string, actions bool) {
		if len(src) > 10_000 {
			t.Skip()
		}
		d, err := Convert(t.Context(), []byte(src), Options{Actions: actions})
		if err != nil {
			return
		}
		html := string(d.HTML)
		if !utf8.ValidString(html) {
			t.Fatalf("%q became %q", src, html)
		}
		if actions {
			checkActions(t, src, d)
		}
		if !strings.Contains(src, "<") && regexp.MustCompile(`(?i)<script|="\s*(java|vb)script:|\son\w+=`).MatchString(html) && !actions {
			t.Fatalf("%q became %q", src, html)
		}
		seen := map[string]bool{}
		for _, h := range d.Contents {
			if h.ID == "" || seen[h.ID] || h.Level < 1 || h.Level > 6 {
				t.Fatalf("%q: contents %+v", src, d.Contents)
			}
			seen[h.ID] = true
		}
	})
}

// checkActions says whether every pair of braces in the HTML is where an action was put, and comes from where
// it is said to.
func checkActions(t *testing.T, src string, d Document) {
	src = strings.ToValidUTF8(strings.TrimPrefix(src, "\ufeff"), "\ufffd")
	html, lines := string(d.HTML), strings.Split(src, "\n")
	at := counter{line: 1, column: 1}
	next := 0
	for i := 0; i < len(html); {
		if next < len(d.marks) && d.marks[next].line == at.line && d.marks[next].column == at.column {
			m := d.marks[next]
			next++
			if l, c := d.Source(at.line, at.column); l != m.srcLine || c != m.srcColumn {
				t.Fatalf("%q: %d:%d is told as %d:%d", src, at.line, at.column, l, c)
			}
			runes := []rune(lines[m.srcLine-1])
			if !strings.HasPrefix(string(runes[m.srcColumn-1:]), "{{") || !strings.HasPrefix(html[i:], "{{") {
				t.Fatalf("%q: no action at %+v", src, m)
			}
			for at.line != m.endLine || at.column != m.endColumn {
				_, size := utf8.DecodeRuneInString(html[i:])
				at.count([]byte(html[i : i+size]))
				i += size
			}
			continue
		}
		if strings.HasPrefix(html[i:], "{{") {
			t.Fatalf("%q: braces at %d:%d of %q", src, at.line, at.column, html)
		}
		_, size := utf8.DecodeRuneInString(html[i:])
		at.count([]byte(html[i : i+size]))
		i += size
	}
	if next != len(d.marks) {
		t.Fatalf("%q: %d of %d actions are in %q", src, next, len(d.marks), html)
	}
}

func BenchmarkConvert(b *testing.B) {
	section := "## Heading\n\nSome *text* with [a link](other.md#x), `code` and **more** of it, so that the line has a usual length.\n\n- one\n- two\n\n```go\nfunc main() {\n\tfmt.Println(\"hello\") // greet\n}\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
	for _, size := range []int{10_000, 300_000} {
		for name, o := range map[string]Options{"plain": {}, "actions": {Actions: true}} {
			src := []byte(strings.Repeat(section, size/len(section)))
			b.Run(strconv.Itoa(size/1000)+"kB/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(src)))
				for b.Loop() {
					if _, err := Convert(b.Context(), src, o); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
