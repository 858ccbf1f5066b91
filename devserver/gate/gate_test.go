package gate

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

const port = 8080

func testGate() *Gate {
	return New(Options{Port: port, Name: "My Shop", Hosts: []string{"shop.test"}, Methods: []string{"PURGE"}})
}

// read makes a request of raw text, as the server would.
func read(t *testing.T, raw string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n") + "\r\n\r\n")))
	if err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	return r
}

// Each line is a request and the status of its refusal, 0 for none.
func TestCheck(t *testing.T) {
	long := strings.Repeat("a", MaxTarget)
	const host = "\nHost: localhost:8080"
	for _, c := range []struct {
		raw  string
		want int
	}{
		{"GET / HTTP/1.1" + host, 0},
		{"GET /a?b=c HTTP/1.1" + host, 0},

		{"GET / HTTP/1.1\nHost: 127.0.0.1:8080", 0},
		{"GET / HTTP/1.1\nHost: [::1]:8080", 0},
		{"GET / HTTP/1.1\nHost: LocalHost:8080", 0},
		{"GET / HTTP/1.1\nHost: my-shop.localhost:8080", 0},
		{"GET / HTTP/1.1\nHost: shop.test:8080", 0},
		{"GET / HTTP/1.1\nHost: evil.example", 403},
		{"GET / HTTP/1.1\nHost: evil.example:8080", 403},
		{"GET / HTTP/1.1\nHost: localhost", 403},
		{"GET / HTTP/1.1\nHost: localhost:80", 403},
		{"GET / HTTP/1.1\nHost: localhost:08080", 403},
		{"GET / HTTP/1.1\nHost: localhost:8080:8080", 403},
		{"GET / HTTP/1.1\nHost: localhost.:8080", 403},
		{"GET / HTTP/1.1\nHost: localhost:8080.evil.example", 403},
		{"GET / HTTP/1.1\nHost: evil.localhost:8080", 403},
		{"GET / HTTP/1.1\nHost: x.shop.test:8080", 403},
		{"GET / HTTP/1.1\nHost: user@localhost:8080", 403},
		{"GET / HTTP/1.1\nHost: 127.1:8080", 403},
		{"GET / HTTP/1.1\nHost: 0127.0.0.1:8080", 403},
		{"GET / HTTP/1.1\nHost: 2130706433:8080", 403},
		{"GET / HTTP/1.1\nHost: 0.0.0.0:8080", 403},
		{"GET / HTTP/1.1\nHost: [0:0:0:0:0:0:0:1]:8080", 403},
		{"GET / HTTP/1.1\nHost: [::ffff:127.0.0.1]:8080", 403},
		{"GET / HTTP/1.1\nHost: [::1%25lo]:8080", 403},
		{"GET / HTTP/1.1\nHost: 127.0.0.1:8080\nX-Forwarded-Host: evil.example\nForwarded: host=evil.example", 0},
		{"GET / HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: localhost:8080", 403},
		{"GET / HTTP/1.0", 403},
		{"GET / HTTP/1.1\nHost: ", 403},

		{"GET http://localhost:8080/ HTTP/1.1\nHost: evil.example", 400},
		{"GET http://localhost:8080/ HTTP/1.1" + host, 400},
		{"OPTIONS * HTTP/1.1" + host, 400},
		{"GET /a#b HTTP/1.1" + host, 400},
		{"GET /?a#b HTTP/1.1" + host, 400},
		{"GET /?" + strings.Repeat("&", MaxKeys) + " HTTP/1.1" + host, 400},
		{"GET /" + long + " HTTP/1.1" + host, 414},
		{"GET /" + long[1:] + " HTTP/1.1" + host, 0},

		{"HEAD / HTTP/1.1" + host, 0},
		{"POST / HTTP/1.1" + host, 0},
		{"PUT / HTTP/1.1" + host, 0},
		{"PATCH / HTTP/1.1" + host, 0},
		{"DELETE / HTTP/1.1" + host, 0},
		{"OPTIONS / HTTP/1.1" + host, 0},
		{"PURGE / HTTP/1.1" + host, 0},
		{"TRACE / HTTP/1.1" + host, 405},
		{"CONNECT localhost:8080 HTTP/1.1" + host, 405},
		{"FOO / HTTP/1.1" + host, 405},
		{"get / HTTP/1.1" + host, 405},
		{"PROPFIND / HTTP/1.1" + host, 405},

		{"POST / HTTP/1.1\nContent-Encoding: gzip" + host, 415},
		{"POST / HTTP/1.1\nContent-Encoding: identity" + host, 0},
		{"POST / HTTP/1.1\nContent-Encoding: identity\nContent-Encoding: br" + host, 415},
		{"GET / HTTP/1.1" + strings.Repeat("\nX: y", MaxLines+1) + host, 431},
		{"GET / HTTP/1.1" + strings.Repeat("\nX: y", MaxLines) + host, 0},

		{"POST / HTTP/1.1\nOrigin: http://localhost:8080" + host, 0},
		{"POST / HTTP/1.1\nOrigin: http://127.0.0.1:8080" + host, 403}, // http.CrossOriginProtection: another host
		{"POST / HTTP/1.1\nOrigin: https://localhost:8080" + host, 403},
		{"POST / HTTP/1.1\nOrigin: http://localhost:5173" + host, 403},
		{"POST / HTTP/1.1\nOrigin: http://evil.example" + host, 403},
		{"POST / HTTP/1.1\nOrigin: null" + host, 403},
		{"POST / HTTP/1.1\nOrigin: null\nSec-Fetch-Site: same-origin" + host, 0},
		{"POST / HTTP/1.1\nOrigin: null\nSec-Fetch-Site: cross-site" + host, 403},
		{"POST / HTTP/1.1\nOrigin: http://evil.example\nSec-Fetch-Site: same-origin" + host, 403},
		{"POST / HTTP/1.1\nOrigin: http://localhost:8080\nOrigin: http://evil.example" + host, 403},
		{"POST / HTTP/1.1\nSec-Fetch-Site: same-site" + host, 403},
		{"POST / HTTP/1.1\nSec-Fetch-Site: none" + host, 0},
		{"POST / HTTP/1.1\nSec-Fetch-Site: none\nSec-Fetch-Site: cross-site" + host, 403},
		{"PURGE / HTTP/1.1\nOrigin: http://evil.example" + host, 403},
		{"DELETE / HTTP/1.1\nSec-Fetch-Site: cross-site" + host, 403},
		{"GET / HTTP/1.1\nOrigin: http://evil.example\nSec-Fetch-Site: cross-site" + host, 0},
		{"OPTIONS / HTTP/1.1\nOrigin: http://evil.example" + host, 0},
	} {
		r := read(t, c.raw)
		got := 0
		refusal := testGate().Check(r)
		if refusal != nil {
			got = refusal.Status
			checkRefusal(t, refusal)
		}
		if got != c.want {
			t.Errorf("%.120q: %d, want %d", c.raw, got, c.want)
		}
	}
}

