package frontmatter

// maxDepth and maxNodes bound what is made of a file's front matter.
const (
	maxDepth = 32
	maxNodes = 10000
)

// A node is a value with its place, the same for YAML, TOML and JSON.
type node struct {
	place
	value any // string, bool, int64, float64 or nil; or *mapping or list
}

type mapping struct{ pairs []pair }

type pair struct {
	key string
	at  place // of the key
	node
}

type list []node

// plain is the value without places, for Params.
func (n node) plain() any {
	switch v := n.value.(type) {
	case *mapping:
		m := make(map[string]any, len(v.pairs))
		for _, p := range v.pairs {
			m[p.key] = p.plain()
		}
		return m
	case list:
		l := make([]any, len(v))
		for i := range v {
			l[i] = v[i].plain()
		}
		return l
	}
	return n.value
}

// kind names a value's type in the words of an error message.
func (n node) kind() string {
	switch n.value.(type) {
	case nil:
		return "empty"
	case string:
		return "text"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case list:
		return "a list"
	}
	return "a group of keys"
}

func (m *mapping) has(key string) bool {
	for i := range m.pairs {
		if m.pairs[i].key == key {
			return true
		}
	}
	return false
}

// A budget is how much may still be made of a file.
type budget struct{ nodes int }

func (b *budget) take(depth int, at place) error {
	if b.nodes++; b.nodes > maxNodes {
		return &Error{at.line, at.column, "the front matter has too many values", ""}
	}
	if depth > maxDepth {
		return &Error{at.line, at.column, "the front matter is nested too deep", ""}
	}
	return nil
}
