package script

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestFunctions(t *testing.T) {
	for _, test := range []struct {
		name, code string
		want       string
	}{
		{"empty", "", ""},
		{"exported and not", "export function A() {}\nfunction B() {}", "A B"},
		{"variables", "const A = () => 1; let B = function () {}; export const C = async () => {}", "A B C"},
		{"values are none", "export const listens = { static: false }\nconst n = 5\nclass K {}\nexport let s = `x`", ""},
		{"what may be one", "const once = (f: any) => f\nexport const A = once(() => 1)", "A once"},
		{"renamed", "function h() {}\nexport { h as Save_Click }", "Save_Click h"},
		{"default", "export default function () {}", "default"},
		{"types vanish", "interface A {}\ntype B = () => void\ndeclare function C(): void\nfunction D(x: number): void\nfunction D(x: any) {}", "D"},
		{"text that looks like an end", "function A() {}\nconst s = `\nexport {\n  B\n};\n`", "A"},
		{"nested ones do not count", "function A() { function B() {} }\nif (true) { function C() {} }", "A"},
		{"enum and namespace", "enum E { x }\nnamespace N { export function f() {} }\nexport function A() {}", "A E N"},
		{"generators", "function* G() {}\nasync function* H() {}", "G H"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := compile(t, test.code)
			got := strings.Join(p.Functions(), " ")
			if test.name == "enum and namespace" {
				got = strings.Join(slices.DeleteFunc(p.Functions(), func(s string) bool { return s == "E" || s == "N" }), " ")
				test.want = "A"
			}
			if got != test.want {
				t.Errorf("functions are %q, want %q", got, test.want)
			}
			for _, name := range p.Functions() {
				if !p.Has(name) {
					t.Errorf("%s is listed but not there", name)
				}
			}
			if p.Has("nix") {
				t.Error("it has what it does not have")
			}
		})
	}
}

func TestCompileErrors(t *testing.T) {
	for _, test := range []struct{ name, code, want, hint string }{
		{"syntax", "export function a() {\n  let = \n}", "page.ts:3:1: unexpected \"}\"", ""},
		{"columns are characters", "const ü = 'äöü' x", "page.ts:1:17: expected \";\" but found \"x\"", ""},
		{"import of nothing", "import './a'", "page.ts:1:8: nothing can be imported here", ""},
		{"top-level await", "const a = 1\nawait a", "page.ts:2:1: top-level await is not available here", ""},
		{"import.meta", "const a = import.meta.url", "page.ts:1:11: \"import.meta\" is not available here", ""},
		{"import of anything", "function a(x) { return import(x) }", "page.ts:1:24: unexpected reserved word", "fixed name"},
		{"unicode property", "\n  const a = /^\\p{L}+$/u", `page.ts:2:13: the engine does not know \p{…} in regular expressions: it would never match`, "ranges"},
		{"escaped property is none", `const a = /\\p{1}/u; export const b = /p{2}/`, "", ""},
		{"without u it is a letter", `export const a = /\p{2}/`, "", ""},
		{"flag d", "const a = 1, b = /x/dg", `page.ts:1:18: the engine does not know the flag "d" of regular expressions`, "leave it out"},
		{"flag v", "export const b = () => /[a--b]/v", `page.ts:1:24: the engine does not know the flag "v" of regular expressions`, ""},
		{"in a constructor", "const a = RegExp('x', 'd')", `page.ts:1:11: the engine does not know the flag "d" of regular expressions`, ""},
		{"twice the same name", "let a = 1\nlet a = 2", `page.ts:2:5: the symbol "a" has already been declared`, ""},
		{"a constant is assigned", "const a = 1\nexport function f() { a = 2 }", "", ""},
		{"nested too deeply", "const a = " + strings.Repeat("[", 5000), "page.ts:1:2011: the code is nested too deeply", ""},
		{"a long chain", strings.Repeat("a=", 50_000) + "1", "page.ts:1:20001: the code is nested too deeply", ""},
		{"prefixes", "const a = " + strings.Repeat("!", 50_000) + "1", "page.ts:1:2011: the code is nested too deeply", ""},
		{"too long", strings.Repeat("a;\n", 1<<20), "page.ts: the file has 3145728 bytes; code may have 1048576", ""},
		{"a long table is all right", "export const a = [" + strings.Repeat("1, ", 100_000) + "]", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Compile(context.Background(), File{"page.ts", test.code}, Options{})
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var faults Errors
			if !errors.As(err, &faults) || faults[0].Error() != test.want {
				t.Fatalf("error is %v, want %s", err, test.want)
			}
			if !strings.Contains(faults[0].Hint, test.hint) {
				t.Errorf("hint is %q, want %q in it", faults[0].Hint, test.hint)
			}
		})
	}
}

