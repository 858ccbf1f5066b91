package static

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"huygens/devserver/gate"
	"huygens/devserver/resolve"
	"huygens/pages/source"
)

// BenchmarkServe compares with net/http's FileServer: over loopback (the whole server, gate and resolver
// included) and the handler alone. W2 of performance.md is the file of 4 kB.
func BenchmarkServe(b *testing.B) {
	s := newSite(b)
	s.write("small.css", bytes.Repeat([]byte("x"), 4<<10))
	s.write("large.css", bytes.Repeat([]byte("x"), 4<<20))
	s.age("small.css", time.Hour)
	s.age("large.css", time.Hour)
	folder, err := source.Open(s.dir)
	if err != nil {
		b.Fatal(err)
	}
	defer folder.Close()
	resolver, err := resolve.New(resolve.Options{Folder: folder})
	if err != nil {
		b.Fatal(err)
	}
	for !s.sender.settled(resolver) {
	}
	files := http.FileServer(http.Dir(s.dir))
	for _, c := range []struct {
		name   string
		server func(g *gate.Gate) http.Handler
	}{
		{"ours", func(g *gate.Gate) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if g.Check(r) != nil {
					b.Error("refused")
				}
				if _, err := s.sender.Serve(w, r, resolver.Resolve(r.Method, r.RequestURI), Options{}); err != nil {
					b.Error(err)
				}
			})
		}},
		{"FileServer", func(*gate.Gate) http.Handler { return files }},
	} {
		for _, target := range []string{"/small.css", "/large.css"} {
			b.Run(c.name+target+"/loopback", func(b *testing.B) { overLoopback(b, c.server, target) })
			if target == "/small.css" {
				b.Run(c.name+target+"/handler", func(b *testing.B) { handlerAlone(b, c.server, target) })
			}
		}
	}
}

// settled says whether the small file is proved by its times alone.
func (s *Sender) settled(r *resolve.Resolver) bool {
	f, err := s.load(r.Resolve("GET", "/small.css"))
	return err == nil && f.kept
}

func overLoopback(b *testing.B, server func(*gate.Gate) http.Handler, target string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	h := &http.Server{Handler: server(gate.New(gate.Options{Port: l.Addr().(*net.TCPAddr).Port}))}
	gate.ServerLimits(h)
	done := make(chan struct{})
	go func() {
		h.Serve(gate.LimitConnections(l))
		close(done)
	}()
	defer func() {
		h.Close()
		<-done
	}()
	request := []byte("GET " + target + " HTTP/1.1\r\nHost: " + l.Addr().String() + "\r\n\r\n")
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer c.Close()
		r := bufio.NewReaderSize(c, 64<<10)
		for pb.Next() {
			c.Write(request)
			resp, err := http.ReadResponse(r, nil)
			if err != nil || resp.StatusCode != 200 {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
		}
	})
}

func handlerAlone(b *testing.B, server func(*gate.Gate) http.Handler, target string) {
	h := server(gate.New(gate.Options{Port: 80}))
	r := httptest.NewRequest("GET", target, nil)
	r.Host = "localhost"
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(&discard{header: http.Header{}}, r)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
