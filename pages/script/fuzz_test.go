package script

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCompile compiles anything: it never panics, and faults have places that are in the file.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"", w1, "export function a() {\n  let = \n}", "import x from './lib'\nexport const f = () => x", "import '../outside'", "await 1", "/\\p{L}/u",
		"const a = `\nexport {\n  B\n};\n`", "export { a as b }", "export default class {}", "import(x)", "\uFEFFlet a", "#!/bin/sh\nlet a", "ü\r\nlet", "})()",
		"}) ; (function () {", "//# sourceMappingURL=data:application/json,", "/*@ sourceMappingURL=file:///dev/zero */", "//# sourceMappingURL=data:application/json;base64,e30=", "/*", "<div/>", "enum A { b = 'c' }", "@a class B {}", "export * from 'zod'", "'use strict'",
		"new RegExp('(', 'g')", "export {\n};\n", "let x = /[/", "\x00", "a\u2028b", "let __proto__ = 1; export { __proto__ }", "export function __proto__() {}", "export { x as 'a b' }; let x",
	} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(1))
	}
	names := []string{"page.ts", "page.js", "page.tsx", "a/page.gohtml"}
	files := &recorder{files: map[string]string{"lib.ts": "export default 1", "a/lib.ts": "export default 2"}}
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		name := names[int(which)%len(names)]
		p, err := Compile(context.Background(), File{name, text}, Options{Files: files})
		if err == nil {
			for _, function := range p.Functions() {
				if !p.Has(function) {
					t.Fatalf("%s is listed but not there", function)
				}
			}
			return
		}
		var faults Errors
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("error is %v", err)
		}
		lines := strings.FieldsFunc("x"+strings.NewReplacer("\r\n", "\nx", "\r", "\nx", "\n", "\nx", "\u2028", "\nx", "\u2029", "\nx").Replace(text), func(c rune) bool { return c == '\n' })
		for _, e := range faults {
			if e.File != name || e.Message == "" || !utf8.ValidString(e.Message) && utf8.ValidString(text) {
				t.Fatalf("fault in %q: %q", e.File, e.Message)
			}
			if e.Line < 0 || e.Line > len(lines) || e.Line == 0 && e.Column != 0 {
				t.Fatalf("%v: there are %d lines", e, len(lines))
			}
			if e.Line > 0 && (e.Column < 1 || e.Column > utf8.RuneCountInString(lines[e.Line-1])+1) {
				t.Fatalf("%v: the line is %q", e, lines[e.Line-1])
			}
		}
	})
}

// FuzzURL parses anything; what it accepts it parses the same again.
func FuzzURL(f *testing.F) {
	for _, seed := range [][2]string{{"http://a:b@h:1/p?q#f", ""}, {"../x", "http://h/a/b"}, {"mailto:x", ""}, {"http://[::1]", ""}, {"x:/.//p", ""}, {"//a", "file:///b"}, {"?", "x:y"}, {"http:\\a", ""}, {"%", "http://%41"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, text, base string) {
		b, ok := parseURL(base, nil)
		if !ok {
			b = nil
		}
		a, ok := parseURL(text, b)
		if !ok {
			return
		}
		again, ok := parseURL(a.href(), nil)
		if !ok || again.href() != a.href() {
			t.Fatalf("%q, %q: %q is parsed again as %v", text, base, a.href(), again)
		}
	})
}

// FuzzMapping reads anything as source map; what it accepts the engine's reader must accept too.
func FuzzMapping(f *testing.F) {
	f.Add(`{"version":3,"sources":["a.ts"],"mappings":";AAAA,SAAQ;AACA,OCDO","names":[]}`)
	f.Add(`{"version":3,"sources":[],"mappings":"A,C;;"}`)
	f.Add(`{"version":3,"sources":["a b%.ts"],"mappings":"AAAAA","names":["x"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := readMapping([]byte(text))
		if err != nil {
			return
		}
		var j mapJSON
		if err := json.Unmarshal(m.moved, &j); err != nil {
			t.Fatal(err)
		}
		for line := range 4 {
			for column := range 12 {
				m.original(line, column)
			}
		}
	})
}

// FuzzPackage reads anything as package.json and resolves in it: the target is inside of the package.
func FuzzPackage(f *testing.F) {
	f.Add(`{"exports":{".":{"import":"./a.js"},"./x/*":"./y/*.js"},"main":"b","module":"c"}`, "./x/z")
	f.Add(`{"exports":["./a",{"default":null}]}`, ".")
	f.Add(`{"exports":"./../../a"}`, ".")
	f.Add(`{"main":"../../a","sideEffects":["*.css"]}`, ".")
	f.Fuzz(func(t *testing.T, text, sub string) {
		p := readPackage("node_modules/p", []byte(text))
		if p == nil {
			return
		}
		p.pure("a/b.js")
		files := &recorder{files: map[string]string{"secret.js": "", "node_modules/secret.js": "", "index.js": "", "node_modules/index.js": ""}}
		r := newResolver(File{Name: "page.ts"}, Options{Files: files})
		for _, require := range []bool{false, true} {
			result, err := r.inside(p, "p", sub, require)
			if err == nil && !strings.HasPrefix(result.Path, "node_modules/p") {
				t.Fatalf("%s leads to %s", sub, result.Path)
			}
		}
	})
}

// FuzzFormText: what URLSearchParams writes it reads back.
func FuzzFormText(f *testing.F) {
	f.Add("a b+c%20ü&=")
	f.Fuzz(func(t *testing.T, text string) {
		if want := replaceInvalid([]byte(text)); formText(escapeURL(want, formExtra, true)) != want {
			t.Fatalf("%q comes back as %q", want, formText(escapeURL(want, formExtra, true)))
		}
	})
}
