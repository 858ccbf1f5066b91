//go:build cgo || !darwin

package ui

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"huygens/devserver/trace"
	"huygens/pages"
)

// texts collects every text that is visible below an object.
func texts(o fyne.CanvasObject) (list []string) {
	if !o.Visible() {
		return nil
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *canvas.Text:
		if o.Text != "" {
			list = append(list, o.Text)
		}
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	for _, o := range inside {
		list = append(list, texts(o)...)
	}
	return list
}

func (h *harness) shows(want string) bool {
	return slices.ContainsFunc(texts(h.window.Content()), func(s string) bool { return strings.Contains(s, want) })
}

// dialogShows says whether the dialog on top has a text.
func (h *harness) dialogShows(want string) bool {
	top := h.window.Canvas().Overlays().Top()
	return top != nil && slices.ContainsFunc(texts(top), func(s string) bool { return strings.Contains(s, want) })
}

// press taps a button of the dialog on top.
func (h *harness) press(name string) {
	h.t.Helper()
	for _, o := range test.LaidOutObjects(h.window.Canvas().Overlays().Top()) {
		if b, is := o.(*widget.Button); is && b.Text == name {
			test.Tap(b)
			return
		}
	}
	h.t.Fatalf("the dialog has no button %q", name)
}

// command runs an item of the main menu.
func (h *harness) command(title string) {
	h.t.Helper()
	for _, m := range h.menus {
		if m.title == title {
			if m.Disabled {
				h.t.Fatalf("%q is greyed", title)
			}
			m.Action()
			return
		}
	}
	h.t.Fatalf("no command %q", title)
}

func (h *harness) didCall(name string) {
	h.t.Helper()
	h.until("the server is told "+name, func() bool { return slices.Contains(h.server.called(), name) })
}

func withShop() *fakeServer { return &fakeServer{sites: []Site{shop()}} }

func (h *harness) sitesAre(n int) {
	h.t.Helper()
	h.until("the sites are listed", func() bool { return len(h.sites.sites) == n })
}

func TestEmptyStatesTeach(t *testing.T) {
	s := &fakeServer{}
	h := newHarness(t, s, func(o *Options) {
		o.Starters = []Starter{{Name: "hello", Description: "A first page"}}
		o.NewSite = func(context.Context, string, string) error { return nil }
	})
	if !h.shows("Drop a folder here") || !h.shows("A first page") {
		t.Errorf("an empty window says %q", texts(h.window.Content()))
	}
	for _, c := range []struct {
		site Site
		want string
	}{
		{Site{ID: "1", Name: "shop", State: Starting}, "Starting shop"},
		{shop(), "Open http://127.0.0.1:8080/"},
		{Site{ID: "1", Name: "shop", State: Failed, Reason: "port 8080 is taken"}, "port 8080 is taken"},
		{Site{ID: "1", Name: "shop", State: Stopped}, "shop is stopped"},
	} {
		s.change(func(f *fakeServer) { f.sites = []Site{c.site} })
		h.until(c.want, func() bool { return h.shows(c.want) })
		if h.shows("Drop a folder here") {
			t.Error("the welcome is still there")
		}
	}
	s.change(func(f *fakeServer) { f.sites, f.status.NotRecording = []Site{shop()}, true })
	h.until("recording is off", func() bool { return h.shows("Recording is off") && h.shows("not recording") })
	test.Tap(h.traces.empty.button)
	h.didCall("record true")
	s.change(func(f *fakeServer) { f.status.NotRecording = false })
	h.until("recording again", func() bool { return h.shows("No requests yet") })
	test.Tap(h.traces.empty.button)
	h.until("the browser is opened", func() bool { return slices.Contains(h.wasOpened(), "http://127.0.0.1:8080/") })

	h.publish(page(1))
	if h.shows("No requests yet") {
		t.Error("the hint stands over the requests")
	}
	h.traces.entry.SetText("status:5xx")
	if !h.shows("No request matches") || !h.shows("0 of 1 shown") {
		t.Error("a filter that hides all does not say so")
	}
	test.Tap(h.traces.empty.button)
	if len(h.traces.list.view) != 1 || h.traces.entry.Text != "" {
		t.Error("Show all does not")
	}
}

func TestFilterBox(t *testing.T) {
	h := newHarness(t, withShop(), nil)
	h.sitesAre(1)
	bad := page(2)
	bad.Status = 500
	h.publish(page(1), bad, page(3))
	h.traces.entry.SetText("status:5xx")
	if !slices.Equal(numbers(h.traces.list), []uint64{2}) || !h.shows("1 of 3 shown") {
		t.Errorf("shown %v", numbers(h.traces.list))
	}
	h.traces.entry.SetText("status:nonsense")
	if !h.traces.complaint.Visible() || len(h.traces.list.view) != 1 {
		t.Error("a filter that cannot be read is not told, or changed the list")
	}
	h.traces.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if h.traces.complaint.Visible() || len(h.traces.list.view) != 3 {
		t.Error("Esc did not empty the filter")
	}
	h.traces.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if h.window.Canvas().Focused() != fyne.Focusable(h.traces.table) {
		t.Error("the arrow down does not go to the list")
	}
	h.traces.table.TypedRune('/')
	if h.window.Canvas().Focused() != fyne.Focusable(h.traces.entry) {
		t.Error("/ does not go to the filter")
	}
	test.Tap(h.traces.chipButtons[chipErrors])
	if !slices.Equal(numbers(h.traces.list), []uint64{2}) {
		t.Errorf("chip: shown %v", numbers(h.traces.list))
	}
}

func TestPauseAndClear(t *testing.T) {
	h := newHarness(t, withShop(), nil)
	h.publish(page(1))
	test.Tap(h.traces.pause)
	for n := uint64(2); n <= 5; n++ {
		h.server.traces.Append(page(n))
	}
	h.until("four are waiting", func() bool { return len(h.traces.held) == 4 })
	if len(h.traces.list.all) != 1 || !h.shows("paused, 4 waiting") {
		t.Error("the list moved while paused")
	}
	test.Tap(h.traces.pause)
	if len(h.traces.list.all) != 5 {
		t.Errorf("%d requests after going on", len(h.traces.list.all))
	}
	h.traces.table.chooseRow(2)
	h.command("Clear")
	if len(h.traces.list.all) != 0 || h.details.shown != nil {
		t.Error("Clear left something")
	}
	h.didCall("clear")
	h.publish(page(6))
	if !slices.Equal(numbers(h.traces.list), []uint64{6}) {
		t.Errorf("shown %v", numbers(h.traces.list))
	}
}

func TestListKeepsWhatTheFrontKeeps(t *testing.T) {
	s := withShop()
	s.status = Status{TraceLimit: 3, TracesKept: 3}
	h := newHarness(t, s, nil)
	h.sitesAre(1)
	h.publish(pagesFrom(1, 10)...)
	if !slices.Equal(numbers(h.traces.list), []uint64{8, 9, 10}) {
		t.Errorf("shown %v", numbers(h.traces.list))
	}
	s.change(func(f *fakeServer) { f.status.ClearedTo, f.status.TracesKept = 9, 1 }) // the viewer cleared
	h.until("cleared", func() bool { return slices.Equal(numbers(h.traces.list), []uint64{10}) })
}

func TestSitesStartStopRemove(t *testing.T) {
	s := withShop()
	s.sites = append(s.sites, Site{ID: "2", Name: "docs", Folder: "/home/ada/docs", State: Stopped})
	h := newHarness(t, s, nil)
	h.sitesAre(2)
	for _, want := range []string{"shop", "running", ":8080  ~/shop", "docs", "stopped", "~/docs"} {
		if !h.shows(want) {
			t.Errorf("the list does not say %q", want)
		}
	}
	test.Tap(h.sites.toggle)
	h.didCall("stop 1")
	h.until("the button is back", func() bool { return !h.sites.busy["1"] })

	release := make(chan struct{})
	s.mu.Lock()
	s.hold = func(ctx context.Context) error {
		select {
		case <-release:
			return errFake
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Unlock()
	h.sites.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	h.sites.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	h.didCall("start 2")
	if !h.sites.toggle.Disabled() {
		t.Error("a second command may begin before the first has ended")
	}
	h.sites.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	close(release)
	h.until("the failure is told", func() bool { return h.dialogShows("port 8080 is taken") && h.dialogShows("docs was not started") })
	if n := len(h.server.called()); n != 2 {
		t.Errorf("%d commands: %q", n, h.server.called())
	}
	h.press("Close")
	s.mu.Lock()
	s.hold = nil
	s.mu.Unlock()

	h.sites.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if !h.dialogShows("Remove docs") || !h.dialogShows("files stay") {
		t.Fatal("removing does not ask")
	}
	h.press("Cancel")
	h.command("Remove…")
	h.press("Remove")
	h.didCall("remove 2")
	if slices.Contains(h.server.called(), "remove 1") {
		t.Error("the wrong one")
	}
}

func TestSitesKeepTheSelection(t *testing.T) {
	s := withShop()
	h := newHarness(t, s, nil)
	h.sitesAre(1)
	add := Site{ID: "0", Name: "a new one", State: Starting}
	s.change(func(f *fakeServer) { f.sites = []Site{add, shop()} })
	h.sitesAre(2)
	if h.sites.current().ID != "0" {
		t.Error("a site that came is not chosen")
	}
	test.TapAt(h.sites.body, fyne.NewPos(40, siteHeight+20))
	if h.sites.current().ID != "1" || h.window.Canvas().Focused() != fyne.Focusable(h.sites) {
		t.Error("a tap does not choose")
	}
	s.change(func(f *fakeServer) { f.sites = []Site{shop()} })
	h.sitesAre(1)
	if h.sites.current().ID != "1" {
		t.Error("the selection was lost")
	}
	test.TapSecondaryAt(h.sites.body, fyne.NewPos(40, 20))
	if !h.dialogShows("Copy address") {
		t.Error("no menu")
	}
}

func TestDroppedFoldersAreAdded(t *testing.T) {
	h := newHarness(t, &fakeServer{}, nil)
	http, err := storage.ParseURI("https://example.com/x")
	if err != nil {
		t.Fatal(err)
	}
	h.dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/home/ada/my site"), http})
	h.didCall("add /home/ada/my site")
	if n := len(h.server.called()); n != 1 {
		t.Errorf("commands %q", h.server.called())
	}
}

func TestNewSite(t *testing.T) {
	made := make(chan [2]string, 1)
	h := newHarness(t, &fakeServer{}, func(o *Options) {
		o.Starters = []Starter{{"blank", "One page"}, {"hello", "A first site"}}
		o.NewSite = func(_ context.Context, starter, dir string) error { made <- [2]string{starter, dir}; return errFake }
	})
	h.askNewSite("hello")
	if !h.dialogShows("A first site") {
		t.Error("the starter is not described")
	}
	h.press("Create")
	h.until("the failure is told", func() bool { return h.dialogShows("The site was not made") })
	if got := <-made; got[0] != "hello" || !strings.HasSuffix(got[1], "hello") {
		t.Errorf("made %q", got)
	}
}

func TestDetailsShowTheChosenRequest(t *testing.T) {
	h := newHarness(t, withShop(), nil)
	h.sitesAre(1)
	p := page(1)
	p.Request.Headers = []pages.Field{{Name: "X-Evil", Value: "a\x1b[31m\u202eb"}}
	p.Response.Body = trace.Body{Bytes: 12, Text: "<h1>Hi</h1>\n"}
	p.Log = []pages.Line{{Level: "log", Text: "one", Source: "trace"}, {Level: "log", Text: "two"}, {Level: "warn", Text: "three"}}
	h.publish(p, page(2))
	if !h.shows("Choose a request") {
		t.Error("no hint without a request")
	}
	h.traces.table.chooseRow(0)
	for _, want := range []string{"/products/1", "200 OK", "11.00 ms"} {
		if !slices.Contains(texts(h.details.content), want) {
			t.Errorf("the title lacks %q: %q", want, texts(h.details.content))
		}
	}
	h.traces.table.TypedRune('2')
	if text := h.details.texts[0].head.Text; !strings.Contains(text, "GET http://127.0.0.1:8080/products/1") || !strings.Contains(text, `X-Evil: a\x1b[31m\u202eb`) {
		t.Errorf("request: %q", text)
	}
	h.traces.table.TypedRune('3')
	if text := h.details.texts[1].body.Text; text != "<h1>Hi</h1>\n" {
		t.Errorf("response: %q", text)
	}
	h.traces.table.TypedRune('4')
	if n := len(h.details.log.Objects); n != 2 {
		t.Errorf("%d stretches of log, want 2", n)
	}
	if l := h.details.log.Objects[1].(*widget.Label); l.Importance != widget.WarningImportance || !l.Selectable {
		t.Error("a warning is not marked, or cannot be selected")
	}
	h.traces.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if h.details.content.Visible() {
		t.Error("Esc does not close the details")
	}
	h.traces.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !h.details.content.Visible() {
		t.Error("Enter does not open them")
	}
	h.traces.table.TypedRune('c')
	if got := h.app.Clipboard().Content(); !strings.HasPrefix(got, "curl --globoff 'http://127.0.0.1:8080/products/1'") {
		t.Errorf("copied %q", got)
	}
	h.command("Single letters act")
	h.traces.table.TypedRune('1')
	if h.details.tabs.SelectedIndex() != tabLog {
		t.Error("letters act although they are switched off")
	}
}

func TestFollowShowsHowManyCame(t *testing.T) {
	h := newHarness(t, withShop(), nil)
	h.publish(pagesFrom(1, 100)...)
	if h.traces.news.Visible() || !h.traces.follow.Checked {
		t.Error("it does not begin by following")
	}
	h.traces.follow.SetChecked(false)
	h.publish(pagesFrom(101, 103)...)
	if !h.traces.news.Visible() || h.traces.news.Text != "3 new" {
		t.Errorf("news %v %q", h.traces.news.Visible(), h.traces.news.Text)
	}
	test.Tap(h.traces.news)
	if h.traces.news.Visible() || !h.traces.follow.Checked || !h.traces.table.atEnd() {
		t.Error("it does not follow again")
	}
}

func TestThemeSwitchesAndIsKept(t *testing.T) {
	h := newHarness(t, withShop(), nil)
	h.publish(page(1))
	background := func() any { return theme.Color(theme.ColorNameBackground) }
	h.command("Light")
	light := background()
	h.command("Dark")
	if background() == light {
		t.Error("light and dark look alike")
	}
	if s := readSettings(h.saved); s.Theme != themeDark {
		t.Errorf("saved %q", s.Theme)
	}
	name := h.traces.table.body.pool[0].listRow.(*tableRow).texts[columnPath]
	if name.Color != theme.Color(theme.ColorNameForeground) {
		t.Error("the rows keep the old colours")
	}
}

func TestSettingsAreRestored(t *testing.T) {
	s := settings{Width: 1000, Height: 700, Sidebar: 300, Detail: 0.4, Theme: themeDark, DetailsOff: true, DetailRight: true}
	h := newHarness(t, withShop(), func(o *Options) { o.Load = func() []byte { return s.json() } })
	if h.details.content.Visible() || !h.split.Horizontal || h.split.Offset != 0.4 || math.Abs(h.across.Offset-0.3) > 0.001 {
		t.Errorf("details %v, beside %v, %v, sidebar %v", h.details.content.Visible(), h.split.Horizontal, h.split.Offset, h.across.Offset)
	}
	h.split.SetOffset(0.7)
	h.Close()
	if got := readSettings(h.saved); got.Detail != 0.7 || !got.DetailRight || len(got.Columns) != int(columnCount) {
		t.Errorf("saved %+v", got)
	}
}

func TestNothingIsShownAfterClose(t *testing.T) {
	h := newHarness(t, withShop(), nil)
	h.sitesAre(1)
	h.Close()
	h.Close()
	h.server.traces.Append(page(1))
	h.startOrStop(shop())
	if len(h.traces.list.all) != 0 || len(h.server.called()) != 0 {
		t.Error("the window still listens")
	}
}

func TestLostServerIsTold(t *testing.T) {
	s := withShop()
	h := newHarness(t, s, nil)
	s.change(func(f *fakeServer) { f.broken = errFake })
	h.until("it is told", func() bool { return h.shows("watching sites: port 8080 is taken") })
}

// Every command is reachable by keyboard: no two have the same key, and all stand in the list of keys.
func TestKeysAreUnique(t *testing.T) {
	h := newHarness(t, withShop(), nil)
	seen := map[string]string{}
	for _, c := range h.commands() {
		if !slices.Contains(menuNames, c.menu) || c.do == nil {
			t.Errorf("%q stands in no menu or does nothing", c.title)
		}
		for _, k := range strings.Split(c.keys(), "  or  ") {
			if k != "" && seen[k] != "" {
				t.Errorf("%s means %q and %q", k, seen[k], c.title)
			}
			seen[k] = c.title
		}
	}
	h.window.Canvas().OnTypedRune()('?')
	for _, want := range []string{"Ctrl+F  or  /", "Trace: Filter"} {
		if shortcutKey == "Ctrl+" && !h.dialogShows(want) {
			t.Errorf("the list of keys lacks %q", want)
		}
	}
}

// Site names and reasons come from folders and files of other people too.
func TestHostileSites(t *testing.T) {
	s := &fakeServer{sites: []Site{{ID: "1", Name: "x\x1b[2J\u202e" + strings.Repeat("W", 900), Folder: "/\n" + strings.Repeat("ü", 900), State: Failed, Reason: "\xff\n", Problems: 1 << 40}}}
	h := newHarness(t, s, nil)
	h.sitesAre(1)
	for _, text := range texts(h.window.Content()) {
		if strings.ContainsFunc(text, func(r rune) bool { return !shows(r) }) {
			t.Errorf("shows %q", text)
		}
	}
	row := h.sites.body.pool[0].listRow.(*siteRow)
	for _, text := range []*canvas.Text{row.name, row.state, row.where} {
		if right := text.Position().X + fyne.MeasureText(text.Text, text.TextSize, text.TextStyle).Width; right > h.sites.Size().Width {
			t.Errorf("%.30q reaches %v of %v", text.Text, right, h.sites.Size().Width)
		}
	}
}
