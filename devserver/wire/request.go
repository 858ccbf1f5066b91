package wire

import "huygens/pages"

// Limits of lists, so that no frame makes more than MaxFrame bytes of them.
const (
	maxHeader = 10_000
	maxArmed  = 1_000
	maxSpans  = 100_000
	maxLines  = 20_000
	maxInputs = 200_000
	maxFaults = 1_000
	maxFrames = 1_000 // of one fault's stack
	maxNames  = 10_000
)

func (m *Request) kind() Kind { return kindRequest }

func (m *Request) encode(e *encoder) {
	r := m.Request
	e.number(m.ID)
	e.bool(m.More)
	e.bool(m.First != nil)
	e.byte(byte(r.Kind))
	e.text(r.TraceID)
	e.text(r.Application)
	e.text(r.Method)
	e.text(r.Target)
	e.text(r.Path)
	e.text(r.PathInfo)
	e.text(r.Query)
	e.text(r.RemoteAddr)
	e.fields(r.Header)
	e.text(string(r.Resource.Handler))
	e.text(r.Resource.File)
	e.int(r.Resource.Line)
	e.duration(r.Timeout)
	e.list(len(r.Armed), r.Armed == nil, maxArmed)
	for i := range r.Armed {
		e.stage(r.Armed[i].Stage)
		e.bool(r.Armed[i].Once)
		e.duration(r.Armed[i].Timeout)
	}
}

func (m *Request) decode(d *decoder) {
	r := m.Request
	m.ID = d.number()
	m.More = d.bool()
	if d.bool() {
		m.First = []byte{}
	}
	r.Kind = pages.Kind(d.byte())
	if r.Kind > pages.Unload {
		d.fail(errRange)
	}
	r.TraceID = d.text()
	r.Application = d.text()
	r.Method = d.text()
	r.Target = d.text()
	r.Path = d.text()
	r.PathInfo = d.text()
	r.Query = d.text()
	r.RemoteAddr = d.text()
	r.Header = d.fields()
	r.Resource.Handler = pages.Handler(d.text())
	r.Resource.File = d.text()
	r.Resource.Line = d.int()
	r.Timeout = d.duration()
	n, none := d.list(maxArmed)
	if none {
		return
	}
	r.Armed = make([]pages.Breakpoint, n)
	for i := range r.Armed {
		r.Armed[i] = pages.Breakpoint{Stage: d.stage(), Once: d.bool(), Timeout: d.duration()}
	}
}

func (e *encoder) fields(all []pages.Field) {
	e.list(len(all), all == nil, maxHeader)
	for i := range all {
		e.text(all[i].Name)
		e.text(all[i].Value)
	}
}

func (d *decoder) fields() []pages.Field {
	n, none := d.list(maxHeader)
	if none {
		return nil
	}
	all := make([]pages.Field, n)
	for i := range all {
		all[i] = pages.Field{Name: d.text(), Value: d.text()}
	}
	return all
}

func (e *encoder) stage(s pages.Stage) {
	e.name(s.Name)
	e.bool(s.After)
}

func (d *decoder) stage() pages.Stage { return pages.Stage{Name: d.name(), After: d.bool()} }
