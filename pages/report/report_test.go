package report

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

func sample() Report {
	text := "export function Page_Load() {\n\tlet a = 1\n\tlet b = page.data.<b>.x\n}\n"
	return Report{
		Status: 500, Details: true, TraceID: "0af7651916cd43dd8448eb211c80319c", TraceURL: "http://127.0.0.1:9/_huygens/trace#1",
		Faults: []Fault{{
			File: "cart.gohtml.ts", Line: 3, Column: 20, Message: `unexpected "<"`, Hint: "a name cannot begin with <", Lines: Around(text, 3),
			Stack: []Frame{{"Page_Load", "cart.gohtml.ts", 3, 20}, {"", "App_Code/a.ts", 1, 0}, {"native", "", 0, 0}},
		}, {Message: "the second\nfault\x1b[31m"}},
	}
}

func TestGolden(t *testing.T) {
	for file, accept := range map[string]string{"sample.html": "text/html,*/*;q=0.8", "sample.txt": "*/*", "sample.json": "application/json"} {
		_, body := Render(sample(), accept)
		path := filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(path, body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(body) != string(want) {
			t.Errorf("%s: got\n%s", file, body)
		}
	}
}

func TestForms(t *testing.T) {
	for accept, want := range map[string]string{
		"": typeText, "*/*": typeText, "text/plain": typeText, "text/*": typeText, "image/png": typeText,
		"text/html": typeHTML, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": typeHTML, "TEXT/HTML; charset=utf-8": typeHTML,
		"application/json": typeJSON, "application/problem+json": typeJSON, "application/json, text/plain, */*": typeJSON,
		"text/html;q=0.5, application/json": typeJSON, "text/html, application/json": typeHTML, "application/json;q=0, text/html;q=0.1": typeHTML,
		"text/html;q=0": typeText, "text/html;q=x": typeText, "text/html;q=2": typeText, ";;,,": typeText, strings.Repeat("text/html,", 1000): typeText,
	} {
		got, body := Render(Report{Status: 404}, accept)
		if got != want {
			t.Errorf("%q: got %s, want %s", accept, got, want)
		}
		if !strings.Contains(string(body), "There is nothing at this address.") {
			t.Errorf("%q: %s", accept, body)
		}
	}
}

func TestTraceURL(t *testing.T) {
	for address, linked := range map[string]bool{
		"http://127.0.0.1:1/x": true, "https://x/": true, "/_huygens/trace": true, "//evil.example/": false, "/\\evil.example/": false, "javascript:x": false, "": false,
	} {
		r := sample()
		r.TraceURL = address
		_, body := Render(r, "text/html")
		if got := strings.Contains(string(body), "<a href="); got != linked {
			t.Errorf("%s: linked is %v", address, got)
		}
	}
}

// Every status has words of its own, and they are one sentence.
func TestSentences(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 405, 413, 414, 415, 431, 500, 502, 503, 504, 499, 418, 599} {
		s, title := Sentence(status), Title(status)
		if title == "" || !strings.HasSuffix(s, ".") || strings.Count(s, ".") != 1 {
			t.Errorf("%d: %q, %q", status, title, s)
		}
	}
}

func TestWithoutDetails(t *testing.T) {
	r := sample()
	r.Details = false
	for _, accept := range []string{"", "text/html", "application/json"} {
		_, body := Render(r, accept)
		for _, secret := range []string{"cart", "Page_Load", "unexpected", "0af7", "127.0.0.1"} {
			if strings.Contains(string(body), secret) {
				t.Errorf("%s: %q is told", accept, secret)
			}
		}
	}
}

func TestAround(t *testing.T) {
	numbers := func(lines []SourceLine) string {
		var s []string
		for _, l := range lines {
			s = append(s, strconv.Itoa(l.Number)+l.Text)
		}
		return strings.Join(s, " ")
	}
	text := "a\r\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n"
	for line, want := range map[int]string{
		0: "", 1: "1a 2b 3c 4d 5e 6f", 7: "2b 3c 4d 5e 6f 7g 8h 9i 10j 11k 12l", 13: "8h 9i 10j 11k 12l 13m", 14: "9i 10j 11k 12l 13m 14", 15: "", 1000: "",
	} {
		if got := numbers(Around(text, line)); got != want {
			t.Errorf("%d: got %s, want %s", line, got, want)
		}
	}
}

