package script

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huygens/pages/source"
)

// importSite is what TestImports imports.
const importSite = `
-- lib.ts --
export const from = 'lib.ts'
-- typed.ts --
export const from: string = 'typed.ts'
-- both.ts --
export const from = 'both.ts'
-- both.js --
export const from = 'both.js'
-- view.tsx --
const React = { createElement: (tag) => tag }
export const from = <b/> + '.tsx'
-- plain.mjs --
export const from = 'plain.mjs'
-- common.cjs --
module.exports = { from: 'common.cjs' }
-- data.json --
{"from": "data.json"}
-- folder/index.ts --
export { from } from '../lib'
-- App_Code/money.ts --
export const from = 'App_Code'
-- shop/near.ts --
import { from as up } from '../lib'
export const from = 'near ' + up
-- style.css --
body {}
-- cycle-a.ts --
import { b } from './cycle-b'
export const from = 'cycle'
export const a = () => b
-- cycle-b.ts --
import { a } from './cycle-a'
export const b = () => a
-- broken.ts --
export const from = 
-- shop/node_modules/near/package.json --
{"name": "near", "main": "lib"}
-- shop/node_modules/near/lib/index.js --
exports.from = 'near package'
-- node_modules/plain/package.json --
{"name": "plain"}
-- node_modules/plain/index.js --
module.exports.from = 'plain ' + require('./deep/other').x
-- node_modules/plain/deep/other.js --
exports.x = typeof require('fs') // in a package, what is missing is its own affair until it is used
-- node_modules/plain/ok.js --
exports.from = 'plain/ok'
-- node_modules/@scope/two/package.json --
{"name": "@scope/two", "type": "module", "exports": {
  ".": {"browser": "./browser.js", "node": "./node.js", "import": "./esm.js", "require": "./cjs.js"},
  "./sub": "./sub/index.js", "./feature/*": "./features/*.js", "./feature/secret/*": null, "./list": ["./list.js"], "./out": "./../plain/index.js"}}
-- node_modules/@scope/two/esm.js --
import { inner } from '#inner'
import { from as other } from 'module-field'
export const from = 'esm ' + inner + ' ' + other
-- node_modules/@scope/two/sub/index.js --
export const from = 'sub'
-- node_modules/@scope/two/features/x.js --
export const from = 'feature x'
-- node_modules/@scope/two/features/secret/y.js --
export const from = 'secret'
-- node_modules/@scope/two/list.js --
export const from = 'list'
-- node_modules/module-field/package.json --
{"name": "module-field", "module": "esm.js", "main": "cjs.js", "sideEffects": false}
-- node_modules/module-field/esm.js --
export const from = 'module'
-- node_modules/module-field/cjs.js --
exports.from = 'main'
-- node_modules/only-browser/package.json --
{"name": "only-browser", "exports": {"browser": "./b.js", "node": "./n.js"}}
-- node_modules/only-browser/b.js --
export const from = process.env.NODE_ENV
-- node_modules/escape/package.json --
{"name": "escape", "main": "../../../outside.js"}
-- node_modules/broken-json/package.json --
{"name": 
-- node_modules/events/package.json --
{"name": "events", "main": "index.js"}
-- node_modules/events/index.js --
exports.from = 'npm events'
-- package.json --
{"imports": {"#lib": "./lib.ts"}}
`

// An importCase is what is imported, and where it leads or what the fault is.
type importCase struct{ spec, want string }

func rightImports() []importCase {
	return []importCase{
		{"../lib", "lib.ts"},
		{"../lib.ts", "lib.ts"},
		{"../typed.js", "typed.ts"},
		{"../both.js", "both.js"},
		{"../both", "both.ts"},
		{"../view", "b.tsx"},
		{"../plain.mjs", "plain.mjs"},
		{"../plain", "plain.mjs"},
		{"../common.cjs", "common.cjs"},
		{"../data.json", "data.json"},
		{"../data", "data.json"},
		{"../folder", "lib.ts"},
		{"../folder/", "lib.ts"},
		{"../App_Code/money", "App_Code"},
		{"~/lib", "lib.ts"},
		{"./near", "near lib.ts"},
		{"../cycle-a", "cycle"},
		{"../link-inside", "lib.ts"},
		{"near", "near package"},
		{"plain/ok", "plain/ok"},
		{"plain/ok.js", "plain/ok"},
		{"@scope/two", "esm inner module"},
		{"@scope/two/sub", "sub"},
		{"@scope/two/feature/x", "feature x"},
		{"@scope/two/list", "list"},
		{"module-field", "module"},
		{"only-browser", "production"},
		{"events", "npm events"},
		{"#lib", "lib.ts"},
	}
}

