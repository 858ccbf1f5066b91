//go:build cgo || !darwin

package ui

import (
	"net/url"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
)

const siteHeight = 48

// siteActions is what the panel of the sites can ask for.
type siteActions interface {
	addMenu(at fyne.Position)
	startOrStop(Site)
	openSite(Site)
	siteMenu(s Site, at fyne.Position)
	removeSite(Site)
	letter(r rune)
	tipAt(at fyne.Position, text string)
}

// sitesPanel lists the sites. A site is known by its ID: the selection stays on it.
type sitesPanel struct {
	rowList
	content fyne.CanvasObject
	actions siteActions
	home    string
	sites   []Site
	chosen  string
	busy    map[string]bool // sites with a command under way
	bold    *face
	small   *face

	toggle, open, more, add *toolButton
}

func newSitesPanel(a siteActions, home string) *sitesPanel {
	p := &sitesPanel{actions: a, home: home, busy: map[string]bool{}, bold: newFace(13, fyne.TextStyle{Bold: true}), small: newFace(captionSize, fyne.TextStyle{})}
	p.height, p.top = siteHeight, 3
	p.count = func() int { return len(p.sites) }
	p.newRow = func() listRow { return newSiteRow(p) }
	p.selected = func() int { return p.index(p.chosen) }
	p.choose = func(i int) { p.chosen = p.sites[i].ID; p.reveal(i); p.showButtons() }
	p.onMenu = func(i int, e *fyne.PointEvent) { a.siteMenu(p.sites[i], e.AbsolutePosition) }
	p.onKey = p.key
	p.onRune = a.letter
	p.onCopy = func() string { return p.current().URL }
	p.onHover = p.hover
	p.rowList.init(p)

	p.add = newToolButton(theme.ContentAddIcon(), "", "Add a site", a.tipAt, nil)
	p.add.OnTapped = func() {
		a.addMenu(fyne.CurrentApp().Driver().AbsolutePositionForObject(p.add).AddXY(0, p.add.Size().Height))
	}
	p.toggle = newToolButton(theme.MediaPlayIcon(), "Start", "Start or stop the chosen site", a.tipAt, func() { a.startOrStop(p.current()) })
	p.open = newToolButton(theme.ComputerIcon(), "Open", "Open the chosen site in the browser", a.tipAt, func() { a.openSite(p.current()) })
	p.more = newToolButton(theme.MoreHorizontalIcon(), "", "More about the chosen site", a.tipAt, nil)
	p.more.OnTapped = func() {
		a.siteMenu(p.current(), fyne.CurrentApp().Driver().AbsolutePositionForObject(p.more).SubtractXY(0, 150))
	}
	title := newLine(captionSize, 8)
	title.set(part{text: "Sites", color: colorMuted, bold: true})
	head := container.NewBorder(nil, newPaint(theme.ColorNameSeparator, 1, 1), nil, p.add, title)
	foot := container.NewBorder(newPaint(theme.ColorNameSeparator, 1, 1), nil, nil, nil, container.NewHBox(p.toggle, p.open, layout.NewSpacer(), p.more))
	p.content = container.NewStack(newPaint(colorPanel, 0, 0), container.NewBorder(head, foot, nil, nil, p))
	p.showButtons()
	return p
}

// show takes the sites as they are now. A site that came is chosen, and so is the first where none was.
func (p *sitesPanel) show(sites []Site) {
	came := ""
	for _, s := range sites {
		if p.index(s.ID) < 0 {
			came = s.ID
		}
	}
	first := len(p.sites) == 0
	p.sites = sites
	switch {
	case came != "" && !first:
		p.chosen = came
	case p.index(p.chosen) < 0 && len(sites) > 0:
		p.chosen = sites[0].ID
	}
	p.reload()
	p.showButtons()
}

func (p *sitesPanel) index(id string) int {
	return slices.IndexFunc(p.sites, func(s Site) bool { return s.ID == id })
}

// current is the chosen site; without one its ID is "".
func (p *sitesPanel) current() Site {
	if i := p.index(p.chosen); i >= 0 {
		return p.sites[i]
	}
	return Site{}
}

// named is the site with this name; its ID is "" if there is none.
func (p *sitesPanel) named(name string) Site {
	if i := slices.IndexFunc(p.sites, func(s Site) bool { return s.Name == name }); i >= 0 {
		return p.sites[i]
	}
	return Site{}
}

// setBusy keeps a site's buttons off while a command is under way.
func (p *sitesPanel) setBusy(id string, on bool) {
	if on {
		p.busy[id] = true
	} else {
		delete(p.busy, id)
	}
	p.update(true)
	p.showButtons()
}

