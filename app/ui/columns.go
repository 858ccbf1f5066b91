//go:build cgo || !darwin

package ui

// A column of the request table.
type column int

// The columns, in their order.
const (
	columnNumber column = iota
	columnTime
	columnSite
	columnMethod
	columnPath
	columnStatus
	columnSize
	columnWhy
	columnTotal
	columnInit // the five stages stand together
	columnLoad
	columnPreRender
	columnRender
	columnUnload
	columnWaterfall
	columnCount
)

type columnInfo struct {
	id    string // in the settings
	title string
	about string  // tooltip of the header
	width float32 // where nothing else is remembered
	right bool    // numbers
	quiet bool    // drawn in the muted colour
	extra bool    // hidden unless asked for
	words bool    // in the proportional font
}

var columnInfos = [columnCount]columnInfo{
	columnNumber:    {id: "number", title: "#", about: "Number of the request", width: 46, right: true, quiet: true},
	columnTime:      {id: "time", title: "Time", about: "When it began", width: 100, quiet: true},
	columnSite:      {id: "site", title: "Site", about: "Site that was asked", width: 80, quiet: true, extra: true, words: true},
	columnMethod:    {id: "method", title: "Method", about: "Method", width: 58},
	columnPath:      {id: "path", title: "Path", about: "Path and query", width: 226, words: true},
	columnStatus:    {id: "status", title: "Status", about: "Status of the answer; … while there is none", width: 46, right: true},
	columnSize:      {id: "size", title: "Size", about: "Bytes of the body that were sent", width: 64, right: true, quiet: true, extra: true},
	columnWhy:       {id: "why", title: "Why", about: "Where the answer came from", width: 172, quiet: true, words: true},
	columnTotal:     {id: "total", title: "Total", about: "Whole time, in milliseconds", width: 58, right: true},
	columnInit:      {id: "init", title: "Init", about: "PreInit, Init, InitComplete, in milliseconds", width: 42, right: true, quiet: true},
	columnLoad:      {id: "load", title: "Load", about: "Posted values, Load and the events, in milliseconds", width: 42, right: true, quiet: true},
	columnPreRender: {id: "prerender", title: "PreR", about: "PreRender and saving the state, in milliseconds", width: 42, right: true, quiet: true},
	columnRender:    {id: "render", title: "Rend", about: "Render, in milliseconds", width: 42, right: true, quiet: true},
	columnUnload:    {id: "unload", title: "Unl", about: "Unload, in milliseconds", width: 42, right: true, quiet: true},
	columnWaterfall: {id: "waterfall", title: "Waterfall", about: "When the stages ran, beside the slowest request in view", width: 160},
}

const (
	narrowest     = 24  // a column
	leastPath     = 90  // what path and why give up before the waterfall does
	leastWhy      = 56  //
	leastBars     = 120 // of the waterfall
	columnPadding = 5   // on either side of a cell
)

// columnSet is how wide the columns are, and which are shown.
type columnSet struct {
	width  [columnCount]float32
	hidden [columnCount]bool
}

func newColumnSet(remembered []columnSetting) columnSet {
	var s columnSet
	for c := range columnCount {
		s.width[c], s.hidden[c] = columnInfos[c].width, columnInfos[c].extra
		for _, r := range remembered {
			if r.ID == columnInfos[c].id {
				s.width[c], s.hidden[c] = within(r.Width, narrowest, 2000, columnInfos[c].width), r.Hidden
			}
		}
	}
	s.hidden[columnNumber] = false // something must be left
	return s
}

func (s columnSet) settings() []columnSetting {
	list := make([]columnSetting, 0, columnCount)
	for c := range columnCount {
		list = append(list, columnSetting{ID: columnInfos[c].id, Width: s.width[c], Hidden: s.hidden[c]})
	}
	return list
}

// givingWay are the columns that go, one after another, where there is no room for all.
var givingWay = [...]column{columnSize, columnUnload, columnInit, columnPreRender, columnRender, columnLoad, columnTime, columnSite, columnWhy}

// laidOut is the columns in a table of this width: the waterfall takes what is left. Where that is too
// little, path and why become narrower, then columns go. No column reaches beyond the table.
func (s columnSet) laidOut(width float32) (out [columnCount]float32) {
	bars, lack := float32(leastBars), -width
	if s.hidden[columnWaterfall] {
		bars = 0
	}
	lack += bars
	for c := range columnWaterfall {
		if !s.hidden[c] {
			out[c] = s.width[c]
			lack += out[c]
		}
	}
	give := func(c column, least float32) {
		if part := min(lack, out[c]-least); part > 0 {
			out[c] -= part
			lack -= part
		}
	}
	give(columnPath, leastPath)
	give(columnWhy, leastWhy)
	for _, c := range givingWay {
		if lack > 0 {
			lack -= out[c]
			out[c] = 0
		}
	}
	give(columnPath, narrowest)
	out[columnWaterfall] = bars
	if bars > 0 {
		out[columnWaterfall] += max(0, -lack)
	} else {
		out[columnPath] += max(0, -lack)
	}
	for c := range columnCount {
		out[c] = min(out[c], max(0, width))
		width -= out[c]
	}
	return out
}