func checkRefusal(t *testing.T, r *Refusal) {
	t.Helper()
	if !strings.HasSuffix(r.Sentence, ".") || strings.Count(r.Sentence, ".") != 1 || len(r.Sentence) > 100 {
		t.Errorf("no plain sentence: %q", r.Sentence)
	}
	if allow := r.Header.Get("Allow"); (r.Status == 405) != (allow != "") || r.Status == 405 && (!strings.Contains(allow, "GET, HEAD, OPTIONS") || strings.Contains(allow, "TRACE")) {
		t.Errorf("%d with Allow %q", r.Status, allow)
	}
}

func TestCheckReserved(t *testing.T) {
	for _, c := range []struct {
		headers string
		ok      bool
	}{
		{"", true},
		{"\nOrigin: http://localhost:8080", true},
		{"\nOrigin: http://127.0.0.1:8080", true},
		{"\nOrigin: null", false},
		{"\nOrigin: ", false},
		{"\nOrigin: http://localhost", false},
		{"\nOrigin: http://localhost:8081", false},
		{"\nOrigin: https://localhost:8080", false},
		{"\nOrigin: http://localhost:8080.evil.example", false},
		{"\nOrigin: http://localhost:8080 ", true}, // HTTP trims values
		{"\nOrigin: http://localhost:8080, http://evil.example", false},
		{"\nOrigin: http://localhost:8080\nOrigin: http://localhost:8080", false},
		{"\nSec-Fetch-Site: none", true},
		{"\nSec-Fetch-Site: same-origin", true},
		{"\nSec-Fetch-Site: same-site", false},
		{"\nSec-Fetch-Site: cross-site", false},
		{"\nSec-Fetch-Site: ", false},
		{"\nSec-Fetch-Site: same-origin\nSec-Fetch-Site: same-origin", false},
		{"\nOrigin: null\nSec-Fetch-Site: same-origin", false},
	} {
		r := read(t, "GET /_huygens/trace.json HTTP/1.1\nHost: localhost:8080"+c.headers)
		if refusal := testGate().CheckReserved(r); (refusal == nil) != c.ok {
			t.Errorf("%q: %v", c.headers, refusal)
		}
	}
}

