package pages

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"huygens/pages/script"
)

// requestObject is `request`.
type requestObject struct {
	readOnly
	c *Context
}

var requestNames = []string{
	"method", "url", "path", "pathInfo", "query", "form", "headers", "cookies", "items", "text", "json", "bytes",
	"remoteAddress", "isLocal", "applicationPath", "traceId",
}

func (o requestObject) Names() []string { return requestNames }

func (o requestObject) Get(name string) (any, bool) {
	r := o.c.Request
	switch name {
	case "method":
		return r.Method, true
	case "url":
		return "http://" + r.Get("Host") + r.Target, true
	case "path":
		return r.Path, true
	case "pathInfo":
		return r.PathInfo, true
	case "query":
		return valuesObject{values: o.c.Query}, true
	case "form":
		form, err := o.c.Form()
		if err != nil {
			return err, true // thrown
		}
		return valuesObject{values: func() url.Values { return form }}, true
	case "headers":
		return requestHeadersObject{r: r}, true
	case "cookies":
		return cookiesObject{r: r}, true
	case "items":
		return itemsObject{o.c}, true
	case "text", "json", "bytes":
		return o.body(name), true
	case "remoteAddress":
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		return host, true
	case "isLocal":
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		return net.ParseIP(host).IsLoopback(), true
	case "applicationPath":
		return r.Application, true
	case "traceId":
		return r.TraceID, true
	}
	return nil, false
}

// body gives the functions that read the body.
func (o requestObject) body(as string) function {
	return func(call *script.Call) (any, error) {
		data, err := o.c.Body()
		if err != nil {
			return nil, err
		}
		switch as {
		case "text":
			return strings.ToValidUTF8(string(data), "\uFFFD"), nil
		case "bytes":
			return data, nil
		}
		v, err := call.ParseJSON(string(data))
		if err != nil {
			return nil, fmt.Errorf("the body is not JSON: %w", err)
		}
		return v, nil
	}
}

// valuesObject is request.query and request.form: the first value of each name, all(name) for all.
type valuesObject struct {
	readOnly
	values func() url.Values
}

func (o valuesObject) Names() []string { return append(slices.Sorted(maps.Keys(o.values())), "all") }

// Get gives undefined for a name that was not sent: asking is no mistake.
func (o valuesObject) Get(name string) (any, bool) {
	if name == "all" && !o.values().Has("all") {
		return function(func(call *script.Call) (any, error) {
			all := []any{}
			for _, v := range o.values()[call.String(0)] {
				all = append(all, v)
			}
			return all, nil
		}), true
	}
	if v := o.values()[name]; len(v) > 0 {
		return v[0], true
	}
	return nil, true
}

// requestHeadersObject is request.headers.
type requestHeadersObject struct {
	readOnly
	r *Request
}

func (o requestHeadersObject) Names() []string { return []string{"get"} }

func (o requestHeadersObject) Get(name string) (any, bool) {
	if name != "get" {
		return nil, false
	}
	return function(func(call *script.Call) (any, error) {
		var all []string
		for _, f := range o.r.Header {
			if equalFold(f.Name, call.String(0)) {
				all = append(all, f.Value)
			}
		}
		if all == nil {
			return nil, nil
		}
		return strings.Join(all, ", "), nil
	}), true
}

// cookiesObject is request.cookies.
type cookiesObject struct {
	readOnly
	r *Request
}

func (o cookiesObject) all() map[string]string {
	all := map[string]string{}
	for _, f := range o.r.Header {
		if !equalFold(f.Name, "Cookie") {
			continue
		}
		for part := range strings.SplitSeq(f.Value, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
			if _, seen := all[name]; ok && !seen {
				all[name] = strings.Trim(value, `"`)
			}
		}
	}
	return all
}

func (o cookiesObject) Names() []string { return slices.Sorted(maps.Keys(o.all())) }

func (o cookiesObject) Get(name string) (any, bool) {
	if v, ok := o.all()[name]; ok {
		return v, true
	}
	return nil, true
}

// itemsObject is request.items: what the parts of one request hand on to each other.
type itemsObject struct{ c *Context }

func (o itemsObject) Names() []string { return slices.Sorted(maps.Keys(o.c.items)) }

func (o itemsObject) Get(name string) (any, bool) { return o.c.items[name], true }

func (o itemsObject) Set(name string, value any) error {
	if o.c.items == nil {
		o.c.items = map[string]any{}
	}
	o.c.items[name] = script.Export(value)
	return nil
}