// The caret must stand below the character of its column, whatever is before it.
func TestCaret(t *testing.T) {
	tests := []struct {
		line   string
		column int
		char   string
	}{
		{"abc", 1, "a"},
		{"äöü", 2, "ö"},
		{"\t\tx", 3, "x"},
		{"a\x1b\u202ebX", 5, "X"},
		{strings.Repeat("ä", 10_000) + "X" + strings.Repeat("ü", 10_000), 10_001, "X"},
		{strings.Repeat("ä", 160) + "X" + strings.Repeat("ü", 10_000), 161, "X"},
		{strings.Repeat("\x1b", 300) + "X", 301, "X"},
	}
	for _, test := range tests {
		r := Report{Status: 500, Details: true, Faults: []Fault{{File: "f", Line: 1, Column: test.column, Message: "m", Lines: Around(test.line, 1)}}}
		_, body := Render(r, "")
		lines := strings.Split(string(body), "\n")
		for i, line := range lines {
			if at := strings.Index(line, "^"); at >= 0 {
				// The caret's line is ASCII: a byte is a character.
				above := []rune(lines[i-1])
				if at >= len(above) || string(above[at]) != test.char || len(above) > 250 {
					t.Errorf("%.20q %d: the caret is at %d of %q", test.line, test.column, at, lines[i-1])
				}
				if strings.TrimRight(line[6:at], "\t ") != "" {
					t.Errorf("before the caret is %q", line)
				}
			}
		}
		if !strings.Contains(string(body), "f:1:"+strconv.Itoa(test.column)+": m") || !strings.Contains(string(body), "^") {
			t.Errorf("%.20q: %s", test.line, body)
		}
	}
}

func TestPolicy(t *testing.T) {
	_, body := Render(sample(), "text/html")
	_, rest, _ := strings.Cut(string(body), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	if style != pageStyle || strings.Contains(string(body), "style=") || strings.Contains(string(body), "<script") {
		t.Error("the policy does not fit the page")
	}
	if !strings.Contains(ContentSecurityPolicy(), "style-src 'sha256-") {
		t.Error(ContentSecurityPolicy())
	}
}

// Whatever is in a fault, it stays text and within the bounds.
func FuzzRender(f *testing.F) {
	f.Add("a.gohtml", "<script>alert(1)</script>", "\x1b]0;x\x07", "{{.x}}\n\t\u202ey", 2, 3, "javascript:x")
	f.Add("\"onload=x", "&amp;", "'", "", -1, 1<<30, "http://x/\"><b>")
	f.Fuzz(func(t *testing.T, file, message, hint, text string, line, column int, traceURL string) {
		fault := Fault{File: file, Line: line, Column: column, Message: message, Hint: hint, Lines: Around(text, min(line, 1000)), Stack: []Frame{{message, file, line, column}}}
		r := Report{Status: 500, Title: hint, Details: true, Faults: []Fault{fault}, TraceID: file, TraceURL: traceURL}
		_, page := Render(r, "text/html")
		if tags := strings.Count(string(page), "<"); tags > 200 || strings.Contains(string(page), "<script") {
			t.Fatalf("%d tags in %s", tags, page)
		}
		if _, href, ok := strings.Cut(string(page), `href="`); ok && !strings.HasPrefix(href, "http") && (href[0] != '/' || href[1] == '/' || href[1] == '\\') {
			t.Fatalf("%s", page)
		}
		_, plain := Render(r, "")
		for _, c := range string(plain) {
			if unicode.IsControl(c) && c != '\n' && c != '\t' {
				t.Fatalf("control character %q in %q", c, plain)
			}
		}
		if _, data := Render(r, "application/json"); !json.Valid(data) {
			t.Fatalf("not JSON: %s", data)
		}
		if len(page) > 200_000 || len(plain) > 100_000 {
			t.Fatalf("%d and %d bytes", len(page), len(plain))
		}
	})
}
