package script

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTimers(t *testing.T) {
	for _, test := range []struct {
		code, want string
		after      time.Duration
	}{
		{"await new Promise(r => setTimeout(r, 20)); return 'slept'", "slept", 20 * time.Millisecond},
		{"await server.sleep(50); return 'slept'", "slept", 50 * time.Millisecond},
		{"await Promise.all([server.sleep(50), server.sleep(30)]); return 'both'", "both", 50 * time.Millisecond},
		{"return new Promise(r => setTimeout(r, 10, 'argument'))", "argument", 10 * time.Millisecond},
		{"const l = []; for (const n of [3, 1, 2, 1]) setTimeout(() => l.push(n), n); await server.sleep(5); return l.join()", "1,1,2,3", 5 * time.Millisecond},
		{"let n = 0; const id = setInterval(() => { if (++n === 3) clearInterval(id) }, 10); await server.sleep(100); return '' + n", "3", 100 * time.Millisecond},
		{"let n = 0; const id = setTimeout(() => n++, 5); clearTimeout(id); clearTimeout(id); clearTimeout(); clearInterval('x'); await server.sleep(10); return '' + n", "0", 10 * time.Millisecond},
		{"const l = []; setTimeout(() => l.push('timer'), 0); queueMicrotask(() => l.push('micro')); l.push('now'); await server.sleep(1); return l.join()", "now,micro,timer", time.Millisecond},
		{"return await new Promise(r => setTimeout(() => r('odd'), NaN))", "odd", 0},
		{"return await new Promise(r => setTimeout(() => r('negative'), -5))", "negative", 0},
		{"setTimeout(() => {}, 1e300); return 'does not wait'", "does not wait", 0},
		{"const l = []; await Promise.race([server.sleep(5), server.sleep(500)]); return 'first'", "first", 5 * time.Millisecond},
		{"for await (const x of (async function* () { await server.sleep(1); yield 1 })()) return '' + x", "1", time.Millisecond},
		{"return typeof setTimeout(() => {}, 1)", "number", 0},
	} {
		t.Run(test.code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				server := &table{map[string]any{"sleep": func(c *Call) (any, error) {
					ms, _ := c.Arg(0).(int64)
					return c.Sleep(time.Duration(ms) * time.Millisecond), nil
				}}}
				v, err := result(t, test.code, map[string]any{"server": server})
				if err != nil || v != test.want {
					t.Errorf("got %v, %v", v, err)
				}
				if took := time.Since(began); took != test.after {
					t.Errorf("took %v, want %v", took, test.after)
				}
			})
		})
	}
}

// Work on other goroutines comes back as promises.
func TestPromise(t *testing.T) {
	cause := errors.New("no connection")
	fetch := func(c *Call) (any, error) {
		what := c.String(0)
		return c.Promise(func(ctx context.Context) (any, error) {
			switch what {
			case "bad":
				return nil, fmt.Errorf("fetching: %w", cause)
			case "panic":
				panic("ours")
			case "wait":
				<-ctx.Done()
				return nil, context.Cause(ctx)
			}
			return map[string]any{"body": what}, nil
		}), nil
	}
	globals := map[string]any{"fetch": fetch}
	for code, want := range map[string]string{
		"return (await fetch('a')).body": "a",
		"return (await Promise.all(['a', 'b', 'c'].map(fetch))).map(r => r.body).join()": "a,b,c",
		"try { await fetch('bad') } catch (e) { return e.message }":                      "fetching: no connection",
		"try { await fetch('panic') } catch (e) { return e.message }":                    "internal error: ours",
		"fetch('wait'); return 'not waited for'":                                         "not waited for",
		"return await fetch('a').then(r => r.body).finally(() => {})":                    "a",
	} {
		if v, err := result(t, code, globals); err != nil || v != want {
			t.Errorf("%s: got %v, %v, want %s", code, v, err, want)
		}
	}
	if _, err := result(t, "await fetch('bad')", globals); !errors.Is(err, cause) {
		t.Errorf("error is %v", err)
	}
	if _, err := result(t, "fetch('bad'); await fetch('a'); await new Promise(r => setTimeout(r, 1))", globals); !errors.Is(err, cause) {
		t.Errorf("a rejection that nobody handles: error is %v", err)
	}
}

// Close ends the work that is under way and waits for it; so does an error.
func TestWorkEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := 0
		r := start(t, "function f() { work() }\nfunction g() { work(); throw new Error('x') }\nasync function slow() { await work() }", map[string]any{
			"work": func(c *Call) (any, error) {
				return c.Promise(func(ctx context.Context) (any, error) {
					<-ctx.Done()
					ended++
					return nil, nil
				}), nil
			},
		})
		if _, err := r.Call(context.Background(), "g"); err == nil {
			t.Error("no error")
		}
		synctest.Wait()
		if ended != 1 {
			t.Errorf("%d ended after an error, want 1", ended)
		}
		ctx, cancel := context.WithTimeoutCause(context.Background(), time.Second, errTime)
		defer cancel()
		if _, err := r.Call(ctx, "slow"); !errors.Is(err, errTime) {
			t.Errorf("error is %v", err)
		}
		synctest.Wait()
		if ended != 2 {
			t.Errorf("%d ended after the deadline, want 2", ended)
		}
		if _, err := r.Call(context.Background(), "f"); err != nil {
			t.Error(err)
		}
		r.Close()
		if ended != 3 {
			t.Errorf("%d ended after Close, want 3", ended)
		}
	})
}

// What an earlier call has left to be done is done while a later one waits.
func TestLeftOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, "let done = 0\nfunction f() { setTimeout(() => done++, 10) }\nasync function g() { await new Promise(r => setTimeout(r, 20)); return done }", nil)
		if _, err := r.Call(context.Background(), "f"); err != nil {
			t.Fatal(err)
		}
		if v, err := r.Call(context.Background(), "g"); err != nil || v != int64(1) {
			t.Errorf("got %v, %v", v, err)
		}
	})
}

func TestFinally(t *testing.T) {
	var log []string
	span := func(c *Call) (any, error) {
		f, ok := c.Function(1)
		if !ok {
			return nil, errors.New("span wants a function")
		}
		name := c.String(0)
		v, err := f.Call("argument")
		if err != nil {
			log = append(log, name+" threw")
			return nil, err
		}
		return c.Finally(v, func(err error) {
			if err != nil {
				name += " " + err.Error()
			}
			log = append(log, name)
		}), nil
	}
	for code, want := range map[string]string{
		"return span('a', (x) => x)": "argument: a",
		"const p = span('a', async (x) => { await null; log('in'); return x }); return p":                             "argument: in a",
		"try { await span('a', async () => { await null; throw new Error('oops') }) } catch (e) { return e.message }": "oops: a page.ts:2:55: oops",
		"try { span('a', () => { throw new TypeError('sync') }) } catch (e) { return e.name }":                        "TypeError: a threw",
	} {
		log = nil
		v, err := result(t, code, map[string]any{"span": span, "log": func(c *Call) (any, error) { log = append(log, c.String(0)); return nil, nil }})
		if got := fmt.Sprint(v) + ": " + strings.Join(log, " "); err != nil || got != want {
			t.Errorf("%s\ngot  %s, %v\nwant %s", code, got, err, want)
		}
	}
}
