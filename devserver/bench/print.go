package main

import (
	"fmt"
	"maps"
	"slices"
)

// A target is what issue 3 asks for.
type target struct {
	name  string
	want  string
	value float64
	met   bool
}

func (b *bench) print() {
	fmt.Printf("\n%-26s %12s %10s %12s %10s %10s %10s\n", "", "W1 req/s", "W1 CPU µs", "W2 req/s", "W2 CPU µs", "idle MB", "loaded MB")
	for _, name := range slices.Sorted(maps.Keys(b.out.W1)) {
		w1, w2, m := b.out.W1[name], b.out.W2[name], b.out.W7[name]
		fmt.Printf("%-26s %12.0f %10.1f %12.0f %10.1f %10.1f %10.1f\n", name, w1.PerSecond, w1.CPU, w2.PerSecond, w2.CPU, m.Idle, m.AfterLoad)
	}
	fmt.Printf("\n%-26s %10s %10s %10s %10s\n", "ms", "p50", "p95", "missed", "stale")
	for _, w := range []struct {
		name string
		of   map[string]editing
	}{{"W5 ", b.out.W5}, {"W8 ", b.out.W8}} {
		for _, name := range slices.Sorted(maps.Keys(w.of)) {
			e := w.of[name]
			fmt.Printf("%-26s %10.1f %10.1f %10d %10d\n", w.name+name, e.P50, e.P95, e.Missed, e.Stale)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.out.W6)) {
		fmt.Printf("%-26s %10.1f\n", "W6 "+name, b.out.W6[name])
	}
	fmt.Println()
	for _, t := range b.targets() {
		verdict := "met"
		if !t.met {
			verdict = "NOT MET"
		}
		fmt.Printf("%-34s %8.2f   target %-10s %s\n", t.name, t.value, t.want, verdict)
	}
}

func (b *bench) targets() []target {
	w1, w2, idle, start := b.out.Ratios["W1"], b.out.Ratios["W2"], b.out.W7["huygens"].Idle, b.out.W6["huygens"]
	all := []target{
		{"W1, × bare-go", "≥ 0.45", w1, w1 >= 0.45},
		{"W2, × bare-go", "≥ 0.8", w2, w2 >= 0.8},
		{"W6, ms", "≤ 60", start, start <= 60},
		{"W7 idle, MB", "≤ 60", idle, idle <= 60},
	}
	for _, name := range slices.Sorted(maps.Keys(b.out.W5)) {
		e, f := b.out.W5[name], b.out.W8[name]
		all = append(all,
			target{"W5 p50, ms, " + name, "≤ 50", e.P50, e.P50 <= 50 && e.Missed == 0},
			target{"W8 p50, ms, " + name, "≤ 10", f.P50, f.P50 <= 10 && f.Stale == 0})
	}
	return all
}
