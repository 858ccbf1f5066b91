package markup

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestZ(t *testing.T) {
	for n, text := range map[string]string{"end": strings.Repeat("<b>x</b> ", 100000) + "<script>", "end2": "<script>" + strings.Repeat("if(a<b)x; ", 100000), "bad": strings.Repeat("<b>x</b> ", 300000) + "<a b=x<>", "parse": strings.Repeat("{{.a}} ", 300000) + "{{.a .b) }}", "attr": "<a " + strings.Repeat("{{.a}} ", 100000), "if": strings.Repeat("{{if .a}}<b>{{end}}", 50000) + "<a"} {
		b := time.Now()
		_, err := Compile(File{Name: "p", Text: text}, nil, Options{})
		m := fmt.Sprint(err)
		if len(m) > 150 {
			m = m[:150]
		}
		fmt.Println(n, len(text), time.Since(b), m)
	}
}
