//go:build cgo || !darwin

package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"huygens/devserver/feed"
	"huygens/devserver/trace"
)

// traceActions is what the panel of the requests can ask for.
type traceActions interface {
	setRecording(on bool)
	clearTraces()
	openSite(Site)
	startOrStop(Site)
	currentSite() Site
	tipAt(at fyne.Position, text string)
}

// tracePanel is the list of requests with what steers it: record, pause, clear, chips, filter, follow.
type tracePanel struct {
	content fyne.CanvasObject
	actions traceActions
	list    *requestList
	table   *requestTable

	paused bool
	held   []*trace.Trace // came while paused
	status Status
	chips  chipSet
	filter trace.Filter

	record, pause, clear *toolButton
	chipButtons          [4]*chip
	entry                *filterEntry
	count, complaint     *line
	follow               *widget.Check
	news                 *widget.Button
	empty                *emptyState
}

// The chips, in their order.
const (
	chipPages = iota
	chipStatic
	chipErrors
	chipSite
)

var chipTexts = [4][2]string{
	{"Pages", "Only pages and Markdown pages"},
	{"Static", "Only static files"},
	{"Errors", "Only what failed: status 400 and above, or a failing span"},
	{"This site", "Only the site that is chosen on the left"},
}

func newTracePanel(a traceActions, list *requestList, columns columnSet) *tracePanel {
	p := &tracePanel{actions: a, list: list}
	p.table = newRequestTable(list, columns)
	p.table.onFollow = p.showFollow
	p.record = newToolButton(nil, "", "Record requests, or stop recording (Ctrl+E)", a.tipAt, func() { a.setRecording(p.status.NotRecording) })
	p.pause = newToolButton(theme.MediaPauseIcon(), "", "Hold the list as it is, or go on (Ctrl+P)", a.tipAt, p.togglePause)
	p.clear = newToolButton(theme.DeleteIcon(), "", "Forget all requests (Ctrl+L)", a.tipAt, a.clearTraces)
	for i, c := range chipTexts {
		p.chipButtons[i] = newChip(c[0], c[1], a.tipAt, func() { p.toggleChip(i) })
	}
	p.entry = newFilterEntry(p.setFilter)
	p.count, p.complaint = newLine(captionSize, 6), newLine(captionSize, 8)
	p.complaint.Hide()
	p.follow = widget.NewCheck("Follow", p.setFollow)
	p.follow.Checked = true
	p.news = widget.NewButtonWithIcon("", theme.MoveDownIcon(), p.table.toEnd)
	p.news.Importance = widget.HighImportance
	p.news.Hide()
	p.empty = newEmptyState()

	chips := container.NewHBox(p.chipButtons[0], p.chipButtons[1], p.chipButtons[2], p.chipButtons[3])
	count := container.New(fixedWidth{118}, p.count)
	bar := container.NewBorder(nil, nil,
		container.NewHBox(p.record, p.pause, p.clear, newPaint(theme.ColorNameSeparator, 1, 1), chips),
		container.NewHBox(count, p.follow, newPaint(theme.ColorNameBackground, 4, 1)), p.entry)
	news := container.NewBorder(nil, container.NewPadded(container.NewHBox(spring(), p.news, spring())), nil, nil)
	p.content = container.NewBorder(container.NewVBox(bar, p.complaint), nil, nil, nil,
		container.NewStack(p.table, p.empty, news))
	p.showAll()
	return p
}

// show takes a batch. While paused it is kept aside, bounded like the list itself.
func (p *tracePanel) show(b feed.Batch[*trace.Trace], s Status) {
	p.list.missed += b.Missed
	if p.paused {
		p.held = append(p.held, b.Values...)
		if most := 2 * max(p.list.limit, defaultLimit); len(p.held) > most {
			p.held = append(p.held[:0:0], p.held[len(p.held)-most:]...)
		}
	} else {
		p.table.put(func() int { return p.list.put(b.Values) })
	}
	p.showStatus(s)
}

// showStatus follows the front: what it has dropped leaves the list.
func (p *tracePanel) showStatus(s Status) {
	p.status = s
	p.list.limit = s.TraceLimit
	if !p.paused {
		p.table.put(func() int { p.forgotten(); return 0 })
	}
	p.showAll()
}

func (p *tracePanel) forgotten() {
	kept := -1
	if p.status.TraceLimit > 0 {
		kept = p.status.TracesKept
	}
	p.list.forget(p.status.ClearedTo, kept)
}

func (p *tracePanel) togglePause() {
	p.paused = !p.paused
	if !p.paused {
		held := p.held
		p.held = nil
		p.table.put(func() int { n := p.list.put(held); p.forgotten(); return n })
	}
	p.showAll()
}

// forget empties the list at once; the front forgets on its own.
func (p *tracePanel) forget() {
	p.held = nil
	p.table.put(func() int { p.list.clear(); return 0 })
	p.table.toEnd()
	p.showAll()
}

