package resolve

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxPath bounds a decoded path, in bytes.
const maxPath = 2 << 10

// An address is the path of a request, decoded once and checked.
type address struct {
	full  string // as it came, decoded
	path  string // begins with a slash, does not end with one but for "/" itself
	slash bool   // a slash at the end was taken off
	query string // escaped
}

// parseTarget takes the target of a request apart.
func parseTarget(target string) (address, bool) {
	path, query, _ := strings.Cut(target, "?")
	if strings.IndexByte(path, '%') >= 0 {
		var ok bool
		if path, ok = decode(path); !ok {
			return address{}, false
		}
	}
	return newAddress(path, query)
}

// newAddress checks a decoded path.
func newAddress(path, query string) (address, bool) {
	if len(path) == 0 || path[0] != '/' || !cleanPath(path) {
		return address{}, false
	}
	a := address{full: path, path: path, query: query}
	if path == "//" {
		return address{}, false
	}
	if len(path) > 1 && path[len(path)-1] == '/' {
		a.path, a.slash = path[:len(path)-1], true
	}
	return a, true
}

// decode undoes the percent encoding, once. An encoded slash or backslash is refused: it would be a name in
// one place and a separator in another.
func decode(raw string) (string, bool) {
	for i := 0; i+2 < len(raw); i++ {
		if raw[i] != '%' {
			continue
		}
		switch raw[i+1 : i+3] {
		case "2f", "2F", "5c", "5C":
			return "", false
		}
	}
	path, err := url.PathUnescape(raw)
	return path, err == nil
}

// cleanPath is what holds for the whole path, path info included: length, UTF-8, no control characters, no
// backslash, no dot segments.
func cleanPath(path string) bool {
	if len(path) > maxPath || path[0] != '/' {
		return false
	}
	ascii := true
	for i := range len(path) {
		switch c := path[i]; {
		case c < ' ' || c == 0x7f || c == '\\' || c == '#':
			return false
		case c >= utf8.RuneSelf:
			ascii = false
		case c == '.' && path[i-1] == '/' && dotSegment(path[i:]):
			return false
		}
	}
	return ascii || utf8.ValidString(path) && !strings.ContainsFunc(path, isControl)
}

// dotSegment says whether s, which begins with a dot, begins with a segment "." or "..".
func dotSegment(s string) bool {
	if len(s) > 1 && s[1] == '.' {
		s = s[1:]
	}
	return len(s) == 1 || s[1] == '/'
}

// isControl also takes the marks that turn the direction of text: they make a name look like another.
func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x2028 || r == 0x2029
}

// Reserved says whether a decoded path belongs to Huygens itself, in any case of letters and with any number
// of slashes before it.
func Reserved(path string) bool {
	first, _, _ := strings.Cut(strings.TrimLeft(path, "/"), "/")
	return strings.EqualFold(first, "_huygens") || strings.EqualFold(first, "trace.axd")
}

// escape is the escaped form of a decoded path, safe in a Location: it never begins with two slashes.
func escape(path string) string {
	u := url.URL{Path: path}
	s := u.EscapedPath()
	return "/" + strings.TrimLeft(s, "/")
}

func withQuery(location, query string) string {
	if query == "" {
		return location
	}
	if strings.Contains(location, "?") {
		return location + "&" + query
	}
	return location + "?" + query
}
