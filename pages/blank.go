package pages

import (
	"strings"

	"huygens/pages/markup"
)

// blankRanges says which parts of text have been blanked in place, from the text as it was: whole lines where a
// line has nothing else, so that no empty lines are written in their stead.
func blankRanges(was, text string) []markup.Range {
	was = was[len(was)-len(text):] // a byte order mark has been dropped
	if was == text {
		return nil
	}
	var all []markup.Range
	for at := 0; at < len(text); {
		line := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			line = at + i + 1
		}
		if strings.TrimSpace(text[at:line]) == "" && inBlanked(was, text, at, line) {
			all = addRange(all, at, line)
		} else if start, end := differing(was, text, at, line); end > start {
			all = addRange(all, start, end)
		}
		at = line
	}
	return all
}

// inBlanked says whether a blank line was something else, or stands between lines that were.
func inBlanked(was, text string, start, end int) bool {
	if was[start:end] != text[start:end] {
		return true
	}
	before, after := strings.LastIndexFunc(text[:start], notSpace), strings.IndexFunc(text[end:], notSpace)
	if after < 0 {
		after = len(text) - end
	}
	return was[before+1:start] != text[before+1:start] && was[end:end+after] != text[end:end+after]
}

func notSpace(r rune) bool { return r != ' ' && r != '\t' && r != '\r' && r != '\n' }

// differing is the part of a line that was blanked.
func differing(was, text string, start, end int) (int, int) {
	for start < end && was[start] == text[start] {
		start++
	}
	for end > start && was[end-1] == text[end-1] {
		end--
	}
	return start, end
}

func addRange(all []markup.Range, start, end int) []markup.Range {
	if n := len(all); n > 0 && all[n-1].End == start {
		all[n-1].End = end
		return all
	}
	return append(all, markup.Range{Start: start, End: end})
}
