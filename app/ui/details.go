//go:build cgo || !darwin

package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"huygens/devserver/trace"
	"huygens/pages"
)

const logLines = 300 // of a log that are shown

// details is what is known of the chosen request. A tab is filled when it is looked at.
type details struct {
	content fyne.CanvasObject
	title   *line
	tabs    *container.AppTabs
	tree    *spanTree
	texts   [2]*messageView // request, response
	log     *fyne.Container
	hint    *widget.RichText
	body    *fyne.Container

	shown  *trace.Trace // nil: none
	filled [4]*trace.Trace
	site   func(name string) string // address of a site
}

// The tabs, in their order.
const (
	tabStages = iota
	tabRequest
	tabResponse
	tabLog
)

func newDetails(site func(string) string) *details {
	d := &details{title: newLine(13, 8), tree: newSpanTree(), log: container.NewVBox(), site: site}
	for i := range d.texts {
		d.texts[i] = newMessageView()
	}
	d.tabs = container.NewAppTabs(
		container.NewTabItem("Stages", d.tree),
		container.NewTabItem("Request", d.texts[0].content),
		container.NewTabItem("Response", d.texts[1].content),
		container.NewTabItem("Log", container.NewScroll(d.log)),
	)
	d.tabs.OnSelected = func(*container.TabItem) { d.fill() }
	d.hint = quiet("Choose a request to see its stages.", fyne.TextAlignCenter)
	d.body = container.NewStack(d.tabs, container.NewCenter(d.hint))
	head := container.NewStack(newPaint(colorPanel, 0, 0), container.NewBorder(newPaint(theme.ColorNameSeparator, 1, 1), nil, nil, nil, d.title))
	d.content = container.NewBorder(head, nil, nil, nil, d.body)
	d.show(nil)
	return d
}

// show shows another request, or a newer state of the same; nil: none.
func (d *details) show(t *trace.Trace) {
	if t != nil && t == d.shown {
		return
	}
	d.shown = t
	setVisible(t != nil, d.tabs)
	setVisible(t == nil, d.body.Objects[1])
	if t == nil {
		d.title.set(part{text: "No request chosen", color: colorMuted})
		return
	}
	total := totalText(t)
	if t.Phase == trace.Done {
		total = exact(t.Took)
	}
	d.title.set(
		part{text: printable(t.Method), color: theme.ColorNameForeground, bold: true},
		part{text: printable(t.URL), color: theme.ColorNameForeground, bold: true, gives: true},
		part{text: statusTip(t), color: statusColor(t), bold: true},
		part{text: total, color: theme.ColorNameForeground, bold: true},
		part{text: printable(whyText(t)), color: colorMuted, gives: true},
	)
	d.fill()
}

// choose shows a tab.
func (d *details) choose(tab int) {
	if tab >= 0 && tab < len(d.tabs.Items) {
		d.tabs.SelectIndex(tab)
	}
}

func (d *details) fill() {
	tab, t := d.tabs.SelectedIndex(), d.shown
	if t == nil || tab < 0 || d.filled[tab] == t {
		return
	}
	d.filled[tab] = t
	switch tab {
	case tabStages:
		d.tree.set(t)
	case tabRequest:
		d.texts[0].show(requestText(t, d.site(t.Site)), t.Request)
	case tabResponse:
		d.texts[1].show(responseText(t), t.Response)
	case tabLog:
		d.fillLog(t)
	}
}

func requestText(t *trace.Trace, site string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", printable(t.Method), addressOf(t, site))
	fmt.Fprintf(&b, "Began %s\n", t.Began.Local().Format("2006-01-02 15:04:05.000"))
	about := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s %s\n", name, printable(value))
		}
	}
	about("Site", t.Site)
	about("Application", t.Application)
	about("Handler", string(t.Handler))
	about("Pool", t.Pool)
	if t.Worker != 0 {
		about("Worker", fmt.Sprintf("process %d", t.Worker))
	}
	about("Trace", t.ID)
	return b.String()
}

func responseText(t *trace.Trace) string {
	var b strings.Builder
	b.WriteString(statusTip(t) + "\n")
	if t.Phase == trace.Done {
		fmt.Fprintf(&b, "%s sent in %s\n", byteText(t.Bytes), exact(t.Took))
	}
	return b.String()
}

// fillLog shows the log as selectable texts, one for lines of the same level that follow each other.
func (d *details) fillLog(t *trace.Trace) {
	d.log.Objects = nil
	lines := t.Log[:min(len(t.Log), logLines)]
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].Level == lines[0].Level {
			n++
		}
		d.log.Add(logLabel(lines[:n]))
		lines = lines[n:]
	}
	switch {
	case len(t.Log) == 0:
		d.log.Add(quiet("Nothing was logged. Page code logs with trace.write(…), trace.warn(…) and console.log(…).", fyne.TextAlignLeading))
	case len(t.Log) > logLines:
		d.log.Add(quiet("… "+counted(len(t.Log)-logLines, "line", "lines")+" more", fyne.TextAlignLeading))
	}
	d.log.Refresh()
}

func logLabel(lines []pages.Line) *widget.Label {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		text := strings.Join(folded(printableLines(l.Text), lineRunes), "\n        ")
		fmt.Fprintf(&b, "%s   %s   %s", exact(l.At), printable(l.Level), text)
		if l.Source != "" {
			fmt.Fprintf(&b, "  (%s)", printable(l.Source))
		}
	}
	label := widget.NewLabel(b.String())
	label.Selectable = true
	switch lines[0].Level {
	case "warn":
		label.Importance = widget.WarningImportance
	case "error":
		label.Importance = widget.DangerImportance
	}
	return label
}
