package script

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFormat(t *testing.T) {
	var got string
	globals := map[string]any{
		"log":  func(c *Call) (any, error) { got = Format(c.Args()); return nil, nil },
		"page": &table{map[string]any{"title": 1, "data": 2}},
		"rows": []any{map[string]any{"b": nil, "a": "x"}},
	}
	for code, want := range map[string]string{
		"'a', 'b c', 1, 1.5, true, null, undefined": "a b c 1 1.5 true null undefined",
		"":   "",
		"{}": "{}",
		"[]": "[]",
		"{ a: 1, 'x-y': 'z', _: undefined, n: null }": `{ a: 1, "x-y": "z", _: undefined, n: null }`,
		"[1, [2, [3, [4, [5]]]]]":                     "[1, [2, [3, [4, …]]]]",
		"Array.from({ length: 150 }, () => 0).length, Array.from({ length: 102 }, () => 0)": "150 [" + strings.Repeat("0, ", 100) + "… 2 more]",
		"(() => { const a = { n: 1 }; a.a = a; a.l = [a]; return a })()":                    "{ n: 1, a: [circular], l: [[circular]] }",
		"(() => { const s = {}; return [s, s] })()":                                         "[{}, {}]",
		"{ get a() { throw new Error('no') }, b: 1 }":                                       "{ a: [threw no], b: 1 }",
		"new Date(0)":                                              "1970-01-01T00:00:00.000Z",
		"new Map([['k', [1]]]), new Set([2])":                      "Map { k: [1] } Set [2]",
		"/a/g, Symbol('s'), 10n ** 20n":                            "/a/g s 100000000000000000000",
		"function named() {}, () => 1, class K {}, async () => {}": "[function named] [function] [function K] [function]",
		"Promise.resolve(1)":                                       "[promise]",
		"new Uint8Array([1, 2])":                                   "Uint8Array(2) [1, 2]",
		"new TypeError('bad')":                                     "TypeError: bad\n    at f page.ts:2:13",
		"new Error('bad')":                                         "Error: bad\n    at f page.ts:2:13",
		"{ e: new RangeError('x') }":                               "{ e: RangeError: x\n    at f page.ts:2:13 }",
		"page":                                                     "[object with data, title]",
		"rows":                                                     `[{ a: "x", b: null }]`,
		"'%s is %d, %i, %f, %j %o %O%c%%', 'x', '5.5', 5.5, 1.5, { a: 1 }, [1], 'q', 'css', 'rest'": `x is 5.5, 5, 1.5, { a: 1 } [1] "q"% rest`,
		"'100%', 'a'": "100% a",
		"'%s'":        "%s",
		"'%s %s', 1":  "1 %s",
		"'%x', 1":     "%x 1",
		"'%d', {}":    "NaN",
		"1e21, 1e-7, 123456789012345680000, -0, NaN, -Infinity, 0.1": "1e+21 1e-7 123456789012345680000 0 NaN -Infinity 0.1",
	} {
		got = "nothing"
		if strings.HasPrefix(code, "{") {
			code = "(" + code + ")"
			want = strings.Replace(want, ":2:13", ":2:14", 1)
		}
		if _, err := result(t, "log("+code+")", globals); err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		// Where in the line an error was made is not this test's affair.
		if normal := places.ReplaceAllString(got, ":2"); normal != places.ReplaceAllString(want, ":2") {
			t.Errorf("%s\ngot  %s\nwant %s", code, got, want)
		}
	}
}

func TestFormatBounds(t *testing.T) {
	for _, v := range []any{strings.Repeat("ü", 20000), []any{strings.Repeat("x", 9000), strings.Repeat("y", 9000), "z"}} {
		got := Format([]any{v})
		if len(got) > maxFormat+len("…") || !strings.HasSuffix(got, "…") || !utf8.ValidString(got) {
			t.Errorf("%d bytes, ends with %q", len(got), got[len(got)-10:])
		}
	}
	if got := Format([]any{time.UnixMilli(0), 5, errTime, nil}); got != "1970-01-01T00:00:00.000Z 5 time is up null" {
		t.Errorf("got %s", got)
	}
}
