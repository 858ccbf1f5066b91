//go:build cgo || !darwin

package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Names of the window's own colours, beside those that every Fyne theme has.
const (
	colorPanel    fyne.ThemeColorName = "huygens.panel"
	colorZebra    fyne.ThemeColorName = "huygens.zebra"
	colorMuted    fyne.ThemeColorName = "huygens.muted"
	colorSelected fyne.ThemeColorName = "huygens.selected"
	colorHovered  fyne.ThemeColorName = "huygens.hovered"
	colorMoved    fyne.ThemeColorName = "huygens.redirect"
	colorRest     fyne.ThemeColorName = "huygens.rest" // of a bar that belongs to no stage
)

// sizeMono is the size of monospaced text in labels. At 11, 12 and 13 Fyne cuts the lowest pixels off the
// bundled font, underscores included; so smaller monospaced text is for digits only.
const sizeMono fyne.ThemeSizeName = "huygens.mono"

// stageColors names the five hues that mean the five stages wherever they are drawn.
var stageColors = [5]fyne.ThemeColorName{
	"huygens.init", "huygens.load", "huygens.prerender", "huygens.render", "huygens.unload",
}

// houseTheme is compact, quiet and has one accent. Bars are told apart by hues of Okabe and Ito, darker on
// light and lighter on dark.
type houseTheme struct {
	forced string // themeLight or themeDark; anything else follows the system
}

var _ fyne.Theme = houseTheme{}

// palette holds light and dark as 0xRRGGBB.
var palette = map[fyne.ThemeColorName][2]uint32{
	stageColors[0]: {0x2C8FC4, 0x56B4E9},
	stageColors[1]: {0xB97F00, 0xE69F00},
	stageColors[2]: {0x009E73, 0x12B886},
	stageColors[3]: {0xB8609A, 0xCC79A7},
	stageColors[4]: {0x0072B2, 0x3D8BD0},

	colorPanel:    {0xF1F2F4, 0x212429},
	colorZebra:    {0xF5F6F8, 0x1F2126},
	colorMuted:    {0x5C6570, 0x949DA9},
	colorSelected: {0xD3E5F8, 0x22395A},
	colorHovered:  {0xE9EDF2, 0x292D34},
	colorMoved:    {0x0B62AB, 0x62ADEC},
	colorRest:     {0xB4BAC3, 0x565D68},

	theme.ColorNameBackground:          {0xFBFBFC, 0x1B1D21},
	theme.ColorNameForeground:          {0x1D2127, 0xDADDE2},
	theme.ColorNameSeparator:           {0xDDE0E5, 0x31353C},
	theme.ColorNameInputBackground:     {0xFFFFFF, 0x17191C},
	theme.ColorNameInputBorder:         {0xC3C9D1, 0x3F454E},
	theme.ColorNameButton:              {0xE6E9ED, 0x2C3037},
	theme.ColorNameHeaderBackground:    {0xF1F2F4, 0x212429},
	theme.ColorNameMenuBackground:      {0xFFFFFF, 0x262A30},
	theme.ColorNameOverlayBackground:   {0xFFFFFF, 0x262A30},
	theme.ColorNamePrimary:             {0x0B62AB, 0x4C9FE6},
	theme.ColorNameForegroundOnPrimary: {0xFFFFFF, 0x10151B},
	theme.ColorNameHyperlink:           {0x0B62AB, 0x62ADEC},
	theme.ColorNameFocus:               {0x9CC4EA, 0x2F5C8C},
	theme.ColorNameHover:               {0xE4E8ED, 0x2F343B},
	theme.ColorNamePressed:             {0xD5DBE2, 0x3A4049},
	theme.ColorNameSelection:           {0xBBD8F5, 0x2B5482},
	theme.ColorNamePlaceHolder:         {0x66707C, 0x868F9B},
	theme.ColorNameDisabled:            {0x9AA2AC, 0x5F6772},
	theme.ColorNameSuccess:             {0x0F6B47, 0x38B781},
	theme.ColorNameWarning:             {0x875400, 0xDDA032},
	theme.ColorNameError:               {0xB42618, 0xF78A7D},
	theme.ColorNameScrollBar:           {0x8A929C, 0x6A727D},
	theme.ColorNameScrollBarBackground: {0xF1F2F4, 0x212429},
}

// Color follows the system's variant unless one is forced.
func (t houseTheme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch t.forced {
	case themeLight:
		v = theme.VariantLight
	case themeDark:
		v = theme.VariantDark
	}
	if name == theme.ColorNameShadow { // also what dims the window behind a dialog, and between panels
		if v == theme.VariantLight {
			return color.NRGBA{A: 0x22}
		}
		return color.NRGBA{A: 0x70}
	}
	pair, ours := palette[name]
	if !ours {
		return theme.DefaultTheme().Color(name, v)
	}
	c := pair[1]
	if v == theme.VariantLight {
		c = pair[0]
	}
	return color.NRGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}
}

func (houseTheme) Font(s fyne.TextStyle) fyne.Resource     { return theme.DefaultTheme().Font(s) }
func (houseTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Sizes of the window's own drawing, in Fyne's units.
const (
	textSize    = 12
	captionSize = 11
	rowHeight   = 22
)

// Size is smaller than Fyne's default nearly everywhere: this is a tool with long lists.
func (houseTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return 13
	case theme.SizeNameCaptionText:
		return captionSize
	case sizeMono:
		return 14
	case theme.SizeNameSubHeadingText:
		return 16
	case theme.SizeNamePadding:
		return 3
	case theme.SizeNameInnerPadding:
		return 6
	case theme.SizeNameInlineIcon:
		return 16
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 4
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	}
	return theme.DefaultTheme().Size(name)
}
