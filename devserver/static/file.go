package static

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"time"

	"huygens/devserver/resolve"
	"huygens/pages/source"
)

// maxKept bounds a file that is kept in memory, in bytes.
const maxKept = 256 << 10

// A file is one file on its way out: its bytes, or open.
type file struct {
	record
	kept bool     // it came from memory
	open *os.File // nil: record.data is the file
}

// A record is what is known of a file in one state. It is never changed. The header values are slices of one
// text without room for more, so that a header can be handed out without being copied.
type record struct {
	name     string // site path
	stamp    source.Stamp
	data     []byte
	size     int64
	kind     []string // Content-Type
	tag      []string // ETag
	modified []string // Last-Modified
	length   []string // Content-Length
	time     time.Time
	twin     bool // an earlier state had the same Last-Modified: that alone proves nothing
}

// load finds the file of an answer: in memory, by reading it, or by opening it.
func (s *Sender) load(a resolve.Answer) (*file, error) {
	name := a.Resource().File
	now := a.Stamp()
	if !a.Found() || now.Kind != source.Regular {
		return nil, fmt.Errorf("finding %q: %w", name, fs.ErrNotExist)
	}
	known := s.memory.get(name)
	if now.Size > maxKept {
		return s.openLarge(a, known)
	}
	if known != nil && known.data != nil && !known.stamp.Unsure && same(known.stamp, now) {
		return &file{record: *known, kept: true}, nil
	}
	var before source.Stamp
	if known != nil {
		before = known.stamp
	}
	data, stamp, err := a.Read(before)
	if err != nil {
		return nil, err
	}
	f := &file{record: s.newRecord(name, stamp, data)}
	f.tag = []string{fmt.Sprintf(`"%x-%x"`, stamp.Size, stamp.Hash)}
	f.twin = known.twinOf(&f.record)
	if len(data) <= maxKept {
		kept := f.record
		s.memory.put(&kept)
	}
	return f, nil
}

// openLarge opens a file that is not kept. What is remembered of it is its time alone.
func (s *Sender) openLarge(a resolve.Answer, known *record) (*file, error) {
	open, info, err := a.Open()
	if err != nil {
		return nil, err
	}
	name := a.Resource().File
	stamp := a.Stamp()
	if stamp.Size != info.Size() || stamp.Modified != info.ModTime().UnixNano() {
		// It changes at this moment: a state that nobody will see again.
		stamp = source.Stamp{Kind: source.Regular, Size: info.Size(), Modified: info.ModTime().UnixNano(), Unsure: true}
	}
	start := make([]byte, sniffed)
	n, err := open.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		open.Close()
		return nil, err
	}
	f := &file{record: s.newRecord(name, stamp, start[:n]), open: open}
	f.data = nil
	f.tag = []string{stateTag(stamp)}
	f.twin = known.twinOf(&f.record)
	kept := f.record
	s.memory.put(&kept)
	return f, nil
}

// stateTag is the entity tag of a file that was not read. The times of one that has just been changed do not
// prove anything, so its tag is never met again.
func stateTag(s source.Stamp) string {
	tag := fmt.Sprintf("%x-%x-%x-%x", s.Size, s.Modified, s.Changed, s.Inode)
	last := time.Unix(0, max(s.Modified, s.Changed))
	if s.Unsure || time.Since(last) < 20*time.Millisecond {
		var once [8]byte
		rand.Read(once[:]) // never fails
		tag += "-" + hex.EncodeToString(once[:])
	}
	return `"` + tag + `"`
}

func (s *Sender) newRecord(name string, stamp source.Stamp, data []byte) record {
	r := record{name: name, stamp: stamp, data: data, size: stamp.Size, time: stamp.Time().Truncate(time.Second)}
	r.kind = []string{s.contentType(name, data)}
	r.modified = []string{r.time.UTC().Format(http.TimeFormat)}
	r.length = []string{strconv.FormatInt(r.size, 10)}
	return r
}

// twinOf says whether two states of a file share their Last-Modified, whose grain is a second.
func (r *record) twinOf(next *record) bool {
	if r == nil || !r.time.Equal(next.time) {
		return false
	}
	return r.twin || !(r.stamp.Hashed && next.stamp.Hashed && r.stamp.Hash == next.stamp.Hash || same(r.stamp, next.stamp))
}

// same compares what a stat tells of a regular file.
func same(a, b source.Stamp) bool {
	return a.Kind == b.Kind && a.Size == b.Size && a.Modified == b.Modified && a.Changed == b.Changed && a.Inode == b.Inode
}

func (f *file) close() {
	if f.open != nil {
		f.open.Close()
	}
}

// whole returns all bytes of the file.
func (f *file) whole() ([]byte, error) {
	if f.open == nil {
		return f.data, nil
	}
	return io.ReadAll(io.NewSectionReader(f.open, 0, f.size))
}

// copy sends a part of the file. From an open file the system copies by itself: io.CopyN gives net/http a
// limited *os.File, which it knows.
func (f *file) copy(w io.Writer, part span) (int64, error) {
	if f.open == nil {
		n, err := w.Write(f.data[part.start : part.start+part.length])
		return int64(n), f.sendError(err)
	}
	if _, err := f.open.Seek(part.start, io.SeekStart); err != nil {
		return 0, f.sendError(err)
	}
	n, err := io.CopyN(w, f.open, part.length)
	return n, f.sendError(err)
}

func (f *file) sendError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sending %s: %w", f.name, err)
}

// head sets the headers that all answers with this file have, 304 included.
func (f *file) head(h http.Header) {
	safety(h)
	h["Cache-Control"] = noCache()
	h["Etag"] = f.tag
	h["Last-Modified"] = f.modified
}

// safety sets what keeps other origins and guesses of the browser away.
func safety(h http.Header) {
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Cross-Origin-Resource-Policy"] = []string{"same-origin"}
}

func noCache() []string      { return []string{"no-cache"} }
func acceptRanges() []string { return []string{"bytes"} }

func setLength(h http.Header, n int64) { h["Content-Length"] = []string{strconv.FormatInt(n, 10)} }
