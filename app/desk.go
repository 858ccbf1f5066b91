package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"huygens/devserver"
	"huygens/devserver/state"
)

// A desk is the server as the window sees it.
type desk struct {
	*devserver.Server
	store *state.Store
	log   *slog.Logger
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
	if err := handOver(ctx, store, sites); !errors.Is(err, errNobody) {
		return err
	}
	log := newLogger(p.Stderr)
	server, err := devserver.New(devserver.Config{
		State: store, Worker: workerProgram(), Version: buildID(), Log: log,
		TraceOff: os.Getenv("HUYGENS_TRACE") == "off",
	})
	if err != nil {
		return err
	}
	d := &desk{Server: server, store: store, log: log}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		if err := server.Close(end); err != nil {
			fmt.Fprintf(p.Stderr, "huygens: %v\n", err)
		}
	}()
	if len(sites) == 0 {
		sites = store.Opened()
	}
	d.openAll(ctx, sites)
	return showWindow(ctx, d)
}

// openAll opens sites. One that fails is shown as failed.
func (d *desk) openAll(ctx context.Context, sites []string) {
	for _, folder := range sites {
		if _, err := d.Open(ctx, folder, devserver.SiteOptions{}); err != nil {
			d.log.Error("opening a site", "folder", folder, "error", err)
		}
	}
	d.keepOpened()
}

func (d *desk) newSite(ctx context.Context, starter, dir string) error {
	if err := makeSite(starter, dir); err != nil {
		return err
	}
	_, err := d.Open(ctx, dir, devserver.SiteOptions{})
	d.keepOpened()
	return err
}

// keepOpened remembers which sites are in the window. That this fails must not keep anybody from working.
func (d *desk) keepOpened() {
	var folders []string
	for _, s := range d.Server.Sites() {
		folders = append(folders, s.Folder())
	}
	if err := d.store.SaveOpened(folders); err != nil {
		d.log.Error("remembering the sites of the window", "error", err)
	}
}
