package devserver

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huygens/devserver/state"
)

// nowhere is a client that reads nothing.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}

// BenchmarkStatic is W2 without the network: gate, resolver, short-cut, trace.
func BenchmarkStatic(b *testing.B) {
	store, err := state.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	server, err := New(Config{State: store})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close(b.Context())
	dir := b.TempDir()
	name := filepath.Join(dir, "small.html")
	if err := os.WriteFile(name, []byte(strings.Repeat("<p>0123456789</p>\n", 240)), 0o644); err != nil {
		b.Fatal(err)
	}
	then := time.Now().Add(-time.Hour)
	for _, path := range []string{name, dir} {
		if err := os.Chtimes(path, then, then); err != nil {
			b.Fatal(err)
		}
	}
	site, err := server.Open(b.Context(), dir, SiteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, site.URL()+"small.html", nil)
	r.RequestURI = "/small.html"
	b.ReportAllocs()
	for b.Loop() {
		site.current().ServeHTTP(&nowhere{http.Header{}}, r)
	}
}
