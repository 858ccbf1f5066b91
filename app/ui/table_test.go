//go:build cgo || !darwin

package ui

import (
	"fmt"
	"image"
	"math/rand"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"huygens/devserver/trace"
)

// newTestTable is a table of 20 visible rows in a window of its own.
func newTestTable(t testing.TB) (*requestTable, fyne.Window) {
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(houseTheme{forced: themeDark})
	table := newRequestTable(&requestList{limit: 5000}, newColumnSet(nil))
	w := test.NewTempWindow(t, table)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1040, headHeight+20*rowHeight))
	return table, w
}

func (t *requestTable) take(list ...*trace.Trace) { t.put(func() int { return t.data.put(list) }) }

// topRow is the number of the request at the upper edge.
func (t *requestTable) topRow() uint64 { n, _ := t.anchor(); return n }

func TestTableFollowsAndLetsGo(t *testing.T) {
	table, w := newTestTable(t)
	table.take(pagesFrom(1, 100)...)
	if !table.follow || table.first() != 80 {
		t.Fatalf("follow %v, first row %d, want 80", table.follow, table.first())
	}
	test.Scroll(w.Canvas(), fyne.NewPos(200, 200), 0, 5*rowHeight)
	if table.follow {
		t.Fatal("it follows although the end is out of view")
	}
	top := table.topRow()
	table.take(pagesFrom(101, 112)...)
	if table.topRow() != top || table.fresh != 12 {
		t.Errorf("top row %d, was %d; %d new, want 12", table.topRow(), top, table.fresh)
	}
	table.toEnd()
	if !table.follow || table.fresh != 0 || !table.atEnd() {
		t.Errorf("follow %v, %d new, at end %v", table.follow, table.fresh, table.atEnd())
	}
	table.take(page(113))
	if !table.atEnd() {
		t.Error("it does not follow")
	}
}

func TestTableKeepsItsRowsUnderTheEye(t *testing.T) {
	table, _ := newTestTable(t)
	table.data.limit = 100
	table.take(pagesFrom(1, 100)...)
	table.chooseRow(50)
	table.scrollTo(45*rowHeight + 7)
	table.letGo()
	top, chosen := table.topRow(), table.chosen
	table.take(pagesFrom(101, 130)...) // 30 are dropped above
	if table.topRow() != top || table.chosen != chosen || table.scroll.Offset.Y != 15*rowHeight+7 {
		t.Errorf("top %d, was %d; chosen %d, was %d; offset %v", table.topRow(), top, table.chosen, chosen, table.scroll.Offset.Y)
	}
	f, _ := trace.ParseFilter("-path:/products/60")
	table.put(func() int { table.data.setFilters(f, chipSet{}); return 0 })
	if table.topRow() != top {
		t.Errorf("after the filter: top %d, was %d", table.topRow(), top)
	}
	table.take(pagesFrom(131, 300)...) // the chosen one is dropped too
	if table.chosen != 0 || table.chosenRequest() != nil {
		t.Error("a dropped request is still chosen")
	}
}

func TestTableKeys(t *testing.T) {
	table, w := newTestTable(t)
	var told []uint64
	table.onChosen = func(r *request) { told = append(told, r.trace.Number) }
	table.take(pagesFrom(1, 100)...)
	w.Canvas().Focus(table)
	for _, k := range []struct {
		key  fyne.KeyName
		want uint64
	}{
		{fyne.KeyUp, 100},
		{fyne.KeyUp, 99},
		{fyne.KeyDown, 100},
		{fyne.KeyDown, 100},
		{fyne.KeyHome, 1},
		{fyne.KeyUp, 1},
		{fyne.KeyPageDown, 20},
		{fyne.KeyPageUp, 1},
		{fyne.KeyEnd, 100},
	} {
		table.TypedKey(&fyne.KeyEvent{Name: k.key})
		if table.chosen != k.want || told[len(told)-1] != k.want {
			t.Errorf("%s: chosen %d, told %d, want %d", k.key, table.chosen, told[len(told)-1], k.want)
		}
		if i := table.selected(); i < table.first() || i > table.first()+table.visible() {
			t.Errorf("%s: the chosen row is out of view", k.key)
		}
	}
	clip := test.NewClipboard()
	table.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	if want := "100\t" + page(100).Began.Local().Format("15:04:05.000") + "\tGET\t/products/100\t200\treused, 7 inputs unchanged\t12.0\t0.5\t4.0\t\t3.0\t"; clip.Content() != want {
		t.Errorf("copied %q, want %q", clip.Content(), want)
	}
}

