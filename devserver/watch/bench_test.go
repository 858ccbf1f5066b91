package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// manyFiles makes a site of files in folders of 100.
func manyFiles(b *testing.B, files int) string {
	b.Helper()
	dir := b.TempDir()
	for i := range files {
		name := filepath.Join(dir, fmt.Sprintf("d%d", i/100), fmt.Sprintf("f%d.md", i))
		if i%100 == 0 {
			if err := os.Mkdir(filepath.Dir(name), 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(name, make([]byte, 1000), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

func runIn(b *testing.B, dir string) (batches chan Batch, stop func()) {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := New(dir, Options{})
	batches = make(chan Batch, 1000)
	done := make(chan error)
	go func() { done <- w.Run(ctx, func(t Batch) { batches <- t }) }()
	<-w.Ready()
	return batches, func() {
		cancel()
		<-done
	}
}

// BenchmarkStart is the time until every change would be told.
func BenchmarkStart(b *testing.B) {
	for _, files := range []int{5_000, 100_000} {
		b.Run(fmt.Sprint(files), func(b *testing.B) {
			dir := manyFiles(b, files)
			for b.Loop() {
				_, stop := runIn(b, dir)
				b.StopTimer()
				stop()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkSave is the time from a lone save to its batch.
func BenchmarkSave(b *testing.B) {
	dir := manyFiles(b, 5_000)
	batches, stop := runIn(b, dir)
	defer stop()
	name := filepath.Join(dir, "d7", "f700.md")
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		<-time.After(100 * time.Millisecond) // a save after quiet
		b.StartTimer()
		began := time.Now()
		if err := os.WriteFile(name, fmt.Appendf(nil, "%d", i), 0o644); err != nil {
			b.Fatal(err)
		}
		<-batches
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// BenchmarkSaveInBigFolder is the same by rename in a folder of 50,000 files.
func BenchmarkSaveInBigFolder(b *testing.B) {
	dir := b.TempDir()
	for i := range 50_000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d.md", i)), []byte("x"), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	batches, stop := runIn(b, dir)
	defer stop()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		<-time.After(100 * time.Millisecond)
		temporary := filepath.Join(dir, "f700.md.tmp")
		if err := os.WriteFile(temporary, fmt.Appendf(nil, "%d", i), 0o644); err != nil {
			b.Fatal(err)
		}
		if err := os.Rename(temporary, filepath.Join(dir, "f700.md")); err != nil {
			b.Fatal(err)
		}
		b.StartTimer() // the renaming itself waits for the disk
		<-batches
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys>>20), "MB")
}

// BenchmarkCheckout is the time from the first of 5,000 changed files to the batch that has the last one.
func BenchmarkCheckout(b *testing.B) {
	dir := manyFiles(b, 5_000)
	batches, stop := runIn(b, dir)
	defer stop()
	told := 0
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		<-time.After(300 * time.Millisecond)
		b.StartTimer()
		for f := range 5_000 {
			name := filepath.Join(dir, fmt.Sprintf("d%d", f/100), fmt.Sprintf("f%d.md", f))
			if err := os.WriteFile(name, fmt.Appendf(nil, "%d", i), 0o644); err != nil {
				b.Fatal(err)
			}
		}
		for seen := map[string]bool{}; len(seen) < 5_000; told++ {
			for _, c := range (<-batches).Changes {
				seen[c.Path] = true
			}
		}
	}
	b.ReportMetric(float64(told)/float64(b.N), "batches")
}
