package frontmatter

import "time"

// Modes of the keys session and transaction.
const (
	SessionOn           = "on"
	SessionRead         = "read"
	SessionOff          = "off"
	TransactionOff      = "off"
	TransactionRequired = "required"
)

// Meta is what front matter says. Keys that are not there have their default.
type Meta struct {
	Title       string
	Layout      string // name of the layout, "none" for no layout; "": the nearest one applies
	ViewState   bool   // default true
	Session     string // "on", "read" or "off"; "": as the page's code needs it
	Transaction string // "off" or "required"; "": off
	Cache       *Cache // nil: not cached
	PathInfo    bool
	Actions     bool      // Markdown: {{…}} runs though there is no code-behind
	MaxBody     int64     // bytes; 0: the default
	Date        time.Time // zero: none
	Draft       bool
	Summary     string

	// Params holds the other keys of a Markdown file: strings, bools, int64, float64, nil, []any and
	// map[string]any. Dates are strings as the author wrote them. nil if there are none.
	Params map[string]any

	places map[string]place
}

// Cache is the key cache: how long an answer may be used again, and what it depends on.
type Cache struct {
	For  time.Duration
	Vary []string
	Tags []string
}

type place struct{ line, column int }

// Place returns where the value of a key stands, 0 and 0 if the key is not there. A fault that is found later
// (a layout that does not exist) is told at this place.
func (m *Meta) Place(key string) (line, column int) {
	p := m.places[key]
	return p.line, p.column
}

// Has says whether a key is there.
func (m *Meta) Has(key string) bool {
	_, ok := m.places[key]
	return ok
}

// keyNames are the keys of api.md, 1, in the order in which hints list them.
var keyNames = [...]string{
	"title", "layout", "viewState", "session", "transaction", "cache", "pathInfo", "actions", "maxBody",
	"date", "draft", "summary",
}
