package gate

import (
	"net/http"
	"strings"
)

// MaxTarget bounds path and query of a request, in bytes.
const MaxTarget = 8 << 10

// MaxKeys bounds the keys of a query. net/http's own parser fails above it, and would be ignored.
const MaxKeys = 10_000

// checkForm lets in only a path: a whole URL (for which net/http puts the URL's authority in the place of
// Host), an authority and a star are refused.
func checkForm(target string) *Refusal {
	if !strings.HasPrefix(target, "/") {
		return refuse(http.StatusBadRequest, "The target of a request is a path that begins with a slash.")
	}
	return nil
}

func checkTarget(target string) *Refusal {
	_, query, _ := strings.Cut(target, "?")
	if strings.Count(query, "&") >= MaxKeys {
		return refuse(http.StatusBadRequest, "The query has too many keys.")
	}
	if len(target) > MaxTarget {
		return refuse(http.StatusRequestURITooLong, "The address is too long.")
	}
	if strings.IndexByte(target, '#') >= 0 {
		return refuse(http.StatusBadRequest, "The target of a request has no fragment.")
	}
	return nil
}

func (g *Gate) checkMethod(method string) *Refusal {
	if g.methods[method] {
		return nil
	}
	return g.badMethod()
}

func (g *Gate) badMethod() *Refusal {
	r := refuse(http.StatusMethodNotAllowed, "This server does not answer this method.")
	r.Header = http.Header{"Allow": {g.allow}}
	return r
}
