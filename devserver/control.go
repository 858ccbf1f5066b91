package devserver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"huygens/devserver/pool"
	"huygens/devserver/tools"
)

// control is the sites as the tools see and command them.
type control struct{ server *Server }

// Sites lists the sites with their pools.
func (c control) Sites() []tools.Site {
	var all []tools.Site
	for _, s := range c.server.Sites() {
		state, reason := s.State()
		one := tools.Site{Name: s.Name(), URL: s.URL(), State: string(state), Problems: s.Troubles(), Watch: healthOf(s.Health())}
		if reason != "" {
			one.Problems = append(one.Problems, reason)
		}
		if run := s.current(); run != nil {
			one.Pools = []pool.Status{run.pool.Status()}
		}
		all = append(all, one)
	}
	return all
}

// A health is how a folder is watched, as JSON.
type health struct {
	Folders   int       `json:"folders"`
	Files     int       `json:"files"`
	Polled    bool      `json:"polled"`
	Gone      bool      `json:"gone"`
	LastEvent time.Time `json:"lastEvent"`
	Problem   string    `json:"problem"`
}

func healthOf(h Health) health { return health(h) }

var errNoPool = errors.New("there is no such pool")

// pool calls f on the pool of a site.
func (c control) onPool(site, name string, f func(*serving) error) error {
	for _, s := range c.server.Sites() {
		if site != "" && s.Name() != site {
			continue
		}
		if run := s.current(); run != nil && (name == "" || name == run.pool.Status().Name) {
			return f(run)
		}
	}
	return fmt.Errorf("pool %q: %w", name, errNoPool)
}

// Recycle replaces the workers of a pool, overlapped.
func (c control) Recycle(ctx context.Context, site, name string) error {
	return c.onPool(site, name, func(v *serving) error { return v.pool.Recycle(ctx, "asked for") })
}

// Start starts a stopped or failed pool.
func (c control) Start(_ context.Context, site, name string) error {
	return c.onPool(site, name, func(v *serving) error {
		v.pool.Start()
		return nil
	})
}

// Stop stops a pool; its requests are answered by 503 from then on.
func (c control) Stop(ctx context.Context, site, name string) error {
	return c.onPool(site, name, func(v *serving) error { return v.pool.Stop(ctx) })
}
