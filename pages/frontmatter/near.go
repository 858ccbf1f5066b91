package frontmatter

import "strings"

// nearest returns the name that a misspelt one was most likely meant to be, "" if none is near.
func nearest(typed string, names []string) string {
	plain := fold(typed)
	best, least := "", len(plain)/3+1
	if least > 3 {
		least = 3
	}
	for _, name := range names {
		if d := distance(plain, fold(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// fold leaves out what people vary in the same name: case, hyphens, underscores.
func fold(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}

// distance counts the letters to insert, remove, change or swap with their neighbour. Long names are not near
// anything.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(last[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
