package markdown

import (
	"sort"
	"unicode/utf8"
)

// A mark says where an action stands in the HTML and where it came from. Lines and columns count from 1.
type mark struct {
	line, column       int
	endLine, endColumn int // behind it
	srcLine, srcColumn int
}

// Source returns the place in the Markdown for a place in the HTML, as the faults of its actions are told. It
// is exact within an action, else that of the last action before, or of the first. Without actions it is 0, 0.
// A column of 0 stands for the line as a whole.
func (d *Document) Source(line, column int) (srcLine, srcColumn int) {
	if len(d.marks) == 0 {
		return 0, 0
	}
	i := sort.Search(len(d.marks), func(i int) bool {
		m := d.marks[i]
		return m.line > line || m.line == line && column > 0 && m.column > column
	})
	if column == 0 {
		for i > 1 && d.marks[i-1].line == line && d.marks[i-2].line == line {
			i-- // the first of the line
		}
	}
	m := d.marks[max(i-1, 0)]
	switch {
	case i == 0 || column == 0 || line > m.endLine || line == m.endLine && column >= m.endColumn:
		return m.srcLine, m.srcColumn
	case line == m.line:
		return m.srcLine, m.srcColumn + column - m.column
	}
	return m.srcLine + line - m.line, column
}

// A counter counts lines and columns.
type counter struct{ line, column int }

func (c *counter) count(text []byte) {
	for i := 0; i < len(text); {
		if text[i] == '\n' {
			c.line, c.column = c.line+1, 1
			i++
			continue
		}
		_, size := utf8.DecodeRune(text[i:])
		c.column++
		i += size
	}
}
