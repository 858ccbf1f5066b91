package reload

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"huygens/devserver/feed"
	"huygens/devserver/watch"
)

// Options of a Hub. The zero Options are useful.
type Options struct {
	Streams int           // how many are open at once; 0 means 50
	Ping    time.Duration // between two comments on a silent stream; 0 means 15 s
	Keep    int           // events kept for readers that come back; 0 means 256
}

// A Hub tells the browsers of one site what changed. It may be used by any number of goroutines.
type Hub struct {
	o       Options
	run     string // random: another run of the server has another one
	log     feed.Log[Event]
	depends dependencies
	ctx     context.Context // ends with Close
	end     context.CancelFunc

	mu      sync.Mutex // guards all fields below
	streams []*stream  // the oldest first
	paused  bool
	missed  bool // something was not told while paused
	fault   fault
}

// A fault is the error that stands until OK.
type fault struct {
	number uint64 // of its event; 0: there is none
	event  Event
}

// NewHub returns a Hub. Close ends it.
func NewHub(o Options) *Hub {
	if o.Streams <= 0 {
		o.Streams = 50
	}
	if o.Ping <= 0 {
		o.Ping = 15 * time.Second
	}
	if o.Keep <= 0 {
		o.Keep = 256
	}
	h := &Hub{o: o, run: rand.Text()[:12]}
	h.log.Keep = o.Keep
	h.ctx, h.end = context.WithCancel(context.Background())
	return h
}

// Close ends all streams, and refuses further ones. http.Server.Shutdown waits for streams, so it comes after.
func (h *Hub) Close() { h.end() }

// Position names the newest event. A page that is made now carries the position of the moment before its
// making began (Script.At).
func (h *Hub) Position() string { return position(h.run, h.log.Last()) }

// Depends notes what an answer was made from: site paths, missing files and listed folders among them.
// address is path and query as the browser spelled them. It is told for each navigation that got the tag,
// error pages and static HTML included; nil inputs mean: as before.
func (h *Hub) Depends(address string, inputs []string) {
	if inputs != nil {
		h.depends.set(address, inputs)
	}
}

// Told tells browsers of a batch of changes, and returns the events that this gave.
func (h *Hub) Told(b watch.Batch) []Event {
	switch b.Root {
	case watch.RootGone:
		return h.tell(Event{Name: Error, Message: "The folder of this site is gone."})
	case watch.RootBack:
		return h.tell(Event{Name: OK}, Event{Name: FullReload})
	}
	return h.tell(h.eventsOf(b)...)
}

// Error tells of a fault that no page of its own shows, such as one in huygens.toml, until OK: pages that are
// opened later are told too. line may be 0. While it stands, a change of the same file reloads nothing: what was
// good before is in force.
func (h *Hub) Error(message, file string, line int) {
	h.tell(Event{Name: Error, Message: message, File: file, Line: line})
}

// OK tells that the fault is mended.
func (h *Hub) OK() { h.tell(Event{Name: OK}) }

// Reload tells everybody to reload.
func (h *Hub) Reload() { h.tell(Event{Name: FullReload}) }

// Pause stops the telling, or goes on with it; whoever missed something reloads then.
func (h *Hub) Pause(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.paused && !on && h.missed {
		h.log.Append(Event{Name: FullReload})
	}
	h.paused, h.missed = on, false
}

// Streams is how many streams are open.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}

func (h *Hub) standing() fault {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.fault
}

func (h *Hub) tell(events ...Event) []Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.paused {
		h.missed = h.missed || len(events) > 0
		return nil
	}
	for _, e := range events {
		number := h.log.Append(e)
		switch e.Name {
		case Error:
			h.fault = fault{number: number, event: e}
		case OK:
			h.fault = fault{}
		}
	}
	return events
}

// eventsOf decides what a batch means to browsers.
func (h *Hub) eventsOf(b watch.Batch) []Event {
	var assets, pages []string
	broken := h.standing().event.File
	for _, c := range b.Changes {
		if c.Path == broken {
			continue
		}
		kind, own := classify(c.Path)
		dependent, whole := h.depends.of(c.Path)
		pages = append(pages, dependent...)
		switch {
		case kind == swapped:
			assets = append(assets, escaped(c.Path))
		case kind == page:
			pages = append(pages, own...)
			if !whole {
				return []Event{{Name: FullReload}}
			}
		case kind == everything && (len(dependent) == 0 || !whole || concernsAll(c.Path)):
			return []Event{{Name: FullReload}}
		}
	}
	if len(b.Folders) > 0 {
		listing, _ := h.depends.of(b.Folders...)
		pages = append(pages, listing...)
	}
	return updates(assets, pages)
}
