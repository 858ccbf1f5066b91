package static

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// maxRanges bounds the ranges that are answered; a request for more gets the whole file.
const maxRanges = 20

// A span is a part of a file.
type span struct{ start, length int64 }

func (s span) contentRange(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.start, s.start+s.length-1, size)
}

var (
	errRange   = errors.New("the range is malformed")
	errOutside = errors.New("the range lies outside the file")
)

// ranges returns the parts that a request asks for, none for the whole file.
func (f *file) ranges(r *http.Request) ([]span, *Error) {
	lines := r.Header["Range"]
	if len(lines) != 1 || f.size == 0 || !f.rangeWanted(r) {
		return nil, nil
	}
	parts, err := parseRanges(lines[0], f.size)
	if err != nil {
		h := http.Header{"Content-Range": {"bytes */" + strconv.FormatInt(f.size, 10)}}
		return nil, &Error{Status: http.StatusRequestedRangeNotSatisfiable, Header: h, Err: err}
	}
	return parts, nil
}

// parseRanges reads a Range header. Units other than bytes, too many ranges, and ranges that are together
// longer than the file mean the whole file.
func parseRanges(text string, size int64) ([]span, error) {
	unit, list, ok := strings.Cut(text, "=")
	if !ok || !strings.EqualFold(strings.TrimSpace(unit), "bytes") || strings.Count(list, ",") >= maxRanges {
		return nil, nil
	}
	var parts []span
	var sum int64
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.Trim(one, " \t"); one == "" {
			continue
		}
		p, inside, err := parseRange(one, size)
		if err != nil {
			return nil, err
		}
		if inside {
			parts = append(parts, p)
			sum += p.length
		}
	}
	if len(parts) == 0 {
		return nil, errOutside
	}
	if sum > size {
		return nil, nil
	}
	return parts, nil
}

// parseRange reads "5-9", "5-" or "-5" (the last 5 bytes).
func parseRange(text string, size int64) (p span, inside bool, err error) {
	first, last, ok := strings.Cut(text, "-")
	first, last = strings.TrimRight(first, " \t"), strings.TrimLeft(last, " \t")
	if !ok {
		return span{}, false, errRange
	}
	if first == "" {
		n, err := number(last)
		n = min(n, size)
		return span{size - n, n}, n > 0, err
	}
	start, err := number(first)
	if err != nil || last == "" {
		return span{start, size - start}, start < size, err
	}
	end, err := number(last)
	if err != nil || end < start {
		return span{}, false, errRange
	}
	return span{start, min(end, size-1) - start + 1}, start < size, nil
}

// number reads digits alone; what is too large is the largest.
func number(text string) (int64, error) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, errRange
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return n, nil
	}
	return n, err
}

// sendParts answers with several parts (multipart/byteranges).
func (f *file) sendParts(w http.ResponseWriter, parts []span) (Sent, error) {
	boundary := rand.Text()
	heads := make([]string, len(parts)+1)
	var total int64
	for i, p := range parts {
		heads[i] = "--" + boundary + "\r\nContent-Type: " + f.kind[0] + "\r\nContent-Range: " + p.contentRange(f.size) + "\r\n\r\n"
		if i > 0 {
			heads[i] = "\r\n" + heads[i]
		}
		total += int64(len(heads[i])) + p.length
	}
	heads[len(parts)] = "\r\n--" + boundary + "--\r\n"
	total += int64(len(heads[len(parts)]))

	h := w.Header()
	h.Set("Content-Type", "multipart/byteranges; boundary="+boundary)
	setLength(h, total)
	sent := Sent{Status: http.StatusPartialContent, Memory: f.kept}
	w.WriteHeader(sent.Status)
	for i, head := range heads {
		n, err := w.Write([]byte(head))
		sent.Bytes += int64(n)
		if err != nil {
			return sent, f.sendError(err)
		}
		if i < len(parts) {
			n, err := f.copy(w, parts[i])
			sent.Bytes += n
			if err != nil {
				return sent, err
			}
		}
	}
	return sent, nil
}
