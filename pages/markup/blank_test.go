package markup

import (
	"strings"
	"testing"
)

func TestBlankIsNotWritten(t *testing.T) {
	const front, script = "   \n        \n   \n", "        \n         \n"
	text := front + "<p>{{if .x}}a" + script + "b{{end}}</p>\n" + script + "{{.nope}}"
	at := strings.Index(text, script+"b")
	last := strings.LastIndex(text, script)
	file := File{Name: "a.gohtml", Text: text, Blank: []Range{{0, len(front)}, {at, at + len(script)}, {last, last + len(script)}}}

	page, err := Compile(file, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := page.Render(t.Context(), nil, &Env{Data: map[string]any{"x": true, "nope": "!"}})
	if err != nil || string(out) != "<p>ab</p>\n!" {
		t.Errorf("%q, %v", out, err)
	}
	_, err = page.Render(t.Context(), nil, &Env{Data: map[string]any{"x": true}})
	if err == nil || !strings.HasPrefix(err.Error(), "a.gohtml:9:3: ") {
		t.Errorf("the place of what follows a blank part: %v", err)
	}
}
