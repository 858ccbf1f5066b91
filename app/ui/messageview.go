//go:build cgo || !darwin

package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"huygens/devserver/trace"
	"huygens/pages"
)

const (
	bodyLines = 200 // of a body that are shown
	lineRunes = 180 // longer lines are folded: one endless line would be one endless texture
)

// A messageView shows a request or a response as texts that can be selected: what is known in general,
// headers, form and body.
type messageView struct {
	content fyne.CanvasObject
	head    *widget.Label
	about   *widget.RichText // of the body
	body    *widget.Label
}

func newMessageView() *messageView {
	v := &messageView{head: widget.NewLabel(""), about: quiet("", fyne.TextAlignLeading), body: widget.NewLabel("")}
	v.head.Selectable, v.body.Selectable = true, true
	v.body.TextStyle, v.body.SizeName = monospace, sizeMono
	v.content = container.NewScroll(container.NewVBox(v.head, v.about, v.body))
	return v
}

func (v *messageView) show(general string, m trace.Message) {
	setText(v.head, general+"\n"+fieldsText(m.Headers)+formText(m.Form))
	about, body := bodyText(m.Body)
	setRich(v.about, about)
	setText(v.body, body)
	setVisible(about != "", v.about)
	setVisible(body != "", v.body)
}

func setText(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
}

func fieldsText(list []pages.Field) string {
	var b strings.Builder
	for _, f := range list {
		b.WriteString(strings.Join(folded(printable(f.Name)+": "+printable(f.Value), lineRunes), "\n    "))
		b.WriteByte('\n')
	}
	return b.String()
}

func formText(list []pages.Field) string {
	if len(list) == 0 {
		return ""
	}
	return "\nForm\n" + fieldsText(list)
}

// bodyText is the beginning of a body, and what there is to say about it.
func bodyText(b trace.Body) (about, text string) {
	if b.Bytes == 0 && b.Text == "" {
		return "", ""
	}
	about = "Body, " + byteText(b.Bytes)
	switch {
	case b.Text == "":
		return about + ", not text", ""
	case b.Cut:
		about += ", of which the beginning was kept"
	}
	lines := folded(printableLines(b.Text), lineRunes)
	if more := len(lines) - bodyLines; more > 0 {
		about += fmt.Sprintf("; the first %d lines are shown, Trace › Copy body copies all", bodyLines)
		lines = lines[:bodyLines]
	}
	return about, strings.Join(lines, "\n")
}

// folded splits a text into lines of at most width runes.
func folded(s string, width int) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		r := []rune(line)
		for len(r) > width {
			out = append(out, string(r[:width]))
			r = r[width:]
		}
		out = append(out, string(r))
	}
	return out
}
