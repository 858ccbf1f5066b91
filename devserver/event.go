package devserver

import (
	"context"
	"encoding/json"
	"maps"

	"huygens/devserver/trace"
)

// An Event is one thing that happened to a site, in the words of `serve --json` (api.md, 6).
type Event interface{ name() string }

// ReadyEvent: the site is served.
type ReadyEvent struct {
	Site    string `json:"site"`
	URL     string `json:"url"`
	Trace   string `json:"trace"` // the viewer's open address, key included
	Key     string `json:"key"`
	PID     int    `json:"pid"`
	Trusted bool   `json:"trusted"`
}

// RequestEvent: a request was answered.
type RequestEvent struct {
	ID         string `json:"id"`
	Number     uint64 `json:"number"`
	Method     string `json:"method"`
	URL        string `json:"url"`
	Status     int    `json:"status"`
	Why        string `json:"why"`
	TookMicros int64  `json:"tookMicros"`
}

// ChangeEvent: files of the site changed on disk.
type ChangeEvent struct {
	Files []string `json:"files"`
}

// WorkerEvent: a worker of a pool changed its state.
type WorkerEvent struct {
	Pool  string `json:"pool"`
	PID   int    `json:"pid"`
	State string `json:"state"`
	Cause string `json:"cause"`
}

// ErrorEvent: the author's files have a fault.
type ErrorEvent struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// StoppedEvent: the site is not served any more.
type StoppedEvent struct{}

func (ReadyEvent) name() string   { return "ready" }
func (RequestEvent) name() string { return "request" }
func (ChangeEvent) name() string  { return "change" }
func (WorkerEvent) name() string  { return "worker" }
func (ErrorEvent) name() string   { return "error" }
func (StoppedEvent) name() string { return "stopped" }

// EventJSON is an event as one JSON object, its name under "event" first.
func EventJSON(e Event) ([]byte, error) {
	fields, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	line := append([]byte(`{"event":"`), e.name()...)
	line = append(line, '"')
	if len(fields) > 2 {
		line = append(line, ',')
	}
	return append(line, fields[1:]...), nil
}

func requestEvent(t *trace.Trace) RequestEvent {
	return RequestEvent{
		ID: t.ID, Number: t.Number, Method: t.Method, URL: t.URL,
		Status: t.Status, Why: t.Why, TookMicros: t.Took.Microseconds(),
	}
}

// forgetAfter is how many requests later a request is not told any more.
const forgetAfter = 5000

// tellRequests publishes an event for each request that has been answered, until ctx ends. A trace that is done
// comes again with its last span: each is told once.
func (s *Server) tellRequests(ctx context.Context) {
	var last, newest uint64
	told := map[uint64]bool{}
	for {
		batch, err := s.traces.Next(ctx, last)
		if err != nil {
			return
		}
		last = batch.Last
		for _, t := range batch.Values {
			if t.Phase != trace.Done || told[t.Number] {
				continue
			}
			told[t.Number] = true
			newest = max(newest, t.Number)
			s.events.Append(requestEvent(t))
		}
		maps.DeleteFunc(told, func(n uint64, _ bool) bool { return n+forgetAfter < newest })
	}
}
