//go:build cgo || !darwin

package ui

import (
	"fmt"
	"image/color"
	"net/http"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"huygens/devserver/trace"
)

// rowLook is what the background of a row tells.
type rowLook struct{ chosen, focused, hovered, odd bool }

func showBack(back, mark *canvas.Rectangle, l rowLook) {
	back.FillColor, mark.FillColor = color.Transparent, color.Transparent
	switch {
	case l.chosen:
		back.FillColor = theme.Color(colorSelected)
		if l.focused {
			mark.FillColor = theme.Color(theme.ColorNamePrimary)
		}
	case l.hovered:
		back.FillColor = theme.Color(colorHovered)
	case l.odd:
		back.FillColor = theme.Color(colorZebra)
	}
}

func cellColor(c column, q *request, chosen bool) color.Color {
	switch {
	case c == columnStatus:
		return theme.Color(statusColor(q.trace))
	case columnInfos[c].quiet && !chosen:
		return theme.Color(colorMuted)
	}
	return theme.Color(theme.ColorNameForeground)
}

// statusColor is never the only sign: the number says the same.
func statusColor(t *trace.Trace) fyne.ThemeColorName {
	switch {
	case t.Status >= 500:
		return theme.ColorNameError
	case t.Status >= 400:
		return theme.ColorNameWarning
	case t.Status >= 300:
		return colorMoved
	case t.Status >= 200:
		return theme.ColorNameSuccess
	}
	return colorMuted
}

func statusTip(t *trace.Trace) string {
	if t.Status == 0 {
		return "no answer yet"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", t.Status, http.StatusText(t.Status)))
}

func barsTip(r *request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Total  %s", exact(r.trace.Took))
	for i, d := range r.sums {
		if d > 0 {
			fmt.Fprintf(&b, "\n%s  %s", trace.Stage(i), exact(d))
		}
	}
	for _, s := range r.trace.Spans {
		if s.Error != "" {
			b.WriteString("\n× " + printable(s.Name) + ": " + printable(s.Error))
			break
		}
	}
	return b.String()
}

// wrapped breaks a long text into lines for the tooltip.
func wrapped(s string, width, lines int) string {
	parts := folded(s, width)
	if len(parts) > lines {
		parts = append(parts[:lines-1], "…")
	}
	return strings.Join(parts, "\n")
}
