package devserver_test

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"huygens/devserver"
)

const kills = 5

// Workers die under load: each request is answered once, by its own page or by 502, and pages are back.
func TestKills(t *testing.T) {
	s := serve(t, `
-- index.gohtml --
<p>id {{request.query.id}}.</p>
-- index.gohtml.ts --
export async function Page_Load() { await server.sleep(5) }
`, devserver.SiteOptions{})
	s.want(t, "/?id=0", 200, "<p>id 0.</p>")
	load := startLoad(s, 4)
	for range kills {
		pid := servingPID(t, s)
		before := load.good.Load()
		kill(t, pid)
		event(t, s.server, func(e devserver.WorkerEvent) bool { return e.PID == pid && e.State == "dead" })
		s.until(t, "/?id=0", func(a answer) bool { return a.status == http.StatusOK })
		for load.good.Load() < before+20 { // others are served too, and the new worker has served before it dies
			s.want(t, "/?id=0", 200, "<p>id 0.</p>")
		}
	}
	if faults := load.end(); len(faults) > 0 {
		t.Errorf("%d wrong answers, for one %s", len(faults), faults[0])
	}
	t.Logf("%d answers by pages, %d by 502", load.good.Load(), load.bad.Load())
}

func kill(t *testing.T, pid int) {
	t.Helper()
	p, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
}

// servingPID waits for a worker that serves.
func servingPID(t *testing.T, s *testSite) int {
	t.Helper()
	for {
		s.want(t, "/?id=0", 200, "<p>id 0.</p>")
		for _, p := range s.site.Pools() {
			for _, w := range p.Workers {
				if w.State == "serving" && w.PID != 0 {
					return w.PID
				}
			}
		}
	}
}

// A load is clients that ask with an id each.
type load struct {
	site      *testSite
	stop      chan struct{}
	clients   sync.WaitGroup
	next      atomic.Int64
	good, bad atomic.Int64

	mu     sync.Mutex // guards faults
	faults []string
}

func startLoad(s *testSite, clients int) *load {
	l := &load{site: s, stop: make(chan struct{})}
	for range clients {
		l.clients.Go(func() {
			for {
				select {
				case <-l.stop:
					return
				default:
					l.ask(strconv.FormatInt(l.next.Add(1), 10))
				}
			}
		})
	}
	return l
}

func (l *load) ask(id string) {
	a, err := l.site.ask(http.MethodGet, "/?id="+id)
	switch {
	case err != nil:
		l.fault(err.Error())
	case a.status == http.StatusOK && strings.Count(a.body, "id ") == 1 && strings.Contains(a.body, "<p>id "+id+".</p>"):
		l.good.Add(1)
	case a.status == http.StatusBadGateway && strings.Contains(a.body, "worker"):
		l.bad.Add(1)
	default:
		l.fault(fmt.Sprintf("id %s: %d\n%s", id, a.status, a.body))
	}
}

func (l *load) fault(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults, text)
}

// end stops the clients, and returns the answers that were wrong.
func (l *load) end() []string {
	close(l.stop)
	l.clients.Wait()
	return l.faults
}
