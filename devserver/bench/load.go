package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"time"
)

const connections = 16

// A rate is what one turn of load showed.
type rate struct {
	PerSecond float64 `json:"perSecond"`
	CPU       float64 `json:"cpuMicros"` // processor time of the server's processes for one request
}

var (
	perSecond = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	requests  = regexp.MustCompile(`(\d+) requests in`)
	failures  = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)`)
)

// drive loads an address of the server for the given time.
func (r *running) drive(ctx context.Context, path string, d time.Duration) (rate, error) {
	before := r.cpu()
	out, err := exec.CommandContext(ctx, "wrk", "-t2", "-c"+strconv.Itoa(connections), "-d"+strconv.Itoa(int(d.Seconds()))+"s", r.url+path).CombinedOutput()
	if err != nil {
		return rate{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	if m := failures.FindSubmatch(out); m != nil {
		return rate{}, fmt.Errorf("%s: %s answers were no success", path, m[1])
	}
	speed, count := perSecond.FindSubmatch(out), requests.FindSubmatch(out)
	if speed == nil || count == nil {
		return rate{}, fmt.Errorf("wrk said %s", out)
	}
	v, _ := strconv.ParseFloat(string(speed[1]), 64)
	n, _ := strconv.ParseFloat(string(count[1]), 64)
	return rate{PerSecond: v, CPU: float64((r.cpu() - before).Microseconds()) / n}, nil
}

func median(values []float64) float64 { return quantile(values, 0.5) }

func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func medianRate(all []rate) rate {
	var speed, cpu []float64
	for _, r := range all {
		speed, cpu = append(speed, r.PerSecond), append(cpu, r.CPU)
	}
	return rate{median(speed), median(cpu)}
}
