package devserver

import (
	"errors"
	"io"
	"net/http"
	"sync"

	"huygens/pages"
)

// maxTraced is how much of a body the trace keeps.
const maxTraced = 64 << 10

// A tracedBody is a request's body whose beginning is kept for the trace.
type tracedBody struct {
	body io.Reader

	mu    sync.Mutex // guards the fields below: a worker may read on while the answer is given up
	first []byte
	total int64
}

// bodyOf is the request's body as the Runner reads it; nil if there is none.
func bodyOf(r *http.Request) *tracedBody {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	return &tracedBody{body: r.Body}
}

func (b *tracedBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		err = pages.ErrBodyTooLarge // the one of the two that workers know
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.total += int64(n)
	b.first = append(b.first, p[:min(n, maxTraced-len(b.first))]...)
	return n, err
}

// seen is what has been read so far: the beginning and the length.
func (b *tracedBody) seen() ([]byte, int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.first, b.total
}
