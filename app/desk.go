package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"huygens/devserver"
	"huygens/devserver/state"
)

// A desk is the server as the window sees it.
type desk struct {
	*devserver.Server
	store *state.Store
}

// openWindow is `huygens [SITE…]`: the window, or without one the first site as `serve` does.
func (p program) openWindow(ctx context.Context, sites []string) error {
	if err := canOpenWindow(ctx); err != nil {
		fmt.Fprintf(p.Stderr, "huygens: no window: %v; serving without one\n", err)
		call := serveCall{program: p, site: "."}
		if len(sites) > 0 {
			call.site = sites[0]
		}
		return call.run(ctx)
	}
	store, err := state.Open("")
	if err != nil {
		return err
	}
	server, err := devserver.New(devserver.Config{
		State: store, Worker: workerProgram(), Version: buildID(), Log: newLogger(p.Stderr),
		TraceOff: os.Getenv("HUYGENS_TRACE") == "off",
	})
	if err != nil {
		return err
	}
	d := &desk{Server: server, store: store}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		if err := server.Close(end); err != nil {
			fmt.Fprintf(p.Stderr, "huygens: %v\n", err)
		}
	}()
	d.openAll(ctx, p, sites)
	return showWindow(ctx, d)
}

// openAll opens the sites named, or else those of the last time. One that fails is shown as failed.
func (d *desk) openAll(ctx context.Context, p program, sites []string) {
	if len(sites) == 0 {
		sites = d.store.Opened()
	}
	for _, folder := range sites {
		if _, err := d.Open(ctx, folder, devserver.SiteOptions{}); err != nil {
			fmt.Fprintf(p.Stderr, "huygens: %s: %v\n", folder, err)
		}
	}
}

func (d *desk) newSite(ctx context.Context, starter, dir string) error {
	if err := makeSite(starter, dir); err != nil {
		return err
	}
	_, err := d.Open(ctx, dir, devserver.SiteOptions{})
	return err
}

func (d *desk) loadSettings() []byte { return d.store.Window() }

func (d *desk) saveSettings(data []byte) error { return d.store.SaveWindow(data) }

var errNoSuchSite = errors.New("there is no such site any more")
