package pages

import (
	"fmt"
	"html"
	"net/url"
	"path"
	"strings"
	"time"

	"huygens/pages/script"
)

// traceObject is `trace`: lines and spans of the author's own.
type traceObject struct {
	readOnly
	c *Context
}

func (o traceObject) Names() []string { return []string{"write", "warn"} }

func (o traceObject) Get(name string) (any, bool) {
	level := ""
	switch name {
	case "write":
		level = "info"
	case "warn":
		level = "warn"
	default:
		return nil, false
	}
	return function(func(call *script.Call) (any, error) {
		o.c.Record.Log(level, script.Format(call.Args()), "trace")
		return nil, nil
	}), true
}

// consoleObject is `console`: it ends in the trace's log.
type consoleObject struct {
	readOnly
	c *Context
}

func (o consoleObject) Names() []string {
	return []string{"log", "info", "warn", "error", "debug", "table"}
}

func (o consoleObject) Get(name string) (any, bool) {
	level := name
	switch name {
	case "log", "info", "warn", "error":
	case "debug", "table":
		level = "log"
	default:
		return nil, false
	}
	return function(func(call *script.Call) (any, error) {
		o.c.Record.Log(level, script.Format(call.Args()), "console")
		return nil, nil
	}), true
}

// serverObject is `server`.
type serverObject struct {
	readOnly
	r *run
}

var serverNames = []string{"mapPath", "completeRequest", "getLastError", "clearError", "htmlEncode", "urlEncode", "sleep", "settings"}

func (o serverObject) Names() []string { return serverNames }

func (o serverObject) Get(name string) (any, bool) {
	switch name {
	case "mapPath":
		return function(o.mapPath), true
	case "completeRequest":
		return function(func(*script.Call) (any, error) { o.r.completed = true; return nil, nil }), true
	case "getLastError":
		return function(func(*script.Call) (any, error) { return o.r.lastError(), nil }), true
	case "clearError":
		return function(func(*script.Call) (any, error) { o.r.cleared = true; return nil, nil }), true
	case "htmlEncode":
		return function(func(call *script.Call) (any, error) { return html.EscapeString(call.String(0)), nil }), true
	case "urlEncode":
		return function(func(call *script.Call) (any, error) { return url.QueryEscape(call.String(0)), nil }), true
	case "sleep":
		return function(sleep), true
	case "settings":
		if o.r.Application.Settings == nil {
			return map[string]any{}, true
		}
		return o.r.Application.Settings, true
	}
	return nil, false
}

// mapPath gives the site path of an address: "~/a/../b.txt" is "b.txt". It never leads out of the site.
func (o serverObject) mapPath(call *script.Call) (any, error) {
	return strings.TrimPrefix(path.Clean("/"+strings.TrimPrefix(call.String(0), "~")), "/"), nil
}

// sleep is server.sleep(ms): a promise.
func sleep(call *script.Call) (any, error) {
	ms, ok := integer(call.Arg(0))
	if !ok || ms < 0 {
		return nil, fmt.Errorf("server.sleep wants a number of milliseconds, not %v", call.Arg(0))
	}
	return call.Sleep(time.Duration(ms) * time.Millisecond), nil
}

// lastError is what server.getLastError() gives.
func (r *run) lastError() any {
	if r.error == nil {
		return nil
	}
	f := r.error
	return map[string]any{
		"message": f.Message, "stack": f.stackText(), "file": f.File, "line": int64(f.Line), "column": int64(f.Column), "cause": nil,
	}
}

// siteObject is `site`.
type siteObject struct {
	readOnly
	c *Context
}

func (o siteObject) Names() []string { return []string{"name", "trusted", "pages"} }

func (o siteObject) Get(name string) (any, bool) {
	switch name {
	case "name":
		return o.c.Application.Site, true
	case "trusted":
		return o.c.Application.Trusted, true
	case "pages":
		return function(func(call *script.Call) (any, error) {
			options, _ := call.Arg(1).(map[string]any)
			recursive, _ := options["recursive"].(bool)
			drafts, _ := options["drafts"].(bool)
			return o.c.sitePages(call.String(0), recursive, drafts)
		}), true
	}
	return nil, false
}
