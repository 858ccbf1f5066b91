package wire

import (
	"maps"
	"slices"

	"huygens/pages"
	"huygens/pages/source"
)

func (m *Result) kind() Kind { return kindResult }

func (m *Result) encode(e *encoder) {
	r := m.Result
	e.number(m.ID)
	e.wall(m.Began)
	e.int(m.Parts)
	e.bool(r.Body != nil)
	e.int(r.Status)
	e.fields(r.Header)
	e.text(r.File)
	e.bool(r.Streamed)
	e.int(r.ScriptAt)
	e.cacheRule(r.Cache)
	e.sessionChange(r.Session)
	e.text(r.Why)
	e.inputs(r.Inputs)
	e.faults(r.Faults)
	e.spans(r.Spans)
	e.lines(r.Log)
}

func (m *Result) decode(d *decoder) {
	r := m.Result
	m.ID = d.number()
	m.Began = d.wall()
	m.Parts = d.int()
	if d.bool() {
		r.Body = []byte{}
	}
	r.Status = d.int()
	r.Header = d.fields()
	r.File = d.text()
	r.Streamed = d.bool()
	r.ScriptAt = d.int()
	r.Cache = d.cacheRule()
	r.Session = d.sessionChange()
	r.Why = d.text()
	r.Inputs = d.inputs()
	r.Faults = d.faults()
	r.Spans = d.spans()
	r.Log = d.lines()
}

func (m *Failure) kind() Kind { return kindFailure }

func (m *Failure) encode(e *encoder) {
	f := m.Failure
	e.number(m.ID)
	e.wall(m.Began)
	e.int(f.Status)
	e.text(f.Reason)
	e.duration(f.RetryAfter)
	e.error(f.Err)
	e.spans(f.Spans)
}

func (m *Failure) decode(d *decoder) {
	f := m.Failure
	m.ID = d.number()
	m.Began = d.wall()
	f.Status = d.int()
	f.Reason = d.text()
	f.RetryAfter = d.duration()
	f.Err = d.error()
	f.Spans = d.spans()
}

func (m *Part) kind() Kind      { return kindPart }
func (m *Part) encode(*encoder) {}
func (m *Part) decode(*decoder) { m.Data = []byte{} }

func (m *Progress) kind() Kind { return kindProgress }

func (m *Progress) encode(e *encoder) {
	e.wall(m.Began)
	e.spans(m.Spans)
	e.lines(m.Lines)
}

func (m *Progress) decode(d *decoder) {
	m.Began = d.wall()
	m.Spans = d.spans()
	m.Lines = d.lines()
}

func (e *encoder) cacheRule(c *pages.CacheRule) {
	e.bool(c != nil)
	if c != nil {
		e.duration(c.For)
		e.texts(c.Vary)
		e.texts(c.Tags)
	}
}

func (d *decoder) cacheRule() *pages.CacheRule {
	if !d.bool() {
		return nil
	}
	return &pages.CacheRule{For: d.duration(), Vary: d.texts(), Tags: d.texts()}
}

func (e *encoder) sessionChange(s *pages.SessionChange) {
	e.bool(s != nil)
	if s != nil {
		e.values(s.Set)
		e.texts(s.Removed)
		e.bool(s.Abandon)
	}
}

func (d *decoder) sessionChange() *pages.SessionChange {
	if !d.bool() {
		return nil
	}
	return &pages.SessionChange{Set: d.values(), Removed: d.texts(), Abandon: d.bool()}
}

// values are written in order of their names, so that the same message always makes the same frame.
func (e *encoder) values(v map[string][]byte) {
	e.list(len(v), v == nil, maxNames)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		e.text(name)
		e.bytes(v[name])
	}
}

func (d *decoder) values() map[string][]byte {
	n, none := d.list(maxNames)
	if none {
		return nil
	}
	v := make(map[string][]byte, n)
	for range n {
		name := d.text()
		v[name] = d.bytes()
	}
	return v
}

func (e *encoder) texts(all []string) {
	e.list(len(all), all == nil, maxNames)
	for _, s := range all {
		e.text(s)
	}
}

func (d *decoder) texts() []string {
	n, none := d.list(maxNames)
	if none {
		return nil
	}
	all := make([]string, n)
	for i := range all {
		all[i] = d.text()
	}
	return all
}

