package frontmatter

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, text string, mode Mode) Document {
	t.Helper()
	doc, err := Parse(text, mode)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return doc
}

func TestKeys(t *testing.T) {
	day := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	want := Meta{
		Title: "Cart: \"all\"", Layout: "_wide", ViewState: false, Session: "read", Transaction: "required",
		Cache: &Cache{For: time.Minute, Vary: []string{"query.page"}, Tags: []string{"cart", "shop"}}, PathInfo: true,
		Actions: true, MaxBody: 20 << 20, Date: day, Draft: true, Summary: "one\ntwo\n",
	}
	texts := map[string]string{
		"yaml": `---
title: 'Cart: "all"' # with a comment
layout: _wide
viewState: false
session: read
transaction: required
cache: {for: 60s, vary: [query.page], tags: [cart, shop]}
pathInfo: true
actions: true
maxBody: 20MB
date: 2026-03-31
draft: true
summary: |
  one
  two
---
`,
		"toml": `+++
title = 'Cart: "all"'
layout = "_wide"
viewState = false
session = "read"
transaction = "required"
pathInfo = true
actions = true
maxBody = "20 MB"
date = 2026-03-31
draft = true
summary = """
one
two
"""
[cache]
for = "60s"
vary = ["query.page"]
tags = ["cart", "shop"]
+++
`,
		"json": `{
  "title": "Cart: \"all\"", "layout": "_wide", "viewState": false, "session": "read",
  "transaction": "required", "pathInfo": true, "actions": true, "maxBody": 20971520,
  "date": "2026-03-31T00:00:00Z", "draft": true, "summary": "one\ntwo\n",
  "cache": {"for": "1m", "vary": "query.page", "tags": ["cart", "shop"]}
}
`,
	}
	for name, text := range texts {
		for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), "\ufeff" + text} {
			got := parse(t, text+"body", Page).Meta
			got.places = nil
			got.Summary = strings.ReplaceAll(got.Summary, "\r", "")
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %+v\nwant %+v", name, got, want)
			}
		}
	}
}

func TestDefaults(t *testing.T) {
	for _, text := range []string{"", "<p>", "{{.x}}", "{", "{x", "---", "text\n---\ntitle: x\n---\n", "---\n---\n", "---\n# nothing\n---\n", "+++\n+++\n", "{}\n"} {
		mode := Page
		if text == "---" {
			mode = Markdown
		}
		got := parse(t, text, mode).Meta
		got.places = nil
		if want := (Meta{ViewState: true}); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v", text, got)
		}
	}
}

// The body must stand where it stood, for every kind of front matter.
func TestBodyKeepsPlaces(t *testing.T) {
	tests := []struct{ text, body string }{
		{"---\ntitle: x\n---\n<p>\n", "\n\n   \n<p>\n"},
		{"---\r\ntitle: x\r\n---\r\n<p>\r\n", "\n\n    \n<p>\r\n"},
		{"\ufeff---\ntitle: x\n---\n<p>", "\n\n   \n<p>"},
		{"+++\ntitle = \"x\"\n+++\n\n<p>", "\n\n   \n\n<p>"},
		{"{\"title\": \"ä\"} <p>", "               <p>"},
		{"{\n\"title\": \"x\"\n}\n<p>", "\n\n \n<p>"},
		{"---\ntitle: x\n---", "\n\n   "},
		{"---\ntitle: x\n--- \t\n<p>", "\n\n     \n<p>"},
		{"<p>\n---\n", "<p>\n---\n"},
		{"{{.x}}", "{{.x}}"},
	}
	for _, test := range tests {
		if got := parse(t, test.text, Page).Body; got != test.body {
			t.Errorf("%q: got %q, want %q", test.text, got, test.body)
		}
	}
	for _, text := range []string{"---\nnot closed", "---\n", "-----\ntext\n---\n"} {
		if got := parse(t, text, Markdown).Body; got != text {
			t.Errorf("%q is not front matter, got %q", text, got)
		}
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		text         string
		line, column int
		message      string
		hint         string
	}{
		{"---\ntitle: x", 1, 1, "not closed", "---"},
		{"+++\ntitle = 1", 1, 1, "not closed", "+++"},
		{"{\"title\": \"x\"", 1, 14, "not closed", ""},
		{"{\n  \"title\": x}", 2, 12, "invalid character", ""},
		{"---\ntitel: x\n---\n", 2, 1, `no key "titel"`, `"title"`},
		{"---\nlayout: x\nview-state: true\n---\n", 3, 1, `no key "view-state"`, `"viewState"`},
		{"---\nTitle: x\n---\n", 2, 1, `no key "Title"`, `"title"`},
		{"---\ntags: [a]\n---\n", 2, 1, `no key "tags"`, "title, layout"},
		{"---\nviewState: maybe\n---\n", 2, 12, `viewState must be true or false, not "maybe"`, ""},
		{"---\nsession: sometimes\n---\n", 2, 10, `session must be on, read or off, not "sometimes"`, ""},
		{"---\nä: {title: x}\n---\n", 2, 1, `no key "ä"`, ""},
		{"---\ntitle: [x]\n---\n", 2, 8, "title must be text, not a list", ""},
		{"---\nmaxBody: much\n---\n", 2, 10, "maxBody must be a size", ""},
		{"---\nmaxBody: -5\n---\n", 2, 10, "maxBody must be a size", ""},
		{"---\nmaxBody: 9000000GB\n---\n", 2, 10, "maxBody must be a size", ""},
		{"---\ndate: soon\n---\n", 2, 7, "date must be a date", ""},
		{"---\ncache: {for: 60s, very: [x]}\n---\n", 2, 19, `cache has no key "very"`, `"vary"`},
		{"---\ncache:\n  vary: [x]\n---\n", 3, 7, "for how long", ""},
		{"---\ncache: {for: never}\n---\n", 2, 14, "for must be a time", ""},
		{"---\ntitle: x\ntitle: y\n---\n", 3, 1, "title", ""},
		{"---\ntitle: \"x\n---\n", 2, 8, "", ""},
		{"---\n- a\n- b\n---\n", 2, 1, "keys with values", ""},
		{"---\njust text\n---\n", 2, 1, "keys with values", ""},
		{"---\ntitle: *x\n---\n", 2, 8, `no anchor "x"`, ""},
		{"+++\nlayout = \"a\"\n  titel = \"x\"\n+++\n", 3, 3, `no key "titel"`, `"title"`},
		{"+++\nviewState = 1\n+++\n", 2, 1, "viewState must be true or false, not 1", ""},
		{"+++\nlayout = \"a\"\ntitle = x\n+++\n", 3, 9, "", ""},
		{"{\n  \"layout\": \"a\",\n  \"titel\": 1}\n", 3, 3, `no key "titel"`, `"title"`},
		{"{\"title\": \"a\", \"title\": \"b\"}\n", 1, 16, "twice", ""},
		{"---\ntitle: " + strings.Repeat("[", 5000) + "\n---\n", 2, 136, "nested too deep", ""},
		{"+++\ntitle = " + strings.Repeat("[", 5000) + "\n+++\n", 2, 137, "nested too deep", ""},
		{"---\ntitle: " + strings.Repeat("x", MaxBytes) + "\n---\n", 2, 1, "longer than 32 kB", ""},
	}
	for _, test := range tests {
		_, err := Parse(test.text, Page)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.60q: got error %v", test.text, err)
			continue
		}
		if e.Line != test.line || e.Column != test.column || !strings.Contains(e.Message, test.message) || !strings.Contains(e.Hint, test.hint) {
			t.Errorf("%.60q: got %d:%d %q (%s), want %d:%d %q (%s)", test.text, e.Line, e.Column, e.Message, e.Hint, test.line, test.column, test.message, test.hint)
		}
	}
}

