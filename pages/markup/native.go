package markup

import (
	"fmt"
	"html/template"
	"strings"
	"sync"
	"text/template/parse"
)

// escaperNames are what html/template's analysis writes, without the prefix.
var escaperNames = []string{
	"attrescaper", "commentescaper", "cssescaper", "cssvaluefilter", "htmlescaper", "htmlnamefilter",
	"jsregexpescaper", "jsstrescaper", "jstmpllitescaper", "jsvalescaper", "nospaceescaper", "rcdataescaper",
	"srcsetescaper", "urlescaper", "urlfilter", "urlnormalizer",
}

// natives are templates of html/template whose only action calls the escaper of that name and nothing else. They
// are made when the first page needs one: the escapers are not exported, but an analysed tree may be changed, and
// a template that has been run calls whatever its tree names.
var natives = sync.OnceValue(func() map[string]*template.Template {
	made := make(map[string]*template.Template, len(escaperNames))
	for _, name := range escaperNames {
		name = escaperPrefix + name
		t := template.Must(template.New(name).Parse("{{.}}"))
		if err := t.Execute(&strings.Builder{}, ""); err != nil {
			panic(fmt.Errorf("html/template cannot run {{.}}: %w", err)) // it is broken itself
		}
		cmds := t.Tree.Root.Nodes[0].(*parse.ActionNode).Pipe.Cmds
		cmds[len(cmds)-1].Args[0].(*parse.IdentifierNode).Ident = name
		made[name] = t
	}
	return made
})

// asked runs html/template's own escaper.
func asked(name string, v any) string {
	var b strings.Builder
	if err := natives()[name].Execute(&b, v); err != nil {
		return failsafe
	}
	return b.String()
}

// native is an escaper that asks html/template's.
func native(name string) *escaper {
	return &escaper{
		text: func(dst []byte, s string) []byte { return append(dst, asked(name, s)...) },
		typed: func(dst []byte, s string, c content) ([]byte, bool) {
			return append(dst, asked(name, typed(s, c))...), true
		},
	}
}

// typed is the opposite of typedString.
func typed(s string, c content) any {
	switch c {
	case asHTML:
		return template.HTML(s)
	case asCSS:
		return template.CSS(s)
	case asHTMLAttr:
		return template.HTMLAttr(s)
	case asJS:
		return template.JS(s)
	case asJSStr:
		return template.JSStr(s)
	case asURL:
		return template.URL(s)
	case asSrcset:
		return template.Srcset(s)
	}
	return s
}
