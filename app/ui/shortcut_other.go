//go:build !darwin

package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const shortcutKey = "Ctrl+"

// A plainShortcut calls like the shortcut of its name, but Fyne's menu does not draw it: 2.7 draws shortcuts
// at a fifth of their strength, which nobody can read. They stand in the label instead.
type plainShortcut string

// ShortcutName is what the driver compares.
func (s plainShortcut) ShortcutName() string { return string(s) }

func showShortcut(item *fyne.MenuItem, c command) {
	if s := c.shortcut(); s != nil {
		item.Shortcut = plainShortcut(s.ShortcutName())
	}
	if keys := c.keys(); keys != "" {
		item.Label += "\t" + keys
	}
}

// alignShortcuts puts the keys of a menu's items below each other, with spaces: a menu has no columns.
func alignShortcuts(m *fyne.Menu) {
	size := theme.Size(theme.SizeNameText)
	width := func(s string) float32 { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width }
	space := width("a a") - width("aa")
	widest := float32(0)
	for _, i := range m.Items {
		title, _, _ := strings.Cut(i.Label, "\t")
		widest = max(widest, width(title))
	}
	for _, i := range m.Items {
		if title, keys, has := strings.Cut(i.Label, "\t"); has {
			i.Label = title + strings.Repeat(" ", 4+int((widest-width(title))/space+0.5)) + keys
		}
	}
}