func TestTableTapChoosesAndSorts(t *testing.T) {
	table, w := newTestTable(t)
	menu := uint64(0)
	table.onMenu = func(i int, _ *fyne.PointEvent) { menu = table.data.view[i].trace.Number }
	table.take(pagesFrom(1, 10)...)
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, headHeight+3.5*rowHeight))
	if table.chosen != 4 || w.Canvas().Focused() != fyne.Focusable(table) {
		t.Errorf("chosen %d, focus %T", table.chosen, w.Canvas().Focused())
	}
	test.TapSecondaryAt(table.body, fyne.NewPos(200, 6.5*rowHeight))
	if menu != 7 || table.chosen != 7 {
		t.Errorf("menu of %d, chosen %d", menu, table.chosen)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, headHeight+15*rowHeight)) // below the last row
	if table.chosen != 7 {
		t.Errorf("chosen %d", table.chosen)
	}
	at := fyne.NewPos(table.left(columnTotal)+20, headHeight/2)
	for _, want := range []string{"7 1 8", "6 5 4", "1 2 3"} { // upwards, downwards, as they came
		test.TapCanvas(w.Canvas(), at)
		got := numbers(table.data)[:3]
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("sorted: %v, want %s", got, want)
		}
		if table.chosen != 7 {
			t.Error("sorting changed the selection")
		}
	}
}

func TestTableColumnsAreDragged(t *testing.T) {
	table, w := newTestTable(t)
	before := table.widths[columnMethod]
	edge := table.left(columnMethod) + before
	test.MoveMouse(w.Canvas(), fyne.NewPos(edge+1, headHeight/2))
	if table.head.Cursor() != desktop.HResizeCursor {
		t.Error("the pointer does not say that the edge can be dragged")
	}
	test.Drag(w.Canvas(), fyne.NewPos(edge+1, headHeight/2), 30, 0)
	if got := table.widths[columnMethod]; got != before+30 {
		t.Errorf("width %v, want %v", got, before+30)
	}
	test.Drag(w.Canvas(), fyne.NewPos(table.left(columnMethod)+table.widths[columnMethod]+1, headHeight/2), -500, 0)
	if got := table.widths[columnMethod]; got < narrowest {
		t.Errorf("width %v", got)
	}
}

func TestTableColumnsNeverOverflow(t *testing.T) {
	set := newColumnSet(nil)
	all := set
	all.hidden = [columnCount]bool{}
	none := set
	none.hidden[columnWaterfall] = true
	for width := float32(0); width < 2200; width += 7 {
		for _, s := range []columnSet{set, all, none} {
			sum := float32(0)
			for _, w := range s.laidOut(width) {
				if w < 0 {
					t.Fatalf("at %v: %v", width, s.laidOut(width))
				}
				sum += w
			}
			if sum > width+0.1 || width > 900 && sum < width-0.1 {
				t.Fatalf("at %v the columns are %v wide", width, sum)
			}
		}
	}
}

// Nothing that a request holds is drawn beyond its cell, or as anything but plain text.
func TestTableTextsStayInTheirCells(t *testing.T) {
	table, w := newTestTable(t)
	for n, s := range []string{strings.Repeat("/very/long", 50), "/日本語/ページ/日本語/ページ/日本語/ページ/日本語/ページ", "\x1b[2J\u202e\xff\n", strings.Repeat("W", 9000)} {
		p := page(uint64(n + 1))
		p.URL, p.Method, p.Why, p.Site, p.Took = s, s, s, s, time.Duration(1)<<62
		p.Status = 1 << 40
		table.columns.hidden[columnSite] = false
		table.take(p)
	}
	for _, width := range []float32{1040, 700, 300} {
		w.Resize(fyne.NewSize(width, 400))
		table.layout()
		for _, p := range table.body.pool {
			for c, text := range p.listRow.(*tableRow).texts {
				if wide := fyne.MeasureText(text.Text, text.TextSize, text.TextStyle).Width; text.Text != "" && wide > table.widths[c]-2*columnPadding+1 {
					t.Errorf("at %v, %s: %.30q is %v wide, the cell %v", width, columnInfos[c].id, text.Text, wide, table.widths[c])
				}
				if strings.ContainsFunc(text.Text, func(r rune) bool { return !shows(r) }) {
					t.Errorf("%s shows %q", columnInfos[c].id, text.Text)
				}
			}
		}
	}
}

