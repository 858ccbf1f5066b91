package script

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

var errTime = errors.New("time is up")

// runFor runs a function of code with a deadline, and then another function in the same runtime.
func runFor(t *testing.T, limit time.Duration, code string) error {
	t.Helper()
	p := compile(t, code+"\nasync function unload() { await null; return 'unloaded' }")
	ctx, cancel := context.WithTimeoutCause(context.Background(), limit, errTime)
	defer cancel()
	r, err := p.Start(ctx, Host{})
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = r.Call(ctx, "f")
	if v, err := r.Call(context.Background(), "unload"); err != nil || v != "unloaded" {
		t.Errorf("the next call gives %v, %v", v, err)
	}
	return err
}

// TestEndless has scripts that do not end by themselves (engine.md 6, security.md 0).
func TestEndless(t *testing.T) {
	for _, code := range []string{
		"function f() { while (true) {} }",
		"function f() { while (true) { try { while (true) {} } catch {} } }",
		"function f() { try { while (true) {} } finally { while (true) {} } }",
		"async function f() { while (true) await null }",
		"async function f() { const again = () => Promise.resolve().then(again); await again() }",
		"async function f() { const again = () => queueMicrotask(again); again(); await new Promise(() => {}) }",
		"async function f() { await new Promise(r => setInterval(() => {}, 1)) }",
		"async function f() { const again = () => setTimeout(again, 0); again(); await new Promise(() => {}) }",
		"function f() { function* g() { while (true) yield 1 }; for (const x of g()); }",
		"async function f() { async function* g() { while (true) yield 1 }; for await (const x of g()); }",
		"function f() { const a = []; for (let i = 0; ; i = (i + 1) % 1000) a[i] = {} }",
		"function f() { const list = Array.from({ length: 1000 }, (_, i) => -i); list.sort((a, b) => { for (let i = 0; i < 1e5; i++); return a - b }) }",
		"function f() { 'x'.repeat(1000).replace(/x/g, () => { for (let i = 0; i < 1e5; i++); return '' }) }",
		"function f() { JSON.stringify({ toJSON() { while (true); } }) }",
		"function f() { new Proxy({}, { get() { while (true); } }).x }",
		"while (true) {}\nfunction f() {}",
	} {
		t.Run(code, func(t *testing.T) {
			err := runFor(t, 30*time.Millisecond, code)
			var fault *Error
			if !errors.Is(err, errTime) || !errors.As(err, &fault) || fault.File != "page.ts" {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// TestRecursion has scripts that call themselves, by all the ways that there are.
func TestRecursion(t *testing.T) {
	for _, code := range []string{
		"function f() { return f() + 1 }",
		"function f() { try { f() } catch { f() } }",
		"function f() { [1].map(f) }",
		"function f() { [2, 1].sort(f) }",
		"function f() { 'x'.replace('x', f) }",
		"function f() { const o = { get x() { return this.x } }; o.x }",
		"function f() { const p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x }",
		"function f() { const o = { toString() { return `${this}` } }; `${o}` }",
		"function f() { JSON.stringify({ toJSON() { return JSON.stringify(this) } }) }",
		"function f() { class A { constructor() { new A() } }; new A() }",
		"function f() { Reflect.apply(f, null, []) }",
		"function f() { f.bind(null).call() }",
	} {
		t.Run(code, func(t *testing.T) {
			err := runFor(t, 20*time.Second, code)
			var fault *Error
			if !errors.As(err, &fault) || !strings.Contains(fault.Message, "1000 deep") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// TestRefused has calls that would end the process. Each is a RangeError that the script can catch.
func TestRefused(t *testing.T) {
	for _, code := range []string{
		"JSON.parse('['.repeat(3_000_000))",
		"JSON.parse('{\"a\":'.repeat(3_000_000))",
		"JSON['parse']('['.repeat(3_000_000), (k, v) => v)",
		"const { parse } = JSON; parse('['.repeat(100_000))",
		"'x'.repeat(1e12)",
		"'x'.repeat(2 ** 40)",
		"'xy'['rep' + 'eat'](2 ** 31)",
		"'x'.padStart(1e12)",
		"'x'.padEnd(2 ** 40, 'ab')",
		"new ArrayBuffer(2 ** 36)",
		"new Uint8Array(8e9)",
		"new Float64Array(1e9)",
		"new BigInt64Array(1e9)",
		"new Array(2 ** 32 - 1).fill(0)",
		"Array(4e8).join('ab')",
		"[].constructor(4e8)",
		"new (globalThis['Ar' + 'ray'])(4e8)",
		"Reflect.construct(Array, [4e8])",
		"class Big extends Array {}; new Big(4e8)",
		"eval('new Ar' + 'ray(4e8)')",
		"structuredClone(Array.from({ length: 600 }).reduce((a) => [a], []))",
	} {
		t.Run(code, func(t *testing.T) {
			v, err := result(t, "try { "+code+" } catch (e) { return e instanceof RangeError ? 'RangeError' : e.name + ': ' + e.message }; return 'went through'", nil)
			if err != nil || v != "RangeError" {
				t.Errorf("got %v, %v", v, err)
			}
		})
	}
}

// What is guarded still works.
func TestGuardedWork(t *testing.T) {
	for code, want := range map[string]string{
		`return JSON.stringify(JSON.parse('{"a":[1,"[[[[\\"{"]}', (k, v) => v))`:                                                                                                                      `{"a":[1,"[[[[\"{"]}`,
		"return 'ab'.repeat(2) + 'x'.padStart(3, '-') + 'x'.padEnd(2) + '|'":                                                                                                                          "abab--xx |",
		"return String.prototype.repeat.call(12, 2)":                                                                                                                                                  "1212",
		"return [new Array(3).length, Array(1, 2).join(), new Array('3')[0], Array.isArray(new Array(2)), Array.from('ab').join('')].join()":                                                          "3,1,2,3,true,ab",
		"return [[] instanceof Array, [].constructor === Array, [1].map(x => x).length, Array.of(7)[0], Array.name].join()":                                                                           "true,true,1,7,Array",
		"class L extends Array { last() { return this.at(-1) } }; const l = L.from([1, 2]); return [l.last(), l instanceof L, l.map(x => x) instanceof L].join()":                                     "2,true,true",
		"const b = new ArrayBuffer(8); return [new Uint8Array(b).length, new Uint8Array([1, 2]).join(), Uint8Array.from([3]).at(0), b instanceof ArrayBuffer, new Float64Array(2).byteLength].join()": "8,1,2,3,true,16",
		"return (new Uint8Array(2).constructor === Uint8Array)":                                                                                                                                       "true",
		"try { JSON.parse('{') } catch (e) { return e.name }":                                                                                                                                         "SyntaxError",
		"return 'x'.repeat(0) + ''.repeat(1e9)":                                                                                                                                                       "",
	} {
		v, err := result(t, strings.Replace(code, "return ", "return '' + ", 1), nil)
		if err != nil || v != want {
			t.Errorf("%s: got %v, %v, want %s", code, v, err, want)
		}
	}
}

// A backtracking match ends after half a second as no match.
func TestBacktracking(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a second")
	}
	v, err := result(t, `return /^(?=(a+)+$)(a+)+\1$/.test("a".repeat(40) + "!")`, nil)
	if err != nil || v != false {
		t.Errorf("got %v, %v", v, err)
	}
	if v, err := result(t, `return /^(a+)+$/.test("a".repeat(40000) + "!")`, nil); err != nil || v != false {
		t.Errorf("got %v, %v", v, err)
	}
}

// eval finds source maps only in its own text.
func TestEvalReadsNoFiles(t *testing.T) {
	v, err := result(t, `return eval("1 + 1\n//# sourceMappingURL=/etc/passwd")`, nil)
	if err != nil || v != int64(2) {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestInterrupt(t *testing.T) {
	stop := errors.New("the pool wants it so")
	running := make(chan struct{})
	r := start(t, "function f() { begun(); while (true); }\nfunction g() { return 1 }\nasync function h() { setTimeout(begun, 1); await new Promise(r => setTimeout(r, 1e9)) }", map[string]any{
		"begun": func(*Call) (any, error) { close(running); return nil, nil },
	})
	for _, name := range []string{"f", "h"} {
		running = make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			<-running
			r.Interrupt(stop)
		}()
		if _, err := r.Call(context.Background(), name); !errors.Is(err, stop) {
			t.Errorf("%s: error is %v", name, err)
		}
		<-done
		if v, err := r.Call(context.Background(), "g"); err != nil || v != int64(1) {
			t.Errorf("the next call gives %v, %v", v, err)
		}
	}
}

// An interruption between calls ends the next one, whatever its context.
func TestInterruptBefore(t *testing.T) {
	stop := errors.New("the pool wants it so")
	r := start(t, "function f() { return 1 }\nasync function g() { await null; return 2 }", nil)
	other, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, ctx := range []context.Context{context.Background(), other} {
		for name, want := range map[string]any{"f": int64(1), "g": int64(2)} {
			r.Interrupt(stop)
			if _, err := r.Call(ctx, name); !errors.Is(err, stop) {
				t.Errorf("%s: error is %v", name, err)
			}
			if v, err := r.Call(ctx, name); err != nil || v != want {
				t.Errorf("%s gives %v, %v", name, v, err)
			}
		}
	}
}

// The end of the context holds for what markup reads between calls.
func TestGetters(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	p := compile(t, "export const o = { get x() { begun(); while (true); }, get y() { throw new Error('no y') }, z: 1 }\nexport async function f() { await null; return 1 }")
	r, err := p.Start(ctx, Host{Globals: map[string]any{"begun": func(*Call) (any, error) { cancel(errTime); return nil, nil }}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	v, _ := r.Get("o")
	o := v.(*object)
	read := func(name string) (err error) {
		defer func() {
			if x := recover(); x != nil {
				err, _ = x.(*Error)
			}
		}()
		o.Field(name)
		return nil
	}
	for _, test := range []struct{ name, want string }{{"y", "no y"}, {"x", "time is up"}, {"z", ""}} {
		switch err := read(test.name); {
		case test.want == "" && err != nil, test.want != "" && (err == nil || !strings.HasSuffix(err.Error(), test.want)):
			t.Errorf("reading %s: %v", test.name, err)
		}
	}
	if v, err := r.Call(context.Background(), "f"); err != nil || v != int64(1) {
		t.Errorf("the next call gives %v, %v", v, err)
	}
}
