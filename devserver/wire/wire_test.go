package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"huygens/pages"
)

func frameOf(t testing.TB, m Message) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := NewWriter(&b).Send(m); err != nil {
		t.Fatalf("sending %T: %v", m, err)
	}
	return b.Bytes()
}

// Everything that a message says arrives: a field that is added and not encoded fails here.
func TestEveryFieldArrives(t *testing.T) {
	for _, m := range filled(t) {
		got, err := NewReader(bytes.NewReader(frameOf(t, m)), 0).Receive()
		if err != nil {
			t.Errorf("receiving %T: %v", m, err)
		} else if !reflect.DeepEqual(got, m) {
			t.Errorf("%T arrived as\n%+v\nwant\n%+v", m, got, m)
		}
	}
}

func TestEmptyMessagesArrive(t *testing.T) {
	for _, m := range allKinds() {
		got, err := NewReader(bytes.NewReader(frameOf(t, m)), 0).Receive()
		if p, ok := m.(*Part); ok {
			p.Data = []byte{}
		}
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%T arrived as %+v, %v", m, got, err)
		}
	}
}

func TestNilAndEmptyAreNotTheSame(t *testing.T) {
	m := &Result{Result: &pages.Result{Header: []pages.Field{}, Body: []byte{}}}
	got, err := NewReader(bytes.NewReader(frameOf(t, m)), 0).Receive()
	if err != nil {
		t.Fatal(err)
	}
	r := got.(*Result).Result
	if r.Header == nil || r.Body == nil || r.Inputs != nil || r.Spans != nil {
		t.Errorf("arrived as %#v", r)
	}
}

// slowReader gives a byte at a time, and a time-out between two.
type slowReader struct {
	r       io.Reader
	timeout bool
}

func (s *slowReader) Read(p []byte) (int, error) {
	if s.timeout = !s.timeout; s.timeout {
		return 0, os.ErrDeadlineExceeded
	}
	return s.r.Read(p[:min(1, len(p))])
}

func TestReceiveGoesOnAfterTimeouts(t *testing.T) {
	long := &Part{Data: bytes.Repeat([]byte("x"), 3*bufferSize)}
	want := append(filled(t), long, &Ping{Number: 3})
	var stream []byte
	for _, m := range want {
		stream = append(stream, frameOf(t, m)...)
	}
	r := NewReader(&slowReader{r: bytes.NewReader(stream)}, 0)
	for _, m := range want {
		got, err := r.Receive()
		for errors.Is(err, os.ErrDeadlineExceeded) {
			got, err = r.Receive()
		}
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Fatalf("%T arrived as %+v, %v", m, got, err)
		}
	}
	_, err := r.Receive()
	for errors.Is(err, os.ErrDeadlineExceeded) {
		_, err = r.Receive()
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestBodiesOfAllSizes(t *testing.T) {
	for _, n := range []int{1, copiedBulk, copiedBulk + 1, bufferSize - headSize, bufferSize, firstReserve, firstReserve + 1, PartSize, 15 << 20} {
		m := &Part{Data: bytes.Repeat([]byte("0123456789"), n/10+1)[:n]}
		stream := append(frameOf(t, m), frameOf(t, &Ping{Number: 9})...)
		r := NewReader(iotest.HalfReader(bytes.NewReader(stream)), 0)
		got, err := r.Receive()
		if err != nil || !bytes.Equal(got.(*Part).Data, m.Data) {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if got, err := r.Receive(); err != nil || got.(*Ping).Number != 9 {
			t.Fatalf("after %d bytes: %v, %v", n, got, err)
		}
	}
}

func TestTruncatedFramesAreErrors(t *testing.T) {
	for _, m := range append(filled(t), &Part{Data: make([]byte, 2*bufferSize)}) {
		frame := frameOf(t, m)
		for n := range min(len(frame), 300) {
			_, err := NewReader(bytes.NewReader(frame[:n]), 0).Receive()
			if n == 0 && err != io.EOF || n > 0 && err != io.ErrUnexpectedEOF {
				t.Fatalf("%T cut at %d of %d: %v", m, n, len(frame), err)
			}
		}
	}
}

func TestMalformedFrames(t *testing.T) {
	head := func(length uint32, kind Kind, fields uint32) []byte {
		return []byte{byte(length), byte(length >> 8), byte(length >> 16), byte(length >> 24), byte(kind), byte(fields), byte(fields >> 8), byte(fields >> 16), byte(fields >> 24)}
	}
	name := append(head(5+3, kindPauseCall, 3), 255, 0, 0)
	for what, frame := range map[string][]byte{
		"longer than allowed":  head(MaxFrame+1, kindPing, 0),
		"longest":              head(1<<32-1, kindPing, 0),
		"shorter than a head":  head(4, kindPing, 0),
		"fields beyond it":     head(5, kindPing, 1),
		"no such kind":         head(5, 200, 0),
		"kind 0":               head(5, 0, 0),
		"too few fields":       head(5, kindPing, 0),
		"too many fields":      append(head(7, kindPing, 2), 1, 1),
		"a bulk where is none": append(head(7, kindPing, 1), 1, 1),
		"an endless number":    append(head(16, kindPing, 11), bytes.Repeat([]byte{0xff}, 11)...),
		"a number over 64 bit": append(head(15, kindPing, 10), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2),
		"an unknown name":      name,
		"HTTP":                 []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
	} {
		_, err := NewReader(bytes.NewReader(frame), 0).Receive()
		if !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestParentsOfSpansAreChecked(t *testing.T) {
	for _, parent := range []int32{0, 1, -2, 1 << 30} {
		m := &Progress{Spans: []pages.Span{{Name: "Load", Parent: parent}}}
		if _, err := NewReader(bytes.NewReader(frameOf(t, m)), 0).Receive(); !errors.Is(err, ErrMalformed) {
			t.Errorf("parent %d: %v", parent, err)
		}
	}
}

// A frame that claims more than it brings costs what it brings.
func TestClaimsAreNotAllocated(t *testing.T) {
	frame := frameOf(t, &Part{Data: make([]byte, MaxFrame-100)})[:100]
	if n := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			NewReader(bytes.NewReader(frame), 0).Receive()
		}
	}).AllocedBytesPerOp(); n > 2*firstReserve {
		t.Errorf("%d bytes allocated for 100", n)
	}
}

func TestLimits(t *testing.T) {
	many := make([]pages.Field, maxHeader+1)
	for what, m := range map[string]Message{
		"body":    &Part{Data: make([]byte, MaxFrame)},
		"headers": &StreamCall{Header: many},
		"text":    &Result{Result: &pages.Result{Why: strings.Repeat("x", MaxFrame)}},
	} {
		var b bytes.Buffer
		if err := NewWriter(&b).Send(m); !errors.Is(err, ErrTooLarge) || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", what, err, b.Len())
		}
	}
	spans := slices.Repeat([]pages.Span{{Name: "Query", Parent: -1}}, maxSpans+1)
	got, err := NewReader(bytes.NewReader(frameOf(t, &Progress{Spans: spans})), 0).Receive()
	if err != nil || len(got.(*Progress).Spans) != maxSpans {
		t.Errorf("too many spans: %v", err)
	}
	if _, err := NewReader(bytes.NewReader(frameOf(t, &Part{Data: make([]byte, 5000)})), 4096).Receive(); !errors.Is(err, ErrMalformed) {
		t.Errorf("a reader with a limit took more: %v", err)
	}
}

