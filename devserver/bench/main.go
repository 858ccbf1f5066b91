package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"
)

// A report is the figures of one run, by server.
type report struct {
	W1     map[string]rate    `json:"w1"`
	W2     map[string]rate    `json:"w2"`
	W5     map[string]editing `json:"w5"`
	W6     map[string]float64 `json:"w6Millis"`
	W7     map[string]memory  `json:"w7"`
	W8     map[string]editing `json:"w8"`
	Ratios map[string]float64 `json:"ratios"`
}

// A memory is the resident size of all processes of a server, in MB.
type memory struct {
	Idle      float64 `json:"idle"`
	AfterLoad float64 `json:"afterLoad"`
}

type bench struct {
	huygens, window string
	turn            time.Duration
	repeats, saves  int
	out             report
}

func main() {
	b := bench{out: report{
		W1: map[string]rate{}, W2: map[string]rate{}, W5: map[string]editing{}, W6: map[string]float64{},
		W7: map[string]memory{}, W8: map[string]editing{}, Ratios: map[string]float64{},
	}}
	flag.StringVar(&b.huygens, "huygens", "bin/huygens-worker", "the program without a window")
	flag.StringVar(&b.window, "window", "", "the program with a window, for W6")
	flag.DurationVar(&b.turn, "turn", 4*time.Second, "length of one turn of load")
	flag.IntVar(&b.repeats, "repeats", 3, "turns for each server")
	flag.IntVar(&b.saves, "saves", 40, "saves for W5 and W8")
	asJSON := flag.String("json", "", "file for the figures as JSON")
	bare := flag.String("bare-go", "", "be the bare Go server of this site")
	flag.Parse()
	if *bare != "" {
		fail(bareGo(*bare))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fail(b.run(ctx))
	b.print()
	if *asJSON != "" {
		data, err := json.MarshalIndent(b.out, "", "  ")
		fail(errors.Join(err, os.WriteFile(*asJSON, data, 0o644)))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) servers() (bare, ours, untraced server) {
	self, _ := os.Executable()
	serve := []string{b.huygens, "serve", "SITE", "--addr", "127.0.0.1:0", "--trust"}
	return server{name: "bare-go", args: []string{self, "-bare-go", "SITE"}},
		server{name: "huygens", args: serve},
		server{name: "huygens in-process", args: append(slices.Clone(serve), "--hosting", "in-process")}
}

func (b *bench) run(ctx context.Context) error {
	base, err := os.MkdirTemp("", "huygens-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(base)
	os.Setenv("HUYGENS_STATE", filepath.Join(base, "state"))
	bare, ours, inProcess := b.servers()
	off := server{name: "huygens, trace off", args: ours.args, env: []string{"HUYGENS_TRACE=off"}}
	for _, step := range []func() error{
		func() error { return b.load(ctx, base, []server{bare, ours, inProcess, off}) },
		func() error { return b.edits(ctx, base, ours) },
		func() error { return b.starts(ctx, base, []server{bare, ours}) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	for name, of := range map[string]map[string]rate{"W1": b.out.W1, "W2": b.out.W2} {
		b.out.Ratios[name] = of["huygens"].PerSecond / of["bare-go"].PerSecond
	}
	return nil
}

// load measures W1, W2 and W7.
func (b *bench) load(ctx context.Context, base string, all []server) error {
	w1, w2, idle, after := map[string][]rate{}, map[string][]rate{}, map[string][]float64{}, map[string][]float64{}
	var first []byte
	for repeat := range b.repeats {
		turn := slices.Clone(all)
		if repeat%2 == 1 {
			slices.Reverse(turn)
		}
		for _, s := range turn {
			site, err := freshSite(base, 0)
			if err != nil {
				return err
			}
			r, err := s.start(ctx, site)
			if err != nil {
				return err
			}
			body, err := r.get("w1?name=Ada+%26+Bob+%3Cx%3E")
			if first == nil {
				first = body
			}
			if err == nil && !bytes.Equal(first, body) {
				err = fmt.Errorf("%s sends %d other bytes than %s's %d", s.name, len(body), turn[0].name, len(first))
			}
			idle[s.name] = append(idle[s.name], r.memory())
			for path, into := range map[string]map[string][]rate{"w1?name=Ada": w1, "small.html": w2} {
				if err == nil {
					_, err = r.drive(ctx, path, time.Second)
				}
				if err == nil {
					var v rate
					v, err = r.drive(ctx, path, b.turn)
					into[s.name] = append(into[s.name], v)
				}
			}
			after[s.name] = append(after[s.name], r.memory())
			r.stop()
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s: W1 %.0f/s, W2 %.0f/s\n", s.name, w1[s.name][repeat].PerSecond, w2[s.name][repeat].PerSecond)
		}
	}
	for _, s := range all {
		b.out.W1[s.name], b.out.W2[s.name] = medianRate(w1[s.name]), medianRate(w2[s.name])
		b.out.W7[s.name] = memory{median(idle[s.name]), median(after[s.name])}
	}
	return nil
}

func freshSite(base string, many int) (string, error) {
	site, err := os.MkdirTemp(base, "site")
	if err != nil {
		return "", err
	}
	return site, writeSite(site, many)
}

// edits measures W5 and W8 on a small and on a large site.
func (b *bench) edits(ctx context.Context, base string, ours server) error {
	for _, files := range []int{50, 5000} {
		site, err := freshSite(base, files)
		if err != nil {
			return err
		}
		r, err := ours.start(ctx, site)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("huygens, %d files", files)
		_, err = r.get("w1")
		streams, stop := context.WithCancel(ctx)
		if err == nil {
			b.out.W5[name], err = r.told(streams, site, b.saves)
		}
		if err == nil {
			b.out.W8[name], err = r.edited(site, b.saves)
		}
		stop()
		r.stop()
		if err != nil {
			return err
		}
	}
	return nil
}

// starts measures W6.
func (b *bench) starts(ctx context.Context, base string, all []server) error {
	if b.window != "" {
		all = append(all, server{name: "huygens, window build", args: append([]string{b.window}, all[1].args[1:]...)})
	}
	for _, s := range all {
		if s.name == "bare-go" {
			continue // it chooses its port itself, and starts in 4 ms
		}
		var took []float64
		for range 7 {
			site, err := freshSite(base, 0)
			if err != nil {
				return err
			}
			addr, err := freeAddr()
			if err != nil {
				return err
			}
			d, err := s.firstAnswer(ctx, site, addr, "w1")
			if err != nil {
				return err
			}
			took = append(took, float64(d.Microseconds())/1000)
		}
		b.out.W6[s.name] = median(took)
	}
	return nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
