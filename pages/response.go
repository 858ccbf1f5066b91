package pages

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// ErrFlushed is the cause of the error when headers are set after they have been sent.
var ErrFlushed = errors.New("the headers have been sent already: set them before response.flush()")

// A Response is the answer while it is being made. It is sent as a whole after the pipeline's end, unless
// Flush sends it in parts.
type Response struct {
	Status int // 0: 200
	header []Field
	body   []byte
	file   string

	host     Host
	scriptAt int
	streamed bool
}

func newResponse(host Host) *Response { return &Response{host: host, scriptAt: -1} }

func (r *Response) status() int {
	if r.Status == 0 {
		return 200
	}
	return r.Status
}

// Header returns the value of the first header line with this name, or "".
func (r *Response) Header(name string) string {
	for i := range r.header {
		if equalFold(r.header[i].Name, name) {
			return r.header[i].Value
		}
	}
	return ""
}

// Set replaces all header lines with this name by one.
func (r *Response) Set(name, value string) error {
	if err := r.checkField(name, value); err != nil {
		return err
	}
	for i := range r.header {
		if equalFold(r.header[i].Name, name) {
			r.header[i].Value = value
			r.header = deleteFields(r.header, i+1, name)
			return nil
		}
	}
	r.header = append(r.header, Field{Name: canonical(name), Value: value})
	return nil
}

// Append adds a header line.
func (r *Response) Append(name, value string) error {
	if err := r.checkField(name, value); err != nil {
		return err
	}
	r.header = append(r.header, Field{Name: canonical(name), Value: value})
	return nil
}

// Delete removes all header lines with this name.
func (r *Response) Delete(name string) error {
	if r.streamed {
		return ErrFlushed
	}
	r.header = deleteFields(r.header, 0, name)
	return nil
}

func deleteFields(fields []Field, from int, name string) []Field {
	kept := fields[:from]
	for _, f := range fields[from:] {
		if !equalFold(f.Name, name) {
			kept = append(kept, f)
		}
	}
	return kept
}

// canonical gives a header name the usual case, without paying for the names that have it.
func canonical(name string) string { return textproto.CanonicalMIMEHeaderKey(name) }

// checkField refuses what would split or garble the header (RFC 9110, 5.1 and 5.5).
func (r *Response) checkField(name, value string) error {
	if r.streamed {
		return ErrFlushed
	}
	if name == "" || strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", c) }) {
		return fmt.Errorf("%s is not a header name", strconv.Quote(name))
	}
	if strings.ContainsAny(value, "\r\n\x00") {
		return fmt.Errorf("the value of header %s contains a line break or NUL", name)
	}
	switch strings.ToLower(name) {
	case "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer":
		return fmt.Errorf("header %s is set by the server itself", name)
	}
	return nil
}

// Write adds text to the body.
func (r *Response) Write(text string) { r.body = append(r.body, text...) }

// WriteBytes adds bytes to the body.
func (r *Response) WriteBytes(data []byte) { r.body = append(r.body, data...) }

// Clear drops the body that has not been sent yet.
func (r *Response) Clear() { r.body, r.file, r.scriptAt = nil, "", -1 }

// Reset drops everything that has not been sent: status, headers, body.
func (r *Response) Reset() {
	r.Clear()
	if !r.streamed {
		r.Status, r.header = 0, nil
	}
}

// Streamed says whether a part has been sent already.
func (r *Response) Streamed() bool { return r.streamed }

// Flush sends the headers, if they have not been sent, and the body so far.
func (r *Response) Flush(ctx context.Context) error {
	part := r.body
	r.body = nil
	r.streamed = true
	if err := r.host.Stream(ctx, r.status(), r.fields(), part); err != nil {
		return fmt.Errorf("sending a part of the answer: %w", err)
	}
	return nil
}

// Finish sends what has been written since the last Flush. It does nothing to an answer that is sent as a whole.
func (r *Response) Finish(ctx context.Context) error {
	if !r.streamed || len(r.body) == 0 {
		return nil
	}
	return r.Flush(ctx)
}

func (r *Response) fields() []Field {
	if r.Header("Content-Type") == "" && (len(r.body) > 0 || r.streamed) {
		return append(r.header, Field{Name: "Content-Type", Value: "text/html; charset=utf-8"})
	}
	return r.header
}

// A Cookie is what response.cookies.set sends. Its zero options mean: this browser session, the whole
// application, not for scripts of other origins' requests (SameSite=Lax).
type Cookie struct {
	Name, Value, Path, SameSite string
	MaxAge                      time.Duration // 0: until the browser ends; negative: delete it
	HTTPOnly, Secure            bool
}

// SetCookie adds a Set-Cookie line (RFC 6265, 4.1).
func (r *Response) SetCookie(c Cookie) error {
	if c.Name == "" || strings.ContainsFunc(c.Name, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", r) }) {
		return fmt.Errorf("%s is not a name for a cookie", strconv.Quote(c.Name))
	}
	if strings.ContainsFunc(c.Value, func(r rune) bool { return r < ' ' || r >= 0x7f || strings.ContainsRune("\",;\\", r) || r == ' ' }) {
		return fmt.Errorf("the value of cookie %s has a character that cookies cannot carry: use encodeURIComponent", c.Name)
	}
	if strings.ContainsAny(c.Path, ";\r\n\x00") {
		return fmt.Errorf("the path of cookie %s is not one", c.Name)
	}
	var b strings.Builder
	b.WriteString(c.Name + "=" + c.Value)
	b.WriteString("; Path=" + c.Path)
	if c.MaxAge != 0 {
		b.WriteString("; Max-Age=" + strconv.Itoa(max(int(c.MaxAge/time.Second), 0)))
	}
	if c.HTTPOnly {
		b.WriteString("; HttpOnly")
	}
	if c.Secure {
		b.WriteString("; Secure")
	}
	switch strings.ToLower(c.SameSite) {
	case "lax", "":
		b.WriteString("; SameSite=Lax")
	case "strict":
		b.WriteString("; SameSite=Strict")
	case "none":
		b.WriteString("; SameSite=None")
	default:
		return fmt.Errorf("sameSite of cookie %s is %q; it can be Lax, Strict or None", c.Name, c.SameSite)
	}
	return r.Append("Set-Cookie", b.String())
}
