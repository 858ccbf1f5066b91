//go:build cgo || !darwin

package ui

import (
	"net/url"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"huygens/devserver/feed"
	"huygens/devserver/trace"
)

// A Window is the window of the program. Its methods are called on the goroutine of the window.
type Window struct {
	app     fyne.App
	window  fyne.Window
	server  Server
	options Options
	set     settings
	pump    *pump
	closed  bool

	sites   *sitesPanel
	traces  *tracePanel
	details *details
	bar     *statusBar
	tip     *tip
	welcome fyne.CanvasObject
	across  *container.Split // sites | requests
	split   *container.Split // requests over, or beside, details
	holder  *fyne.Container  // of split
	menus   []*boundItem
	status  Status
}

// NewWindow makes the window and begins to watch the server. Show shows it. It sets the application's theme
// and takes its Lifecycle's OnStopped, so that nothing is watched any more when the application has ended.
func NewWindow(a fyne.App, s Server, o Options) *Window {
	w := &Window{app: a, server: s, options: withDefaults(a, o), set: defaultSettings()}
	if o.Load != nil {
		w.set = readSettings(o.Load())
	}
	a.Settings().SetTheme(houseTheme{forced: w.set.Theme})
	w.window = a.NewWindow("Huygens")
	w.pump = newPump(s, w, o)
	w.build()
	w.window.SetMaster()
	w.window.SetPadded(false)
	w.window.SetContent(container.NewStack(w.content(), w.tip))
	w.window.SetMainMenu(w.mainMenu())
	w.window.Resize(fyne.NewSize(w.set.Width, w.set.Height))
	w.window.SetOnDropped(w.dropped)
	w.window.SetCloseIntercept(w.quit)
	w.window.Canvas().SetOnTypedRune(w.letter)
	w.window.Canvas().SetOnTypedKey(w.key)
	a.Lifecycle().SetOnStopped(w.Close)
	w.sites.show(nil)
	w.showWelcome()
	w.pump.start()
	return w
}

func withDefaults(a fyne.App, o Options) Options {
	if o.Home == "" {
		o.Home, _ = os.UserHomeDir() // without one, folders are shown whole
	}
	if o.OpenURL == nil {
		o.OpenURL = func(address string) error {
			u, err := url.Parse(address)
			if err != nil {
				return err
			}
			return a.OpenURL(u)
		}
	}
	return o
}

func (w *Window) build() {
	w.tip = newTip()
	w.bar = newStatusBar()
	w.sites = newSitesPanel(w, w.options.Home)
	choose := w.sites.choose
	w.sites.choose = func(i int) { choose(i); w.siteChosen() }
	list := &requestList{}
	w.traces = newTracePanel(w, list, newColumnSet(w.set.Columns))
	w.details = newDetails(func(name string) string { return w.sites.named(name).URL })
	t := w.traces.table
	t.onTip, w.details.tree.onTip = w.tipAt, w.tipAt
	t.onRune, t.onKey = w.letter, w.tableKey
	t.onMenu = func(_ int, e *fyne.PointEvent) { w.popUp(w.requestMenu(), e.AbsolutePosition) }
	t.head.onMenu = func(e *fyne.PointEvent) { w.popUp(w.columnMenu(), e.AbsolutePosition) }
	t.onChosen = func(r *request) {
		if r == nil {
			w.details.show(nil)
		} else {
			w.details.show(r.trace)
		}
		w.refreshMenus()
	}
	w.details.tree.onRune = w.letter
	w.traces.entry.onLeave = w.focusTable
}

func (w *Window) content() fyne.CanvasObject {
	w.holder = container.NewStack()
	w.arrange()
	w.welcome = newWelcome(w.askFolder, w.starters(), w.askNewSite)
	right := container.NewStack(w.holder, w.welcome)
	w.across = container.NewHSplit(w.sites.content, right)
	w.across.Offset = float64(w.set.Sidebar / w.set.Width)
	return container.NewBorder(nil, w.bar.content, nil, nil, w.across)
}

// arrange puts the details below the requests, or beside them. The panels are the same objects in a new
// split, so that nothing in them is lost.
func (w *Window) arrange() {
	if w.split != nil {
		w.set.Detail = w.split.Offset
	}
	if w.set.DetailRight {
		w.split = container.NewHSplit(w.traces.content, w.details.content)
	} else {
		w.split = container.NewVSplit(w.traces.content, w.details.content)
	}
	w.split.Offset = w.set.Detail
	setVisible(!w.set.DetailsOff, w.details.content)
	w.holder.Objects = []fyne.CanvasObject{w.split}
	w.holder.Refresh()
}

// Fyne is the window itself.
func (w *Window) Fyne() fyne.Window { return w.window }

// Show opens the window.
func (w *Window) Show() {
	w.window.Show()
	w.focusTable()
}

// Raise brings the window to the front, as when the program was started a second time.
func (w *Window) Raise() {
	w.window.Show()
	w.window.RequestFocus()
}

// Close stops the pump, waits for it and saves the settings. Nothing of the server is used afterwards. It may
// be called again.
func (w *Window) Close() {
	w.pump.Close()
	if !w.closed {
		w.closed = true
		w.save()
	}
}

// quit ends the program.
func (w *Window) quit() {
	w.Close()
	w.app.Quit()
}

func (w *Window) save() {
	if w.options.Save == nil {
		return
	}
	size := w.window.Canvas().Size()
	if size.Width > 0 && size.Height > 0 {
		w.set.Width, w.set.Height = size.Width, size.Height
		w.set.Sidebar = float32(w.across.Offset) * size.Width
	}
	w.set.Detail = w.split.Offset
	w.set.Columns = w.traces.table.columns.settings()
	if err := w.options.Save(w.set.json()); err != nil && !w.closed {
		w.notice("The window's settings were not saved: " + err.Error())
	}
}

// --- what the pump brings

func (w *Window) showTraces(b feed.Batch[*trace.Trace], s Status) {
	w.status = s
	w.traces.show(b, s)
	w.showStatus()
}

func (w *Window) showSites(sites []Site, s Status) {
	w.status = s
	w.sites.show(sites)
	w.showWelcome()
	w.traces.showStatus(s)
	w.siteChosen()
}

func (w *Window) showLost(err error) { w.notice(err.Error()) }

func (w *Window) showStatus() { w.bar.show(w.sites.current(), w.status) }

func (w *Window) showWelcome() {
	setVisible(len(w.sites.sites) == 0, w.welcome)
	setVisible(len(w.sites.sites) > 0, w.holder)
}

// siteChosen is called when another site may be chosen than before.
func (w *Window) siteChosen() {
	w.traces.siteChosen(w.sites.current().Name)
	w.traces.showEmpty()
	w.showStatus()
	w.refreshMenus()
}

func (w *Window) notice(text string) {
	w.bar.notice = text
	w.showStatus()
}

func (w *Window) tipAt(at fyne.Position, text string) { w.tip.show(at, text) }

func (w *Window) focusTable() { w.window.Canvas().Focus(w.traces.table) }

// dropped adds what was dropped on the window; whether it is a site's folder the server says.
func (w *Window) dropped(_ fyne.Position, what []fyne.URI) {
	for _, u := range what {
		if u.Scheme() == "file" {
			w.addSite(filepath.FromSlash(u.Path()))
		}
	}
}
