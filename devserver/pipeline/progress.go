package pipeline

import (
	"context"
	"sync"
	"time"

	"huygens/pages"
)

const (
	progressAfter = 100 * time.Millisecond // quick requests never pay
	progressEvery = 100 * time.Millisecond
)

// reportProgress tells the front the spans of a request that has run for 100 ms, then ten times a second. The
// function it returns ends that, and returns only when no report is under way.
func reportProgress(ctx context.Context, host pages.Host, record *pages.Recorder) (stop func()) {
	var mu sync.Mutex // held while a report is under way; guards stopped
	stopped := false
	var timer *time.Timer
	tell := func() {
		mu.Lock()
		defer mu.Unlock()
		if stopped {
			return
		}
		spans, lines := record.Snapshot()
		host.Progress(ctx, spans, lines)
		timer.Reset(progressEvery)
	}
	mu.Lock()
	timer = time.AfterFunc(progressAfter, tell)
	mu.Unlock()
	return func() {
		timer.Stop()
		mu.Lock()
		stopped = true
		mu.Unlock()
	}
}
