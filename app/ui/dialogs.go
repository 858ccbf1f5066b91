//go:build cgo || !darwin

package ui

import (
	"context"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"huygens/devserver/trace"
)

func (w *Window) showError(title string, err error) { w.showText(printable(title), err.Error()) }

func (w *Window) showText(title, text string) {
	label := widget.NewLabel(printableLines(clipRunes(text, 2000)))
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	d := dialog.NewCustom(title, "Close", container.New(minWidth{420}, label), w.window)
	d.Show()
}

func (w *Window) confirm(title, text, yes string, f func()) {
	d := dialog.NewConfirm(title, text, func(ok bool) {
		if ok {
			f()
		}
	}, w.window)
	d.SetConfirmText(yes)
	d.SetDismissText("Cancel")
	d.Show()
}

// askFolder opens a folder as a site.
func (w *Window) askFolder() {
	w.chooseFolder(w.options.Home, w.addSite)
}

func (w *Window) chooseFolder(from string, then func(string)) {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		switch {
		case err != nil:
			w.showError("The folder cannot be read", err)
		case u != nil:
			then(filepath.FromSlash(u.Path()))
		}
	}, w.window)
	if list, err := storage.ListerForURI(storage.NewFileURI(from)); err == nil {
		d.SetLocation(list)
	}
	d.Resize(fyne.NewSize(760, 520))
	d.Show()
}

// askNewSite asks for a starter and a folder. starter is the one that is chosen already, "" for the first.
func (w *Window) askNewSite(starter string) {
	starters := w.starters()
	if len(starters) == 0 {
		return
	}
	names := make([]string, len(starters))
	for i, s := range starters {
		names[i] = s.Name
	}
	if !slices.Contains(names, starter) {
		starter = names[0]
	}
	about := quiet("", fyne.TextAlignLeading)
	about.Wrapping = fyne.TextWrapWord
	folder := widget.NewEntry()
	kind := widget.NewSelect(names, func(name string) {
		if i := slices.Index(names, name); i >= 0 {
			setRich(about, printable(starters[i].Description))
		}
	})
	kind.SetSelected(starter)
	folder.SetText(filepath.Join(w.options.Home, "huygens", starter))
	browse := widget.NewButton("Choose…", func() {
		w.chooseFolder(w.options.Home, func(chosen string) { folder.SetText(filepath.Join(chosen, kind.Selected)) })
	})
	form := container.New(minWidth{520}, container.NewVBox(container.New(layout.NewFormLayout(),
		widget.NewLabel("Starter"), kind,
		widget.NewLabel(""), about,
		widget.NewLabel("New folder"), container.NewBorder(nil, nil, nil, browse, folder))))
	dialog.ShowCustomConfirm("New site", "Create", "Cancel", form, func(ok bool) {
		if ok && folder.Text != "" {
			w.newSite(kind.Selected, folder.Text)
		}
	}, w.window)
}

func (w *Window) newSite(starter, dir string) {
	w.run("The site was not made", func(ctx context.Context) error { return w.options.NewSite(ctx, starter, dir) }, nil)
}

// tableKeys are the keys that belong to the lists and not to a command.
var tableKeys = [][2]string{
	{"↑  ↓  Home  End  PgUp  PgDn", "Move in the list that has the keyboard"},
	{"Enter  /  Esc", "Open and close the details; Esc in the filter empties it"},
	{"1 … 4", "Tab of the details"},
	{"Ctrl+C", "Copy the chosen row, span or address"},
	{"← →", "Fold and unfold a span"},
	{"Enter, Space, Delete", "In the sites: open in browser, start or stop, remove"},
	{"Tab", "Next panel"},
}

func (w *Window) showKeys() {
	grid := container.New(layout.NewFormLayout())
	add := func(keys, what string) {
		k := widget.NewLabel(keys)
		k.TextStyle.Bold = true
		grid.Add(k)
		grid.Add(widget.NewLabel(what))
	}
	for _, c := range w.commands() {
		if keys := c.keys(); keys != "" {
			add(keys, c.menu+": "+c.title)
		}
	}
	for _, k := range tableKeys {
		add(k[0], k[1])
	}
	about := widget.NewLabel(trace.FilterHelp)
	about.TextStyle, about.SizeName, about.Selectable = monospace, sizeMono, true
	tabs := container.NewAppTabs(
		container.NewTabItem("Keys", container.NewVScroll(grid)), container.NewTabItem("Filter", container.NewScroll(about)))
	d := dialog.NewCustom("Keys and filter", "Close", tabs, w.window)
	d.Resize(fyne.NewSize(760, min(560, w.window.Canvas().Size().Height-60)))
	d.Show()
}

// minWidth keeps a dialog from becoming a narrow column.
type minWidth struct{ width float32 }

func (m minWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(fyne.NewSize(m.width, 0))
}

func (m minWidth) Layout(objects []fyne.CanvasObject, s fyne.Size) { objects[0].Resize(s) }
