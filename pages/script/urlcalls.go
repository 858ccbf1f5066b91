package script

import (
	"strconv"
	"strings"
)

// What standard.js needs of url.go.

// parseURLCall is host.parseURL(text, base, hasBase): the parts, or nothing.
func parseURLCall(c *Call) (any, error) {
	var base *address
	if hasBase, _ := c.Value(2).(bool); hasBase {
		var ok bool
		if base, ok = parseURL(c.String(1), nil); !ok {
			return nil, nil
		}
	}
	a, ok := parseURL(c.String(0), base)
	if !ok {
		return nil, nil
	}
	return a.parts(), nil
}

// parts are the members of a URL object.
func (a *address) parts() map[string]any {
	origin := "null"
	if _, special := defaultPort(a.scheme); special && a.scheme != "file" {
		origin = a.scheme + "://" + a.hostPort()
	}
	empty := func(s string) string {
		if len(s) == 1 {
			return ""
		}
		return s
	}
	return map[string]any{
		"href": a.href(), "origin": origin, "protocol": a.scheme + ":", "username": a.username, "password": a.password,
		"host": a.hostPort(), "hostname": a.host, "port": a.port, "pathname": a.path,
		"search": empty(a.query), "hash": empty(a.fragment),
	}
}

// setURLCall is host.setURL(href, member, value): the parts of the changed URL, or nothing if it cannot be so.
func setURLCall(c *Call) (any, error) {
	a, ok := parseURL(c.String(0), nil)
	if !ok || !a.set(c.String(1), c.String(2)) {
		return nil, nil
	}
	return a.parts(), nil
}

func (a *address) set(name, value string) bool {
	_, special := defaultPort(a.scheme)
	switch name {
	case "hash":
		a.fragment = ""
		if value = strings.TrimPrefix(value, "#"); value != "" {
			a.fragment = "#" + escapeURL(value, " \"<>`", false)
		}
		return true
	case "search", "params":
		a.query = ""
		if value = strings.TrimPrefix(value, "?"); value != "" {
			a.setQuery("?"+value, special)
		}
		return true
	case "protocol":
		return a.setProtocol(value, special)
	case "pathname":
		if a.opaque {
			return false
		}
		if special {
			value = strings.ReplaceAll(value, `\`, "/")
		}
		a.setPath(value, special)
		return true
	}
	if !a.hasHost || a.host == "" || a.scheme == "file" {
		return false
	}
	switch name {
	case "username":
		a.username = escapeURL(value, userinfo, false)
	case "password":
		a.password = escapeURL(value, userinfo, false)
	case "port":
		digits := len(value) - len(strings.TrimLeft(value, "0123456789"))
		return value == "" && a.setPort("") || digits > 0 && a.setPort(value[:digits])
	case "hostname", "host":
		return a.changeHost(value, name == "host", special)
	default:
		return false
	}
	return true
}

func (a *address) setProtocol(value string, special bool) bool {
	scheme, _, ok := cutScheme(strings.TrimSuffix(value, ":") + ":")
	if _, will := defaultPort(scheme); !ok || will != special || (scheme == "file") != (a.scheme == "file") {
		return false
	}
	a.scheme = scheme
	return a.setPort(a.port)
}

func (a *address) changeHost(value string, withPort, special bool) bool {
	value, _ = cutFrom(value, '/')
	host, port := value, ""
	if i := strings.LastIndexByte(value, ':'); i > strings.LastIndexByte(value, ']') {
		host, port = value[:i], value[i+1:]
	}
	if host == "" && special || port != "" && !withPort {
		return false
	}
	return a.setHost(host, special) && (port == "" || a.setPort(port))
}

// formExtra are the ASCII characters that are written as %XX in a form's text.
const formExtra = "!\"#$%&'()+,/:;<=>?@[\\]^`{|}~"

// parseQueryCall is host.parseQuery(text): pairs of names and values.
func parseQueryCall(c *Call) (any, error) {
	list := c.runtime.vm.NewArray()
	count := 0
	for part := range strings.SplitSeq(c.String(0), "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pair := c.runtime.vm.NewArray(formText(name), formText(value))
		if err := list.Set(strconv.Itoa(count), pair); err != nil {
			return nil, err
		}
		count++
	}
	return &object{inPlace{c.runtime, list}}, nil
}

func formText(s string) string {
	return replaceInvalid([]byte(unescapeURL(strings.ReplaceAll(s, "+", " "))))
}

// formatQueryCall is host.formatQuery(pairs).
func formatQueryCall(c *Call) (any, error) {
	var b strings.Builder
	pairs, _ := c.Arg(0).([]any)
	for i, p := range pairs {
		pair, _ := p.([]any)
		if len(pair) != 2 {
			continue
		}
		if i > 0 {
			b.WriteByte('&')
		}
		name, _ := pair[0].(string)
		value, _ := pair[1].(string)
		b.WriteString(escapeURL(name, formExtra, true) + "=" + escapeURL(value, formExtra, true))
	}
	return b.String(), nil
}
