//go:build cgo || !darwin

package ui

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// A face is a font at one size. It knows how wide its ASCII characters are: asking Fyne about a whole text
// costs as much as drawing it, and finding where to cut one takes several questions.
type face struct {
	size     float32
	style    fyne.TextStyle
	widths   [utf8.RuneSelf]float32 // 0: not asked yet
	ellipsis float32
}

func newFace(size float32, style fyne.TextStyle) *face { return &face{size: size, style: style} }

// width is how wide a text is.
func (f *face) width(s string) float32 {
	if isASCII(s) {
		sum := float32(0)
		for i := range len(s) {
			sum += f.ascii(s[i])
		}
		return sum
	}
	return f.measured(s)
}

func (f *face) ascii(c byte) float32 {
	if f.widths[c] == 0 {
		f.widths[c] = f.measured(string(rune(c)))
	}
	return f.widths[c]
}

func (f *face) measured(s string) float32 { return fyne.MeasureText(s, f.size, f.style).Width }

// clip cuts a text, printable already, to what fits into width.
func (f *face) clip(s string, width float32) string {
	if width <= 0 {
		return ""
	}
	if f.ellipsis == 0 {
		f.ellipsis = f.measured("…")
	}
	if !isASCII(s) {
		return f.clipMeasured(s, width)
	}
	sum, cut := float32(0), 0 // s[:cut] fits with an ellipsis
	for i := range len(s) {
		if sum+f.ellipsis <= width {
			cut = i
		}
		if sum += f.ascii(s[i]); sum > width {
			if cut == 0 {
				return ""
			}
			return s[:cut] + "…"
		}
	}
	return s
}

func (f *face) clipMeasured(s string, width float32) string {
	const most = 400 // no cell is wider; measuring more would cost for nothing
	r := []rune(s)
	cut := len(r) > most
	r = r[:min(len(r), most)]
	if !cut && f.measured(string(r)) <= width {
		return s
	}
	low, high := 0, len(r) // low fits with an ellipsis, high does not
	for high-low > 1 {
		if mid := (low + high) / 2; f.measured(string(r[:mid])+"…") <= width {
			low = mid
		} else {
			high = mid
		}
	}
	if low == 0 {
		return ""
	}
	return string(r[:low]) + "…"
}