func (e *encoder) inputs(all []source.Input) {
	e.list(len(all), all == nil, maxInputs)
	for i := range all {
		s := &all[i].Stamp
		e.text(all[i].Name)
		e.byte(byte(s.Kind))
		e.bool(s.Hashed)
		e.bool(s.Unsure)
		e.signed(s.Size)
		e.signed(s.Modified)
		e.signed(s.Changed)
		e.number(s.Inode)
		e.number(s.Hash)
	}
}

func (d *decoder) inputs() []source.Input {
	n, none := d.list(maxInputs)
	if none {
		return nil
	}
	all := make([]source.Input, n)
	for i := range all {
		name := d.text()
		kind := source.FileKind(d.byte())
		if kind > source.Other {
			d.fail(errRange)
		}
		all[i] = source.Input{Name: name, Stamp: source.Stamp{
			Kind: kind, Hashed: d.bool(), Unsure: d.bool(), Size: d.signed(),
			Modified: d.signed(), Changed: d.signed(), Inode: d.number(), Hash: d.number(),
		}}
	}
	return all
}

// faults, spans and lines beyond the limit are left out: they explain an answer, they are not part of it.
func (e *encoder) faults(all []pages.Fault) {
	all = all[:min(len(all), maxFaults)]
	e.list(len(all), all == nil, maxFaults)
	for i := range all {
		f := &all[i]
		e.text(f.File)
		e.int(f.Line)
		e.int(f.Column)
		e.text(f.Message)
		e.text(f.Hint)
		stack := f.Stack[:min(len(f.Stack), maxFrames)]
		e.list(len(stack), stack == nil, maxFrames)
		for _, s := range stack {
			e.text(s.Function)
			e.text(s.File)
			e.int(s.Line)
			e.int(s.Column)
		}
	}
}

func (d *decoder) faults() []pages.Fault {
	n, none := d.list(maxFaults)
	if none {
		return nil
	}
	all := make([]pages.Fault, n)
	for i := range all {
		all[i] = pages.Fault{
			File: d.text(), Line: d.int(), Column: d.int(), Message: d.text(), Hint: d.text(), Stack: d.frames(),
		}
	}
	return all
}

func (d *decoder) frames() []pages.Frame {
	n, none := d.list(maxFrames)
	if none {
		return nil
	}
	all := make([]pages.Frame, n)
	for i := range all {
		all[i] = pages.Frame{Function: d.text(), File: d.text(), Line: d.int(), Column: d.int()}
	}
	return all
}

// spareSpans is room that is left for the spans of the front, so that joining both needs no new list.
const spareSpans = 4

func (e *encoder) spans(all []pages.Span) {
	all = all[:min(len(all), maxSpans)]
	e.list(len(all), all == nil, maxSpans)
	for i := range all {
		s := &all[i]
		e.name(s.Name)
		e.text(s.Detail)
		e.text(s.Error)
		e.signed(int64(s.Parent))
		e.duration(s.Begin)
		e.duration(s.Took)
	}
}

// spans checks the parents too: each is -1 or an earlier span.
func (d *decoder) spans() []pages.Span {
	n, none := d.list(maxSpans)
	if none {
		return nil
	}
	all := make([]pages.Span, n, n+spareSpans)
	for i := range all {
		s := &all[i]
		s.Name = d.name()
		s.Detail = d.text()
		s.Error = d.text()
		parent := d.signed()
		if parent < -1 || parent >= int64(i) {
			d.fail(errRange)
			return nil
		}
		s.Parent = int32(parent)
		s.Begin = d.duration()
		s.Took = d.duration()
	}
	return all
}

func (e *encoder) lines(all []pages.Line) {
	all = all[:min(len(all), maxLines)]
	e.list(len(all), all == nil, maxLines)
	for i := range all {
		l := &all[i]
		e.duration(l.At)
		e.name(l.Level)
		e.text(l.Text)
		e.name(l.Source)
	}
}

func (d *decoder) lines() []pages.Line {
	n, none := d.list(maxLines)
	if none {
		return nil
	}
	all := make([]pages.Line, n)
	for i := range all {
		all[i] = pages.Line{At: d.duration(), Level: d.name(), Text: d.text(), Source: d.name()}
	}
	return all
}
