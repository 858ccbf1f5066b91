package frontmatter

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A binder puts the values of front matter into a Meta.
type binder struct {
	mode    Mode
	lines   int // lines of the file before the settings
	meta    *Meta
	notices []*Error
}

// bind returns the first fault; what stands before it is bound.
func (b *binder) bind(root node) error {
	if root.value == nil { // nothing but comments
		return nil
	}
	m, ok := root.value.(*mapping)
	if !ok {
		return b.fault(root.place, "front matter is keys with values, this is "+root.kind(), `write "title: Cart"`)
	}
	b.meta.places = make(map[string]place, len(m.pairs))
	for _, p := range m.pairs {
		b.meta.places[p.key] = place{p.line + b.lines, p.column}
		bound, err := b.ours(p)
		if err != nil {
			return err
		}
		if bound {
			continue
		}
		if err := b.other(p); err != nil {
			return err
		}
	}
	return nil
}

// ours binds a key of api.md, 1.
func (b *binder) ours(p pair) (bool, error) {
	m := b.meta
	var err error
	switch p.key {
	case "title":
		m.Title, err = b.text(p)
	case "layout":
		m.Layout, err = b.text(p)
	case "summary":
		m.Summary, err = b.text(p)
	case "viewState":
		m.ViewState, err = b.yes(p)
	case "pathInfo":
		m.PathInfo, err = b.yes(p)
	case "actions":
		m.Actions, err = b.yes(p)
	case "draft":
		m.Draft, err = b.yes(p)
	case "session":
		m.Session, err = b.choice(p, SessionOn, SessionRead, SessionOff)
	case "transaction":
		m.Transaction, err = b.choice(p, TransactionOff, TransactionRequired)
	case "maxBody":
		m.MaxBody, err = b.size(p)
	case "date":
		m.Date, err = b.date(p)
	case "cache":
		m.Cache, err = b.cache(p)
	default:
		return false, nil
	}
	return true, err
}

// other deals with a key that is not ours.
func (b *binder) other(p pair) error {
	near := nearest(p.key, keyNames[:])
	unknown := fmt.Sprintf("front matter has no key %s", strconv.Quote(p.key))
	if b.mode == Page {
		if near != "" {
			return b.fault(p.at, unknown, fmt.Sprintf("did you mean %q?", near))
		}
		return b.fault(p.at, unknown, "a page may have "+strings.Join(keyNames[:], ", "))
	}
	if near != "" {
		b.notices = append(b.notices, &Error{
			p.at.line + b.lines, p.at.column,
			fmt.Sprintf("%s is kept in page.params", strconv.Quote(p.key)), fmt.Sprintf("did you mean %q?", near),
		})
	}
	if b.meta.Params == nil {
		b.meta.Params = map[string]any{}
	}
	b.meta.Params[p.key] = p.plain()
	return nil
}

func (b *binder) fault(at place, message, hint string) error {
	return &Error{at.line + b.lines, at.column, message, hint}
}

func (b *binder) mustBe(p pair, what string) error {
	return b.fault(p.place, fmt.Sprintf("%s must be %s, not %s", p.key, what, shown(p.node)), "")
}

// shown is a value in an error message: short and on one line.
func shown(n node) string {
	switch v := n.value.(type) {
	case string:
		if r := []rune(v); len(r) > 40 {
			v = string(r[:40]) + "…"
		}
		return strconv.Quote(v)
	case bool, int64, float64:
		return fmt.Sprint(v)
	}
	return n.kind()
}

// text takes numbers and the like too: `title: 1984` is a title.
func (b *binder) text(p pair) (string, error) {
	switch v := p.value.(type) {
	case string:
		return v, nil
	case nil:
		return "", nil
	case bool, int64, float64:
		return fmt.Sprint(v), nil
	}
	return "", b.mustBe(p, "text")
}

func (b *binder) yes(p pair) (bool, error) {
	v, ok := p.value.(bool)
	if !ok {
		return false, b.mustBe(p, "true or false")
	}
	return v, nil
}

// choice takes on and off as booleans too: that is what YAML 1.1 made of them.
func (b *binder) choice(p pair, allowed ...string) (string, error) {
	v, _ := p.value.(string)
	if yes, ok := p.value.(bool); ok {
		v = "off"
		if yes {
			v = "on"
		}
	}
	for _, a := range allowed {
		if v == a {
			return v, nil
		}
	}
	last := len(allowed) - 1
	return "", b.mustBe(p, strings.Join(allowed[:last], ", ")+" or "+allowed[last])
}

var sizeUnits = [...]struct {
	suffix string
	bytes  int64
}{{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"B", 1}, {"", 1}}

// size reads "512MB", or a number of bytes.
func (b *binder) size(p pair) (int64, error) {
	if n, ok := p.value.(int64); ok && n > 0 {
		return n, nil
	}
	text, _ := p.value.(string)
	text = strings.ToUpper(strings.TrimSpace(text))
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err == nil && n > 0 && n <= 1<<40/u.bytes {
			return n * u.bytes, nil
		}
		break
	}
	return 0, b.mustBe(p, `a size such as "20MB"`)
}

var dateLayouts = [...]string{
	time.DateOnly, time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 -0700",
	time.DateTime, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04",
}

// date reads a day, or a day and a time; without a zone it is UTC.
func (b *binder) date(p pair) (time.Time, error) {
	text, _ := p.value.(string)
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, b.mustBe(p, `a date such as 2026-03-31`)
}

// cache reads {for: 60s, vary: [query.page], tags: [cart]}, or a duration alone.
func (b *binder) cache(p pair) (*Cache, error) {
	if _, ok := p.value.(string); ok {
		d, err := b.duration(p)
		return &Cache{For: d}, err
	}
	m, ok := p.value.(*mapping)
	if !ok {
		return nil, b.mustBe(p, "a group of keys such as {for: 60s}")
	}
	c := new(Cache)
	for _, q := range m.pairs {
		var err error
		switch q.key {
		case "for":
			c.For, err = b.duration(q)
		case "vary":
			c.Vary, err = b.texts(q)
		case "tags":
			c.Tags, err = b.texts(q)
		default:
			return nil, b.unknownCacheKey(q)
		}
		if err != nil {
			return nil, err
		}
	}
	if c.For == 0 {
		return nil, b.fault(p.place, "cache does not say for how long", "write for: 60s in it")
	}
	return c, nil
}

func (b *binder) unknownCacheKey(q pair) error {
	keys := []string{"for", "vary", "tags"}
	hint := "cache may have for, vary, tags"
	if near := nearest(q.key, keys); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return b.fault(q.at, "cache has no key "+strconv.Quote(q.key), hint)
}

func (b *binder) duration(p pair) (time.Duration, error) {
	text, _ := p.value.(string)
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, b.mustBe(p, `a time such as "60s" or "20m"`)
	}
	return d, nil
}

// texts reads a list of texts, or one alone.
func (b *binder) texts(p pair) ([]string, error) {
	if s, ok := p.value.(string); ok {
		return []string{s}, nil
	}
	l, ok := p.value.(list)
	if !ok {
		return nil, b.mustBe(p, "a list of texts")
	}
	var texts []string
	for _, n := range l {
		s, ok := n.value.(string)
		if !ok {
			return nil, b.mustBe(pair{key: p.key, at: p.at, node: n}, "a list of texts")
		}
		texts = append(texts, s)
	}
	return texts, nil
}
