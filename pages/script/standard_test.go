package script

import (
	"errors"
	"math"
	"regexp"
	"testing"
)

// places are columns.
var places = regexp.MustCompile(`:2:\d+`)

func TestStandard(t *testing.T) {
	for code, want := range map[string]string{
		"atob('aGk=') + atob(' a G k ') + atob('aGk') + atob('/w==').charCodeAt(0)": "hihihi255",
		"btoa('hi') + btoa('\\xff') + btoa('')":                                     "aGk=/w==",
		"caught(() => atob('a'))":                                                   "Error: InvalidCharacterError: the text is not base64",
		"caught(() => btoa('€'))":                                                   "Error: InvalidCharacterError: btoa takes characters up to U+00FF; encode text with TextEncoder",

		"new TextEncoder().encode('aü€😀').join()":                                                                                                              "97,195,188,226,130,172,240,159,152,128",
		"new TextDecoder().decode(new Uint8Array([97, 195, 188, 255, 98]))":                                                                                    "aü\uFFFDb",
		"new TextDecoder().decode(new Uint8Array([226, 130, 98]))":                                                                                             "\uFFFDb",
		"new TextDecoder().decode(new TextEncoder().encode('xaüx').subarray(1, 4))":                                                                            "aü",
		"new TextDecoder().decode(new TextEncoder().encode('x').buffer) + new TextDecoder().decode()":                                                          "x",
		"new TextDecoder().decode(new Uint8Array([239, 187, 191, 97])).length":                                                                                 "1",
		"new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([239, 187, 191, 97])).length":                                                     "2",
		"(() => { const d = new TextDecoder(); return d.decode(new Uint8Array([226, 130]), { stream: true }) + '|' + d.decode(new Uint8Array([172, 97])) })()": "|€a",
		"caught(() => new TextDecoder('utf8', { fatal: true }).decode(new Uint8Array([255])))":                                                                 "Error: the bytes are not UTF-8",
		"caught(() => new TextDecoder('latin1'))":                                                                                                              "RangeError: TextDecoder knows utf-8 only, not latin1",
		"JSON.stringify(new TextEncoder().encodeInto('aü😀', new Uint8Array(4)))":                                                                               `{"read":2,"written":3}`,

		"(() => { const a = { d: new Date(5), m: new Map([[{}, 1]]), s: new Set(['x']), r: /x/gi, n: null, u: undefined, b: new Uint8Array([1, 2]), l: [1, , 3] }; a.self = a; const b = structuredClone(a); return [b !== a, b.self === b, b.d.getTime(), b.m.size, b.s.has('x'), String(b.r), b.n, b.u, b.b.join(), b.l.length, b.d instanceof Date].join() })()": "true,true,5,1,true,/x/gi,,,1,2,3,true",
		"(() => { const e = structuredClone(new RangeError('x', { cause: { a: 1 } })); return [e instanceof RangeError, e.message, e.cause.a].join() })()":                                                                                                                                                                                                          "true,x,1",
		"caught(() => structuredClone(() => 1))":           "DataCloneError: a function cannot be cloned",
		"caught(() => structuredClone({ a: Symbol() }))":   "DataCloneError: a symbol cannot be cloned",
		"caught(() => structuredClone(Promise.resolve()))": "DataCloneError: a Promise cannot be cloned",
		"structuredClone('x') + structuredClone(5n)":       "x5",

		"new URLSearchParams('?a=1&b=2&a=3&c').getAll('a').join() + new URLSearchParams('a+b=%C3%BC%zz').get('a b')": "1,3ü%zz",
		"String(new URLSearchParams({ 'a b': 'ü&=', c: \"'*-._~\" }))":                                               "a+b=%C3%BC%26%3D&c=%27*-._%7E",
		"String(new URLSearchParams([['a', 1], ['b', 2]]))":                                                          "a=1&b=2",
		"String(new URLSearchParams(new URLSearchParams('x=y')))":                                                    "x=y",
		"(() => { const p = new URLSearchParams('b=1&a=2&b=3'); p.set('b', 9); p.append('c', 4); p.sort(); p.delete('c'); return [String(p), p.size, p.has('b'), p.has('b', '1'), p.get('nix'), [...p.keys()], [...p.values()]].join(';') })()": "a=2&b=9;2;true;false;;a,b;2,9",
		"(() => { const l = []; new URLSearchParams('a=1').forEach((v, k, p) => l.push(k, v, p.size)); for (const [k, v] of new URLSearchParams('x=y')) l.push(k, v); return l.join() })()":                                                     "a,1,1,x,y",
		"caught(() => new URLSearchParams([['a']]))":  "TypeError: a parameter is a pair of name and value",
		"new URLSearchParams('a=1&&=x&b').toString()": "a=1&=x&b=",

		"(() => { const u = new URL('http://User:p%40w@EXAMPLE.com:80/a/./b/../c?x=1#h'); return [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.port, u.pathname, u.search, u.hash].join(' ') })()":                                                     "http://User:p%40w@example.com/a/c?x=1#h http://example.com http: User p%40w example.com  /a/c ?x=1 #h",
		"(() => { const u = new URL('https://x/'); u.searchParams.append('a', 'b c'); u.searchParams.set('d', 1); u.hash = 'top'; u.pathname = 'p q'; u.port = '8080'; u.protocol = 'http'; u.host = 'y:90'; u.username = 'me'; return u.href + u.searchParams.size })()": "http://me@y:90/p%20q?a=b+c&d=1#top2",
		"(() => { const u = new URL('https://x/?a=1'); const p = u.searchParams; u.search = 'b=2'; return [p.get('a'), p.get('b'), u.searchParams === p].join() })()":                                                                                                     ",2,true",
		"(() => { const u = new URL('https://x/'); u.port = 'abc'; u.hostname = ''; u.protocol = 'mailto'; return u.href })()":                                                                                                                                            "https://x/",
		"JSON.stringify(new URL('/a', 'http://h')) + new URL('http://h')":                                        `"http://h/a"http://h/`,
		"caught(() => new URL('/a'))":                                                                            "TypeError: Invalid URL: /a",
		"caught(() => new URL('/a', 'nix'))":                                                                     "TypeError: Invalid URL: /a",
		"caught(() => { new URL('http://x').href = 'nix' })":                                                     "TypeError: Invalid URL: nix",
		"[URL.canParse('x'), URL.canParse('x', 'http://h'), URL.parse('x'), URL.parse('http://h').host].join()":  "false,true,,h",
		"Object.prototype.toString.call(new URL('a:b')) + Object.prototype.toString.call(new URLSearchParams())": "[object URL][object URLSearchParams]",
		"caught(() => setTimeout('code'))":                                                                       "TypeError: the first argument of a timer is a function",
		"caught(() => queueMicrotask())":                                                                         "TypeError: the argument of queueMicrotask is a function",
		"typeof fetch + typeof process":                                                                          "undefinedundefined",
		"'URL' in globalThis && !('nix' in globalThis)":                                                          "true",
	} {
		v, err := result(t, "const caught = (f) => { try { f() } catch (e) { return e.name + ': ' + e.message } }\nreturn String("+code+")", nil)
		if err != nil || v != want {
			t.Errorf("%s\ngot  %q, %v\nwant %q", code, v, err, want)
		}
	}
}