func (p *sitesPanel) showButtons() {
	s := p.current()
	enable(p.toggle, s.ID != "" && !p.busy[s.ID])
	enable(p.open, s.URL != "" && s.State == Serving)
	enable(p.more, s.ID != "")
	p.toggle.Icon, p.toggle.Text = theme.MediaPlayIcon(), "Start"
	if s.running() {
		p.toggle.Icon, p.toggle.Text = theme.MediaStopIcon(), "Stop"
	}
	p.toggle.Refresh()
}

func enable(b fyne.Disableable, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

func (s Site) running() bool { return s.State == Serving || s.State == Starting }

func (p *sitesPanel) key(e *fyne.KeyEvent) {
	s := p.current()
	switch {
	case s.ID == "":
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		p.actions.openSite(s)
	case e.Name == fyne.KeySpace:
		p.actions.startOrStop(s)
	case e.Name == fyne.KeyDelete:
		p.actions.removeSite(s)
	}
}

func (p *sitesPanel) hover(i int, e *desktop.MouseEvent) {
	if i < 0 || i >= len(p.sites) {
		p.actions.tipAt(fyne.Position{}, "")
		return
	}
	s := p.sites[i]
	text := printable(s.Name) + ", " + string(s.State)
	for _, part := range []string{s.Reason, s.URL, s.Folder, s.Pool} {
		if part != "" {
			text += "\n" + wrapped(printable(part), 80, 2)
		}
	}
	p.actions.tipAt(e.AbsolutePosition, text)
}

// --- one row

type siteRow struct {
	p                  *sitesPanel
	back, mark         *canvas.Rectangle
	dot                *canvas.Circle
	name, state, where *canvas.Text
	all                []fyne.CanvasObject
}

func newSiteRow(p *sitesPanel) *siteRow {
	r := &siteRow{
		p: p, back: &canvas.Rectangle{CornerRadius: 4}, mark: &canvas.Rectangle{}, dot: &canvas.Circle{},
		name:  &canvas.Text{TextSize: 13, TextStyle: fyne.TextStyle{Bold: true}},
		state: &canvas.Text{TextSize: captionSize, Alignment: fyne.TextAlignTrailing},
		where: &canvas.Text{TextSize: captionSize},
	}
	r.all = []fyne.CanvasObject{r.back, r.mark, r.dot, r.name, r.state, r.where}
	return r
}

func (r *siteRow) objects() []fyne.CanvasObject { return r.all }

func (r *siteRow) show(i int, y, width float32) {
	s := r.p.sites[i]
	chosen := s.ID == r.p.chosen
	showBack(r.back, r.mark, rowLook{chosen: chosen, focused: r.p.focused, hovered: i == r.p.hovered})
	place(r.back, 3, y, width-6, siteHeight-2)
	place(r.mark, 3, y+6, 3, siteHeight-14)
	color := theme.Color(stateColor(s))
	r.dot.FillColor = color
	place(r.dot, 11, y+12, 8, 8)

	right := width - 10
	r.state.Color, r.state.Text = color, stateWord(s, r.p.busy[s.ID])
	wide := r.p.small.width(r.state.Text)
	place(r.state, right-wide, y+5, wide, 20)
	r.name.Color = theme.Color(theme.ColorNameForeground)
	r.name.Text = r.p.bold.clip(printable(s.Name), right-wide-34)
	place(r.name, 26, y+5, right-wide-34, 20)
	r.where.Color = theme.Color(colorMuted)
	if chosen {
		r.where.Color = theme.Color(theme.ColorNameForeground)
	}
	r.where.Text = r.p.small.clip(r.whereText(s), right-26)
	place(r.where, 26, y+24, right-26, 17)
}

// whereText is what is worth telling in the second line.
func (r *siteRow) whereText(s Site) string {
	folder := printable(shortFolder(s.Folder, r.p.home))
	switch {
	case s.State == Failed && s.Reason != "":
		return printable(s.Reason)
	case s.running() && s.URL != "":
		return portOf(s.URL) + "  " + folder
	}
	return folder
}

func portOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Port() == "" {
		return printable(address)
	}
	return ":" + u.Port()
}

// stateWord says in words what the dot says in colour.
func stateWord(s Site, busy bool) string {
	switch {
	case busy:
		return "…"
	case s.Problems > 0 && s.State == Serving:
		return counted(s.Problems, "problem", "problems")
	}
	return string(s.State)
}

func stateColor(s Site) fyne.ThemeColorName {
	switch {
	case s.State == Failed:
		return theme.ColorNameError
	case s.State == Starting, s.State == Serving && s.Problems > 0:
		return theme.ColorNameWarning
	case s.State == Serving:
		return theme.ColorNameSuccess
	}
	return colorMuted
}
