package config

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// What 0 means for a duration or size.
type zero bool

const (
	never     zero = false // 0 is a fault
	zeroIsOff zero = true
)

// A decoder turns a parsed file into a Config and collects the faults.
type decoder struct {
	at   map[string]place
	errs Errors
}

// A table is one TOML table on its way into a struct. Each of its methods takes one key; done finds those that
// nobody took.
type table struct {
	d      *decoder
	path   string
	values map[string]any
	known  *[]string
}

func (d *decoder) newTable(path string, values map[string]any) table {
	return table{d: d, path: path, values: values, known: new([]string)}
}

func (t table) take(key string) (any, bool) {
	*t.known = append(*t.known, key)
	v, ok := t.values[key]
	return v, ok
}

// fault notes a fault at a key, or at the table if the key is not there.
func (t table) fault(key, message, hint string) { t.faultAt(below(t.path, key), message, hint) }

func (t table) faultAt(path, message, hint string) {
	p, ok := t.d.at[path]
	for !ok && path != "" {
		path = path[:strings.LastIndexByte(path[:len(path)-1], 0)+1]
		p, ok = t.d.at[path]
	}
	t.d.errs = append(t.d.errs, &Error{File: Name, Line: p.line, Column: p.column, Message: message, Hint: hint})
}

// line is the line on which the table begins.
func (t table) line() int { return t.d.at[t.path].line }

// done makes faults of the keys that were not taken.
func (t table) done() {
	for key := range t.values {
		if slices.Contains(*t.known, key) {
			continue
		}
		where := "at the top of the file"
		if t.path != "" {
			where = "in [" + words(t.path) + "]"
		}
		hint := "known are: " + strings.Join(*t.known, ", ")
		if near := nearest(key, *t.known); near != "" {
			hint = "did you mean " + near + "?"
		}
		t.fault(key, fmt.Sprintf("unknown key %q %s", key, where), hint)
	}
}

func (t table) table(key string) (table, bool) {
	v, ok := t.take(key)
	if !ok {
		return table{}, false
	}
	values, ok := v.(map[string]any)
	if !ok {
		t.fault(key, key+" is a table", "write ["+words(below(t.path, key))+"]")
		return table{}, false
	}
	return t.d.newTable(below(t.path, key), values), true
}

func (t table) tables(key string) []table {
	v, ok := t.take(key)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	var all []table
	for i, one := range list {
		values, isTable := one.(map[string]any)
		ok = ok && isTable
		all = append(all, t.d.newTable(item(below(t.path, key), i), values))
	}
	if !ok {
		t.fault(key, key+" is a list of tables", "write [["+words(below(t.path, key))+"]]")
		return nil
	}
	return all
}

// A check says what is wrong with a text; "" if nothing is.
type check func(string) string

func (t table) text(key string, into *string, c check) bool {
	v, ok := t.take(key)
	if !ok {
		return false
	}
	s, isText := v.(string)
	if !isText {
		t.fault(key, key+" is a text", "write it in quotes")
		return false
	}
	if problem := c(s); problem != "" {
		t.fault(key, key+" "+problem, "")
		return false
	}
	*into = s
	return true
}

func (t table) texts(key string, into *[]string, c check) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	list, isList := v.([]any)
	all := make([]string, 0, len(list))
	for _, one := range list {
		s, isText := one.(string)
		isList = isList && isText
		if problem := c(s); isText && problem != "" {
			t.fault(key, fmt.Sprintf("%s: %q %s", key, s, problem), "")
			return
		}
		all = append(all, s)
	}
	if !isList {
		t.fault(key, key+" is a list of texts", key+` = ["…"]`)
		return
	}
	*into = all
}

func (t table) choice(key string, into *string, names ...string) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	s, _ := v.(string)
	if !slices.Contains(names, s) {
		hint := ""
		if near := nearest(s, names); near != "" {
			hint = "did you mean " + near + "?"
		}
		t.fault(key, key+" is one of "+strings.Join(names, ", "), hint)
		return
	}
	*into = s
}

func (t table) yes(key string, into *bool) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	b, isBool := v.(bool)
	if !isBool {
		t.fault(key, key+" is true or false", "")
		return
	}
	*into = b
}

func (t table) maybe(key string, into **bool) {
	var b bool
	before := len(t.d.errs)
	t.yes(key, &b)
	if _, there := t.values[key]; there && len(t.d.errs) == before {
		*into = &b
	}
}

func (t table) number(key string, into *int, least, most int) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	n, isNumber := v.(int64)
	if !isNumber || n < int64(least) || n > int64(most) {
		t.fault(key, fmt.Sprintf("%s is a whole number from %d to %d", key, least, most), "")
		return
	}
	*into = int(n)
}

func (t table) duration(key string, into *Duration, z zero) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	if s, isText := v.(string); isText {
		if d, good := parseDuration(s); good && (d > 0 || bool(z)) {
			*into = d
			return
		}
	}
	if v == int64(0) && bool(z) {
		*into = 0
		return
	}
	t.fault(key, key+" is a duration"+offWord(z), `write it as "90s", "20m" or "29h"`)
}

func (t table) size(key string, into *Size, z zero) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	if s, isText := v.(string); isText {
		if n, good := parseSize(s); good && (n > 0 || bool(z)) {
			*into = n
			return
		}
	}
	if v == int64(0) && bool(z) {
		*into = 0
		return
	}
	t.fault(key, key+" is a size"+offWord(z), `write it as "512MB"`)
}

func offWord(z zero) string {
	if z {
		return ", or 0 for off"
	}
	return " above 0"
}

func (t table) clocks(key string, into *[]Clock) {
	if v, ok := t.values[key]; ok && v == int64(0) {
		t.take(key)
		*into = nil // 0 is off for all of recycle
		return
	}
	var texts []string
	before := len(t.d.errs)
	t.texts(key, &texts, func(s string) string {
		if _, ok := parseClock(s); !ok {
			return `is no clock time such as "03:00"`
		}
		return ""
	})
	if _, there := t.values[key]; !there || len(t.d.errs) > before {
		return
	}
	*into = nil
	for _, s := range texts {
		c, _ := parseClock(s)
		*into = append(*into, c)
	}
}

// free takes what is left of a table as plain values.
func (t table) free() map[string]any {
	all := map[string]any{}
	for key, v := range t.values {
		t.take(key)
		plain, ok := plainValue(v)
		if !ok {
			t.fault(key, key+" is infinite or no number", "")
			continue
		}
		all[key] = plain
	}
	return all
}

// plainValue makes texts of dates: settings go to script as JSON.
func plainValue(v any) (any, bool) {
	good := true
	switch v := v.(type) {
	case map[string]any:
		all := make(map[string]any, len(v))
		for key, one := range v {
			plain, ok := plainValue(one)
			all[key], good = plain, good && ok
		}
		return all, good
	case []any:
		all := make([]any, len(v))
		for i, one := range v {
			plain, ok := plainValue(one)
			all[i], good = plain, good && ok
		}
		return all, good
	case float64:
		return v, !math.IsInf(v, 0) && !math.IsNaN(v)
	case time.Time:
		return v.Format(time.RFC3339Nano), true
	case fmt.Stringer: // local dates and times
		return v.String(), true
	}
	return v, true
}
