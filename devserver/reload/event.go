package reload

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The names of the events (api.md, 6).
const (
	Connected  = "connected"
	CSSUpdate  = "css-update"
	PageUpdate = "page-update"
	FullReload = "full-reload"
	Error      = "error"
	OK         = "ok"
)

// An Event is one thing that browsers are told. Which fields it has goes by its name.
type Event struct {
	Name    string
	Paths   []string // CSSUpdate: addresses of style sheets and images, escaped, without query
	Path    string   // PageUpdate: address of the page, escaped, without query
	Message string   // Error
	File    string   // Error: site path, "" if there is none
	Line    int      // Error: counted from 1, 0 if there is none
	run     string   // Connected
}

// data is the event's JSON object: one line, since JSON escapes line ends.
func (e Event) data() []byte {
	var v any
	switch e.Name {
	case Connected:
		v = struct {
			Run string `json:"run"`
		}{e.run}
	case CSSUpdate:
		v = struct {
			Paths []string `json:"paths"`
		}{e.Paths}
	case PageUpdate:
		v = struct {
			Path string `json:"path"`
		}{e.Path}
	case Error:
		v = struct {
			Message string `json:"message"`
			File    string `json:"file"`
			Line    int    `json:"line"`
		}{e.Message, e.File, e.Line}
	default:
		v = struct{}{}
	}
	data, err := json.Marshal(v)
	if err != nil {
		return []byte("{}") // strings and numbers have no faults
	}
	return data
}

// message is the event as a stream carries it.
func (e Event) message(id string) []byte {
	b := append([]byte("event: "), e.Name...)
	b = append(b, "\nid: "...)
	b = append(b, id...)
	b = append(b, "\ndata: "...)
	b = append(b, e.data()...)
	return append(b, "\n\n"...)
}

// position writes an id; place reads one of this run.
func position(run string, n uint64) string { return run + "-" + strconv.FormatUint(n, 10) }

func place(run, id string) (uint64, bool) {
	digits, ours := strings.CutPrefix(id, run+"-")
	if !ours {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil
}
