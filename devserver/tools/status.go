package tools

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// ErrUnknown is what Sites return for a site or pool that they do not have.
var ErrUnknown = errors.New("there is no such site or pool")

// Sites is what the tools show of the sites, and what they can do to their pools.
type Sites interface {
	// Sites lists what is open, in a fixed order.
	Sites() []Site
	// Recycle, Start and Stop act on a pool and return when that is under way.
	Recycle(ctx context.Context, site, pool string) error
	Start(ctx context.Context, site, pool string) error
	Stop(ctx context.Context, site, pool string) error
}

// A Site is one site in the answer of /_huygens/status.
type Site struct {
	Name     string   `json:"name"`
	URL      string   `json:"url"`
	State    string   `json:"state"`    // starting, running, stopped or failed
	Pools    any      `json:"pools"`    // as `huygens pool status --json`
	Watch    any      `json:"watch"`    // health of the watcher
	Problems []string `json:"problems"` // sentences; empty if all is well
	Limits   any      `json:"limits"`   // and how much of them is used
}

// traceStatus says how full the trace is.
type traceStatus struct {
	Kept      int    `json:"kept"`
	Keep      int    `json:"keep"`
	Bytes     int64  `json:"bytes"`
	Memory    int64  `json:"memory"`
	Pinned    int    `json:"pinned"`
	Recording bool   `json:"recording"`
	Total     uint64 `json:"total"`
	Cleared   uint64 `json:"cleared"` // readers drop what they have up to this number
}

// streamStatus says how many read.
type streamStatus struct {
	Open    int   `json:"open"`
	Most    int   `json:"most"`
	Dropped int64 `json:"dropped"` // since the start, because they did not read
}

func (p port) sites() []Site {
	if p.config.Sites == nil {
		return []Site{}
	}
	sites := []Site{}
	for _, s := range p.config.Sites.Sites() {
		if p.onSite && s.Name != p.site {
			continue
		}
		if s.Problems == nil {
			s.Problems = []string{}
		}
		sites = append(sites, s)
	}
	return sites
}

func (p port) status(w http.ResponseWriter, r *http.Request) {
	sites := p.sites()
	if name := r.URL.Query().Get("site"); name != "" {
		sites = chooseSite(sites, name)
		if len(sites) == 0 {
			notFound(w)
			return
		}
	}
	s := p.config.Traces.Stats()
	answer(w, struct {
		Sites   []Site       `json:"sites"`
		Trace   traceStatus  `json:"trace"`
		Streams streamStatus `json:"streams"`
	}{
		Sites: sites,
		Trace: traceStatus{
			Kept: s.Kept, Keep: s.Keep, Bytes: s.Bytes, Memory: s.Memory, Pinned: s.Pinned, Recording: s.Recording,
			Total: s.Total, Cleared: s.Cleared,
		},
		Streams: streamStatus{Open: len(p.streams), Most: cap(p.streams), Dropped: p.dropped.Load()},
	})
}

func chooseSite(sites []Site, name string) []Site {
	for i := range sites {
		if sites[i].Name == name {
			return sites[i : i+1]
		}
	}
	return nil
}

// answer writes a value as JSON.
func answer(w http.ResponseWriter, value any) {
	b, err := json.Marshal(value)
	if err != nil {
		say(w, http.StatusInternalServerError, "The answer cannot be written as JSON.")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(b, '\n'))
}
