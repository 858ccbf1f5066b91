//go:build cgo || !darwin

package ui

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	channel := func(v uint32) float64 {
		f := float64(v) / 0xffff
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text is readable on whatever it stands on, in both variants (WCAG: 4.5 to 1); bars differ from what is
// behind them (3 to 1).
func TestContrast(t *testing.T) {
	plain := []fyne.ThemeColorName{theme.ColorNameBackground, colorPanel, colorZebra, colorHovered, theme.ColorNameOverlayBackground, theme.ColorNameInputBackground}
	selected := append([]fyne.ThemeColorName{colorSelected}, plain...)
	for _, c := range []struct {
		front []fyne.ThemeColorName
		back  []fyne.ThemeColorName
		least float64
	}{
		{[]fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNameSuccess, theme.ColorNameWarning, theme.ColorNameError, colorMoved}, selected, 4.5},
		{[]fyne.ThemeColorName{colorMuted, theme.ColorNameHyperlink, theme.ColorNamePrimary}, plain, 4.5},
		{[]fyne.ThemeColorName{theme.ColorNamePlaceHolder}, []fyne.ThemeColorName{theme.ColorNameInputBackground, theme.ColorNameBackground}, 4.5},
		{[]fyne.ThemeColorName{theme.ColorNameForeground}, []fyne.ThemeColorName{theme.ColorNameButton, theme.ColorNameHover, theme.ColorNameMenuBackground, theme.ColorNameSelection}, 4.5},
		{[]fyne.ThemeColorName{theme.ColorNameForegroundOnPrimary}, []fyne.ThemeColorName{theme.ColorNamePrimary}, 4.5},
		{stageColors[:], []fyne.ThemeColorName{theme.ColorNameBackground, colorZebra}, 3},
	} {
		for _, name := range []string{themeLight, themeDark} {
			th := houseTheme{forced: name}
			for _, front := range c.front {
				for _, back := range c.back {
					if got := contrast(th.Color(front, 0), th.Color(back, 0)); got < c.least {
						t.Errorf("%s: %s on %s has %.2f to 1, want %.1f", name, front, back, got, c.least)
					}
				}
			}
		}
	}
}

func TestThemeFollowsTheSystemUnlessForced(t *testing.T) {
	dark, light := houseTheme{}.Color(colorPanel, theme.VariantDark), houseTheme{}.Color(colorPanel, theme.VariantLight)
	if dark == light {
		t.Error("the variants look alike")
	}
	if got := (houseTheme{forced: themeLight}).Color(colorPanel, theme.VariantDark); got != light {
		t.Errorf("forced light gives %v", got)
	}
	if got := (houseTheme{forced: themeDark}).Color(colorPanel, theme.VariantLight); got != dark {
		t.Errorf("forced dark gives %v", got)
	}
	if (houseTheme{}).Color("unknown to us", theme.VariantDark) == nil {
		t.Error("other names are not asked of Fyne's theme")
	}
}

func TestSettings(t *testing.T) {
	d := defaultSettings()
	for name, data := range map[string]string{
		"nothing": "", "broken": "{", "not an object": `[1]`, "wrong kinds": `{"width":"wide"}`,
		"out of range": `{"width":-5,"height":1e30,"sidebar":0,"detail":7,"theme":"pink"}`,
	} {
		got := readSettings([]byte(data))
		if got.Width != d.Width || got.Height != d.Height || got.Sidebar != d.Sidebar || got.Detail != d.Detail || got.Theme != d.Theme {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s := settings{Width: 900, Height: 700, Sidebar: 300, Detail: 0.5, Theme: themeDark, LettersOff: true, Columns: newColumnSet(nil).settings()}
	s.Columns[2].Hidden, s.Columns[4].Width = false, 333
	got := readSettings(s.json())
	c := newColumnSet(got.Columns)
	if got.Width != 900 || got.Theme != themeDark || !got.LettersOff || c.hidden[columnSite] || c.width[columnPath] != 333 {
		t.Errorf("not read back: %+v", got)
	}
}
