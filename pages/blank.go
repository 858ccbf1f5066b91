package pages

import (
	"strings"

	"huygens/pages/markup"
)

// blankRanges says which parts of text have been blanked in place, from the text as it was: whole lines where a
// line has nothing else, so that no empty lines are written in their stead. Empty lines between two lines that
// were blanked belong to them.
func blankRanges(was, text string) []markup.Range {
	was = was[len(was)-len(text):] // a byte order mark has been dropped
	if was == text {
		return nil
	}
	var all []markup.Range
	run := markup.Range{Start: -1} // of lines without anything else: from the first blanked one to the last
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		changed := was[at:end] != text[at:end]
		switch {
		case strings.TrimSpace(text[at:end]) != "":
			all = addRange(all, run)
			run.Start = -1
			if changed {
				all = addRange(all, differing(was, text, at, end))
			}
		case changed && run.Start < 0:
			run = markup.Range{Start: at, End: end}
		case changed:
			run.End = end
		}
		at = end
	}
	return addRange(all, run)
}

// differing is the part of a line that was blanked.
func differing(was, text string, start, end int) markup.Range {
	for start < end && was[start] == text[start] {
		start++
	}
	for end > start && was[end-1] == text[end-1] {
		end--
	}
	return markup.Range{Start: start, End: end}
}

func addRange(all []markup.Range, r markup.Range) []markup.Range {
	if r.Start < 0 {
		return all
	}
	if n := len(all); n > 0 && all[n-1].End == r.Start {
		all[n-1].End = r.End
		return all
	}
	return append(all, r)
}
