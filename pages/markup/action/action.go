package action

import "strings"

// Len returns the length in bytes of the action that a text begins with; the text must begin with two braces.
// Quoted text and comments in the action may hold its closing mark. If the action does not end, ok is false and
// n says how far that is certain: no action that begins before it ends either.
func Len(text string) (n int, ok bool) {
	inside := strings.TrimPrefix(text[2:], "- ")
	if strings.HasPrefix(inside, "/*") {
		return commentLen(text, len(text)-len(inside))
	}
	for i := 2; i < len(text); i++ {
		switch text[i] {
		case '}':
			if strings.HasPrefix(text[i:], "}}") {
				return i + 2, true
			}
		case '"', '\'', '`':
			n, ok := quotedLen(text[i:])
			if !ok {
				return i + n, false
			}
			i += n - 1
		}
	}
	return len(text), false
}

func commentLen(text string, start int) (n int, ok bool) {
	end := strings.Index(text[start:], "*/")
	if end < 0 {
		return len(text), false
	}
	end += start
	closing := strings.Index(text[end:], "}}")
	if closing < 0 {
		return len(text), false
	}
	return end + closing + 2, true
}

// quotedLen returns the length of the Go string or character that a text begins with; ok is false if it does
// not end (on its line, unless it is a raw string).
func quotedLen(text string) (n int, ok bool) {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == quote:
			return i + 1, true
		case quote == '`':
		case text[i] == '\n':
			return i, false
		case text[i] == '\\':
			i++
		}
	}
	return len(text), false
}
