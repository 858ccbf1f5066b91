//go:build cgo || !darwin

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// A filterEntry is the filter box: Esc empties it, Enter and the arrow down go on to the list.
type filterEntry struct {
	widget.Entry
	onLeave func()
}

func newFilterEntry(changed func(string)) *filterEntry {
	e := &filterEntry{}
	e.ExtendBaseWidget(e)
	e.PlaceHolder = "Filter:  path:/cart  status:5xx  method:POST  slower:50ms  has:error  -word"
	e.OnChanged = changed
	return e
}

// TypedKey handles the keys that leave the box.
func (e *filterEntry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		if e.Text != "" {
			e.SetText("")
			return
		}
		e.leave()
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		e.leave()
	default:
		e.Entry.TypedKey(k)
	}
}

func (e *filterEntry) leave() {
	if e.onLeave != nil {
		e.onLeave()
	}
}
