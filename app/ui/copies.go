//go:build cgo || !darwin

package ui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"huygens/devserver/trace"
)

const mask = "•••" // stands for what was masked at capture (api.md, 6)

// addressOf is the whole address of a request. site is the address of its site, "" while it is not served.
func addressOf(t *trace.Trace, site string) string {
	path := printable(t.URL)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return strings.TrimSuffix(site, "/") + path
}

// notReplayed are headers that curl sets itself, or that belong to one connection.
var notReplayed = []string{"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive"}

// curlOf is the request as a command for a POSIX shell. Headers that were masked are left out: what they
// held is not known here. So are those that curl sets itself.
func curlOf(t *trace.Trace, site string) string {
	var b strings.Builder
	b.WriteString("curl --globoff")
	if t.Method != "GET" && !(t.Method == "POST" && hasBody(t)) {
		if t.Method == "HEAD" {
			b.WriteString(" --head")
		} else {
			b.WriteString(" --request " + quoted(t.Method))
		}
	}
	b.WriteString(" " + quoted(addressOf(t, site)))
	for _, h := range t.Request.Headers {
		name := strings.ToLower(h.Name)
		switch {
		case name == "accept-encoding":
			b.WriteString(" \\\n  --compressed")
		case !isToken(h.Name) || slices.Contains(notReplayed, name) || strings.Contains(h.Value, mask):
		default:
			b.WriteString(" \\\n  --header " + quoted(h.Name+": "+h.Value))
		}
	}
	if hasBody(t) {
		b.WriteString(" \\\n  --data-raw " + quoted(bodyOf(t)))
	}
	return b.String()
}

func hasBody(t *trace.Trace) bool { return t.Request.Body.Text != "" || len(t.Request.Form) > 0 }

func bodyOf(t *trace.Trace) string {
	if t.Request.Body.Text != "" {
		return t.Request.Body.Text
	}
	pairs := make([]string, len(t.Request.Form))
	for i, f := range t.Request.Form {
		pairs[i] = url.QueryEscape(f.Name) + "=" + url.QueryEscape(f.Value)
	}
	return strings.Join(pairs, "&")
}

// quoted quotes a text for a POSIX shell. Texts with control characters get the form $'…' so that nothing
// happens in the terminal into which they are pasted.
func quoted(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || !shows(r) || r == '\uFFFD' }) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c < ' ' || c > '~':
			o := strconv.FormatUint(uint64(c), 8)
			b.WriteString(`\` + "000"[len(o):] + o)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}

// isToken is HTTP's rule for header names.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}
