package action

import "testing"

func TestLen(t *testing.T) {
	tests := []struct {
		text string
		n    int
		ok   bool
	}{
		{"{{}}", 4, true},
		{"{{.x}} more }}", 6, true},
		{`{{"}}"}}`, 8, true},
		{`{{"\"}}"}}`, 10, true},
		{"{{`}}\n`}}", 9, true},
		{"{{'}'}}", 7, true},
		{"{{/* }} */}}", 12, true},
		{"{{- /* }} */ -}}", 16, true},
		{"{{if\n.x}}", 9, true},
		{"{{.x}", 5, false},
		{"{{\"x\n}}", 4, false},
		{"{{`x}}", 6, false},
		{"{{/* }}", 7, false},
		{"{{/* */ }", 9, false},
		{"{{", 2, false},
	}
	for _, test := range tests {
		if n, ok := Len(test.text); n != test.n || ok != test.ok {
			t.Errorf("%q: got %d %v, want %d %v", test.text, n, ok, test.n, test.ok)
		}
	}
}
