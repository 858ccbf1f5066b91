package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A Route is the address that a rewrite is for. A name after a colon stands for one part of the address, a
// star at the end for all that follows: "/product/:id", "/old/*".
type Route struct {
	text  string
	parts []string
	rest  bool // ends in /*
}

// A Target is where a rewrite leads: an address of the site with the names and the star of its Route, or, for
// a redirect, a whole URL.
type Target struct {
	text        string
	path, query string
	origin      string // of a whole URL: "https://example.org"
}

var errRoute = errors.New(`is no address such as "/product/:id" or "/old/*"`)

// ParseRoute reads the from of a rewrite.
func ParseRoute(text string) (Route, error) {
	r := Route{text: text}
	plain, rest := strings.CutSuffix(text, "/*")
	r.rest = rest
	if plain == "" && rest {
		return r, nil
	}
	if addressProblem(plain) != "" || rest && plain == "/" {
		return Route{}, errRoute
	}
	if plain != "/" {
		r.parts = strings.Split(plain[1:], "/")
	}
	seen := map[string]bool{}
	for _, part := range r.parts {
		if name, isName := strings.CutPrefix(part, ":"); isName && (!plainName(name) || seen[name]) {
			return Route{}, errRoute
		} else if isName {
			seen[name] = true
		}
	}
	return r, nil
}

// String is the route as it was written.
func (r Route) String() string { return r.text }

// Match says whether the route covers an address, and what its names stand for; "*" is the rest, without its
// first slash. The address is decoded, begins with a slash and does not end with one, but for "/" itself.
func (r Route) Match(address string) (map[string]string, bool) {
	rest := strings.TrimPrefix(address, "/")
	found := map[string]string{}
	for _, part := range r.parts {
		if rest == "" {
			return nil, false
		}
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		switch {
		case part[0] == ':' && name != "":
			found[part[1:]] = name
		case part != name:
			return nil, false
		}
	}
	if rest != "" && !r.rest {
		return nil, false
	}
	found["*"] = rest
	return found, true
}

// ParseTarget reads the to of a rewrite. whole allows a URL of another place.
func ParseTarget(text string, whole bool) (Target, error) {
	t := Target{text: text}
	rest := text
	if u, err := url.Parse(text); whole && err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil {
		t.origin = u.Scheme + "://" + u.Host
		rest = text[len(t.origin):]
		if strings.ContainsAny(t.origin, "*") {
			return Target{}, errTarget
		}
		if rest == "" {
			rest = "/"
		}
	}
	t.path, t.query, _ = strings.Cut(rest, "?")
	if !strings.HasPrefix(t.path, "/") || strings.HasPrefix(t.path, "//") || strings.ContainsAny(rest, "\\#") || !cleanText(rest) {
		return Target{}, errTarget
	}
	return t, nil
}

var errTarget = errors.New(`is no address such as "/product?id=:id"`)

// String is the target as it was written.
func (t Target) String() string { return t.text }

// Names are the names that the target uses, "*" for the rest.
func (t Target) Names() []string {
	var names []string
	for _, text := range []string{t.path, t.query} {
		expand(text, func(name string) string { names = append(names, name); return "" })
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Fill puts values in. path is decoded, query is escaped, origin is "" but for a whole URL.
func (t Target) Fill(values map[string]string) (origin, path, query string) {
	path = expand(t.path, func(name string) string { return values[name] })
	query = expand(t.query, func(name string) string { return url.QueryEscape(values[name]) })
	return t.origin, path, query
}

// expand replaces each :name and each *.
func expand(text string, value func(string) string) string {
	if !strings.ContainsAny(text, ":*") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '*':
			b.WriteString(value("*"))
			i++
		case c == ':' && nameEnd(text[i+1:]) > 0:
			n := nameEnd(text[i+1:])
			b.WriteString(value(text[i+1 : i+1+n]))
			i += 1 + n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// nameEnd is the length of the name that s begins with.
func nameEnd(s string) int {
	for i := range len(s) {
		c := s[i]
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(s)
}

func plainName(s string) bool { return s != "" && nameEnd(s) == len(s) }

// rewrites reads [[rewrite]].
func (d *decoder) rewrites(root table, c *Config) {
	for _, t := range root.tables("rewrite") {
		r := Rewrite{Line: t.line()}
		t.number("status", &r.Status, 301, 308)
		t.yes("missing", &r.Missing)
		if r.Status != 0 && !redirectStatus(r.Status) {
			t.fault("status", "status is 301, 302, 303, 307 or 308", "")
		}
		var from, to string
		t.need("from", &from)
		t.need("to", &to)
		t.done()
		if from == "" || to == "" {
			continue
		}
		var err error
		if r.From, err = ParseRoute(from); err != nil {
			t.fault("from", "from "+err.Error(), "")
			continue
		}
		if r.To, err = ParseTarget(to, r.Status != 0); err != nil {
			t.fault("to", "to "+err.Error(), "")
			continue
		}
		for _, name := range r.To.Names() {
			if !r.From.has(name) {
				t.fault("to", fmt.Sprintf("to uses %q, which from does not have", name), "")
			}
		}
		c.Rewrites = append(c.Rewrites, r)
	}
}

func (r Route) has(name string) bool {
	return name == "*" && r.rest || slices.Contains(r.parts, ":"+name)
}

func redirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}
