package gate

import (
	"errors"
	"net/http"
	"strconv"
)

// A Refusal is the answer to a request that is not let in.
type Refusal struct {
	Status   int
	Sentence string      // one plain sentence for people, without anything of the request
	Header   http.Header // further header lines: Allow; nil: none
}

func (r *Refusal) Error() string { return strconv.Itoa(r.Status) + ": " + r.Sentence }

func refuse(status int, sentence string) *Refusal {
	return &Refusal{Status: status, Sentence: sentence}
}

// RefusalOf finds the refusal in the error of reading a body; nil if it is another error.
func RefusalOf(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return bodyTooLong()
	}
	return nil
}
