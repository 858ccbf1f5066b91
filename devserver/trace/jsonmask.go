package trace

import (
	"encoding/json"
	"strings"
)

// json masks the values of secret keys. It works on the letters, not on a parsed value: bodies are cut, and
// what claims to be JSON need not be.
func (v *veil) json(s string) string {
	var b strings.Builder
	done := 0
	for at := 0; at < len(s); {
		if s[at] != '"' {
			at++
			continue
		}
		end := jsonStringEnd(s, at)
		value := jsonSpace(s, end)
		if value >= len(s) || s[value] != ':' || !v.policy.Secret(jsonText(s[at:end])) {
			at = end
			continue
		}
		value = jsonSpace(s, value+1)
		end = v.jsonValue(s, value)
		at = end
		if end > value && s[value:end] != "null" {
			b.WriteString(s[done:value])
			b.WriteString(`"` + Mask + `"`)
			done = end
		}
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// jsonValue learns the value that begins at start and returns its end.
func (v *veil) jsonValue(s string, start int) (end int) {
	if start >= len(s) {
		return start
	}
	switch s[start] {
	case '"':
		end = jsonStringEnd(s, start)
		v.addJSON(s[start:end])
		return end
	case '{', '[':
		return v.jsonNested(s, start)
	}
	for end = start; end < len(s) && strings.IndexByte(",]} \t\r\n", s[end]) < 0; end++ {
	}
	v.add(s[start:end])
	return end
}

// jsonNested learns every string and number inside an object or array, and returns its end.
func (v *veil) jsonNested(s string, at int) (end int) {
	for depth := 0; at < len(s); {
		switch c := s[at]; {
		case c == '"':
			end := jsonStringEnd(s, at)
			if next := jsonSpace(s, end); next >= len(s) || s[next] != ':' {
				v.addJSON(s[at:end])
			}
			at = end
		case c == '{' || c == '[':
			depth++
			at++
		case c == '}' || c == ']':
			depth--
			at++
			if depth == 0 {
				return at
			}
		case strings.IndexByte(",: \t\r\n", c) >= 0:
			at++
		default:
			at = v.jsonValue(s, at)
		}
	}
	return at
}

// addJSON learns a string as it is written and as it is meant.
func (v *veil) addJSON(quoted string) {
	inner := strings.TrimSuffix(quoted[1:], `"`)
	v.add(inner)
	if text := jsonText(quoted); text != inner {
		v.add(text)
	}
}

// jsonText is what a quoted string means; if it is damaged, what stands in it.
func jsonText(quoted string) string {
	if strings.IndexByte(quoted, '\\') >= 0 {
		var text string
		if json.Unmarshal([]byte(quoted), &text) == nil {
			return text
		}
	}
	return strings.TrimSuffix(quoted[1:], `"`)
}

// jsonStringEnd returns the index behind the string that begins at start.
func jsonStringEnd(s string, start int) int {
	for i := start + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

func jsonSpace(s string, at int) int {
	for at < len(s) && strings.IndexByte(" \t\r\n", s[at]) >= 0 {
		at++
	}
	return at
}
