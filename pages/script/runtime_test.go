package script

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"huygens/pages/source"
)

// TestFaults checks place, message and advice of what scripts throw.
func TestFaults(t *testing.T) {
	cause := errors.New("the disk is full")
	globals := map[string]any{
		"response": &table{map[string]any{"status": 200}},
		"save":     func(*Call) (any, error) { return nil, fmt.Errorf("saving: %w", cause) },
		"broken":   func(*Call) (any, error) { panic("a mistake of ours") },
		"list":     func(*Call) (any, error) { return []int{}[len(t.Name())], nil },
		"bad":      &table{map[string]any{"value": errors.New("set in Load; read it after")}},
	}
	for _, test := range []struct{ name, code, want, hint string }{
		{"type error", "function f() {\n  const y = null\n  return   y.foo\n}", "page.ts:3:14: TypeError: Cannot read property 'foo' of undefined", ""},
		{"types and interfaces above", "interface A {\n  x: number\n}\nfunction f(a: A) {\n  throw new Error('no')\n}", "page.ts:5:9: no", ""},
		{"after an await", "async function f() {\n  await null\n\n  throw new RangeError('late')\n}", "page.ts:4:9: RangeError: late", ""},
		{"two calls deep", "function f() { g() }\nfunction g() {\n  h.x }\nlet h: any", "page.ts:3:5: TypeError: Cannot read property 'x' of undefined", ""},
		{"reference", "function f() { return respons.status }", "page.ts:1:23: ReferenceError: respons is not defined", "did you mean response?"},
		{"undeclared variable", "function f() { total = 5 }", "page.ts:1:16: ReferenceError: total is not defined", ""},
		{"no error object", "function f() { throw { code: 5 } }", "page.ts:1:16: thrown: { code: 5 }", ""},
		{"a string", "function f() { throw 'text' }", "page.ts:1:16: thrown: text", ""},
		{"nothing", "function f() { throw undefined }", "page.ts:1:16: thrown: undefined", ""},
		{"no message", "function f() { throw new Error() }", "page.ts:1:22: an error without a message was thrown", ""},
		{"own class", "class Oops extends Error { name = 'Oops' }\nfunction f() { throw new Oops('x') }", "page.ts:2:22: Oops: x", ""},
		{"host error", "function f() {\n  save()\n}", "page.ts:2:3: saving: the disk is full", ""},
		{"host error as cause", "function f() { try { save() } catch (e) { throw new Error('cart', { cause: e }) } }", "page.ts:1:49: cart", ""},
		{"host panic", "function f() { broken() }", "page.ts:1:16: internal error: a mistake of ours", ""},
		{"host runtime error", "function f() { list() }", "page.ts:1:16: internal error: runtime error: index out of range [10] with length 0", ""},
		{"a member that is an error", "function f() { return bad.value }", "page.ts:1:27: set in Load; read it after", ""},
		{"misspelt member", "function f() { response.statsu = 5 }", "page.ts:1:25: there is no property \"statsu\" to set; did you mean status? (statsu can only be read)", ""},
		{"rejection that nobody handles", "function f() { Promise.reject(new Error('lost')) }", "page.ts:1:31: lost", ""},
		{"floating async function", "async function g() { throw new Error('lost') }\nfunction f() { g() }", "page.ts:1:28: lost", ""},
		{"rejected without error", "async function f() { await Promise.reject('why') }", "page.ts: thrown: why", ""},
		{"in a timer", "async function f() {\n  setTimeout(() => { null.x }, 1)\n  await new Promise(r => setTimeout(r, 5))\n}", "page.ts:2:27: TypeError: Cannot read property 'x' of undefined", ""},
		{"in a microtask", "async function f() {\n  queueMicrotask(() => { throw new Error('micro') })\n}", "page.ts:2:32: micro", ""},
		{"never settles", "async function f() { await new Promise(() => {}) }", "page.ts: f never ends: nothing is left that could settle the promise", ""},
		{"recursion", "function f() {\n  f() }", "page.ts:2:3: RangeError: functions call each other more than 1000 deep", "recursion"},
		{"at the top level", "function f() {}\nnull.x", "page.ts:2:6: TypeError: Cannot read property 'x' of undefined", ""},
		{"template with lines", "const a = `\n\n`\nfunction f() { throw new Error(a.trim() + 'x') }", "page.ts:4:22: x", ""},
		{"lowered generator", "async function* g() {\n  yield 1\n  throw new Error('in g')\n}\nasync function f() { for await (const x of g()) {} }", "page.ts:3:9: in g", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, err := compile(t, test.code).Start(context.Background(), Host{Globals: globals})
				if err == nil {
					_, err = r.Call(context.Background(), "f")
					r.Close()
				}
				var fault *Error
				if !errors.As(err, &fault) {
					t.Fatalf("error is %v", err)
				}
				if fault.Error() != test.want {
					t.Errorf("error is %s\nwant        %s", fault, test.want)
				}
				if !strings.Contains(fault.Hint, test.hint) {
					t.Errorf("hint is %q, want %q in it", fault.Hint, test.hint)
				}
				if strings.Contains(test.code, "save()") && !errors.Is(err, cause) {
					t.Error("the cause is lost")
				}
			})
		})
	}
}

