package sitetest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// An event is one message of the reload stream.
type event struct{ name, data string }

// A listener reads the reload stream, as a browser does.
type listener struct {
	body   io.Closer
	events chan event    // closed when the stream ends
	done   chan struct{} // closed when the reader has ended
	missed []event       // that came since the last one that was expected, and were not it
}

// listen opens the stream and waits until it is connected, so that no later event is missed.
func (r *runner) listen(ctx context.Context) (*listener, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/_huygens/reload", nil)
	if err != nil {
		return nil, fmt.Errorf("opening the reload stream: %w", err)
	}
	req.Header.Set("Accept", "text/event-stream")
	client := r.client
	client.Timeout = 0
	res, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("opening the reload stream: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("opening the reload stream: the status is %d", res.StatusCode), res.Body.Close())
	}
	l := &listener{body: res.Body, events: make(chan event, 1000), done: make(chan struct{})}
	go l.read(ctx, res.Body) // ends when the body is closed; waited for in close
	if err := l.expect(ctx, "connected", ""); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *listener) close() {
	l.body.Close()
	<-l.done
}

// read reads messages: lines up to an empty one (HTML, 9.2.6).
func (l *listener) read(ctx context.Context, body io.Reader) {
	defer close(l.done)
	defer close(l.events)
	var e event
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "":
			if e != (event{}) {
				select {
				case l.events <- e:
				case <-ctx.Done():
					return
				}
			}
			e = event{}
		case field == "event":
			e.name = value
		case field == "data":
			e.data += value
		}
	}
}

// expect waits for an event: of a name, or the page-update of a path.
func (l *listener) expect(ctx context.Context, what, text string) error {
	ctx, cancel := context.WithTimeout(ctx, reloadTime)
	defer cancel()
	l.missed = nil
	for {
		select {
		case e, ok := <-l.events:
			if !ok {
				return fmt.Errorf("waiting for %s: the reload stream has ended%s", what, l.others())
			}
			if e.is(what) && strings.Contains(e.data, text) {
				return nil
			}
			l.missed = append(l.missed, e)
		case <-ctx.Done():
			return fmt.Errorf("browsers were not told of %s %s within %v%s", what, text, reloadTime, l.others())
		}
	}
}

// is says whether an event is one of a name, or the page-update of a path.
func (e event) is(what string) bool {
	if !strings.HasPrefix(what, "/") {
		return e.name == what
	}
	var data struct{ Path string }
	return e.name == "page-update" && json.Unmarshal([]byte(e.data), &data) == nil && data.Path == what
}

func (l *listener) others() string {
	if len(l.missed) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("; they were told of")
	for _, e := range l.missed {
		b.WriteString(" " + e.name + " " + e.data)
	}
	return b.String()
}