func TestBoundAddresses(t *testing.T) {
	g := New(Options{Port: 80, Addresses: []string{"::1"}})
	for host, ok := range map[string]bool{
		"[::1]": true, "[::1]:80": true, "localhost": true, "localhost:80": true, "127.0.0.1": false, "127.0.0.1:80": false, ".localhost:80": false,
	} {
		if (g.checkHost(host) == nil) != ok {
			t.Errorf("%s: %v", host, !ok)
		}
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Shop": "shop", "My Shop!": "my-shop", "  a__b ": "a-b", "Größe": "gr-e", "": "", "…": "", "-x-": "x",
		strings.Repeat("ab", 40): strings.Repeat("ab", 32)[:63],
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestLimitBody(t *testing.T) {
	for _, c := range []struct {
		name string
		body string
		size int64 // as told, -1: not told
		want int
	}{
		{"short", "1234", 4, 0},
		{"just right", "12345678", 8, 0},
		{"told too long", "123456789", 9, 413},
		{"too long without telling", "123456789", -1, 413},
		{"short without telling", "1234", -1, 0},
	} {
		r := httptest.NewRequest("POST", "/", io.NopCloser(strings.NewReader(c.body)))
		r.ContentLength = c.size
		refusal := LimitBody(httptest.NewRecorder(), r, 8)
		if refusal == nil {
			_, err := io.ReadAll(r.Body)
			refusal = RefusalOf(err)
			if (err == nil) != (refusal == nil) {
				t.Errorf("%s: %v is %v", c.name, err, refusal)
			}
		}
		got := 0
		if refusal != nil {
			got = refusal.Status
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if RefusalOf(errors.New("other")) != nil || RefusalOf(nil) != nil {
		t.Error("another error is no refusal")
	}
	if err := error(refuse(400, "A.")); RefusalOf(err) == nil || err.Error() != "400: A." {
		t.Error("a refusal is an error too")
	}
}

// The oracle knows the rules from the paper, and takes hosts apart instead of comparing them as a whole.
func allowedByOracle(host string) bool {
	i := strings.LastIndex(host, ":")
	if i < 0 {
		return false
	}
	name, digits := host[:i], host[i+1:]
	if n, err := strconv.Atoi(digits); err != nil || n != port || len(digits) != 4 {
		return false
	}
	for _, allowed := range []string{"127.0.0.1", "[::1]", "localhost", "my-shop.localhost", "shop.test"} {
		if len(name) != len(allowed) {
			continue
		}
		same := true
		for j := range len(name) {
			c := name[j]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			same = same && c == allowed[j]
		}
		if same {
			return true
		}
	}
	return false
}

func FuzzHost(f *testing.F) {
	for _, s := range []string{
		"", "localhost:8080", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "my-shop.localhost:8080", "localhost:+8080", "localhost:8080 ",
		"loca\u017fhost:8080", "\u212aocalhost:8080", "localhost\x00:8080", "localhost:8080\n", "127.0.0.1:8080@evil.example", "[::1]:8080]:8080",
	} {
		f.Add(s)
	}
	g := testGate()
	f.Fuzz(func(t *testing.T, host string) {
		if got, want := g.checkHost(host) == nil, allowedByOracle(host); got != want {
			t.Errorf("%q: %v, want %v", host, got, want)
		}
	})
}

func FuzzOrigin(f *testing.F) {
	for _, s := range []string{
		"", "null", "http://localhost:8080", "https://localhost:8080", "HTTP://LOCALHOST:8080", "http://localhost:8080/", "http://localhost:8080,http://x",
		"http://evil@localhost:8080", "http:/localhost:8080", "//localhost:8080", "http://[::1]:8080", "http://localhost:8080?", "file://",
	} {
		f.Add(s)
	}
	g := testGate()
	f.Fuzz(func(t *testing.T, origin string) {
		scheme, host, ok := strings.Cut(origin, "://")
		want := ok && strings.EqualFold(scheme, "http") && allowedByOracle(host)
		if got := g.knownOrigin([]string{origin}); got != want {
			t.Errorf("%q: %v, want %v", origin, got, want)
		}
		r := &http.Request{Method: "POST", Host: "localhost:8080", Header: http.Header{"Origin": {origin}}}
		if g.checkCrossOrigin(r) == nil && !want {
			t.Errorf("%q may post", origin)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	g := testGate()
	r := httptest.NewRequest("GET", "/w1?a=b", nil)
	r.Host = "127.0.0.1:8080"
	for i := range 10 {
		r.Header.Set("X-"+strconv.Itoa(i), "y")
	}
	b.ReportAllocs()
	for b.Loop() {
		if g.Check(r) != nil {
			b.Fatal("refused")
		}
	}
}