func wrongImports() []importCase {
	return []importCase{
		{"../../outside", `shop/page.ts:1:22: "../../outside" leads outside the site`},
		{"../../../../etc/passwd", `shop/page.ts:1:22: "../../../../etc/passwd" leads outside the site`},
		{"~/../outside", `shop/page.ts:1:22: "~/../outside" leads outside the site`},
		{"/etc/passwd", `shop/page.ts:1:22: "/etc/passwd" leads outside the site`},
		{"file:///etc/passwd", `shop/page.ts:1:22: "file:///etc/passwd" is no file of the site`},
		{"C:/windows", `shop/page.ts:1:22: "C:/windows" is no file of the site`},
		{`..\\lib`, `shop/page.ts:1:22: "..\\lib" cannot be imported`},
		{"https://esm.sh/zod", `shop/page.ts:1:22: "https://esm.sh/zod" is no file of the site`},
		{"../link-outside", "shop/page.ts:1:22: link-outside.ts cannot be read: path escapes from parent"},
		{"../style.css", `shop/page.ts:1:22: "../style.css" is not code; .ts, .tsx, .js, .jsx, .mjs, .cjs, .mts, .cts, .json can be imported`},
		{"../nix", `shop/page.ts:1:22: there is no file for "../nix"`},
		{"..", `shop/page.ts:1:22: there is no file for ".."`},
		{"../broken", `broken.ts:2:1: unexpected end of file`},
		{"nix", `shop/page.ts:1:22: there is no package "nix" in node_modules`},
		{"@scope", `shop/page.ts:1:22: there is no package "@scope" in node_modules`},
		{"../node_modules/../../outside", `shop/page.ts:1:22: "../node_modules/../../outside" leads outside the site`},
		{"plain/../../../outside", `shop/page.ts:1:22: "plain/../../../outside" is no name of a package`},
		{"@scope/two/esm.js", `shop/page.ts:1:22: the package of "@scope/two/esm.js" does not export that`},
		{"@scope/two/feature/secret/y", `shop/page.ts:1:22: the package of "@scope/two/feature/secret/y" does not export that`},
		{"@scope/two/out", `shop/page.ts:1:22: the package of "@scope/two/out" does not export that`},
		{"escape", `shop/page.ts:1:22: there is no file node_modules/escape/index`},
		{"broken-json", `shop/page.ts:1:22: there is no package "broken-json" in node_modules`},
		{"fs", `shop/page.ts:1:22: "fs" is a module of Node.js, which does not run here`},
		{"fs/promises", `shop/page.ts:1:22: "fs/promises" is a module of Node.js, which does not run here`},
		{"node:crypto", `shop/page.ts:1:22: "crypto" is a module of Node.js, which does not run here`},
		{"#nix", `shop/page.ts:1:22: ./package.json has no import "#nix"`},
	}
}