func (p *tracePanel) toggleChip(i int) {
	switch i {
	case chipPages:
		p.chips.Pages = !p.chips.Pages
	case chipStatic:
		p.chips.Static = !p.chips.Static
	case chipErrors:
		p.chips.Errors = !p.chips.Errors
	case chipSite:
		if p.chips.Site != "" {
			p.chips.Site = ""
		} else {
			p.chips.Site = p.actions.currentSite().Name
		}
	}
	p.filterAnew()
}

// siteChosen lets the chip "This site" mean the site that is chosen now.
func (p *tracePanel) siteChosen(name string) {
	if p.chips.Site != "" && name != "" && p.chips.Site != name {
		p.chips.Site = name
		p.filterAnew()
	}
}

// setFilter reads the filter box. What cannot be read leaves the last filter in force and says why.
func (p *tracePanel) setFilter(text string) {
	f, err := trace.ParseFilter(text)
	setVisible(err != nil, p.complaint)
	if err != nil {
		p.complaint.set(part{text: printable(err.Error()), color: theme.ColorNameError, gives: true})
		return
	}
	p.filter = f
	p.filterAnew()
}

func (p *tracePanel) showEverything() {
	p.chips = chipSet{}
	p.entry.SetText("")
	p.setFilter("")
}

func (p *tracePanel) filterAnew() {
	p.table.put(func() int { p.list.setFilters(p.filter, p.chips); return 0 })
	p.showAll()
}

func (p *tracePanel) setFollow(on bool) {
	switch {
	case on && !p.table.follow:
		p.table.toEnd()
	case !on && p.table.follow:
		p.table.stay()
	}
	p.showFollow()
}

// showFollow shows whether the list follows, and how many came since it let go.
func (p *tracePanel) showFollow() {
	if p.follow.Checked != p.table.follow {
		p.follow.Checked = p.table.follow
		p.follow.Refresh()
	}
	news := p.table.fresh
	setVisible(news > 0, p.news)
	if text := grouped(news) + " new"; news > 0 && p.news.Text != text {
		p.news.SetText(text)
	}
}

func (p *tracePanel) showAll() {
	p.showButtons()
	p.showCount()
	p.showFollow()
	p.showEmpty()
}

func (p *tracePanel) showButtons() {
	p.record.Icon = theme.NewErrorThemedResource(theme.MediaRecordIcon()) // a red dot, as everywhere, while it records
	if p.status.NotRecording {
		p.record.Icon = theme.NewDisabledResource(theme.MediaRecordIcon())
	}
	p.pause.Icon = theme.MediaPauseIcon()
	if p.paused {
		p.pause.Icon = theme.MediaPlayIcon()
	}
	p.record.Refresh()
	p.pause.Refresh()
	for i, on := range []bool{p.chips.Pages, p.chips.Static, p.chips.Errors, p.chips.Site != ""} {
		p.chipButtons[i].set(on)
	}
}

func (p *tracePanel) showCount() {
	shown, all := len(p.list.view), len(p.list.all)
	text := counted(all, "request", "requests")
	switch {
	case p.paused && len(p.held) > 0:
		text = "paused, " + grouped(len(p.held)) + " waiting"
	case p.paused:
		text = "paused"
	case shown != all:
		text = fmt.Sprintf("%s of %s shown", grouped(shown), grouped(all))
	case p.list.missed > 0:
		text = fmt.Sprintf("%s, %s missed", grouped(all), grouped(int(p.list.missed)))
	}
	p.count.set(part{text: text, color: colorMuted, gives: true})
}

// showEmpty teaches where there is nothing to see.
func (p *tracePanel) showEmpty() {
	site := p.actions.currentSite()
	hidden := len(p.list.all)
	switch {
	case len(p.list.view) > 0:
		p.empty.Hide()
	case hidden > 0:
		p.empty.say("No request matches", counted(hidden, "request is", "requests are")+" hidden by the filter.", "Show all", p.showEverything)
	case p.paused:
		p.empty.say("Paused", "What comes in meanwhile is shown when you go on.", "Go on", p.togglePause)
	case p.status.NotRecording:
		p.empty.say("Recording is off", "Requests are answered, but not kept.", "Record", func() { p.actions.setRecording(true) })
	case site.State == Serving && site.URL != "":
		p.empty.say("No requests yet", "Open "+printable(site.URL)+" and watch each request go through its stages.",
			"Open "+printable(site.URL), func() { p.actions.openSite(site) })
	case site.State == Starting:
		p.empty.say("Starting "+printable(site.Name), "It will answer in a moment.", "", nil)
	case site.State == Failed:
		p.empty.say(printable(site.Name)+" could not start", printable(site.Reason), "Try again", func() { p.actions.startOrStop(site) })
	case site.ID != "":
		p.empty.say(printable(site.Name)+" is stopped", "Start it to see its requests here.", "Start "+printable(site.Name), func() { p.actions.startOrStop(site) })
	default:
		p.empty.Hide()
	}
}
