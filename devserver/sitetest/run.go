package sitetest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Site is a served site under test.
type Site interface {
	URL() string          // of its root: "http://127.0.0.1:8080/"
	Client() *http.Client // how it is reached; nil: http.DefaultClient
	Key() string          // what programs send in X-Huygens-Key, for traces
	Folder() string       // where its files lie
}

// A Failure is an expectation that was not met, or a step that could not be done.
type Failure struct {
	Place   string // "testdata/edit.txtar:3"
	Message string
}

func (f Failure) String() string { return f.Place + ": " + f.Message }

// How long one step may take. They are bounds for what hangs, not measures.
const (
	requestTime = 30 * time.Second
	reloadTime  = 15 * time.Second
)

// WriteFiles writes the site's files into a folder.
func (s *Script) WriteFiles(folder string) error {
	for _, f := range s.files {
		name := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("writing the files of %s: %w", s.name, err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return fmt.Errorf("writing the files of %s: %w", s.name, err)
		}
	}
	return nil
}

// Run runs the script against a site whose folder holds the script's files. It stops at the first step that
// cannot be done; expectations that are not met do not stop it.
func (s *Script) Run(ctx context.Context, site Site) []Failure {
	r := &runner{script: s, site: site, base: strings.TrimSuffix(site.URL(), "/")}
	r.client = *http.DefaultClient
	if c := site.Client(); c != nil {
		r.client = *c
	}
	r.client.Jar, _ = cookiejar.New(nil) // never fails without options
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.reloads {
		listener, err := r.listen(ctx)
		if err != nil {
			return []Failure{{s.name + ":1", err.Error()}}
		}
		r.events = listener
		defer listener.close()
		defer cancel()
	}
	for _, c := range s.commands {
		if err := r.do(ctx, c); err != nil {
			r.fail(c.line, "%v", err)
			break
		}
	}
	return r.failures
}

// A runner is one run of a script.
type runner struct {
	script   *Script
	site     Site
	base     string
	client   http.Client
	events   *listener // nil: nothing is expected of it
	failures []Failure
}

func (r *runner) fail(line int, format string, args ...any) {
	r.failures = append(r.failures, Failure{fmt.Sprintf("%s:%d", r.script.name, line), fmt.Sprintf(format, args...)})
}

func (r *runner) do(ctx context.Context, c command) error {
	switch c.verb {
	case "write":
		return r.write(c.args[0], c.text)
	case "save":
		return r.save(c.args[0], c.text)
	case "remove":
		if _, err := os.Lstat(r.path(c.args[0])); err != nil {
			return err
		}
		return os.RemoveAll(r.path(c.args[0]))
	case "rename":
		return os.Rename(r.path(c.args[0]), r.path(c.args[1]))
	case "expect":
		return r.events.expect(ctx, c.args[1], unquote(c.text))
	}
	return r.request(ctx, c)
}

func (r *runner) path(name string) string {
	return filepath.Join(r.site.Folder(), filepath.FromSlash(name))
}

func (r *runner) write(name, text string) error {
	path := r.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func (r *runner) save(name, text string) error {
	if err := r.write(name+"~", text); err != nil {
		return err
	}
	return os.Rename(r.path(name+"~"), r.path(name))
}

// request sends a request and checks its answer.
func (r *runner) request(ctx context.Context, c command) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	req, err := r.newRequest(ctx, c)
	if err != nil {
		return err
	}
	a, err := r.ask(req)
	if err != nil {
		return err
	}
	before := len(r.failures)
	r.checkStatus(c, a)
	for _, check := range c.checks {
		r.check(ctx, check, a)
	}
	if len(r.failures) > before {
		last := &r.failures[len(r.failures)-1]
		last.Message += fmt.Sprintf("\nthe answer is %d:\n%s", a.status, indent(a.body))
	}
	return nil
}

func (r *runner) newRequest(ctx context.Context, c command) (*http.Request, error) {
	var lines, fields []string
	header := http.Header{}
	for _, s := range c.sends {
		switch s.word {
		case "with":
			name, value, _ := strings.Cut(s.rest, ":")
			header.Add(strings.TrimSpace(name), unquote(strings.TrimSpace(value)))
		case "form":
			name, value, _ := strings.Cut(s.rest, "=")
			fields = append(fields, url.QueryEscape(name)+"="+url.QueryEscape(unquote(value)))
		case "send":
			lines = append(lines, unquote(s.rest))
		}
	}
	body := strings.Join(lines, "\n")
	if fields != nil {
		body = strings.Join(fields, "&")
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req, err := http.NewRequestWithContext(ctx, c.args[0], r.base+c.args[1], strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
		header.Del("Host")
	}
	req.Header = header
	return req, nil
}

// indent shows the beginning of a body below a message.
func indent(body string) string {
	const most = 2000
	if len(body) > most {
		body = body[:most] + "…"
	}
	return "\t" + strings.ReplaceAll(strings.TrimRight(body, "\n"), "\n", "\n\t")
}
