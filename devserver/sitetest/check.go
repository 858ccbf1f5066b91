package sitetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// An answer is a whole response.
type answer struct {
	status int
	header http.Header
	body   string
	trace  *traced // asked for once
}

// maxBody bounds what is read of an answer.
const maxBody = 64 << 20

func (r *runner) ask(req *http.Request) (*answer, error) {
	res, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	return &answer{status: res.StatusCode, header: res.Header, body: string(body)}, nil
}

// checkStatus expects 200 of a request that does not say another status.
func (r *runner) checkStatus(c command, a *answer) {
	for _, check := range c.checks {
		if check.word == "status" {
			return
		}
	}
	if a.status != http.StatusOK {
		r.fail(c.line, "the status is %d, not 200", a.status)
	}
}

func (r *runner) check(ctx context.Context, c clause, a *answer) {
	switch c.word {
	case "status":
		if want, _ := strconv.Atoi(c.rest); a.status != want {
			r.fail(c.line, "the status is %d, not %d", a.status, want)
		}
	case "header":
		r.checkHeader(c, a)
	case "body":
		r.checkBody(c, a)
	case "trace", "why":
		if err := r.checkTrace(ctx, c, a); err != nil {
			r.fail(c.line, "%v", err)
		}
	}
}

func (r *runner) checkHeader(c clause, a *answer) {
	name, kind, text := headerCheck(c.rest)
	values := a.header.Values(name)
	got := strings.Join(values, ", ")
	switch {
	case kind == "missing" && len(values) > 0:
		r.fail(c.line, "header %s is there: %s", name, got)
	case kind == "is" && (got != text || len(values) == 0):
		r.fail(c.line, "header %s is %q, not %q", name, got, text)
	case kind == "contains" && !strings.Contains(got, text):
		r.fail(c.line, "header %s is %q, which does not contain %q", name, got, text)
	}
}

func (r *runner) checkBody(c clause, a *answer) {
	kind, text, _ := bodyCheck(c.rest) // checked by the parser
	switch kind {
	case "contains":
		if !strings.Contains(a.body, text) {
			r.fail(c.line, "the body does not contain %q", text)
		}
	case "not contains":
		if strings.Contains(a.body, text) {
			r.fail(c.line, "the body contains %q", text)
		}
	case "equals":
		if strings.TrimSpace(a.body) != strings.TrimSpace(text) {
			r.fail(c.line, "the body is not %q", text)
		}
	case "matches":
		if !c.pattern.MatchString(a.body) {
			r.fail(c.line, "the body does not match %s", c.pattern)
		}
	case "empty":
		if a.body != "" {
			r.fail(c.line, "the body is not empty")
		}
	}
}

// traced is what is read of a request's trace (api.md, 6).
type traced struct {
	Why   string `json:"why"`
	Spans []struct {
		Name string `json:"name"`
	} `json:"spans"`
}

// traceOf asks for the trace of an answer.
func (r *runner) traceOf(ctx context.Context, a *answer) (*traced, error) {
	if a.trace != nil {
		return a.trace, nil
	}
	id := a.header.Get("X-Trace-Id")
	if id == "" {
		return nil, fmt.Errorf("the answer has no X-Trace-Id")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/_huygens/requests/"+id+".json", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Huygens-Key", r.site.Key())
	got, err := r.ask(req)
	if err != nil {
		return nil, fmt.Errorf("asking for the trace: %w", err)
	}
	if got.status != http.StatusOK {
		return nil, fmt.Errorf("asking for the trace: the status is %d", got.status)
	}
	t := new(traced)
	if err := json.Unmarshal([]byte(got.body), t); err != nil {
		return nil, fmt.Errorf("reading the trace: %w", err)
	}
	a.trace = t
	return t, nil
}

func (r *runner) checkTrace(ctx context.Context, c clause, a *answer) error {
	t, err := r.traceOf(ctx, a)
	if err != nil {
		return err
	}
	if c.word == "why" {
		if text := unquote(c.rest); !strings.Contains(t.Why, text) {
			r.fail(c.line, "the why line is %q, which does not contain %q", t.Why, text)
		}
		return nil
	}
	var names []string
	for _, s := range t.Spans {
		names = append(names, s.Name)
	}
	want := strings.Fields(c.rest)
	if want[0] == "not" {
		for _, name := range want[1:] {
			if slices.Contains(names, name) {
				r.fail(c.line, "the trace has %s: %s", name, strings.Join(names, " "))
			}
		}
		return nil
	}
	at := 0
	for _, name := range want {
		i := slices.Index(names[at:], name)
		if i < 0 {
			r.fail(c.line, "the trace has no %s there: %s", name, strings.Join(names, " "))
			return nil
		}
		at += i + 1
	}
	return nil
}
