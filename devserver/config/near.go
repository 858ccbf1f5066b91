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

// distance counts the letters to insert, remove or change. Long names are not near anything.
func distance(a, b string) int {
	const long = 64
	if len(a) > long || len(b) > long {
		return long
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, change)
		}
	}
	return row[len(b)]
}
