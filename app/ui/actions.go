//go:build cgo || !darwin

package ui

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// run runs a command of the user away from the window's goroutine. An error is shown in a dialog; what went
// wrong earlier is forgotten when a command works.
func (w *Window) run(title string, command func(context.Context) error, after func()) {
	w.pump.run(command, func(err error) {
		if after != nil {
			after()
		}
		if err != nil {
			w.showError(title, err)
			return
		}
		w.notice("")
	})
}

func (w *Window) addSite(folder string) {
	w.run("The folder was not opened", func(ctx context.Context) error { return w.server.AddSite(ctx, folder) }, nil)
}

// siteCommand runs a command about one site, and lets no second one begin meanwhile.
func (w *Window) siteCommand(s Site, title string, command func(context.Context, string) error) {
	if s.ID == "" || w.sites.busy[s.ID] {
		return
	}
	w.sites.setBusy(s.ID, true)
	w.run(title, func(ctx context.Context) error { return command(ctx, s.ID) }, func() { w.sites.setBusy(s.ID, false) })
}

func (w *Window) startOrStop(s Site) {
	if s.running() {
		w.siteCommand(s, s.Name+" was not stopped", w.server.StopSite)
	} else {
		w.siteCommand(s, s.Name+" was not started", w.server.StartSite)
	}
}

func (w *Window) removeSite(s Site) {
	if s.ID == "" {
		return
	}
	w.confirm("Remove "+printable(s.Name)+" from the list?", "Its folder and files stay as they are.", "Remove", func() {
		w.siteCommand(s, s.Name+" was not removed", w.server.RemoveSite)
	})
}

func (w *Window) openSite(s Site) {
	if s.URL != "" {
		w.openURL(s.URL)
	}
}

func (w *Window) openURL(address string) {
	w.run("The browser was not opened", func(context.Context) error { return w.options.OpenURL(address) }, nil)
}

func (w *Window) setRecording(on bool) {
	w.run("Recording was not changed", func(ctx context.Context) error { return w.server.SetRecording(ctx, on) }, nil)
}

func (w *Window) clearTraces() {
	w.traces.forget()
	w.details.show(nil)
	w.run("The requests were not cleared", w.server.ClearTraces, nil)
}

func (w *Window) currentSite() Site { return w.sites.current() }

func (w *Window) copy(text string) {
	if text != "" {
		w.app.Clipboard().SetContent(text)
	}
}

// copyOf copies something of the chosen request.
func (w *Window) copyOf(what func(r *request, site string) string) func() {
	return func() {
		if r := w.traces.table.chosenRequest(); r != nil {
			w.copy(what(r, w.sites.named(r.trace.Site).URL))
		}
	}
}

func copyPath(r *request, _ string) string       { return printable(r.trace.URL) }
func copyAddress(r *request, site string) string { return addressOf(r.trace, site) }
func copyCurl(r *request, site string) string    { return curlOf(r.trace, site) }
func copyResponse(r *request, _ string) string   { return printableLines(r.trace.Response.Body.Text) }

func (w *Window) openRequest() {
	if r := w.traces.table.chosenRequest(); r != nil {
		if site := w.sites.named(r.trace.Site).URL; site != "" {
			w.openURL(addressOf(r.trace, site))
		}
	}
}

// setTheme switches between light, dark and what the system has.
func (w *Window) setTheme(name string) {
	w.set.Theme = name
	w.app.Settings().SetTheme(houseTheme{forced: name})
	w.save()
	w.refreshMenus()
}

func (w *Window) setDetails(shown bool) {
	w.set.DetailsOff = !shown
	setVisible(shown, w.details.content)
	w.split.Refresh()
	w.refreshMenus()
}

func (w *Window) turnDetails() {
	w.set.DetailRight = !w.set.DetailRight
	w.arrange()
	w.refreshMenus()
}

func (w *Window) setLetters(on bool) {
	w.set.LettersOff = !on
	w.save()
	w.refreshMenus()
}

func (w *Window) popUp(m *fyne.Menu, at fyne.Position) {
	w.tip.dismiss()
	widget.ShowPopUpMenuAtPosition(m, w.window.Canvas(), at)
}

// letter is a key with a letter, typed where no text is entered.
func (w *Window) letter(r rune) {
	if w.set.LettersOff {
		return
	}
	if r >= '1' && r <= '9' {
		w.setDetails(true)
		w.details.choose(int(r - '1'))
		return
	}
	for _, c := range w.commands() {
		if c.letter == r && r != 0 && (c.enabled == nil || c.enabled()) {
			c.do()
			return
		}
	}
}

// key is a key that nothing else took.
func (w *Window) key(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		w.tip.dismiss()
	}
}

// tableKey is a key in the table that does not move the selection.
func (w *Window) tableKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		w.setDetails(true)
	case fyne.KeyEscape:
		w.tip.dismiss()
		w.setDetails(false)
	}
}

func (w *Window) columnMenu() *fyne.Menu {
	var items []*fyne.MenuItem
	t := w.traces.table
	for c := columnNumber + 1; c < columnCount; c++ {
		item := fyne.NewMenuItem(columnInfos[c].title, func() {
			t.columns.hidden[c] = !t.columns.hidden[c]
			t.layout()
			w.save()
		})
		item.Checked = !t.columns.hidden[c]
		items = append(items, item)
	}
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("As at first", func() {
		t.columns = newColumnSet(nil)
		t.layout()
		w.save()
	}))
	return fyne.NewMenu("", items...)
}

func (w *Window) requestMenu() *fyne.Menu {
	return fyne.NewMenu("",
		fyne.NewMenuItem("Copy path", w.copyOf(copyPath)),
		fyne.NewMenuItem("Copy address", w.copyOf(copyAddress)),
		fyne.NewMenuItem("Copy as cURL", w.copyOf(copyCurl)),
		fyne.NewMenuItem("Copy row", func() { w.copy(w.traces.table.copyRow()) }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Open in browser", w.openRequest),
	)
}

func (w *Window) siteMenu(s Site, at fyne.Position) {
	if s.ID == "" {
		return
	}
	toggle := fyne.NewMenuItem("Start", func() { w.startOrStop(s) })
	if s.running() {
		toggle.Label = "Stop"
	}
	toggle.Disabled = w.sites.busy[s.ID]
	open := fyne.NewMenuItem("Open in browser", func() { w.openSite(s) })
	address := fyne.NewMenuItem("Copy address", func() { w.copy(s.URL) })
	open.Disabled, address.Disabled = s.URL == "", s.URL == ""
	w.popUp(fyne.NewMenu("", toggle, open, address,
		fyne.NewMenuItem("Copy folder", func() { w.copy(s.Folder) }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Remove…", func() { w.removeSite(s) })), at)
}

func (w *Window) addMenu(at fyne.Position) {
	if len(w.starters()) == 0 {
		w.askFolder()
		return
	}
	w.popUp(fyne.NewMenu("",
		fyne.NewMenuItem("Open folder…", w.askFolder),
		fyne.NewMenuItem("New site…", func() { w.askNewSite("") })), at)
}

func (w *Window) starters() []Starter {
	if w.options.NewSite == nil {
		return nil
	}
	return w.options.Starters
}

func (w *Window) aboutText() string {
	text := "A desktop development server for people who write web pages."
	if w.options.Version != "" {
		text = fmt.Sprintf("Version %s\n%s", printable(w.options.Version), text)
	}
	return text
}
