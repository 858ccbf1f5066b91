package pages

import "testing"

func TestBlankRanges(t *testing.T) {
	tests := []struct{ name, was, text, written string }{
		{"nothing", "<p>a</p>\n", "<p>a</p>\n", "<p>a</p>\n"},
		{"front matter", "---\n\na: 1\n---\n<p>", "   \n\n    \n   \n<p>", "<p>"},
		{"the author's empty line stays", "---\na: 1\n---\n\n<p>", "   \n    \n   \n\n<p>", "\n<p>"},
		{"script between", "<p>\n<script>\n\nx\n</script>\n</p>", "<p>\n        \n\n \n         \n</p>", "<p>\n</p>"},
		{"script in a line", "<p><script>x</script></p>\n", "<p>                  </p>\n", "<p></p>\n"},
		{"byte order mark", "\ufeff---\n---\nx", "   \n   \nx", "x"},
	}
	for _, tt := range tests {
		out, at := "", 0
		for _, r := range blankRanges(tt.was, tt.text) {
			out += tt.text[at:r.Start]
			at = r.End
		}
		if out += tt.text[at:]; out != tt.written {
			t.Errorf("%s: writes %q, want %q", tt.name, out, tt.written)
		}
	}
}
