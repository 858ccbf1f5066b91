//go:build cgo || !darwin

package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// shortcut is what calls a command from anywhere in the window; nil if it has no key of that kind.
func (c command) shortcut() *desktop.CustomShortcut {
	if c.key == "" {
		return nil
	}
	mod := fyne.KeyModifierShortcutDefault
	if c.shift {
		mod |= fyne.KeyModifierShift
	}
	return &desktop.CustomShortcut{KeyName: c.key, Modifier: mod}
}
