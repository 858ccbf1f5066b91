package devserver

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"huygens/devserver/pool"
)

// SiteState says how far a site is.
type SiteState string

// The states of a site.
const (
	SiteStarting SiteState = "starting"
	SiteRunning  SiteState = "running"
	SiteStopped  SiteState = "stopped"
	SiteFailed   SiteState = "failed"
)

// A Site is a folder that is served, or was. It can be stopped and started again.
type Site struct {
	server  *Server
	folder  string // absolute path, links resolved
	options SiteOptions

	starting sync.Mutex // held while the site is started or stopped

	mu     sync.Mutex // guards the fields below
	state  SiteState
	reason string   // why it failed
	run    *serving // nil unless it runs
}

// Open adds a site and starts it. A folder that is open already is returned as it is, started if need be.
func (s *Server) Open(ctx context.Context, folder string, o SiteOptions) (*Site, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", folder, err)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	s.mu.Lock()
	var site *Site
	for _, other := range s.sites {
		if other.folder == path {
			site = other
		}
	}
	if site == nil {
		site = &Site{server: s, folder: path, options: o, state: SiteStopped}
		s.sites = append(s.sites, site)
	}
	s.mu.Unlock()
	return site, site.Start(ctx)
}

// Start starts a site that does not run. Its error is kept as the site's reason too.
func (s *Site) Start(ctx context.Context) error {
	s.starting.Lock()
	defer s.starting.Unlock()
	if s.current() != nil {
		return nil
	}
	s.set(SiteStarting, "", nil)
	run, err := s.startServing(ctx)
	if err != nil {
		s.set(SiteFailed, err.Error(), nil)
		return err
	}
	s.set(SiteRunning, "", run)
	return nil
}

// Stop stops a site and waits for it: requests may finish until ctx ends. No process of it is left.
func (s *Site) Stop(ctx context.Context) error {
	s.starting.Lock()
	defer s.starting.Unlock()
	run := s.current()
	if run == nil {
		return nil
	}
	err := run.stop(ctx)
	s.set(SiteStopped, "", nil)
	return err
}

func (s *Site) set(state SiteState, reason string, run *serving) {
	s.mu.Lock()
	s.state, s.reason, s.run = state, reason, run
	s.mu.Unlock()
	s.server.changed()
}

func (s *Site) current() *serving {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run
}

// State says how far the site is, and why it failed.
func (s *Site) State() (SiteState, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.reason
}

// ID names the site among those of the server.
func (s *Site) ID() string { return s.folder }

// Folder is the absolute path of the site.
func (s *Site) Folder() string { return s.folder }

// Name is the site's name: as configured, else that of its folder.
func (s *Site) Name() string {
	if run := s.current(); run != nil {
		return run.live.Load().name
	}
	return filepath.Base(s.folder)
}

// URL is the site's address, "" while it is not served.
func (s *Site) URL() string {
	if run := s.current(); run != nil {
		return run.url()
	}
	return ""
}

// Trusted says whether the user trusts the site (design.md, 5).
func (s *Site) Trusted() bool {
	run := s.current()
	return run != nil && run.trusted
}

// Health says how the folder is watched.
func (s *Site) Health() Health {
	if run := s.current(); run != nil {
		return run.watcher.Health()
	}
	return Health{}
}

// errServed is the cause when another process serves the site.
var errServed = errors.New("the site is already served")

// Pools are the site's pools as they are now.
func (s *Site) Pools() []pool.Status {
	if run := s.current(); run != nil {
		return []pool.Status{run.pool.Status()}
	}
	return nil
}
