package pool

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWords(t *testing.T) {
	for phrase, expect := range map[string]string{"": "", "the end": "The end.", "Why?": "Why?", "é": "É.", "done.": "Done."} {
		if got := sentence(phrase); got != expect {
			t.Errorf("sentence of %q is %q", phrase, got)
		}
	}
	for n := 195; n < 205; n++ {
		long := strings.Repeat("x", n) + strings.Repeat("é", 10)
		if s := short(long); len(s) > 204 || !utf8.ValidString(s) || s != long && !strings.HasSuffix(s, "…") {
			t.Errorf("%d bytes became %q", n, s)
		}
	}
}
