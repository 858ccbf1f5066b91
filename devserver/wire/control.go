package wire

func (m *Start) kind() Kind { return kindStart }

func (m *Start) encode(e *encoder) {
	e.b = append(e.b, m.Secret[:]...)
	e.text(m.Socket)
	e.signed(m.Memory)
	e.int(m.Connections)
	e.bytes(m.Settings)
}

func (m *Start) decode(d *decoder) {
	m.Secret = d.secret()
	m.Socket = d.text()
	m.Memory = d.signed()
	m.Connections = d.int()
	m.Settings = d.bytes()
}

func (m *Open) kind() Kind { return kindOpen }

func (m *Open) encode(e *encoder) {
	e.b = append(e.b, m.Secret[:]...)
	e.bool(m.Control)
}

func (m *Open) decode(d *decoder) {
	m.Secret = d.secret()
	m.Control = d.bool()
}

func (d *decoder) secret() (s [SecretSize]byte) {
	if len(d.s) < SecretSize {
		d.fail(errShort)
		return s
	}
	copy(s[:], d.s)
	d.s = d.s[SecretSize:]
	return s
}

func (m *Hello) kind() Kind { return kindHello }

func (m *Hello) encode(e *encoder) {
	e.text(m.Build)
	e.int(m.PID)
}

func (m *Hello) decode(d *decoder) {
	m.Build = d.text()
	m.PID = d.int()
}

func (m *Ping) kind() Kind        { return kindPing }
func (m *Ping) encode(e *encoder) { e.number(m.Number) }
func (m *Ping) decode(d *decoder) { m.Number = d.number() }

func (m *Pong) kind() Kind        { return kindPong }
func (m *Pong) encode(e *encoder) { e.number(m.Number) }
func (m *Pong) decode(d *decoder) { m.Number = d.number() }

func (m *Cancel) kind() Kind        { return kindCancel }
func (m *Cancel) encode(e *encoder) { e.number(m.ID) }
func (m *Cancel) decode(d *decoder) { m.ID = d.number() }

func (m *Drain) kind() Kind      { return kindDrain }
func (m *Drain) encode(*encoder) {}
func (m *Drain) decode(*decoder) {}

func (m *Bye) kind() Kind      { return kindBye }
func (m *Bye) encode(*encoder) {}
func (m *Bye) decode(*decoder) {}
