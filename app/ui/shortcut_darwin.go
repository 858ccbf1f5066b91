//go:build cgo

package ui

import "fyne.io/fyne/v2"

const shortcutKey = "⌘"

// showShortcut gives an item its keys: the system's menu shows them.
func showShortcut(item *fyne.MenuItem, c command) {
	if s := c.shortcut(); s != nil {
		item.Shortcut = s
	}
}

func alignShortcuts(*fyne.Menu) {}
