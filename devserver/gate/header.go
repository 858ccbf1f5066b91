package gate

import (
	"net/http"
	"strings"
)

// MaxLines bounds the header lines of a request.
const MaxLines = 100

// DefaultMaxBody bounds the body of a request, in bytes, where a page does not say otherwise.
const DefaultMaxBody = 10 << 20

func checkHeader(h http.Header) *Refusal {
	lines := 0
	for _, values := range h {
		lines += len(values)
	}
	if lines > MaxLines {
		return refuse(http.StatusRequestHeaderFieldsTooLarge, "The request has too many header lines.")
	}
	for _, v := range h["Content-Encoding"] {
		if v = strings.TrimSpace(v); v != "" && !strings.EqualFold(v, "identity") {
			return refuse(http.StatusUnsupportedMediaType, "The body of a request must not be encoded.")
		}
	}
	return nil
}

func bodyTooLong() *Refusal {
	return refuse(http.StatusRequestEntityTooLarge, "The body of the request is too long.")
}

// LimitBody refuses a body that says that it is longer than max bytes, and makes the reading of one that
// becomes longer fail with an error for RefusalOf. max 0 means DefaultMaxBody.
func LimitBody(w http.ResponseWriter, r *http.Request, max int64) *Refusal {
	if max <= 0 {
		max = DefaultMaxBody
	}
	if r.ContentLength > max {
		return bodyTooLong()
	}
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(w, r.Body, max)
	}
	return nil
}
