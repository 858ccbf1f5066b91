package assets

import (
	_ "embed"
	"slices"
)

//go:embed icon/icon.png
var iconPNG []byte

//go:embed icon/icon.svg
var iconSVG []byte

// Icon returns the program's icon as a PNG of 512 by 512 pixels with transparent corners.
func Icon() []byte { return slices.Clone(iconPNG) }

// IconSVG returns the icon that the PNG was drawn from.
func IconSVG() []byte { return slices.Clone(iconSVG) }
