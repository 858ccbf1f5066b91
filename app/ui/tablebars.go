//go:build cgo || !darwin

package ui

import (
	"image"
	"image/draw"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"huygens/devserver/trace"
)

// A barColumn draws the waterfall of all visible rows as one picture: five rectangles a row would cost five
// draw calls a row in every frame. The picture lies over the table, is as high as what is in view, and takes
// no events.
type barColumn struct {
	t      *requestTable
	raster *canvas.Raster
	img    *image.RGBA // used again for the next picture of the same size
}

const (
	barHeight = 10
	barMargin = 6  // left of the bars
	barEnd    = 14 // right of them: room for the scroll bar
)

func newBarColumn(t *requestTable) *barColumn {
	b := &barColumn{t: t}
	b.raster = canvas.NewRaster(b.paint)
	b.raster.ScaleMode = canvas.ImageScalePixels
	return b
}

// place puts the picture over its column.
func (b *barColumn) place() {
	w := b.t.widths[columnWaterfall] - barEnd
	setVisible(w > barMargin && !b.t.columns.hidden[columnWaterfall], b.raster)
	b.raster.Move(fyne.NewPos(b.t.left(columnWaterfall), 0))
	b.raster.Resize(fyne.NewSize(max(1, w), b.t.scroll.Size().Height))
}

func (b *barColumn) refresh() { b.raster.Refresh() }

// paint is called by the driver with the size in pixels, on the goroutine of the window.
func (b *barColumn) paint(w, h int) image.Image {
	if b.img == nil || b.img.Rect.Dx() != w || b.img.Rect.Dy() != h {
		b.img = image.NewRGBA(image.Rect(0, 0, w, h))
	} else {
		clear(b.img.Pix)
	}
	size := b.raster.Size()
	if size.Height <= 0 || size.Width <= barMargin {
		return b.img
	}
	p := barPainter{img: b.img, density: float32(h) / size.Height, scale: b.t.scale, rest: image.NewUniform(theme.Color(colorRest)), fail: image.NewUniform(theme.Color(theme.ColorNameError))}
	for i := range p.stage {
		p.stage[i] = image.NewUniform(theme.Color(stageColors[i]))
	}
	p.width = (size.Width - barMargin) * p.density
	view, offset := b.t.data.view, b.t.scroll.Offset.Y
	for i := b.t.first(); i < len(view); i++ {
		y := float32(i)*rowHeight - offset
		if y > size.Height {
			break
		}
		p.row(view[i].trace, y+(rowHeight-barHeight)/2)
	}
	return b.img
}

type barPainter struct {
	img        *image.RGBA
	density    float32 // pixels of a unit
	width      float32 // of the longest bar, in pixels
	scale      time.Duration
	stage      [5]*image.Uniform
	rest, fail *image.Uniform
}

// row draws the whole request thin, and its stages over that at the time when they ran.
func (p *barPainter) row(t *trace.Trace, y float32) {
	top, bottom := p.pixel(y), p.pixel(y+barHeight)
	middle := (top + bottom) / 2
	thin := max(1, p.pixel(1))
	end := p.at(t.Took)
	p.fill(p.rest, image.Rect(p.at(0), middle-thin, max(end, p.at(0)+thin), middle+thin))
	for i, s := range t.Spans {
		stage := stageOf(s.Name)
		if stage == noStage || s.Took <= 0 || insideStage(t.Spans, i) {
			continue
		}
		from, to := p.at(s.Begin), p.at(s.Begin+s.Took)
		p.fill(p.stage[stage], image.Rect(from, top, max(to, from+1), bottom))
	}
	if t.Status >= 500 || t.Phase == trace.Done && t.Status == 0 {
		p.fill(p.fail, image.Rect(end, top, end+max(2, p.pixel(2)), bottom))
	}
}

// at is where a moment lies. Both ends of a bar are rounded, never its width: so neighbours touch.
func (p *barPainter) at(d time.Duration) int {
	part := min(max(0, float64(d)/float64(p.scale)), 1)
	return p.pixel(barMargin) + int(math.Round(part*float64(p.width)))
}

func (p *barPainter) pixel(units float32) int { return int(math.Round(float64(units * p.density))) }

func (p *barPainter) fill(c *image.Uniform, r image.Rectangle) {
	draw.Draw(p.img, r, c, image.Point{}, draw.Src)
}
