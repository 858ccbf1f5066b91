//go:build cgo || !darwin

package ui

import (
	"slices"

	"fyne.io/fyne/v2"
)

// A command is something the user can ask for: an item of the main menu with its keys. Menu shortcuts are
// looked at before the focused widget, so they work while text is entered; letters only where none is.
type command struct {
	menu, title string
	key         fyne.KeyName // with the system's shortcut key; "": none
	shift       bool
	letter      rune // 0: none
	do          func()
	enabled     func() bool // nil: always
	checked     func() bool // nil: no tick
}

// The menus, in their order.
var menuNames = []string{"File", "Site", "View", "Trace", "Help"}

func (w *Window) commands() []command {
	return slices.Concat(w.fileCommands(), w.siteCommands(), w.viewCommands(), w.traceCommands(), []command{
		{menu: "Help", title: "Keys", letter: '?', do: w.showKeys},
		{menu: "Help", title: "About Huygens", do: func() { w.showText("Huygens", w.aboutText()) }},
	})
}

func (w *Window) fileCommands() []command {
	return []command{
		{menu: "File", title: "New site…", key: fyne.KeyN, do: func() { w.askNewSite("") }, enabled: func() bool { return len(w.starters()) > 0 }},
		{menu: "File", title: "Open folder…", key: fyne.KeyO, do: w.askFolder},
		{menu: "File", title: "Quit", key: fyne.KeyQ, do: w.quit},
	}
}

func (w *Window) siteCommands() []command {
	current := w.sites.current
	chosen := func() bool { return current().ID != "" }
	serving := func() bool { return current().URL != "" }
	return []command{
		{menu: "Site", title: "Start", do: func() { w.startOrStop(current()) }, enabled: func() bool { return chosen() && !current().running() }},
		{menu: "Site", title: "Stop", do: func() { w.startOrStop(current()) }, enabled: func() bool { return current().running() }},
		{menu: "Site", title: "Open in browser", key: fyne.KeyB, do: func() { w.openSite(current()) }, enabled: serving},
		{menu: "Site", title: "Copy address", key: fyne.KeyC, shift: true, do: func() { w.copy(current().URL) }, enabled: serving},
		{menu: "Site", title: "Copy folder", do: func() { w.copy(current().Folder) }, enabled: chosen},
		{menu: "Site", title: "Remove…", do: func() { w.removeSite(current()) }, enabled: chosen},
	}
}

func (w *Window) viewCommands() []command {
	is := func(name string) func() bool { return func() bool { return w.set.Theme == name } }
	set := func(name string) func() { return func() { w.setTheme(name) } }
	t := w.traces
	return []command{
		{menu: "View", title: "Light", do: set(themeLight), checked: is(themeLight)},
		{menu: "View", title: "Dark", do: set(themeDark), checked: is(themeDark)},
		{menu: "View", title: "As the system", do: set(themeSystem), checked: is(themeSystem)},
		{menu: "View", title: "Follow new requests", key: fyne.KeyJ, do: func() { t.setFollow(!t.table.follow) }, checked: func() bool { return t.table.follow }},
		{menu: "View", title: "Details", key: fyne.KeyD, do: func() { w.setDetails(w.set.DetailsOff) }, checked: func() bool { return !w.set.DetailsOff }},
		{menu: "View", title: "Details on the right", key: fyne.KeyT, shift: true, do: w.turnDetails, checked: func() bool { return w.set.DetailRight }},
		{menu: "View", title: "Go to the sites", key: fyne.Key1, do: func() { w.window.Canvas().Focus(w.sites) }},
		{menu: "View", title: "Go to the requests", key: fyne.Key2, do: w.focusTable},
		{menu: "View", title: "Go to the stages", key: fyne.Key3, do: w.focusStages},
		{menu: "View", title: "Single letters act", do: func() { w.setLetters(w.set.LettersOff) }, checked: func() bool { return !w.set.LettersOff }},
	}
}

