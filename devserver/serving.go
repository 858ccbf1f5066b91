package devserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"huygens/devserver/config"
	"huygens/devserver/feed"
	"huygens/devserver/pool"
	"huygens/devserver/reload"
	"huygens/devserver/state"
	"huygens/devserver/watch"
	"huygens/pages/source"
)

// A serving is a site while it runs: everything that Stop ends.
type serving struct {
	site    *Site
	trusted bool
	pair    *pair
	http    *http.Server
	hub     *reload.Hub
	watcher *watch.Watcher
	pool    *pool.Pool
	claim   *state.Claim
	folder  *source.Folder // the newest; only the watcher's goroutine changes it

	live     atomic.Pointer[live]
	gone     atomic.Bool // the folder is not there
	faulty   atomic.Bool // huygens.toml has a fault
	inputs   knownInputs
	private  privateCode
	problems problems
	workers  feed.Log[pool.Event]
	output   feed.Log[pool.Line]

	context context.Context // ends with the site
	cancel  context.CancelFunc
	ended   sync.WaitGroup // listeners, watcher, and who follows the workers
}

// startServing opens everything a site needs, in order; what was opened is closed again if a step fails.
func (s *Site) startServing(ctx context.Context) (*serving, error) {
	v := &serving{site: s, hub: reload.NewHub(reload.Options{})}
	v.context, v.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := v.open(ctx); err != nil {
		v.undo()
		return nil, err
	}
	return v, nil
}

// open is the steps of startServing.
func (v *serving) open(ctx context.Context) (err error) {
	if v.folder, err = source.Open(v.site.folder); err != nil {
		return err
	}
	if err := v.claimSite(); err != nil {
		return err
	}
	if err := v.decideTrust(); err != nil {
		return err
	}
	c, stamp, fault := readConfig(v.folder, source.Stamp{})
	if fault != nil && v.site.options.Strict {
		return fault
	}
	if err := v.listen(ctx, c); err != nil {
		return err
	}
	l, err := v.newLive(v.folder, c, stamp)
	if err != nil {
		return err
	}
	v.live.Store(l)
	settings, err := v.poolConfig(l)
	if err != nil {
		return err
	}
	v.pool = pool.New(settings)
	v.tellFault(fault)
	v.serve(v.context)
	return v.publish()
}

// undo closes what startServing opened before it failed.
func (v *serving) undo() {
	v.cancel()
	v.hub.Close()
	if v.pair != nil {
		v.pair.close()
	}
	if v.http != nil {
		v.http.Close()
	}
	v.ended.Wait()
	if v.pool != nil {
		v.pool.Close(context.Background())
	}
	if v.folder != nil {
		v.folder.Close()
	}
	if v.claim != nil {
		v.claim.Release()
	}
}

// claimSite makes this process the one that serves the site.
func (v *serving) claimSite() error {
	claim, holder, err := v.site.server.config.State.Claim(v.site.folder)
	if err != nil {
		return fmt.Errorf("claiming the site: %w", err)
	}
	switch {
	case holder != nil && holder.URL == "":
		return fmt.Errorf("%w by another process, which is still starting", errServed)
	case holder != nil:
		return fmt.Errorf("%w by pid %d at %s", errServed, holder.PID, holder.URL)
	}
	v.claim = claim
	return nil
}

var errUntrusted = errors.New("the site is not trusted, and in-process hosting runs its code in this process: add --trust if you trust it")

// decideTrust keeps what --trust says, and refuses what only trusted sites may do.
func (v *serving) decideTrust() error {
	store, o := v.site.server.config.State, v.site.options
	if o.Trust {
		if err := store.Trust(v.site.folder); err != nil {
			return fmt.Errorf("trusting the site: %w", err)
		}
	}
	trusted, err := store.Trusted(v.site.folder)
	if err != nil {
		return err
	}
	v.trusted = trusted
	if o.Hosting == "in-process" && !trusted {
		return errUntrusted
	}
	return nil
}

// listen opens the site's port: the one that was typed, configured or remembered, else a new one.
func (v *serving) listen(ctx context.Context, c *config.Config) error {
	o, store := v.site.options, v.site.server.config.State
	addr := listenAddr{hosts: []string{"127.0.0.1", "::1"}}
	switch {
	case o.Addr != "":
		a, err := parseAddr(o.Addr)
		if err != nil {
			return err
		}
		addr = a
	case c.Site.Port != 0:
		addr.port, addr.typed = c.Site.Port, true
	default:
		addr.port = store.Port(v.site.folder)
	}
	p, err := listen(ctx, addr)
	if err != nil && !addr.typed && addr.port != 0 {
		v.site.server.log.Warn("the remembered port is taken; another one is used from now on", "port", addr.port)
		addr.port = 0
		p, err = listen(ctx, addr)
	}
	if err != nil {
		return portFault(err, addr.port)
	}
	v.pair = p
	if p.noIPv6 {
		v.site.server.log.Info("this machine has no IPv6: listening on 127.0.0.1 alone")
	}
	if !addr.typed {
		return store.RememberPort(v.site.folder, p.port)
	}
	return nil
}

func (v *serving) url() string { return "http://" + v.pair.host() + "/" }

// serve starts the listeners and the watcher. They end with undo or stop.
func (v *serving) serve(ctx context.Context) {
	server := v.site.server
	v.http = server.httpServer(v)
	v.http.RegisterOnShutdown(v.hub.Close)
	server.serve(v.http, v.pair, &v.ended)
	v.watcher = watch.New(v.site.folder, watch.Options{Ignore: v.live.Load().ignored()})
	v.ended.Go(func() { v.followWorkers(ctx) })
	v.ended.Go(func() { v.followOutput(ctx) })
	v.ended.Go(func() {
		if err := v.watcher.Run(ctx, v.changed); err != nil {
			server.log.Error("watching the site's folder", "error", err)
		}
	})
}

// publish tells other programs where the site is served.
func (v *serving) publish() error {
	server := v.site.server
	return v.claim.Publish(state.Running{
		URL: v.url(), Tools: "http://" + server.toolsPair.host() + "/", Key: server.key, Name: v.live.Load().name, Started: time.Now(),
	})
}

// stop ends everything in the order of a request: no new ones, then the running ones, then the workers.
func (v *serving) stop(ctx context.Context) error {
	v.cancel()
	v.hub.Close()
	soon, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	err := shutdown(soon, v.http)
	err = errors.Join(err, v.pool.Close(ctx))
	v.ended.Wait()
	err = errors.Join(err, v.folder.Close())
	v.claim.Release()
	return err
}

// drainTime is what running requests get when a site is stopped: an interrupt ends the program within 2 s.
const drainTime = time.Second
