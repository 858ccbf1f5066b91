package trace

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, test := range []struct{ in, text, line string }{
		{"", "", ""},
		{"plain text, ünïcode 日本 👩‍💻", "plain text, ünïcode 日本 👩‍💻", "plain text, ünïcode 日本 👩‍💻"},
		{"a\nb\tc\r\nd", "a\nb\tc\r\nd", `a\nb\tc\r\nd`},
		{"over\rwritten", `over\rwritten`, `over\rwritten`},
		{"\x1b[2J", `\x1b[2J`, `\x1b[2J`},
		{"12345678\x7f", `12345678\x7f`, `12345678\x7f`},
		{"1234567\x7f", `1234567\x7f`, `1234567\x7f`},
		{"\u009b31m", `\u009b31m`, `\u009b31m`},
		{"\u202egpj.exe", `\u202egpj.exe`, `\u202egpj.exe`},
		{"\xff\xc3", `\xff\xc3`, `\xff\xc3`},
		{"nul\x00", `nul\x00`, `nul\x00`},
	} {
		if got := Clean(test.in); got != test.text {
			t.Errorf("Clean(%q) = %q, want %q", test.in, got, test.text)
		}
		if got := CleanLine(test.in); got != test.line {
			t.Errorf("CleanLine(%q) = %q, want %q", test.in, got, test.line)
		}
	}
}

// The step of eight bytes finds what the single steps find, at every place.
func TestCleanEveryByteAtEveryPlace(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			s := strings.Repeat("x", at) + string([]byte{byte(c)}) + strings.Repeat("x", 16-at)
			plain := c >= ' ' && c < 0x7f
			if (CleanLine(s) == s) != plain {
				t.Fatalf("byte %#x at %d: %q", c, at, CleanLine(s))
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b[0m\u202e\xffb\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		got := CleanLine(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q", got)
		}
		for _, r := range got {
			if interpreted(r) {
				t.Fatalf("%q has %U", got, r)
			}
		}
		if CleanLine(got) != got {
			t.Fatalf("%q is not stable", got)
		}
	})
}