func (w *Window) traceCommands() []command {
	chosen := func() bool { return w.traces.table.chosenRequest() != nil }
	t := w.traces
	chip := func(i int) func() { return func() { t.toggleChip(i); w.refreshMenus() } }
	return []command{
		{menu: "Trace", title: "Record", key: fyne.KeyE, do: func() { w.setRecording(w.status.NotRecording) }, checked: func() bool { return !w.status.NotRecording }},
		{menu: "Trace", title: "Pause the list", key: fyne.KeyP, do: func() { t.togglePause(); w.refreshMenus() }, checked: func() bool { return t.paused }},
		{menu: "Trace", title: "Clear", key: fyne.KeyL, do: w.clearTraces},
		{menu: "Trace", title: "Filter", key: fyne.KeyF, letter: '/', do: func() { w.window.Canvas().Focus(t.entry) }},
		{menu: "Trace", title: "Only pages", do: chip(chipPages), checked: func() bool { return t.chips.Pages }},
		{menu: "Trace", title: "Only static files", do: chip(chipStatic), checked: func() bool { return t.chips.Static }},
		{menu: "Trace", title: "Only errors", do: chip(chipErrors), checked: func() bool { return t.chips.Errors }},
		{menu: "Trace", title: "Only this site", do: chip(chipSite), checked: func() bool { return t.chips.Site != "" }},
		{menu: "Trace", title: "Copy path", do: w.copyOf(copyPath), enabled: chosen},
		{menu: "Trace", title: "Copy address", do: w.copyOf(copyAddress), enabled: chosen},
		{menu: "Trace", title: "Copy as cURL", letter: 'c', do: w.copyOf(copyCurl), enabled: chosen},
		{menu: "Trace", title: "Copy body", do: w.copyOf(copyResponse), enabled: chosen},
		{menu: "Trace", title: "Open in browser", do: w.openRequest, enabled: chosen},
	}
}

func (w *Window) focusStages() {
	w.setDetails(true)
	w.details.choose(tabStages)
	w.window.Canvas().Focus(w.details.tree)
}

// A boundItem is an item of the main menu and the command whose state it shows.
type boundItem struct {
	*fyne.MenuItem
	command
}

func (w *Window) mainMenu() *fyne.MainMenu {
	menus := make([]*fyne.Menu, len(menuNames))
	for i, name := range menuNames {
		menus[i] = fyne.NewMenu(name)
	}
	for _, c := range w.commands() {
		item := fyne.NewMenuItem(c.title, func() { c.do(); w.refreshMenus() })
		showShortcut(item, c)
		item.IsQuit = c.title == "Quit"
		m := menus[slices.Index(menuNames, c.menu)]
		m.Items = append(m.Items, item)
		w.menus = append(w.menus, &boundItem{item, c})
	}
	w.bindMenus()
	for _, m := range menus {
		alignShortcuts(m)
	}
	return fyne.NewMainMenu(menus...)
}

// keys names the keys of a command as people write them; "" if it has none.
func (c command) keys() string {
	text := ""
	if c.key != "" {
		text = shortcutKey
		if c.shift {
			text += "Shift+"
		}
		text += string(c.key)
	}
	if c.letter != 0 {
		if text != "" {
			text += "  or  "
		}
		text += string(c.letter)
	}
	return text
}

// bindMenus brings ticks and greyed items up to date; true: something was not.
func (w *Window) bindMenus() (changed bool) {
	for _, b := range w.menus {
		checked, disabled := b.checked != nil && b.checked(), b.enabled != nil && !b.enabled()
		changed = changed || checked != b.Checked || disabled != b.Disabled
		b.Checked, b.Disabled = checked, disabled
	}
	return changed
}

// refreshMenus shows what changed. Fyne builds the whole menu bar anew, so not without need.
func (w *Window) refreshMenus() {
	if w.bindMenus() {
		w.window.MainMenu().Refresh()
	}
}