// A urlCase is a reference, a base, and what becomes of them; "-": nothing.
type urlCase struct{ text, base, want string }

func goodURLs() []urlCase {
	return []urlCase{
		{"http://example.com", "", "http://example.com/"},
		{"  http://example.com/\n a ", "", "http://example.com/%20a"},
		{"HTTP://EXAMPLE.COM:0080/%7Efoo/../a%2Eb", "", "http://example.com/a%2Eb"},
		{"http:example.com", "", "http://example.com/"},
		{`http:\\x\y`, "", "http://x/y"},
		{"http:///x", "", "http://x/"},
		{"https://h:443", "", "https://h/"},
		{"https://h:8443?q", "", "https://h:8443/?q"},
		{"http://h/a/%2e%2E/b/.", "", "http://h/b/"},
		{"http://h/../../x", "", "http://h/x"},
		{"http://h/ü?ü#ü", "", "http://h/%C3%BC?%C3%BC#%C3%BC"},
		{"http://h?it's", "", "http://h/?it%27s"},
		{"http://[::1]:80/", "", "http://[::1]/"},
		{"http://[0:0::1]/", "", "http://[::1]/"},
		{"http://127.0.0.1/", "", "http://127.0.0.1/"},
		{"mailto:a@b c", "", "mailto:a@b c"},
		{"data:text/plain,x#y", "", "data:text/plain,x#y"},
		{"file:///C:/a/../b", "", "file:///C:/b"},
		{"file://localhost/a", "", "file:///a"},
		{"x://h/p/../q", "", "x://h/q"},
		{"x:/a/b", "", "x:/a/b"},
		{"a/b", "http://h/x/y?q#f", "http://h/x/a/b"},
		{"/a", "http://h:81/x/y", "http://h:81/a"},
		{"//k/a", "https://h/x", "https://k/a"},
		{"?z", "http://h/x?y#f", "http://h/x?z"},
		{"#z", "http://h/x?y#f", "http://h/x?y#z"},
		{"", "http://h/x?y#f", "http://h/x?y"},
		{"..", "http://h/a/b/c", "http://h/a/"},
		{".", "http://h/a/b/c", "http://h/a/b/"},
		{"http:a", "http://h/x/y", "http://h/x/a"},
		{"https:a", "http://h/x/y", "https://a/"},
		{"a b", "http://h/", "http://h/a%20b"},
		{"http://u@h", "", "http://u@h/"},
		{"http://u:@h", "", "http://u@h/"},
		{"http://a@b@c", "", "http://a%40b@c/"},
	}
}

