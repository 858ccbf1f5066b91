package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"huygens/devserver/state"
)

func TestSecondStartHandsOver(t *testing.T) {
	store, err := state.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := handOver(t.Context(), store, nil); !errors.Is(err, errNobody) {
		t.Fatalf("nobody listens: %v", err)
	}
	for range 2 { // the second time over what the first has left
		ctx, cancel := context.WithCancel(t.Context())
		opened := make(chan []string, 1)
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := takeOver(ctx, store, func(folders []string) { opened <- folders }); err != nil {
				t.Error(err)
			}
		})
		for errors.Is(handOver(ctx, store, []string{"a", "/b"}), errNobody) { // until it listens
			if ctx.Err() != nil {
				t.Fatal(ctx.Err())
			}
		}
		here, _ := filepath.Abs("a")
		if got := <-opened; !slices.Equal(got, []string{here, "/b"}) {
			t.Errorf("opened %v", got)
		}
		cancel()
		wg.Wait()
	}
}
