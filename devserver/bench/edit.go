package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// An editing is what a series of saves showed, in milliseconds.
type editing struct {
	P50    float64 `json:"p50"`
	P95    float64 `json:"p95"`
	Missed int     `json:"missed"` // saves that nobody was told of
	Stale  int     `json:"stale"`  // answers that began after a save and had the old text
	Saves  int     `json:"saves"`
}

// pauses between saves, in turn: people do not save in a steady beat.
var pauses = []time.Duration{40 * time.Millisecond, 90 * time.Millisecond, 240 * time.Millisecond, 60 * time.Millisecond}

func revision(i int) string {
	return strings.ReplaceAll(siteFiles["w1.gohtml"], "r0000", fmt.Sprintf("r%04d", i))
}

// told measures W5: from just before a save until its message on the event stream.
func (r *running) told(ctx context.Context, site string, saves int) (editing, error) {
	messages, err := r.stream(ctx)
	if err != nil {
		return editing{}, err
	}
	var took []float64
	e := editing{Saves: saves}
	for i := 1; i <= saves; i++ {
		time.Sleep(pauses[i%len(pauses)])
		for len(messages) > 0 {
			<-messages
		}
		began := time.Now()
		if err := save(filepath.Join(site, "w1.gohtml"), revision(i), i%2 == 0); err != nil {
			return e, err
		}
		select {
		case <-messages:
			took = append(took, float64(time.Since(began).Microseconds())/1000)
		case <-time.After(3 * time.Second):
			e.Missed++
		}
	}
	e.P50, e.P95 = median(took), quantile(took, 0.95)
	return e, nil
}

// stream opens the event stream of the site as a browser does, and gives the names of its messages.
func (r *running) stream(ctx context.Context) (<-chan string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"_huygens/reload", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the event stream answered %s", resp.Status)
	}
	messages := make(chan string, 100)
	ready := make(chan struct{})
	go func() { // ends with ctx, which closes the body
		defer resp.Body.Close()
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			name, ok := strings.CutPrefix(lines.Text(), "event: ")
			switch {
			case !ok:
			case name == "connected":
				close(ready)
			case name == "page-update" || name == "full-reload":
				messages <- name
			}
		}
	}()
	select {
	case <-ready:
		return messages, nil
	case <-time.After(5 * time.Second):
		return nil, fmt.Errorf("the event stream said nothing in 5 s")
	}
}

// edited measures W8: from a save until the end of the first answer with the new text.
func (r *running) edited(site string, saves int) (editing, error) {
	var took []float64
	e := editing{Saves: saves}
	for i := 1; i <= saves; i++ {
		time.Sleep(pauses[i%len(pauses)])
		began := time.Now()
		if err := save(filepath.Join(site, "w1.gohtml"), revision(i), i%2 == 0); err != nil {
			return e, err
		}
		want := fmt.Appendf(nil, "Rev r%04d.", i)
		for {
			body, err := r.get("w1")
			if err != nil {
				return e, err
			}
			if bytes.Contains(body, want) {
				break
			}
			e.Stale++
		}
		took = append(took, float64(time.Since(began).Microseconds())/1000)
	}
	e.P50, e.P95 = median(took), quantile(took, 0.95)
	return e, nil
}
