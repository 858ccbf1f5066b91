package devserver

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"huygens/devserver/config"
	"huygens/devserver/feed"
	"huygens/devserver/pipeline"
	"huygens/devserver/pool"
	"huygens/devserver/trace"
	"huygens/pages"
)

// poolConfig is the pool of the root application, from the configuration and what the flags say.
func (v *serving) poolConfig(l *live) (pool.Config, error) {
	var worker pipeline.Config
	for _, app := range l.resolver.Applications() {
		worker.Applications = append(worker.Applications, pages.Config{
			Site: l.name, Folder: v.site.folder, Path: app.Path, Trusted: v.trusted, Settings: l.config.App,
		})
	}
	settings, err := json.Marshal(worker)
	if err != nil {
		return pool.Config{}, fmt.Errorf("describing the site to its worker: %w", err)
	}
	p := l.config.Pools[0]
	return pool.Config{
		Name: p.Name, Hosting: v.hosting(p), Pipeline: p.Pipeline,
		Program: v.site.server.config.Worker, Start: pipeline.Start, Settings: settings,
		Workers: p.Workers, Concurrency: p.Concurrency, Queue: p.Queue,
		StartNow: p.Start == "now", StartTimeout: time.Duration(p.StartTimeout),
		Repeat: p.Repeat, Idle: time.Duration(p.Idle), Drain: time.Duration(p.Drain),
		Recycle: pool.Recycle{After: time.Duration(p.Recycle.After), Requests: p.Recycle.Requests, Memory: int64(p.Recycle.Memory)},
		Health:  pool.Health{Ping: time.Duration(p.Health.Ping), Answer: time.Duration(p.Health.Answer)},
		RapidFail: pool.RapidFail{
			Crashes: p.RapidFail.Crashes, Within: time.Duration(p.RapidFail.Within),
		},
		Env: p.Identity.Env, Events: &v.workers, Output: &v.output,
	}, nil
}

// hosting is where the pages run: the flag wins; an untrusted site never runs in this process.
func (v *serving) hosting(p config.Pool) pool.Hosting {
	hosting := pool.Hosting(p.Hosting)
	if v.site.options.Hosting != "" {
		hosting = pool.Hosting(v.site.options.Hosting)
	}
	if hosting == pool.InProcess && !v.trusted {
		v.site.server.log.Warn("the site is not trusted: its pages run in a worker process, not in-process as huygens.toml says")
		return pool.Process
	}
	return hosting
}

// repool puts a changed [pool] or [app] in force: the workers are recycled, overlapped.
func (v *serving) repool(ctx context.Context, old, now *live) {
	if old.name == now.name && reflect.DeepEqual(old.config.Pools[0], now.config.Pools[0]) && reflect.DeepEqual(old.config.App, now.config.App) {
		return
	}
	c, err := v.poolConfig(now)
	if err == nil {
		err = v.pool.Reconfigure(ctx, c)
	}
	if err != nil && ctx.Err() == nil {
		v.site.server.log.Error("the pool goes on with its old workers", "error", err)
	}
}

// followWorkers tells what happens to the workers, and logs what they print, until ctx ends.
func (v *serving) followWorkers(ctx context.Context) {
	follow(ctx, &v.workers, func(e pool.Event) {
		if e.Worker {
			v.site.server.tell(WorkerEvent{Pool: e.Pool, PID: e.PID, State: e.State, Cause: e.Cause})
		}
		if e.Crash || !e.Worker && e.State != "started" {
			v.site.server.log.Warn("pool "+e.Pool+" "+e.State, "pid", e.PID, "cause", e.Cause)
		}
		v.site.server.changed()
	})
}

// followOutput logs what worker processes print.
func (v *serving) followOutput(ctx context.Context) {
	follow(ctx, &v.output, func(l pool.Line) {
		v.site.server.log.Info("worker says", "pid", l.PID, "text", trace.CleanLine(l.Text))
	})
}

func follow[T any](ctx context.Context, log *feed.Log[T], tell func(T)) {
	var last uint64
	for {
		batch, err := log.Next(ctx, last)
		if err != nil {
			return
		}
		last = batch.Last
		for _, value := range batch.Values {
			tell(value)
		}
	}
}
