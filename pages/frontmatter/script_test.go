package frontmatter

import (
	"errors"
	"strings"
	"testing"
)

func TestServerScript(t *testing.T) {
	tests := []struct {
		text, lang, code, markup string
	}{
		{"<p>\n<script runat=\"server\">\nlet x = 1\n</script>\n<b>", "ts", "\n                       \nlet x = 1\n", "<p>\n\n\n         \n<b>"},
		{"<script lang=js runat=server>x</script><b>", "js", "                             x", strings.Repeat(" ", 39) + "<b>"},
		{"<SCRIPT RUNAT='Server' LANG='TS'>x</SCRIPT >", "ts", strings.Repeat(" ", 33) + "x", strings.Repeat(" ", 44)},
		{"ä<script\n  lang = \"typescript\"\n  runat = \"server\"\n>a</script>", "ts", "\n\n\n a", "ä\n\n\n           "},
		{"<script runat=server>\"{{\" + '<!--'</script><p>", "ts", strings.Repeat(" ", 21) + "\"{{\" + '<!--'", strings.Repeat(" ", 43) + "<p>"},
		{"<div {{if .x}}class=\"a>\"{{end}} title='{{\"'\"}}>'>\n<script runat=server>x</script>", "ts", "\n" + strings.Repeat(" ", 21) + "x", "<div {{if .x}}class=\"a>\"{{end}} title='{{\"'\"}}>'>\n" + strings.Repeat(" ", 31)},
		{"<script>var s = '<script runat=server>'</script><script runat=server>x</script>", "ts", strings.Repeat(" ", 69) + "x", "<script>var s = '<script runat=server>'</script>" + strings.Repeat(" ", 31)},
		{"a < b <script runat=server></script>", "ts", strings.Repeat(" ", 27), "a < b " + strings.Repeat(" ", 30)},
	}
	for _, test := range tests {
		s, err := ServerScript(test.text, Page)
		if err != nil || !s.Found || s.Lang != test.lang || s.Code != test.code || s.Markup != test.markup {
			t.Errorf("%q: got %+v %v", test.text, s, err)
		}
	}
}

func TestNoServerScript(t *testing.T) {
	for _, text := range []string{
		"", "<p>", "<script>x</script>", "<script runat=\"client\">x</script>", "<!-- <script runat=\"server\">x</script> -->",
		"{{/* <script runat=server>x</script> */}}", "{{\"<script runat=server>x</script>\"}}", "{{- /* }} <script runat=server>x</script> */ -}}",
		"<style><script runat=server>x</script></style>", "<textarea><script runat=server>x</script></textarea>",
		"<p title='<script runat=server>x</script>'>", "<p title={{\"<script runat=server>x</script>\"}}>", "<scripture runat=server>x</scripture>", "<p runat=server",
	} {
		s, err := ServerScript(text, Page)
		if err != nil || s.Found || s.Markup != text || s.Code != "" {
			t.Errorf("%q: got %+v %v", text, s, err)
		}
	}
}

func TestServerScriptInMarkdown(t *testing.T) {
	const script = "<script runat=server>\nx\n</script>\n"
	for text, found := range map[string]bool{
		"# Title\n\n" + script: true, "   " + script + "text": true, "    " + script: false, "see `" + script + "`": false,
		"```html\n" + script + "```\n": false, "~~~\n```\n" + script + "~~~\n": false, "```\ncode\n```\n\n" + script: true,
		"- item\n\n  ```html\n  <p>\n  ```\n" + script: true, "> ```\n> " + script: false, "<!--\n" + script + "-->\n": false,
		"<!-- one line -->\n" + script: true, "text\r\n\r\n" + strings.ReplaceAll(script, "\n", "\r\n"): true, "````\n```\n" + script + "````\n": false,
		"- ```\n  " + script + "  ```\n": false, "<script>\n" + script: false, "``` a`b\n" + script: true,
	} {
		s, err := ServerScript(text, Markdown)
		if err != nil || s.Found != found {
			t.Errorf("%q: got %+v %v, want %v", text, s, err, found)
		}
	}
}

func TestServerScriptFaults(t *testing.T) {
	tests := []struct {
		text         string
		line, column int
		message      string
	}{
		{"<p>\n  <script runat=server>x", 2, 3, "not closed"},
		{"<script runat=server>x</script", 1, 1, "not closed"},
		{"<script runat=server>x</script>\n<script runat=server>y</script>", 2, 1, "two server scripts"},
		{"<script runat=server lang=\"C#\">x</script>", 1, 1, `cannot be written in "C#"`},
		{"<script runat=server src=x.ts></script>", 1, 1, "cannot have src"},
		{"<script runat=server async></script>", 1, 1, `no attribute "async"`},
	}
	for _, test := range tests {
		for _, mode := range []Mode{Page, Markdown} {
			_, err := ServerScript(test.text, mode)
			var e *Error
			if !errors.As(err, &e) || e.Line != test.line || e.Column != test.column || !strings.Contains(e.Message, test.message) {
				t.Errorf("%q: got %v", test.text, err)
			}
		}
	}
}

func FuzzServerScript(f *testing.F) {
	for _, seed := range []string{
		"<script runat=server>x</script>", "{{/*", "<a b='{{\"", "<!--<script", "```\n<script runat=server>", "{{`}}<script lang=js runat='server'>\ny</SCRIPT\n>",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, markdown bool) {
		mode := Page
		if markdown {
			mode = Markdown
		}
		s, err := ServerScript(text, mode)
		if err != nil || !s.Found {
			if s.Markup != text {
				t.Fatalf("%q became %q", text, s.Markup)
			}
			return
		}
		if !keepsPlaces(text, s.Markup) {
			t.Fatalf("%q became %q", text, s.Markup)
		}
		code := strings.TrimLeft(s.Code, "\n ")
		if !strings.Contains(text, code) {
			t.Fatalf("the code %q is not in %q", code, text)
		}
		if at := placeIn(s.Code, len(s.Code)-len(code)); code != "" && !strings.HasPrefix(lineAt(text, at), firstLine(code)) {
			t.Fatalf("%q: the code %q is not at %v", text, code, at)
		}
	})
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func lineAt(text string, at place) string {
	for range at.line - 1 {
		_, text, _ = strings.Cut(text, "\n")
	}
	for i := range text {
		if at.column--; at.column == 0 {
			return text[i:]
		}
	}
	return ""
}

func BenchmarkServerScriptNone(b *testing.B) {
	text := strings.Repeat("<p class=\"row\">{{.title}} and more text</p>\n", 2500)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if s, err := ServerScript(text, Page); err != nil || s.Found {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := "---\ntitle: Cart\nlayout: _layout\nviewState: true\n---\n<p>\n"
	for b.Loop() {
		if _, err := Parse(text, Page); err != nil {
			b.Fatal(err)
		}
	}
}
