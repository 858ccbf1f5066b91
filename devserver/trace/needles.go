package trace

import (
	"slices"
	"strings"
)

// keyLength is by how many first bytes needles are kept together. No needle is shorter than shortestSecret.
const keyLength = 3

// needles are the texts that are searched for. Most are spellings of one secret and begin alike: such are
// found by one search for what they have in common, so that a page is not read once for each spelling.
type needles struct {
	groups []needleGroup
	count  int
}

type needleGroup struct {
	common string // what all of them begin with, at least keyLength bytes
	texts  []string
}

// has reports whether a text is one of them.
func (n *needles) has(text string) bool {
	g := n.group(text)
	return g != nil && slices.Contains(g.texts, text)
}

func (n *needles) group(text string) *needleGroup {
	for i := range n.groups {
		if n.groups[i].common[:keyLength] == text[:keyLength] {
			return &n.groups[i]
		}
	}
	return nil
}

// add takes a text of at least keyLength bytes that is not there yet.
func (n *needles) add(text string) {
	n.count++
	g := n.group(text)
	if g == nil {
		n.groups = append(n.groups, needleGroup{common: text, texts: []string{text}})
		return
	}
	g.texts = append(g.texts, text)
	for !strings.HasPrefix(text, g.common) {
		g.common = g.common[:len(g.common)-1]
	}
}

// find appends where they stand in s.
func (n *needles) find(s string, found [][2]int) [][2]int {
	for i := range n.groups {
		g := &n.groups[i]
		for at := 0; ; at++ {
			next := strings.Index(s[at:], g.common)
			if next < 0 {
				break
			}
			at += next
			for _, text := range g.texts {
				if strings.HasPrefix(s[at:], text) {
					found = append(found, [2]int{at, at + len(text)})
				}
			}
		}
	}
	return found
}
