package markup

import (
	"slices"
	"text/template/parse"
)

// A Range is a part of a File's Text, in bytes: from Start up to, not including, End.
type Range struct{ Start, End int }

// dropBlank takes the ranges out of what a list writes. Positions stay: a text is divided, not shortened.
func dropBlank(list *parse.ListNode, ranges []Range) {
	if list == nil {
		return
	}
	kept := make([]parse.Node, 0, len(list.Nodes))
	for _, n := range list.Nodes {
		if text, ok := n.(*parse.TextNode); ok {
			kept = appendPieces(kept, text, ranges)
			continue
		}
		if b := branchOf(n); b != nil {
			dropBlank(b.List, ranges)
			dropBlank(b.ElseList, ranges)
		}
		kept = append(kept, n)
	}
	list.Nodes = kept
}

// appendPieces appends what is left of a text, its first part in the node itself.
func appendPieces(nodes []parse.Node, text *parse.TextNode, ranges []Range) []parse.Node {
	for _, r := range ranges {
		start, end := r.Start-int(text.Pos), r.End-int(text.Pos)
		if end <= 0 || start >= len(text.Text) {
			continue
		}
		if start > 0 {
			before := text.Copy().(*parse.TextNode)
			before.Text = slices.Clip(before.Text[:start])
			nodes = append(nodes, before)
		}
		end = min(end, len(text.Text))
		text.Text, text.Pos = text.Text[end:], text.Pos+parse.Pos(end)
	}
	if len(text.Text) > 0 {
		nodes = append(nodes, text)
	}
	return nodes
}
