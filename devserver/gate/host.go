package gate

import (
	"net/http"
	"strings"
)

// checkHost compares with the list, letter by letter, port included: there is no odd spelling of a name that
// means another, because nothing is parsed.
func (g *Gate) checkHost(host string) *Refusal {
	if g.hosts[host] || g.hosts[lower(host)] {
		return nil
	}
	return refuse(http.StatusForbidden, "This server answers only to its own host names.")
}

// lower folds A to Z and nothing else: no letter of another alphabet becomes one of ours.
func lower(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}

// Slug is the name of a site as a host name can have it, "" if nothing is left: small letters, digits, single
// hyphens, at most 63 of them.
func Slug(name string) string {
	const longest = 63
	var b strings.Builder
	for _, c := range []byte(lower(name)) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteByte(c)
		} else if s := b.String(); s != "" && s[len(s)-1] != '-' {
			b.WriteByte('-')
		}
		if b.Len() == longest {
			break
		}
	}
	return strings.TrimRight(b.String(), "-")
}