func badURLs() []urlCase {
	return []urlCase{
		{"", "", "-"},
		{"x", "", "-"},
		{"//h", "", "-"},
		{"http://", "", "-"},
		{"http://h:x", "", "-"},
		{"http://h:99999", "", "-"},
		{"http://a b", "", "-"},
		{"http://a<b", "", "-"},
		{"http://[::1", "", "-"},
		{"http://[::1%25eth0]", "", "-"},
		{"http://1.2.3.4.5", "", "-"},
		{"http://0x7f.1", "", "-"},
		{"http://2130706433", "", "-"},
		{"http://h:+5", "", "-"},
		{"a", "mailto:x", "-"},
		{"http://münchen.de", "", "-"},
		{"1http://h", "", "-"},
		{"http://%00", "", "-"},
		{"http://u:p@", "", "-"},
		{"file://h:8/", "", "-"},
	}
}

// A base and a reference, and what the WHATWG makes of them.
func TestURL(t *testing.T) {
	for _, test := range append(goodURLs(), badURLs()...) {
		var base *address
		if test.base != "" {
			var ok bool
			if base, ok = parseURL(test.base, nil); !ok {
				t.Fatalf("base %s", test.base)
			}
		}
		a, ok := parseURL(test.text, base)
		got := "-"
		if ok {
			got = a.href()
		}
		if got != test.want {
			t.Errorf("%q with %q: got %s, want %s", test.text, test.base, got, test.want)
		}
	}
}

func TestLocale(t *testing.T) {
	for _, test := range []struct {
		n      float64
		locale string
		d      digits
		want   string
	}{
		{1234567.891, "en-US", digits{most: 3}, "1,234,567.891"},
		{1234567.891, "de-DE", digits{most: 2}, "1.234.567,89"},
		{1234.5, "de-CH", digits{most: 3}, "1’234.5"},
		{1234.5, "fr", digits{least: 2, most: 2}, "1\u202F234,50"},
		{1234.5, "sv-SE", digits{most: 3, plain: true}, "1234,5"},
		{0.256, "en", digits{percent: true}, "26%"},
		{-999, "en", digits{most: 3}, "-999"},
		{0.1 + 0.2, "en", digits{most: 3}, "0.3"},
		{math.NaN(), "en", digits{}, "NaN"},
		{math.Inf(-1), "en", digits{}, "-∞"},
		{math.Inf(1), "en", digits{}, "∞"},
		{1e21, "en", digits{}, "1,000,000,000,000,000,000,000"},
	} {
		if got := localNumber(test.n, test.locale, test.d); got != test.want {
			t.Errorf("%v in %s: got %s, want %s", test.n, test.locale, got, test.want)
		}
	}
	for code, want := range map[string]string{
		"(1234.5).toLocaleString('de-DE')":                                               "1.234,5",
		"(1234.5).toLocaleString()":                                                      "1,234.5",
		"(0.5).toLocaleString(undefined, { minimumFractionDigits: 2 })":                  "0.50",
		"(1.239).toLocaleString('en', { maximumFractionDigits: 1, useGrouping: false })": "1.2",
		"[1234, 5].toLocaleString()":                                                     "1,234,5",
		"new Date(2026, 0, 31, 13, 5, 9).toLocaleDateString('de-DE')":                    "31.1.2026",
		"new Date(2026, 0, 31, 13, 5, 9).toLocaleDateString()":                           "1/31/2026",
		"new Date(2026, 0, 31, 13, 5, 9).toLocaleDateString('en-GB')":                    "31/01/2026",
		"new Date(2026, 0, 31, 13, 5, 9).toLocaleDateString('sv-SE')":                    "2026-01-31",
		"new Date(2026, 0, 31, 13, 5, 9).toLocaleTimeString('de')":                       "13:05:09",
		"new Date(2026, 0, 31, 0, 5, 9).toLocaleTimeString(['en-US'])":                   "12:05:09 AM",
		"new Date(2026, 0, 31, 13, 5, 9).toLocaleString('en-US', { anything: 1 })":       "1/31/2026, 1:05:09 PM",
		"new Date(NaN).toLocaleString()":                                                 "Invalid Date",
	} {
		if v, err := result(t, "return "+code, nil); err != nil || v != want {
			t.Errorf("%s: got %v, %v, want %s", code, v, err, want)
		}
	}
	if _, err := result(t, "Date.prototype.toLocaleString.call({})", nil); err == nil {
		t.Error("an object is a date")
	}
}

func TestNearest(t *testing.T) {
	names := []string{"title", "data", "head", "isPostBack"}
	for name, want := range map[string]string{"titel": "title", "Title": "title", "daat": "data", "heads": "head", "ispostback": "isPostBack", "x": "", "nothing": "", "": ""} {
		if got := nearest(name, names); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("cause")
	all := Errors{{File: "a.ts", Line: 1, Column: 2, Message: "x", Err: cause}, {File: "b.ts", Message: "y"}, {Message: "z"}}
	if got := all.Error(); got != "a.ts:1:2: x\nb.ts: y\nz" {
		t.Errorf("got %s", got)
	}
	if !errors.Is(all, cause) {
		t.Error("the cause is lost")
	}
}
