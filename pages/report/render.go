package report

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Content types of the three forms.
const (
	typeHTML = "text/html; charset=utf-8"
	typeText = "text/plain; charset=utf-8"
	typeJSON = "application/json"
)

// Render writes a report in the form that the request's Accept header asks for: HTML if it names HTML, JSON if
// it names JSON, else plain text, as for */* or no header at all. The value that is preferred wins, and of
// equal ones the first.
func Render(r Report, accept string) (contentType string, body []byte) {
	v := r.view()
	switch contentType = choose(accept); contentType {
	case typeHTML:
		return contentType, v.html()
	case typeJSON:
		return contentType, v.json()
	}
	return contentType, v.text()
}

// choose reads an Accept header (RFC 9110, 12.5.1).
func choose(accept string) string {
	best, most := typeText, 0.0
	if len(accept) > 4096 {
		return best
	}
	for part := range strings.SplitSeq(accept, ",") {
		kind, parameters, _ := strings.Cut(part, ";")
		form := ""
		switch kind = strings.ToLower(strings.TrimSpace(kind)); {
		case kind == "text/html", kind == "application/xhtml+xml":
			form = typeHTML
		case kind == "application/json", strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"):
			form = typeJSON
		case kind == "text/plain":
			form = typeText
		default:
			continue
		}
		if q := quality(parameters); q > most {
			best, most = form, q
		}
	}
	return best
}

func quality(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || q < 0 || q > 1 {
				return 0
			}
			return q
		}
	}
	return 1
}

type jsonReport struct {
	Status   int         `json:"status"`
	Title    string      `json:"title"`
	Sentence string      `json:"sentence"`
	Faults   []jsonFault `json:"faults,omitempty"`
	TraceID  string      `json:"traceId,omitempty"`
	TraceURL string      `json:"traceUrl,omitempty"`
}

type jsonFault struct {
	File    string      `json:"file"`
	Line    int         `json:"line"`
	Column  int         `json:"column"`
	Message string      `json:"message"`
	Hint    string      `json:"hint,omitempty"`
	Lines   []jsonLine  `json:"lines,omitempty"`
	Stack   []jsonFrame `json:"stack,omitempty"`
}

type jsonLine struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

type jsonFrame struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
}

func (v view) json() []byte {
	j := jsonReport{Status: v.Status, Title: v.Title, Sentence: v.Sentence, TraceID: v.TraceID, TraceURL: v.TraceURL}
	for _, f := range v.faults {
		fault := jsonFault{File: f.File, Line: f.Line, Column: f.Column, Message: f.Message, Hint: f.Hint}
		for _, l := range f.Lines {
			fault.Lines = append(fault.Lines, jsonLine(l))
		}
		for _, s := range f.Stack {
			fault.Stack = append(fault.Stack, jsonFrame(s))
		}
		j.Faults = append(j.Faults, fault)
	}
	body, err := json.MarshalIndent(j, "", "  ")
	if err != nil { // cannot be: there is nothing in it that JSON has no form for
		return []byte(`{"status":500}`)
	}
	return append(body, '\n')
}
