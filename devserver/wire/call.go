package wire

import "huygens/pages"

func (m *BodyRead) kind() Kind        { return kindBodyRead }
func (m *BodyRead) encode(e *encoder) { e.int(m.Max) }
func (m *BodyRead) decode(d *decoder) { m.Max = d.int() }

func (m *BodyPart) kind() Kind { return kindBodyPart }

func (m *BodyPart) encode(e *encoder) {
	e.bool(m.Data != nil)
	e.bool(m.End)
	e.error(m.Err)
}

func (m *BodyPart) decode(d *decoder) {
	if d.bool() {
		m.Data = []byte{}
	}
	m.End = d.bool()
	m.Err = d.error()
}

func (m *SessionCall) kind() Kind        { return kindSessionCall }
func (m *SessionCall) encode(e *encoder) { e.byte(byte(m.Mode)) }

func (m *SessionCall) decode(d *decoder) {
	m.Mode = pages.SessionMode(d.byte())
	if m.Mode > pages.SessionOn {
		d.fail(errRange)
	}
}

func (m *SessionAnswer) kind() Kind { return kindSessionAnswer }

func (m *SessionAnswer) encode(e *encoder) {
	e.text(m.Session.ID)
	e.bool(m.Session.IsNew)
	e.values(m.Session.Values)
	e.error(m.Err)
}

func (m *SessionAnswer) decode(d *decoder) {
	m.Session = pages.Session{ID: d.text(), IsNew: d.bool(), Values: d.values()}
	m.Err = d.error()
}

func (m *StreamCall) kind() Kind { return kindStreamCall }

func (m *StreamCall) encode(e *encoder) {
	e.bool(m.Part != nil)
	e.int(m.Status)
	e.fields(m.Header)
}

func (m *StreamCall) decode(d *decoder) {
	if d.bool() {
		m.Part = []byte{}
	}
	m.Status = d.int()
	m.Header = d.fields()
}

func (m *StreamAnswer) kind() Kind        { return kindStreamAnswer }
func (m *StreamAnswer) encode(e *encoder) { e.error(m.Err) }
func (m *StreamAnswer) decode(d *decoder) { m.Err = d.error() }

func (m *PauseCall) kind() Kind { return kindPauseCall }

func (m *PauseCall) encode(e *encoder) {
	e.stage(m.At)
	e.bytes(m.Snapshot.Data)
	e.bytes(m.Snapshot.Form)
	e.bytes(m.Snapshot.Headers)
}

func (m *PauseCall) decode(d *decoder) {
	m.At = d.stage()
	m.Snapshot = pages.Snapshot{Data: d.bytes(), Form: d.bytes(), Headers: d.bytes()}
}

func (m *PauseAnswer) kind() Kind { return kindPauseAnswer }

func (m *PauseAnswer) encode(e *encoder) {
	e.text(m.Action.Verb)
	e.bytes(m.Action.Data)
	e.bytes(m.Action.Form)
	e.bytes(m.Action.Headers)
	e.error(m.Err)
}

func (m *PauseAnswer) decode(d *decoder) {
	m.Action = pages.Action{Verb: d.text(), Data: d.bytes(), Form: d.bytes(), Headers: d.bytes()}
	m.Err = d.error()
}