func TestMarkdownKeepsOtherKeys(t *testing.T) {
	doc := parse(t, `---
title: About
tags: [go, 1, 2.5, true, null]
nested: {a: {b: c}, when: 2024-05-06}
titel: x
base: &base {a: 1}
more:
  <<: *base
  b: 2
---
text`, Markdown)
	want := map[string]any{
		"tags":   []any{"go", int64(1), 2.5, true, nil},
		"nested": map[string]any{"a": map[string]any{"b": "c"}, "when": "2024-05-06"},
		"titel":  "x",
		"base":   map[string]any{"a": int64(1)},
		"more":   map[string]any{"a": int64(1), "b": int64(2)},
	}
	if !reflect.DeepEqual(doc.Meta.Params, want) {
		t.Errorf("got %#v", doc.Meta.Params)
	}
	if len(doc.Notices) != 1 || doc.Notices[0].Line != 5 || doc.Notices[0].Hint != `did you mean "title"?` {
		t.Errorf("notices: %v", doc.Notices)
	}
	if line, column := doc.Meta.Place("title"); line != 2 || column != 8 {
		t.Errorf("title is at %d:%d", line, column)
	}
	if doc.Meta.Has("layout") || !doc.Meta.Has("tags") {
		t.Error("Has is wrong")
	}
}

// A bomb of aliases must end in an error, not in memory.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := '1'; i <= '9'; i++ {
		b.WriteString("a" + string(i) + ": &a" + string(i) + " [" + strings.TrimSuffix(strings.Repeat("*a"+string(i-1)+", ", 9), ", ") + "]\n")
	}
	b.WriteString("---\n")
	_, err := Parse(b.String(), Markdown)
	if err == nil || !strings.Contains(err.Error(), "too many values") {
		t.Errorf("got %v", err)
	}
}

// keepsPlaces says whether every character of body stands where it stands in text, spaces excepted.
func keepsPlaces(text, body string) bool {
	was, is := strings.Split(text, "\n"), strings.Split(body, "\n")
	if len(was) != len(is) {
		return false
	}
	for i := range is {
		before, after := []rune(was[i]), []rune(is[i])
		if len(after) > len(before) {
			return false
		}
		for j := range after {
			if after[j] != ' ' && after[j] != before[j] {
				return false
			}
		}
	}
	return true
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: x\ncache: {for: 60s}\n---\n<p>", "+++\ntitle = 'x'\n[cache]\nfor='1s'\n+++\n", "{\"title\": [1, {\"a\": null}]}\n",
		"---\na: &a [*a]\n---\n", "---\n<<: {a: b}\n? [x]\n: !!str y\n---\n", "---\r\n- |\r\n x\r\n---\r\n", "+++\na.b.c = [[1], {x = 2}]\n[[t]]\n+++\n",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, markdown bool) {
		mode := Page
		if markdown {
			mode = Markdown
		}
		doc, err := Parse(text, mode)
		text = strings.TrimPrefix(text, "\ufeff")
		lines := strings.Count(text, "\n")
		if !keepsPlaces(text, doc.Body) {
			t.Fatalf("%q became %q", text, doc.Body)
		}
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("error of another kind: %T", err)
		}
		for _, e := range append(doc.Notices, e) {
			if e != nil && (e.Line < 1 || e.Line > lines+1 || e.Column < 1 || e.Message == "") {
				t.Fatalf("%q: place of %+v is not in the text", text, e)
			}
		}
	})
}
