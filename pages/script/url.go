package script

import (
	"net/netip"
	"strconv"
	"strings"
)

// An address is a URL by the rules of the WHATWG, with one thing left out: host names must be ASCII.
type address struct {
	scheme             string
	username, password string
	host               string
	hasHost            bool
	port               string
	path               string // begins with "/" if the URL has a host or is special
	query, fragment    string // with their "?" and "#"; "" if they are missing
	opaque             bool   // the path is not made of segments: mailto:a@b
}

// defaultPort gives the port that a special scheme has by default.
func defaultPort(scheme string) (port string, special bool) {
	switch scheme {
	case "http", "ws":
		return "80", true
	case "https", "wss":
		return "443", true
	case "ftp":
		return "21", true
	case "file":
		return "", true
	}
	return "", false
}

// parseURL parses text, relative to base if that is not nil.
func parseURL(text string, base *address) (*address, bool) {
	text = strings.TrimFunc(text, func(c rune) bool { return c <= ' ' })
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(text)
	a := &address{}
	text, a.fragment = cutFrom(text, '#')
	a.fragment = escapeURL(a.fragment, " \"<>`", false)
	rest := text
	if scheme, after, ok := cutScheme(text); ok {
		_, special := defaultPort(scheme)
		if !special || base == nil || base.scheme != scheme || strings.HasPrefix(after, "/") || strings.HasPrefix(after, `\`) {
			a.scheme = scheme
			return a, a.parseAbsolute(after, special)
		}
		rest = after // "http:x" is relative to a base of the same scheme
	}
	if base == nil {
		return nil, false
	}
	return a, a.parseRelative(rest, base)
}

func cutFrom(s string, c byte) (before, from string) {
	if i := strings.IndexByte(s, c); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

func cutScheme(s string) (scheme, after string, ok bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return strings.ToLower(s[:i]), s[i+1:], true
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// parseAbsolute parses what follows the scheme.
func (a *address) parseAbsolute(s string, special bool) bool {
	s, query := cutFrom(s, '?')
	a.setQuery(query, special)
	if special {
		s = strings.ReplaceAll(s, `\`, "/")
		if a.scheme != "file" {
			s = "//" + strings.TrimLeft(s, "/")
		}
	}
	after, hasHost := strings.CutPrefix(s, "//")
	if !hasHost {
		if !special && !strings.HasPrefix(s, "/") {
			a.opaque, a.path = true, escapeURL(s, "", false)
			return true
		}
		a.hasHost = special
		a.setPath(s, special)
		return true
	}
	authority, path := cutFrom(after, '/')
	a.hasHost = true
	a.setPath(path, special)
	return a.setAuthority(authority, special)
}

func (a *address) parseRelative(s string, base *address) bool {
	if base.opaque && s != "" {
		return false
	}
	_, special := defaultPort(base.scheme)
	fragment := a.fragment
	*a = *base
	a.fragment = fragment
	s, query := cutFrom(s, '?')
	if special {
		s = strings.ReplaceAll(s, `\`, "/")
	}
	if s != "" || query != "" {
		a.setQuery(query, special)
	}
	switch {
	case s == "":
	case strings.HasPrefix(s, "//"):
		authority, path := cutFrom(s[2:], '/')
		a.username, a.password, a.host, a.port, a.hasHost = "", "", "", "", true
		a.setPath(path, special)
		return a.setAuthority(authority, special)
	case s[0] == '/':
		a.setPath(s, special)
	default:
		a.setPath(base.path[:strings.LastIndexByte(base.path, '/')+1]+s, special)
	}
	return true
}

func (a *address) setQuery(query string, special bool) {
	extra := " \"#<>"
	if special {
		extra += "'"
	}
	a.query = escapeURL(query, extra, false)
}

// setPath takes out the dot segments.
func (a *address) setPath(path string, special bool) {
	if path == "" && !special {
		a.path = ""
		return
	}
	var kept []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(s), "%2e", ".") {
		case "..":
			if len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		case ".":
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, escapeURL(s, " \"#<>?`{}^", false))
		}
	}
	a.path = "/" + strings.Join(kept, "/")
}

func (a *address) setAuthority(authority string, special bool) bool {
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		name, password, _ := strings.Cut(authority[:i], ":")
		a.username, a.password = escapeURL(name, userinfo, false), escapeURL(password, userinfo, false)
		authority = authority[i+1:]
	}
	host, port := authority, ""
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		host, port = authority[:i], authority[i+1:]
	}
	if !a.setHost(host, special) || !a.setPort(port) {
		return false
	}
	switch {
	case a.scheme == "file":
		return port == "" && a.username == "" && a.password == ""
	case a.host == "":
		return !special && port == "" && a.username == "" && a.password == ""
	}
	return true
}

// userinfo are the characters that are written as %XX in names and passwords, beyond those that always are.
const userinfo = " \"#<>?`{}/:;=@[\\]^|"

func (a *address) setHost(host string, special bool) bool {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		ip, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		if err != nil || !ip.Is6() || ip.Zone() != "" || !strings.HasSuffix(inner, "]") {
			return false
		}
		a.host = "[" + ip.String() + "]"
		return true
	}
	if !special {
		a.host = escapeURL(host, "", false)
		return !strings.ContainsAny(host, "\x00 #/<>?@[\\]^|:%")
	}
	host = strings.ToLower(unescapeURL(host))
	for i := range len(host) {
		if host[i] <= ' ' || host[i] >= 0x7F || strings.IndexByte("#/<>?@[\\]^|:%", host[i]) >= 0 {
			return false
		}
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	if last := labels[len(labels)-1]; last != "" && strings.Trim(last, "0123456789") == "" {
		ip, err := netip.ParseAddr(host) // only the plain form of IPv4 addresses
		if err != nil || !ip.Is4() {
			return false
		}
	}
	if a.scheme == "file" && host == "localhost" {
		host = ""
	}
	a.host = host
	return true
}

func (a *address) setPort(port string) bool {
	if port == "" {
		a.port = ""
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || port[0] == '+' {
		return false
	}
	a.port = strconv.FormatUint(n, 10)
	if usual, _ := defaultPort(a.scheme); usual == a.port {
		a.port = ""
	}
	return true
}

// href is the whole URL.
func (a *address) href() string {
	var b strings.Builder
	b.WriteString(a.scheme + ":")
	if a.hasHost {
		b.WriteString("//")
		if a.username != "" || a.password != "" {
			b.WriteString(a.username)
			if a.password != "" {
				b.WriteString(":" + a.password)
			}
			b.WriteByte('@')
		}
		b.WriteString(a.hostPort())
	} else if strings.HasPrefix(a.path, "//") {
		b.WriteString("/.")
	}
	b.WriteString(a.path + a.query + a.fragment)
	return b.String()
}

func (a *address) hostPort() string {
	if a.port != "" {
		return a.host + ":" + a.port
	}
	return a.host
}

// escapeURL writes control characters, what is not ASCII, and the characters of extra as %XX.
func escapeURL(s, extra string, plus bool) string {
	const hex = "0123456789ABCDEF"
	var b []byte
	for i := range len(s) {
		c := s[i]
		switch {
		case plus && c == ' ':
			b = append(b, '+')
		case c < ' ' || c >= 0x7F || strings.IndexByte(extra, c) >= 0:
			b = append(b, '%', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// unescapeURL decodes %XX; what is not well-formed stays.
func unescapeURL(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}
