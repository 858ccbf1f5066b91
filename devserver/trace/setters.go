package trace

import "huygens/pages"

// set changes what was told; nothing once the request is complete.
func (r *Recorder) set(f func(*raw)) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state == recording {
		f(&r.raw)
	}
}

// Application says which application the request belongs to: "/" for the root.
func (r *Recorder) Application(path string) { r.set(func(w *raw) { w.application = path }) }

// Handler says what answers.
func (r *Recorder) Handler(h pages.Handler) { r.set(func(w *raw) { w.handler = h }) }

// Pool says which pool and which process ran the request; pid is 0 for a worker in this process.
func (r *Recorder) Pool(name string, pid int) {
	r.set(func(w *raw) { w.pool, w.workerPID = name, pid })
}

// Why says in one phrase why the answer is what it is.
func (r *Recorder) Why(phrase string) { r.set(func(w *raw) { w.why = phrase }) }

// Secret tells a value that must not be seen in the trace: a session's value under a secret name. It may be
// called by any goroutine.
func (r *Recorder) Secret(value string) { r.set(func(w *raw) { w.secrets = append(w.secrets, value) }) }

// RequestBody takes the beginning of the request's body (64 kB are kept) and its whole length. Its form is
// read from it by the content type.
func (r *Recorder) RequestBody(first []byte, total int64) {
	r.set(func(w *raw) { w.body = rawBody{contentType: contentType(w.header), first: first, total: total} })
}

// Form takes the fields of the request's form if somebody has read them already.
func (r *Recorder) Form(fields []pages.Field) { r.set(func(w *raw) { w.form = fields }) }

// Response takes the answer: its status, its headers, the beginning of its body as far as it is known, and
// the length of the whole body.
func (r *Recorder) Response(status int, header []pages.Field, first []byte, total int64) {
	r.set(func(w *raw) {
		w.status, w.answer = status, header
		w.answerBody = rawBody{contentType: contentType(header), first: first, total: total}
	})
}

func contentType(header []pages.Field) string {
	for i := range header {
		if equalFold(header[i].Name, "Content-Type") {
			return header[i].Value
		}
	}
	return ""
}
