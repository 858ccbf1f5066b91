package trace

import (
	"strconv"
	"time"
	"unicode/utf8"

	"huygens/pages"
)

// MarshalJSON gives the form of api.md, 6. Every key is always there.
func (t *Trace) MarshalJSON() ([]byte, error) {
	return t.AppendJSON(make([]byte, 0, 2048)), nil
}

// AppendJSON appends the JSON form, on one line. Times are whole microseconds, cut, so that children stay
// inside their parents; the length of a span that still runs is -1.
func (t *Trace) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = appendString(b, t.ID)
	b = strconv.AppendUint(append(b, `,"number":`...), t.Number, 10)
	b = appendString(append(b, `,"phase":`...), string(t.Phase))
	b = append(b, `,"pausedAt":`...)
	if t.PausedAt == "" {
		b = append(b, "null"...)
	} else {
		b = appendString(b, t.PausedAt)
	}
	b = appendString(append(b, `,"site":`...), t.Site)
	b = appendString(append(b, `,"application":`...), t.Application)
	b = appendString(append(b, `,"pool":`...), t.Pool)
	b = strconv.AppendInt(append(b, `,"worker":`...), int64(t.Worker), 10)
	b = appendString(append(b, `,"method":`...), t.Method)
	b = appendString(append(b, `,"url":`...), t.URL)
	b = strconv.AppendInt(append(b, `,"status":`...), int64(t.Status), 10)
	b = appendString(append(b, `,"why":`...), t.Why)
	b = append(b, `,"began":"`...)
	b = t.Began.UTC().AppendFormat(b, "2006-01-02T15:04:05.000000000Z07:00")
	b = appendMicros(append(b, `","tookMicros":`...), t.Took)
	b = strconv.AppendInt(append(b, `,"bytes":`...), t.Bytes, 10)
	b = appendSpans(append(b, `,"spans":`...), t.Spans)
	b = appendMessage(append(b, `,"request":`...), &t.Request)
	b = appendMessage(append(b, `,"response":`...), &t.Response)
	b = appendLines(append(b, `,"log":`...), t.Log)
	return append(b, `,"state":null}`...)
}

func appendMicros(b []byte, d time.Duration) []byte {
	return strconv.AppendInt(b, d.Microseconds(), 10)
}

func appendSpans(b []byte, spans []pages.Span) []byte {
	b = append(b, '[')
	for i := range spans {
		s := &spans[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"name":`...), s.Name)
		if s.Detail != "" {
			b = appendString(append(b, `,"detail":`...), s.Detail)
		}
		b = strconv.AppendInt(append(b, `,"parent":`...), int64(s.Parent), 10)
		b = appendMicros(append(b, `,"beginMicros":`...), s.Begin)
		b = append(b, `,"tookMicros":`...)
		if s.Took < 0 {
			b = append(b, "-1"...)
		} else {
			b = strconv.AppendInt(b, (s.Begin+s.Took).Microseconds()-s.Begin.Microseconds(), 10)
		}
		if s.Error != "" {
			b = appendString(append(b, `,"error":`...), s.Error)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendMessage(b []byte, m *Message) []byte {
	b = appendFields(append(b, `{"headers":`...), m.Headers)
	b = appendFields(append(b, `,"form":`...), m.Form)
	b = strconv.AppendInt(append(b, `,"body":{"bytes":`...), m.Body.Bytes, 10)
	b = appendString(append(b, `,"text":`...), m.Body.Text)
	b = strconv.AppendBool(append(b, `,"cut":`...), m.Body.Cut)
	return append(b, "}}"...)
}

func appendFields(b []byte, fields []pages.Field) []byte {
	b = append(b, '[')
	for i := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, '['), fields[i].Name)
		b = append(appendString(append(b, ','), fields[i].Value), ']')
	}
	return append(b, ']')
}

func appendLines(b []byte, lines []pages.Line) []byte {
	b = append(b, '[')
	for i := range lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMicros(append(b, `{"atMicros":`...), lines[i].At)
		b = appendString(append(b, `,"level":`...), lines[i].Level)
		b = appendString(append(b, `,"text":`...), lines[i].Text)
		b = append(appendString(append(b, `,"source":`...), lines[i].Source), '}')
	}
	return append(b, ']')
}

// appendString appends a JSON string. Whatever a terminal or an HTML parser could interpret is escaped, so
// that the text may be printed or put into a page as it is.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
			b = append(b, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', c)
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r == '<' || r == '>' || r == '&' || interpreted(r), r == utf8.RuneError && size == 1:
			b = append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default:
			b = append(b, s[i:i+size]...)
		}
		i += size
	}
	return append(b, '"')
}
