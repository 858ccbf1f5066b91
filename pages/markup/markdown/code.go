package markdown

import (
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// ranges are the parts of a text that are code, in order.
type ranges []codeRange

type codeRange struct {
	start, end int
	block      bool
}

// covering returns the end of the range that an offset is in, 0 if it is in none.
func (r ranges) covering(at int) int {
	i := sort.Search(len(r), func(i int) bool { return r[i].end > at })
	if i < len(r) && r[i].start <= at {
		return r[i].end
	}
	return 0
}

// blockWithin says whether a code block stands between two offsets.
func (r ranges) blockWithin(from, to int) bool {
	for i := sort.Search(len(r), func(i int) bool { return r[i].end > from }); i < len(r) && r[i].start < to; i++ {
		if r[i].block {
			return true
		}
	}
	return false
}

// codeRanges finds the code of c.source.
func (c *conversion) codeRanges() ranges {
	var r ranges
	add := func(s text.Segment, block bool) {
		if s.Start < s.Stop {
			r = append(r, codeRange{s.Start, s.Stop, block})
		}
	}
	_ = ast.Walk(c.parse(), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindFencedCodeBlock, ast.KindCodeBlock:
			for i := range n.Lines().Len() {
				add(n.Lines().At(i), true)
			}
			return ast.WalkSkipChildren, nil
		case ast.KindCodeSpan:
			for child := n.FirstChild(); child != nil; child = child.NextSibling() {
				if t, ok := child.(*ast.Text); ok {
					add(t.Segment, false)
				}
			}
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	sort.Slice(r, func(i, j int) bool { return r[i].start < r[j].start })
	return r
}
