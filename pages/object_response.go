package pages

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"huygens/pages/script"
)

// errEnded stops a script whose response has been ended: by end, redirect or json. It is no fault.
var errEnded = errors.New("the response has been ended")

// responseObject is `response`.
type responseObject struct{ c *Context }

var responseNames = []string{
	"status", "contentType", "headers", "cookies", "write", "clear", "flush", "end", "redirect", "json", "sendFile",
}

func (o responseObject) Names() []string { return responseNames }

func (o responseObject) Get(name string) (any, bool) {
	r := o.c.Response
	switch name {
	case "status":
		return int64(r.status()), true
	case "contentType":
		return r.Header("Content-Type"), true
	case "headers":
		return responseHeadersObject{r: r}, true
	case "cookies":
		return setCookiesObject{c: o.c}, true
	case "write":
		return function(o.write), true
	case "clear":
		return function(func(*script.Call) (any, error) { r.Clear(); return nil, nil }), true
	case "flush":
		return function(func(call *script.Call) (any, error) { return nil, r.Flush(call.Context()) }), true
	case "end":
		return function(func(*script.Call) (any, error) { return nil, script.Stop(errEnded) }), true
	case "redirect":
		return function(o.redirect), true
	case "json":
		return function(o.json), true
	case "sendFile":
		return function(o.sendFile), true
	}
	return nil, false
}

func (o responseObject) Set(name string, value any) error {
	value = script.Export(value)
	switch name {
	case "status":
		status, ok := integer(value)
		if !ok || status < 200 || status > 599 {
			return fmt.Errorf("response.status is a number from 200 to 599, not %v", value)
		}
		if o.c.Response.streamed {
			return ErrFlushed
		}
		o.c.Response.Status = int(status)
		return nil
	case "contentType":
		return o.c.Response.Set("Content-Type", fmt.Sprint(value))
	}
	return readOnly{}.Set("response."+name, value)
}

func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case float64:
		return int64(n), n == float64(int64(n))
	}
	return 0, false
}

func (o responseObject) write(call *script.Call) (any, error) {
	for i := range call.Len() {
		if data, ok := call.Arg(i).([]byte); ok {
			o.c.Response.WriteBytes(data)
			continue
		}
		o.c.Response.Write(call.String(i))
	}
	return nil, nil
}

// redirect ends the response with a Location. The address may be relative; "~/" is the application's path.
func (o responseObject) redirect(call *script.Call) (any, error) {
	status := int64(302)
	if call.Len() > 1 {
		n, ok := integer(call.Arg(1))
		if !ok || n < 300 || n > 399 {
			return nil, fmt.Errorf("the status of a redirect is a number from 300 to 399, not %v", call.Arg(1))
		}
		status = n
	}
	target := call.String(0)
	if rest, ok := strings.CutPrefix(target, "~/"); ok {
		target = path.Join(o.c.Request.Application, rest)
	}
	u, err := url.Parse(target)
	if err != nil || call.Len() == 0 {
		return nil, fmt.Errorf("response.redirect wants an address")
	}
	r := o.c.Response
	r.Clear()
	r.Status = int(status)
	if err := r.Set("Location", u.String()); err != nil {
		return nil, err
	}
	return nil, script.Stop(errEnded)
}

func (o responseObject) json(call *script.Call) (any, error) {
	text, err := call.JSON(0)
	if err != nil {
		return nil, fmt.Errorf("response.json: %w", err)
	}
	r := o.c.Response
	r.Clear()
	if err := r.Set("Content-Type", "application/json; charset=utf-8"); err != nil {
		return nil, err
	}
	r.Write(text)
	return nil, script.Stop(errEnded)
}

// sendFile makes a file of the site the answer. The front opens it, by the rules for every address.
func (o responseObject) sendFile(call *script.Call) (any, error) {
	name := strings.TrimPrefix(path.Clean("/"+strings.TrimPrefix(call.String(0), "~")), "/")
	r := o.c.Response
	r.Clear()
	r.file = name
	return nil, script.Stop(errEnded)
}

// responseHeadersObject is response.headers.
type responseHeadersObject struct {
	readOnly
	r *Response
}

func (o responseHeadersObject) Names() []string { return []string{"get", "set", "append", "delete"} }

func (o responseHeadersObject) Get(name string) (any, bool) {
	switch name {
	case "get":
		return function(func(call *script.Call) (any, error) { return o.r.Header(call.String(0)), nil }), true
	case "set":
		return function(func(call *script.Call) (any, error) { return nil, o.r.Set(call.String(0), call.String(1)) }), true
	case "append":
		return function(func(call *script.Call) (any, error) { return nil, o.r.Append(call.String(0), call.String(1)) }), true
	case "delete":
		return function(func(call *script.Call) (any, error) { return nil, o.r.Delete(call.String(0)) }), true
	}
	return nil, false
}

// setCookiesObject is response.cookies.
type setCookiesObject struct {
	readOnly
	c *Context
}

func (o setCookiesObject) Names() []string { return []string{"set"} }

func (o setCookiesObject) Get(name string) (any, bool) {
	if name != "set" {
		return nil, false
	}
	return function(o.set), true
}

func (o setCookiesObject) set(call *script.Call) (any, error) {
	cookie := Cookie{Name: call.String(0), Value: call.String(1), Path: o.c.Request.Application}
	options, _ := call.Arg(2).(map[string]any)
	for name, value := range options {
		if err := cookie.option(name, value); err != nil {
			return nil, err
		}
	}
	return nil, o.c.Response.SetCookie(cookie)
}

// option sets what the third argument of response.cookies.set says.
func (c *Cookie) option(name string, value any) error {
	text, isText := value.(string)
	flag, isFlag := value.(bool)
	switch {
	case name == "maxAge":
		seconds, ok := integer(value)
		if !ok {
			return fmt.Errorf("maxAge of cookie %s is a number of seconds, not %v", c.Name, value)
		}
		c.MaxAge = time.Duration(seconds) * time.Second
		if seconds <= 0 {
			c.MaxAge = -1
		}
	case name == "path" && isText:
		c.Path = text
	case name == "sameSite" && isText:
		c.SameSite = text
	case name == "httpOnly" && isFlag:
		c.HTTPOnly = flag
	case name == "secure" && isFlag:
		c.Secure = flag
	default:
		return fmt.Errorf("cookie %s: %s = %v is no option; there are maxAge, path, httpOnly, secure, sameSite", c.Name, name, value)
	}
	return nil
}