func TestErrorsKeepTheirCause(t *testing.T) {
	send := func(err error) error {
		got, e := NewReader(bytes.NewReader(frameOf(t, &StreamAnswer{Err: err})), 0).Receive()
		if e != nil {
			t.Fatal(e)
		}
		return got.(*StreamAnswer).Err
	}
	for _, cause := range sharedCauses {
		got := send(fmt.Errorf("writing: %w", cause))
		if !errors.Is(got, cause) || got.Error() != "writing: "+cause.Error() {
			t.Errorf("%v arrived as %v", cause, got)
		}
	}
	if got := send(io.ErrClosedPipe); errors.Is(got, context.Canceled) || got.Error() != io.ErrClosedPipe.Error() {
		t.Errorf("arrived as %v", got)
	}
	var f *pages.Failure
	got := send(fmt.Errorf("taking: %w", &pages.Failure{Status: 503, Reason: "Busy.", RetryAfter: time.Second, Err: io.EOF}))
	if !errors.As(got, &f) || f.Status != 503 || f.Reason != "Busy." || f.RetryAfter != time.Second || f.Err.Error() != "EOF" {
		t.Errorf("a failure arrived as %#v", got)
	}
}

// Known names are one byte each, and there are fewer than 256.
func TestKnownNames(t *testing.T) {
	if len(knownNames) > 255 || len(nameCodes) != len(knownNames)-1 {
		t.Errorf("%d names, %d codes: one is there twice, or there are too many", len(knownNames), len(nameCodes))
	}
	for _, name := range pages.PipelineEvents {
		if nameCodes[name] == 0 {
			t.Errorf("%s has no code", name)
		}
	}
	_, res := sample()
	short := len(frameOf(t, res))
	res.Result.Spans = nil
	if per := (short - len(frameOf(t, res))) / 40; per > 10 {
		t.Errorf("a span takes %d bytes", per)
	}
}

func TestOneWriteEach(t *testing.T) {
	c, s := unixPair(t)
	req, _ := sample()
	done := make(chan error, 1)
	go func() { done <- NewWriter(c).Send(req) }()
	buf := make([]byte, bufferSize)
	n, err := s.Read(buf)
	if err != nil || n != len(frameOf(t, req)) {
		t.Errorf("one read gave %d bytes, %v", n, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func unixPair(t testing.TB) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if client, err = net.Dial("unix", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// FuzzFrame: whatever comes is a message or an error; what was understood is written the same way again.
func FuzzFrame(f *testing.F) {
	req, res := sample()
	for _, m := range append(allKinds(), req, res, &StreamAnswer{Err: context.Canceled}, &Failure{Failure: &pages.Failure{Status: 502, Err: io.EOF}}) {
		f.Add(frameOf(f, m))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := NewReader(bytes.NewReader(data), 0).Receive()
		if err != nil {
			return
		}
		again, err := NewReader(bytes.NewReader(frameOf(t, m)), 0).Receive()
		if err != nil || !reflect.DeepEqual(m, again) {
			t.Fatalf("%+v\nbecame %+v, %v", m, again, err)
		}
	})
}

func BenchmarkRequest(b *testing.B) {
	req, _ := sample()
	benchmarkMessage(b, req)
}

func BenchmarkResult(b *testing.B) {
	_, res := sample()
	benchmarkMessage(b, res)
}

func benchmarkMessage(b *testing.B, m Message) {
	var stream bytes.Buffer
	w, r := NewWriter(&stream), NewReader(&stream, 0)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Send(m); err != nil {
			b.Fatal(err)
		}
		if _, err := r.Receive(); err != nil {
			b.Fatal(err)
		}
	}
}
