//go:build cgo

package main

import (
	"context"
	"errors"
	"fmt"

	"huygens/app/ui"
	"huygens/devserver"
	"huygens/devserver/pool"
)

// A desktop is the desk in the words of the window (ui.Server).
type desktop struct{ *desk }

var errNoSuchSite = errors.New("there is no such site any more")

// Sites lists the sites as the window shows them.
func (d desktop) Sites() []ui.Site {
	var all []ui.Site
	for _, s := range d.desk.Server.Sites() {
		state, reason := s.State()
		all = append(all, ui.Site{
			ID: s.ID(), Name: s.Name(), Folder: s.Folder(), URL: s.URL(), State: ui.SiteState(state),
			Reason: reason, Problems: s.Problems(), Pool: poolWords(s.Pools()),
		})
	}
	return all
}

// poolWords says how the workers are: "1 worker, 38 MB".
func poolWords(pools []pool.Status) string {
	workers, memory := 0, int64(0)
	for _, p := range pools {
		if p.State != "started" {
			return "pool " + string(p.State)
		}
		for _, w := range p.Workers {
			workers++
			memory += w.Memory
		}
	}
	switch {
	case workers == 0:
		return ""
	case memory == 0:
		return fmt.Sprintf("%d worker%s", workers, plural(workers))
	}
	return fmt.Sprintf("%d worker%s, %d MB", workers, plural(workers), memory>>20)
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// Status is the sum of what the sites tell.
func (d desktop) Status() ui.Status {
	stats := d.Stats()
	s := ui.Status{
		TracesKept: stats.Kept, TraceLimit: stats.Keep, TraceBytes: stats.Bytes, TraceByteLimit: stats.Memory,
		ClearedTo: stats.Cleared, NotRecording: !stats.Recording,
	}
	for _, site := range d.desk.Server.Sites() {
		health := site.Health()
		s.WatchedFolders += health.Folders
		if health.Polled {
			s.Polled += health.Folders
		}
		s.Problems += site.Problems()
	}
	return s
}

// AddSite opens a folder as a site.
func (d desktop) AddSite(ctx context.Context, folder string) error {
	_, err := d.Open(ctx, folder, devserver.SiteOptions{})
	d.keepOpened()
	return err
}

func (d desktop) site(id string) (*devserver.Site, error) {
	if s := d.Site(id); s != nil {
		return s, nil
	}
	return nil, errNoSuchSite
}

// StartSite starts a stopped site.
func (d desktop) StartSite(ctx context.Context, id string) error {
	s, err := d.site(id)
	if err != nil {
		return err
	}
	return s.Start(ctx)
}

// StopSite stops a site; it stays in the list.
func (d desktop) StopSite(ctx context.Context, id string) error {
	s, err := d.site(id)
	if err != nil {
		return err
	}
	return s.Stop(ctx)
}

// RemoveSite stops a site and takes it off the list. Its folder stays as it is.
func (d desktop) RemoveSite(ctx context.Context, id string) error {
	s, err := d.site(id)
	if err != nil {
		return err
	}
	err = d.Remove(ctx, s)
	d.keepOpened()
	return err
}

// ClearTraces drops all requests that are not pinned.
func (d desktop) ClearTraces(context.Context) error {
	d.Clear()
	return nil
}

// SetRecording switches recording on and off.
func (d desktop) SetRecording(_ context.Context, on bool) error {
	d.Record(on)
	return nil
}