func TestStack(t *testing.T) {
	folder := site(t, "-- lib.ts --\n\nexport function check(x) {\n  return x.y.z\n}\n-- node_modules/p/package.json --\n{}\n-- node_modules/p/index.js --\nexport const run = (f) => { null.x }\n")
	code := "import { check } from './lib'\nimport { run } from 'p'\nexport function f() { check({}) }\nexport const g = () => run()\n"
	p, err := Compile(context.Background(), File{"my page.ts", code}, Options{Files: source.NewReader(folder, nil)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(context.Background(), Host{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for name, want := range map[string]string{
		"f": "lib.ts:3:14: [{check lib.ts 3 14} {f my page.ts 3 23}]",
		// The place is the author's own, though a package threw.
		"g": "my page.ts:4:24: [{run node_modules/p/index.js 1 34} {g my page.ts 4 24}]",
	} {
		_, err = r.Call(context.Background(), name)
		var fault *Error
		if !errors.As(err, &fault) {
			t.Fatalf("%s: error is %v", name, err)
		}
		if got := fmt.Sprintf("%s:%d:%d: %v", fault.File, fault.Line, fault.Column, fault.Stack); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}

// Code inside a page comes with everything else blanked out.
func TestBlankedText(t *testing.T) {
	text := strings.Repeat(" ", 30) + "\n\n          function f() {\n     throw new Error('here') }\n\n"
	p, err := Compile(context.Background(), File{"shop/cart.gohtml", text}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Start(context.Background(), Host{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Call(context.Background(), "f"); err == nil || err.Error() != "shop/cart.gohtml:4:12: here" {
		t.Errorf("error is %v", err)
	}
}

func TestStop(t *testing.T) {
	ended := errors.New("ended")
	for _, test := range []struct{ name, code, before string }{
		{"plain", "function f() { end(); log('after') }", ""},
		{"catch and finally", "function f() { try { end() } catch { log('catch') } finally { log('finally') } }", ""},
		{"in a callback", "function f() { try { [1, 2].forEach(() => end()) } finally { log('finally') } }", ""},
		{"in a getter", "function f() { const o = { get x() { end() } }; try { o.x } catch { log('catch') } }", ""},
		{"in a toString", "function f() { try { `${{ toString: () => end() }}` } catch { log('catch') } }", ""},
		{"in a sort", "function f() { try { [2, 1].sort(() => end()) } catch { log('catch') } }", ""},
		{"in a promise", "async function f() { try { await new Promise(() => end()) } catch { log('catch') } finally { log('finally') } }", ""},
		{"after an await", "async function f() { try { await null; end() } catch { log('catch') } finally { log('finally') } }", ""},
		{"in then", "async function f() { await Promise.resolve().then(() => end()).catch(() => log('catch')).finally(() => log('finally')) }", ""},
		{"in a generator", "function f() { function* g() { try { yield 1 } finally { log('finally') } }; for (const x of g()) end() }", ""},
		{"in a timer", "async function f() { setTimeout(end, 1); await sleep(5); log('after') }", ""},
		{"jobs are dropped", "async function f() { Promise.resolve().then(() => log('job')); await null; end(); log('after') }", "job "},
		{"timers are dropped", "async function f() { setTimeout(() => log('timer'), 1); end() }", ""},
		{"deep in async functions", "async function f() { try { await g() } finally { log('finally') } }\nasync function g() { await null; for (const x of h()) await k(x) }\nfunction* h() { try { yield 1 } finally { log('finally') } }\nconst k = async (x) => { try { await null; [1].map(end) } catch { log('catch') } }", ""},
		{"at once in async functions", "async function f() { await g() }\nasync function g() { await (async () => { await (async () => end())() })() }", ""},
		{"in an async generator", "async function* g() { try { yield 1; end() } finally { log('finally') } }\nasync function f() { for await (const x of g()) await null }", ""},
		{"in a promise's executor in a getter", "async function f() { const o = { get x() { return new Promise(() => end()) } }; await o.x }", ""},
		{"through a host function", "function f() { try { call(() => end()) } catch { log('catch') } }", ""},
		{"from other work", "async function f() { try { await late() } catch { log('catch') } finally { log('finally') } }", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				globals := map[string]any{
					"end":   func(*Call) (any, error) { return nil, Stop(ended) },
					"log":   func(c *Call) (any, error) { log = append(log, c.String(0)); return nil, nil },
					"sleep": func(c *Call) (any, error) { return c.Sleep(time.Millisecond), nil },
					"late": func(c *Call) (any, error) {
						return c.Promise(func(context.Context) (any, error) { return nil, Stop(ended) }), nil
					},
					"call": func(c *Call) (any, error) {
						f, _ := c.Function(0)
						return f.Call()
					},
				}
				r := start(t, test.code+"\nasync function unload() { await sleep(10); log('unload') }", globals)
				defer r.Close()
				for range 3 {
					log = nil
					if _, err := r.Call(context.Background(), "f"); !errors.Is(err, ended) {
						t.Errorf("error is %v", err)
					}
					if _, err := r.Call(context.Background(), "unload"); err != nil {
						t.Errorf("the next call fails: %v", err)
					}
					if got := strings.Join(log, " "); got != test.before+"unload" {
						t.Errorf("ran %s", got)
					}
				}
			})
		})
	}
}

func TestNoFunction(t *testing.T) {
	r := start(t, "export const once = [() => 1][0]\nexport const not = Number('5')", nil)
	if v, err := r.Call(context.Background(), "once"); err != nil || v != int64(1) {
		t.Errorf("got %v, %v", v, err)
	}
	if _, err := r.Call(context.Background(), "nix"); !errors.Is(err, ErrNoFunction) {
		t.Errorf("error is %v", err)
	}
	if _, err := r.Call(context.Background(), "not"); err == nil || err.Error() != "page.ts: not is not a function" {
		t.Errorf("error is %v", err)
	}
}

func TestGet(t *testing.T) {
	r := start(t, "export const listens = { static: false }\nexport function f() { return 7 }", nil)
	v, ok := r.Get("listens")
	if m, _ := Export(v).(map[string]any); !ok || m["static"] != false {
		t.Errorf("listens is %v", v)
	}
	f, _ := r.Get("f")
	if v, err := f.(*Function).Call(); err != nil || v != int64(7) {
		t.Errorf("f() is %v, %v", v, err)
	}
	if _, ok := r.Get("nix"); ok {
		t.Error("there is a nix")
	}
}

// Two requests have nothing in common.
func TestRuntimesAreApart(t *testing.T) {
	p := compile(t, "let n = 0\nfunction f() { Array.prototype.mine = 1; globalThis.g = (globalThis.g ?? 0) + 1; return [++n, g, Object.keys(Array.prototype).length] }")
	for range 2 {
		r, err := p.Start(context.Background(), Host{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := r.Call(context.Background(), "f")
		if got := fmt.Sprint(Export(v)); err != nil || got != "[1 1 1]" {
			t.Errorf("got %v, %v", got, err)
		}
		r.Close()
	}
}

func TestClosed(t *testing.T) {
	r := start(t, "function f() {}", nil)
	r.Close()
	if _, err := r.Call(context.Background(), "f"); err == nil {
		t.Error("a closed script runs")
	}
}

// Nested calls share what the outer one has: they do not wait, and an error passes through both.
func TestNestedCall(t *testing.T) {
	cause := fs.ErrExist
	var r *Runtime
	globals := map[string]any{
		"again": func(c *Call) (any, error) { return r.Call(c.Context(), c.String(0)) },
		"fail":  func(*Call) (any, error) { return nil, cause },
	}
	r = start(t, `
function outer() { return again('inner') + 1 }
function inner() { return 41 }
function caught() { try { again('throws') } catch (e) { return e.message + (e instanceof TypeError) } }
function throws() { throw new TypeError('inner') }
function fails() { again('host') }
function host() { fail() }
async function waits() { return await again('later') }
async function later() { await null; return 'later' }
`, globals)
	for name, want := range map[string]any{"outer": int64(42), "caught": "innertrue", "waits": "later"} {
		if v, err := r.Call(context.Background(), name); err != nil || v != want {
			t.Errorf("%s() is %v, %v", name, v, err)
		}
	}
	if _, err := r.Call(context.Background(), "fails"); !errors.Is(err, cause) {
		t.Errorf("error is %v", err)
	}
}
