package pool

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"huygens/devserver/feed"
)

const (
	maxLine     = 8 << 10               // bytes of a line that are kept
	maxPerSpell = 500                   // lines of one worker that are kept in each spell
	spell       = time.Second           // so a flood costs the front little
	drainOutput = 50 * time.Millisecond // how long the output may go on after the process has ended
	crashPrefix = "fatal error: "       // what Go prints of an error that nothing can catch
	panicPrefix = "panic: "
	// What Go's memory management prints before it gives up: "runtime: out of memory: cannot allocate …".
	runtimePrefix = "runtime: "
	// What the C library's side of Go prints when the memory limit leaves nothing for a thread's stack.
	threadPrefix = "runtime/cgo: pthread_create failed: "
)

// output is what a worker process prints.
type output struct {
	config Config
	pid    int
	pipes  [2]*os.File
	done   sync.WaitGroup
	hello  chan string // gets the first line of the standard output; closed if there is none

	mu      sync.Mutex // guards the fields below
	began   time.Time  // of this spell
	lines   int        // in this spell
	dropped int
	cause   string // the line that says why the process ends
}

// readOutput reads both pipes until they end.
func readOutput(c Config, pid int, stdout, stderr *os.File) *output {
	o := &output{config: c, pid: pid, pipes: [2]*os.File{stdout, stderr}, hello: make(chan string, 1)}
	o.done.Go(func() {
		defer close(o.hello)
		first := true
		o.read(stdout, func(line string) {
			if first {
				first = false
				o.hello <- line
				return
			}
			o.add(line, false)
		})
	})
	o.done.Go(func() { o.read(stderr, func(line string) { o.add(line, true) }) })
	return o
}

// read takes lines from a pipe; what is longer than maxLine is cut.
func (o *output) read(pipe *os.File, line func(string)) {
	r := bufio.NewReaderSize(pipe, maxLine)
	for {
		text, err := r.ReadSlice('\n')
		if len(text) > 0 {
			line(strings.ToValidUTF8(strings.TrimRight(string(text), "\r\n"), "\uFFFD"))
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
		}
		if err != nil {
			return
		}
	}
}

func (o *output) add(text string, stderr bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.cause == "" {
		o.cause = causeIn(text)
	}
	now := time.Now()
	if now.Sub(o.began) >= spell {
		o.tellDropped(now)
		o.began, o.lines = now, 0
	}
	if o.lines++; o.lines > maxPerSpell {
		o.dropped++
		return
	}
	o.append(Line{When: now, Stderr: stderr, Text: text})
}

func (o *output) tellDropped(now time.Time) {
	if o.dropped > 0 {
		o.append(Line{When: now, Stderr: true, Text: fmt.Sprintf("%d more lines were dropped", o.dropped)})
		o.dropped = 0
	}
}

func (o *output) append(l Line) {
	var log *feed.Log[Line] = o.config.Output
	if log == nil {
		return
	}
	l.Pool, l.PID = o.config.Name, o.pid
	log.Append(l)
}

// finish waits for the end of the output of a process that has ended. If somebody else has its pipes too, it
// waits only a moment.
func (o *output) finish() {
	stop := time.AfterFunc(drainOutput, func() {
		for _, p := range o.pipes {
			if p.SetReadDeadline(longAgo) != nil {
				p.Close()
			}
		}
	})
	o.done.Wait()
	stop.Stop()
	for _, p := range o.pipes {
		p.Close()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tellDropped(time.Now())
}

// causeIn is why a process is ending, if a line of its output says so.
func causeIn(line string) string {
	switch {
	case strings.HasPrefix(line, crashPrefix), strings.HasPrefix(line, panicPrefix), strings.HasPrefix(line, runtimePrefix):
		return short(line)
	case strings.HasPrefix(line, threadPrefix):
		return "fatal error: no memory for a thread"
	}
	return ""
}

// fatal is the line with which Go says why the process ended, "" if there was none.
func (o *output) fatal() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.cause
}
