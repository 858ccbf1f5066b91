package config

import (
	"iter"
	"slices"
	"strings"
)

func sortedKeys[T ~string](keys iter.Seq[T]) []T { return slices.Sorted(keys) }

// nearest returns the name that a misspelt one was most likely meant to be, "" if none is near.
func nearest(typed string, names []string) string {
	best, least := "", min(len(typed)/3+1, 3)
	for _, name := range names {
		if d := distance(strings.ToLower(typed), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to insert, remove, change, or swap with their neighbour. Long names are not near
// anything.
func distance(a, b string) int {
	const long = 64
	if len(a) > long || len(b) > long {
		return long
	}
	var rows [3][]int // of the letter before the last, of the last, of this one
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := range len(a) {
		older, last, row := rows[0], rows[1], rows[2]
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
		rows = [3][]int{last, row, older}
	}
	return rows[1][len(b)]
}