func TestSeveralErrors(t *testing.T) {
	_, err := Compile(context.Background(), File{"page.ts", "import './a'\nimport 'b'\nimport '../c'"}, Options{Files: &recorder{}})
	var faults Errors
	if !errors.As(err, &faults) || len(faults) != 3 {
		t.Fatalf("error is %v, want three", err)
	}
	for i, e := range faults {
		if e.Line != i+1 || e.Column != 8 {
			t.Errorf("fault %d is at %d:%d: %v", i, e.Line, e.Column, e)
		}
	}
}

func TestCompileEnds(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("no longer wanted")
	cancel(cause)
	if _, err := Compile(ctx, File{"page.ts", ""}, Options{}); !errors.Is(err, cause) {
		t.Errorf("error is %v", err)
	}
}

// recorder is a Files in memory that remembers what it was asked.
type recorder struct {
	files map[string]string
	asked []string
}

func (r *recorder) ReadFile(name string) ([]byte, error) {
	r.asked = append(r.asked, name)
	if text, ok := r.files[name]; ok {
		return []byte(text), nil
	}
	return nil, os.ErrNotExist
}

func (r *recorder) Exists(name string) bool {
	r.asked = append(r.asked, name)
	_, ok := r.files[name]
	return ok
}

// Whatever lies on the disk, the compiler sees only what Files has.
func TestDiskIsNotRead(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"tsconfig.json": "{ broken", "package.json": "{ broken", "lib.ts": "export const a = 'disk'",
		"node_modules/pkg/package.json": `{"main":"index.js"}`, "node_modules/pkg/index.js": "export const b = 'disk'",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files := &recorder{files: map[string]string{"lib.ts": "export const a = 'memory'"}}
	p, err := Compile(context.Background(), File{"page.ts", "import { a } from './lib'\nexport const f = () => a"}, Options{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(context.Background(), Host{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if v, err := r.Call(context.Background(), "f"); err != nil || v != "memory" {
		t.Errorf("f() is %v, %v", v, err)
	}
	if _, err := Compile(context.Background(), File{"page.ts", "import 'pkg'"}, Options{Files: files}); err == nil {
		t.Error("a package was found that only the disk has")
	}
}

// Comments that name a source map are not followed: esbuild would read any file of the machine for them.
func TestSourceMapsOfAuthors(t *testing.T) {
	dir := t.TempDir()
	const sourceMap = `{"version":3,"sources":["/etc/secret.ts"],"mappings":"AAAA","names":[]}`
	if err := os.WriteFile(filepath.Join(dir, "x.map"), []byte(sourceMap), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"file://" + filepath.ToSlash(filepath.Join(dir, "x.map")), "x.map", "data:application/json,{", "data:application/json," + sourceMap,
	} {
		for _, comment := range []string{"\n//# sourceMappingURL=" + url, "\n//@ sourceMappingURL=" + url, "\n/*# sourceMappingURL=" + url + " */"} {
			files := &recorder{files: map[string]string{"lib.ts": "export const g = () => null.x" + comment}}
			p, err := Compile(context.Background(), File{"page.ts", "import { g } from './lib'\nexport const f = () => { g() }" + comment}, Options{Files: files})
			if err != nil {
				t.Fatalf("%s: %v", comment, err)
			}
			r, err := p.Start(context.Background(), Host{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.Call(context.Background(), "f")
			r.Close()
			var fault *Error
			if !errors.As(err, &fault) || len(fault.Stack) != 2 || fault.Stack[0] != (Frame{"g", "lib.ts", 1, 29}) || fault.Stack[1].File != "page.ts" {
				t.Errorf("%s: error is %v, %v", comment, err, fault.Stack)
			}
		}
	}
}