func TestImports(t *testing.T) {
	folder := site(t, strings.Replace(importSite, `"exports": {
  "."`, `"imports": {"#inner": "./inner.js"}, "exports": {
  "."`, 1)+"-- node_modules/@scope/two/inner.js --\nexport const inner = 'inner'\n")
	if err := os.WriteFile(filepath.Join(filepath.Dir(folder.Path()), "outside.ts"), []byte("export const from = 'outside'"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, link := range [][2]string{{"lib.ts", "link-inside.ts"}, {"../outside.ts", "link-outside.ts"}} {
		if err := os.Symlink(link[0], filepath.Join(folder.Path(), link[1])); err != nil {
			t.Skip(err)
		}
	}
	for _, test := range append(rightImports(), wrongImports()...) {
		t.Run(test.spec, func(t *testing.T) {
			code := "import { from } from '" + test.spec + "'\nexport function f() { return from }"
			p, err := Compile(context.Background(), File{"shop/page.ts", code}, Options{Files: source.NewReader(folder, nil)})
			if err != nil {
				var faults Errors
				if !errors.As(err, &faults) || faults[0].Error() != test.want {
					t.Errorf("error is %v, want %s", err, test.want)
				}
				return
			}
			r, err := p.Start(context.Background(), Host{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if v, err := r.Call(context.Background(), "f"); err != nil || v != test.want {
				t.Errorf("got %v, %v, want %s", v, err, test.want)
			}
		})
	}
}

// A function that nothing uses and that is not exported can still be called when the file imports something.
func TestBundledFunctions(t *testing.T) {
	folder := site(t, importSite)
	p, err := Compile(context.Background(), File{"page.ts", `
import { from } from './lib'
import type { Nothing } from './nowhere'
function Page_Load() { return from }
const Save_Click = () => 'save'
export function Other() { return typeof require }
export { Other as Another }
`}, Options{Files: source.NewReader(folder, nil)})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(p.Functions(), " "), "Another Other Page_Load Save_Click"; got != want {
		t.Errorf("functions are %q, want %q", got, want)
	}
}

// What was read, and what was looked for in vain, are inputs; of a package only its package.json, and the lock file.
func TestImportsAreInputs(t *testing.T) {
	folder := site(t, importSite)
	reader := source.NewReader(folder, nil)
	code := "import './near'\nimport '@scope/two/sub'\nimport './missing'"
	if _, err := Compile(context.Background(), File{"shop/page.ts", code}, Options{Files: reader}); err == nil {
		t.Fatal("a missing file was found")
	}
	var names []string
	for _, in := range reader.Inputs().List() {
		names = append(names, in.Name)
	}
	for _, want := range []string{
		"shop/near.ts", "lib.ts", "shop/missing.ts", "shop/missing/index.ts", "package-lock.json",
		"shop/node_modules/@scope/two/package.json", "node_modules/@scope/two/package.json",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is no input of %v", want, names)
		}
	}
	for _, name := range names {
		if strings.Contains(name, "node_modules") && !strings.HasSuffix(name, "package.json") {
			t.Errorf("%s is an input", name)
		}
	}
}

// A type that is imported is no import: the file need not even be there.
func TestTypesAreNotImported(t *testing.T) {
	files := &recorder{}
	for _, code := range []string{"import type { A } from '../outside'", "import { A } from '../outside'\nlet a: A", "import { type A } from './a'\nlet a: A"} {
		if _, err := Compile(context.Background(), File{"page.ts", code}, Options{Files: files}); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	if len(files.asked) > 0 {
		t.Errorf("looked for %v", files.asked)
	}
}

func TestTrustedAdvice(t *testing.T) {
	for _, trusted := range []bool{false, true} {
		_, err := Compile(context.Background(), File{"page.ts", "import '../a'"}, Options{Files: &recorder{}, Trusted: trusted})
		var faults Errors
		if !errors.As(err, &faults) {
			t.Fatalf("error is %v", err)
		}
		if strings.Contains(faults[0].Hint, "not trusted") == trusted {
			t.Errorf("trusted %v: hint is %q", trusted, faults[0].Hint)
		}
	}
}

// A package may try whether another is there; only when it needs it, it fails.
func TestPackageLivesWithoutOthers(t *testing.T) {
	folder := site(t, importSite)
	p, err := Compile(context.Background(), File{"page.ts", "import 'plain'"}, Options{Files: source.NewReader(folder, nil)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Start(context.Background(), Host{})
	var fault *Error
	if !errors.As(err, &fault) || len(fault.Stack) == 0 || fault.Stack[0].File != "node_modules/plain/deep/other.js" || !strings.Contains(fault.Message, "fs") {
		t.Errorf("error is %v", err)
	}
}