func TestTableDrawsOnlyWhatComesIntoView(t *testing.T) {
	table, _ := newTestTable(t)
	table.take(pagesFrom(1, 3000)...)
	if n := len(table.body.pool); n > 24 {
		t.Errorf("%d rows for 20 visible ones", n)
	}
	table.scrollTo(0)
	marker := "marker"
	for _, p := range table.body.pool {
		p.listRow.(*tableRow).texts[columnTime].Text = marker
	}
	table.scroll.Offset.Y = 2 * rowHeight
	table.update(false)
	rewritten := 0
	for _, p := range table.body.pool {
		if p.listRow.(*tableRow).texts[columnTime].Text != marker {
			rewritten++
		}
	}
	if rewritten != 2 {
		t.Errorf("%d rows were drawn anew after scrolling by two", rewritten)
	}
}

func TestTableTips(t *testing.T) {
	table, w := newTestTable(t)
	said := ""
	table.onTip = func(_ fyne.Position, text string) { said = text }
	p := page(1)
	p.URL, p.Status = "/"+strings.Repeat("x", 200), 404
	p.Spans[4].Error = "no such table\x1b"
	table.take(p)
	y := float32(headHeight + 8)
	for c, want := range map[column]string{
		columnPath: p.URL[:90], columnStatus: "404 Not Found", columnWaterfall: "Load  4.00 ms", columnNumber: "",
		columnRender: `× Load: no such table\x1b`,
	} {
		test.MoveMouse(w.Canvas(), fyne.NewPos(table.left(c)+15, y))
		if !strings.Contains(said, want) || want == "" && said != "" {
			t.Errorf("%s says %q, want %q", columnInfos[c].id, said, want)
		}
	}
	test.MoveMouse(w.Canvas(), fyne.NewPos(table.left(columnTotal)+15, 9))
	if said != columnInfos[columnTotal].about {
		t.Errorf("the header says %q", said)
	}
}

// The bars are where the stages ran, in their colours, and nowhere else.
func TestTableBars(t *testing.T) {
	table, _ := newTestTable(t)
	p := page(1)
	p.Took = 10 * time.Millisecond
	table.take(p, page(2))
	size := table.bars.raster.Size()
	img := table.bars.paint(int(size.Width)*2, int(size.Height)*2).(*image.RGBA)
	at := func(part time.Duration, row int) any {
		x := barMargin + float32(part)/float32(table.scale)*(size.Width-barMargin)
		return img.At(int(x*2), int((float32(row)+0.5)*rowHeight*2)-7)
	}
	ms := time.Millisecond
	for part, want := range map[time.Duration]fyne.ThemeColorName{4 * ms: stageColors[1], 8 * ms: stageColors[3]} {
		r, g, b, _ := theme.Color(want).RGBA()
		gr, gg, gb, _ := img.At(0, 0).RGBA()
		if c, is := at(part, 0).(interface{ RGBA() (r, g, b, a uint32) }); is {
			gr, gg, gb, _ = c.RGBA()
		}
		if gr != r || gg != g || gb != b {
			t.Errorf("at %v: another colour than %s", part, want)
		}
	}
	if _, _, _, a := img.At(int(size.Width), int(10*rowHeight)).RGBA(); a != 0 {
		t.Error("something is drawn where no row is")
	}
	if again := table.bars.paint(int(size.Width)*2, int(size.Height)*2); again != image.Image(img) {
		t.Error("the picture is not used again")
	}
	table.bars.paint(0, 0) // a window being closed
}

func benchTable(b *testing.B) *requestTable {
	table, _ := newTestTable(b)
	r := rand.New(rand.NewSource(1))
	for n := uint64(1); n <= 5000; n++ {
		p := page(n)
		p.Took = time.Duration(r.Intn(50)) * time.Millisecond
		table.data.put([]*trace.Trace{p})
	}
	table.reloaded()
	return table
}

func BenchmarkTableScroll(b *testing.B) {
	table := benchTable(b)
	y := float32(0)
	for b.Loop() {
		y += 2.5 * rowHeight
		if y > table.lowest() {
			y = 0
		}
		table.scroll.Offset.Y = y
		table.scrolled()
	}
}

func BenchmarkTableAppend(b *testing.B) {
	table := benchTable(b)
	n := uint64(5000)
	for b.Loop() {
		table.take(pagesFrom(n+1, n+10)...)
		n += 10
	}
}

func BenchmarkTableBars(b *testing.B) {
	table := benchTable(b)
	for b.Loop() {
		table.bars.paint(300, 900)
	}
}
