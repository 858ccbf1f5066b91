package devserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"sync"

	"huygens/assets"
	"huygens/devserver/feed"
	"huygens/devserver/gate"
	"huygens/devserver/tools"
	"huygens/devserver/trace"
	"huygens/devserver/watch"
)

// A Server serves sites and the tools. It is made by New and must be closed.
type Server struct {
	config Config
	log    *slog.Logger
	traces *trace.Log
	key    string
	events feed.Log[Event]
	change feed.Log[struct{}] // something that Sites or Status tells has changed

	tools     *tools.Tools
	toolsPair *pair
	toolsHTTP *http.Server

	stop   context.CancelFunc
	closed sync.WaitGroup // the tools' server and the trace's sweeper

	mu    sync.Mutex // guards sites
	sites []*Site    // in the order in which they were opened
}

// New starts a Server without sites: the tools answer already.
func New(c Config) (*Server, error) {
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{config: c, log: c.Log, stop: stop, key: newKey(), traces: trace.NewLog(trace.Options{Off: c.TraceOff})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if c.State.Tell == nil {
		c.State.Tell = func(err error) { s.log.Warn(err.Error()) }
	}
	p, err := listen(ctx, listenAddr{hosts: []string{"127.0.0.1", "::1"}})
	if err != nil {
		stop()
		return nil, fmt.Errorf("opening the tools' port: %w", err)
	}
	s.toolsPair = p
	s.tools = tools.New(tools.Config{
		Traces: s.traces, Key: s.key, Viewer: assets.Viewer(), Sites: control{s}, URL: "http://" + p.host(),
	})
	s.toolsHTTP = s.httpServer(s.toolsHandler())
	s.toolsHTTP.RegisterOnShutdown(s.tools.Close)
	s.serve(s.toolsHTTP, p, &s.closed)
	s.closed.Go(func() { s.traces.Run(ctx) })
	if c.Requests {
		s.closed.Go(func() { s.tellRequests(ctx) })
	}
	return s, nil
}

// newKey is the key of this run: 256 bits (security.md, 1.6).
func newKey() string {
	var key [32]byte
	rand.Read(key[:]) // never fails (crypto/rand, Go 1.24)
	return hex.EncodeToString(key[:])
}

// serve runs h on all listeners of p; the goroutines end when h is shut down, and are counted in wg.
func (s *Server) serve(h *http.Server, p *pair, wg *sync.WaitGroup) {
	for _, l := range p.listeners {
		limited := gate.LimitConnections(l)
		wg.Go(func() {
			if err := h.Serve(limited); !errors.Is(err, http.ErrServerClosed) {
				s.log.Error("a listener ended", "address", limited.Addr(), "error", err)
			}
		})
	}
}

// httpServer is an http.Server with our limits, whose complaints go to the log.
func (s *Server) httpServer(h http.Handler) *http.Server {
	server := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	gate.ServerLimits(server)
	return server
}

// toolsHandler is the tools behind a gate of their own: no name but those of this machine reaches them.
func (s *Server) toolsHandler() http.Handler {
	g := gate.New(gate.Options{Port: s.toolsPair.port})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refusal := g.Check(r); refusal != nil {
			writeRefusal(w, refusal)
			return
		}
		s.tools.ServeHTTP(w, r)
	})
}

// writeRefusal answers for a gate: one plain sentence.
func writeRefusal(w http.ResponseWriter, refusal *gate.Refusal) {
	h := w.Header()
	maps.Copy(h, refusal.Header)
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(refusal.Status)
	io.WriteString(w, refusal.Sentence+"\n")
}

// Key is what programs send in X-Huygens-Key.
func (s *Server) Key() string { return s.key }

// ViewerURL is the address that opens the trace viewer, key included.
func (s *Server) ViewerURL() string {
	return "http://" + s.toolsPair.host() + "/_huygens/open?key=" + s.key
}

// Traces are the traces of all sites.
func (s *Server) Traces() trace.Source { return s.traces }

// Events are what happened to the sites, newest kept.
func (s *Server) Events() *feed.Log[Event] { return &s.events }

// Ready is the first event of a site.
func (s *Server) Ready(site *Site) Event {
	return ReadyEvent{
		Site: site.Name(), URL: site.URL(), Trace: s.ViewerURL(), Key: s.key, PID: os.Getpid(), Trusted: site.Trusted(),
	}
}

// tell publishes an event.
func (s *Server) tell(e Event) {
	s.events.Append(e)
	s.changed()
}

func (s *Server) changed() { s.change.Append(struct{}{}) }

// Changed waits until something that Sites tells may be different from change number n.
func (s *Server) Changed(ctx context.Context, n uint64) (uint64, error) {
	batch, err := s.change.Next(ctx, n)
	return batch.Last, err
}

// Sites are all sites, served or not, in the order in which they were opened.
func (s *Server) Sites() []*Site {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sites)
}

// Site returns the site with this id, nil if there is none.
func (s *Server) Site(id string) *Site {
	for _, site := range s.Sites() {
		if site.ID() == id {
			return site
		}
	}
	return nil
}

// Remove stops a site and forgets it. Its folder stays as it is.
func (s *Server) Remove(ctx context.Context, site *Site) error {
	err := site.Stop(ctx)
	s.mu.Lock()
	s.sites = slices.DeleteFunc(s.sites, func(other *Site) bool { return other == site })
	s.mu.Unlock()
	s.changed()
	return err
}

// Close stops all sites and the tools, and waits for what was started. What is not done when ctx ends is cut.
func (s *Server) Close(ctx context.Context) error {
	var wg sync.WaitGroup
	sites := s.Sites()
	errs := make([]error, len(sites)+1)
	for i, site := range sites {
		wg.Go(func() { errs[i] = site.Stop(ctx) })
	}
	wg.Wait()
	s.stop()
	errs[len(sites)] = shutdown(ctx, s.toolsHTTP)
	s.closed.Wait()
	return errors.Join(errs...)
}

// shutdown ends a server: open requests may finish until ctx ends, streams are cut.
func shutdown(ctx context.Context, h *http.Server) error {
	err := h.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return h.Close()
	}
	return err
}

// A Health is how the watching of a site's folder is.
type Health = watch.Health

// Stats says how full the trace is.
func (s *Server) Stats() trace.Stats { return s.traces.Stats() }

// Clear drops all traces that are not pinned.
func (s *Server) Clear() {
	s.traces.Clear("")
	s.changed()
}

// Record switches the recording of traces off and on.
func (s *Server) Record(on bool) {
	s.traces.Record("", on)
	s.changed()
}
