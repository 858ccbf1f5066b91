//go:build cgo || !darwin

package ui

import (
	"os/exec"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"huygens/devserver/trace"
	"huygens/pages"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"/cart?a=b":          "/cart?a=b",
		"/über/日本":           "/über/日本",
		"a\x00b\x1b[2Jc":     `a\x00b\x1b[2Jc`,
		"a\nb\tc":            `a\nb\tc`,
		"\xff\xfe":           `\xff\xfe`,
		"x\u202ey\u200bz":    `x\u202ey\u200bz`,
		"\u2028\ufeff\u0085": `\u2028\ufeff\u0085`,
		"a b":                "a b",
		"•••":                "•••",
	} {
		if got := printable(in); got != want {
			t.Errorf("printable(%q) = %q, want %q", in, got, want)
		}
	}
	if got := printableLines("a\r\nb\tc\x07"); got != "a\nb    c\\a" {
		t.Errorf("printableLines: %q", got)
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("a\x1b[31m\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := printable(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !shows(r) }) {
			t.Fatalf("printable(%q) = %q", s, got)
		}
	})
}

func TestClipNeverIsWiderThanItsCell(t *testing.T) {
	test.NewTempApp(t)
	for _, s := range []string{"", "a", "GET", "/orders?page=18&per=50&sort=created", "/über/日本語/ページ", strings.Repeat("W", 5000), "ﷺﷺﷺﷺﷺﷺ"} {
		for _, width := range []float32{-3, 0, 4, 9, 20, 60, 240} {
			for _, style := range []fyne.TextStyle{monospace, {}, {Bold: true}} {
				got := newFace(textSize, style).clip(s, width)
				if w := fyne.MeasureText(got, textSize, style).Width; got != "" && w > width+1 {
					t.Errorf("clip(%.20q, %v) = %.20q is %v wide", s, width, got, w)
				}
			}
		}
	}
}

func TestTimesAndSizes(t *testing.T) {
	ms := time.Millisecond
	for d, want := range map[time.Duration]string{0: "0.0", -1: "", 42 * time.Microsecond: "0.0", 3440 * time.Microsecond: "3.4", 120 * ms: "120", 12300 * ms: "12.3 s"} {
		if got := millis(d); got != want {
			t.Errorf("millis(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{-1: "still running", 42 * time.Microsecond: "42 µs", 3441 * time.Microsecond: "3.44 ms", 12 * time.Second: "12.0 s"} {
		if got := exact(d); got != want {
			t.Errorf("exact(%v) = %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1234: "1.2 kB", 64 << 20: "64 MB", 6400000: "6.1 MB", 2 << 30: "2 GB", 250 << 10: "250 kB"} {
		if got := byteText(n); got != want {
			t.Errorf("byteText(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int]string{1: "1 file", 0: "0 files", 1204: "1,204 files", 1234567: "1,234,567 files"} {
		if got := counted(n, "file", "files"); got != want {
			t.Errorf("counted(%d) = %q, want %q", n, got, want)
		}
	}
	if got := grouped(-1234); got != "-1,234" {
		t.Errorf("grouped(-1234) = %q", got)
	}
}

func TestShortFolder(t *testing.T) {
	for _, c := range [][3]string{
		{"/home/ada/shop", "/home/ada", "~/shop"},
		{"/home/ada", "/home/ada", "~"},
		{"/home/adam/shop", "/home/ada", "/home/adam/shop"},
		{"/srv/shop", "", "/srv/shop"},
		{`C:\Users\Ada\shop`, `C:\Users\Ada`, `~\shop`},
	} {
		if got := shortFolder(c[0], c[1]); got != c[2] {
			t.Errorf("shortFolder(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestCurl(t *testing.T) {
	p := page(3)
	p.Method, p.URL = "POST", "/cart?x=it's"
	p.Request.Headers = []pages.Field{
		{Name: "Host", Value: "127.0.0.1:8080"},
		{Name: "Cookie", Value: "•••"},
		{Name: "Accept", Value: "text/html"},
		{Name: "Accept-Encoding", Value: "gzip"},
		{Name: "bad name\n", Value: "x"},
	}
	p.Request.Form = []pages.Field{{Name: "a b", Value: "ü&"}}
	want := `curl --globoff 'http://127.0.0.1:8080/cart?x=it'\''s' \
  --header 'Accept: text/html' \
  --compressed \
  --data-raw 'a+b=%C3%BC%26'`
	if got := curlOf(p, "http://127.0.0.1:8080/"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	p = page(4)
	p.Method = "--output"
	if got := curlOf(p, "http://127.0.0.1:8080"); got != "curl --globoff --request '--output' 'http://127.0.0.1:8080/products/4'" {
		t.Errorf("got %s", got)
	}
	p.Method = "HEAD"
	if got := curlOf(p, ""); got != "curl --globoff --head '/products/4'" {
		t.Errorf("got %s", got)
	}
}

// A quoted text means itself to the shell, and does nothing in the terminal it is pasted into.
func TestQuotedMeansItself(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	for _, s := range []string{"", "plain", "it's", "$(reboot) `x` \\ \" !", "a\nb\x1b[201~rm -rf\r\t'", "\xff\x80\u202e", "日本 ü", "\\'\x01"} {
		q := quoted(s)
		if strings.ContainsFunc(q, func(r rune) bool { return !shows(r) }) {
			t.Errorf("quoted(%q) = %q can do something in a terminal", s, q)
		}
		out, err := exec.Command(bash, "-c", "printf %s "+q).Output()
		if err != nil || string(out) != s {
			t.Errorf("quoted(%q) = %s means %q (%v)", s, q, out, err)
		}
	}
}

func TestBodyText(t *testing.T) {
	about, text := bodyText(trace.Body{Bytes: 99000, Text: strings.Repeat("line\n", 300), Cut: true})
	if !strings.Contains(about, "96.7 kB") || !strings.Contains(about, "beginning") || !strings.Contains(about, "first 200 lines") {
		t.Errorf("about: %q", about)
	}
	if n := strings.Count(text, "\n") + 1; n != bodyLines {
		t.Errorf("%d lines", n)
	}
	_, text = bodyText(trace.Body{Bytes: 64000, Text: strings.Repeat("x", 64000)})
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > lineRunes {
			t.Fatalf("a line of %d characters", len(line))
		}
	}
	if about, text = bodyText(trace.Body{Bytes: 7}); about != "Body, 7 B, not text" || text != "" {
		t.Errorf("binary: %q %q", about, text)
	}
	if about, _ = bodyText(trace.Body{}); about != "" {
		t.Errorf("no body: %q", about)
	}
}
