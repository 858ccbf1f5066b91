package script

import (
	"bytes"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"
)

// A packageFile is what matters of a package.json.
type packageFile struct {
	folder  string
	name    string
	main    string
	module  string
	exports *value // nil: everything can be reached by its path
	imports *value
	effects *value // sideEffects
}

// A value is JSON that remembers the order of its keys: the first condition that fits counts.
type value struct {
	text  *string
	no    bool // false
	null  bool
	list  []*value
	keys  []string
	items []*value // of keys
}

func (v *value) get(key string) *value {
	if v != nil {
		for i, k := range v.keys {
			if k == key {
				return v.items[i]
			}
		}
	}
	return nil
}

func (v *value) string() string {
	if v == nil || v.text == nil {
		return ""
	}
	return *v.text
}

// readPackage reads a package.json; nil if it is none.
func readPackage(folder string, data []byte) *packageFile {
	v, err := readValue(json.NewDecoder(bytes.NewReader(data)), 0)
	if err != nil || v.keys == nil {
		return nil
	}
	return &packageFile{
		folder: folder, name: v.get("name").string(), main: v.get("main").string(), module: v.get("module").string(),
		exports: v.get("exports").orNil(), imports: v.get("imports").orNil(), effects: v.get("sideEffects"),
	}
}

func (v *value) orNil() *value {
	if v == nil || v.null {
		return nil
	}
	return v
}

var errTooDeep = errors.New("nested too deeply")

func readValue(d *json.Decoder, depth int) (*value, error) {
	if depth > 32 {
		return nil, errTooDeep
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	v := &value{}
	switch t := token.(type) {
	case string:
		v.text = &t
	case bool:
		v.no = !t
	case nil:
		v.null = true
	case json.Delim:
		return v, v.readInto(d, t, depth)
	}
	return v, nil
}

func (v *value) readInto(d *json.Decoder, open json.Delim, depth int) error {
	if open == '{' {
		v.keys = []string{}
	}
	for d.More() {
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			v.keys = append(v.keys, key.(string)) // the decoder lets only strings stand here
		}
		item, err := readValue(d, depth+1)
		if err != nil {
			return err
		}
		if open == '{' {
			v.items = append(v.items, item)
		} else {
			v.list = append(v.list, item)
		}
	}
	_, err := d.Token()
	return err
}

// target finds what a map of exports or imports has for a subpath: "./lib/a.js", for imports also a package; "": nothing.
func (p *packageFile) target(of *value, sub string, require bool) string {
	main := []string{"import", "module", "default"}
	if require {
		main = []string{"require", "module", "default"}
	}
	// Some packages have code for browsers and for Node.js only; the browser's is nearer to what runs here.
	for _, conditions := range [][]string{main, append(main, "browser", "worker")} {
		if t := of.find(sub, conditions); t != "" {
			return t
		}
	}
	return ""
}

func (v *value) find(sub string, conditions []string) string {
	if v.keys == nil || len(v.keys) > 0 && v.keys[0] != "" && v.keys[0][0] != '.' && v.keys[0][0] != '#' {
		if sub != "." {
			return ""
		}
		return v.choose(conditions, "")
	}
	if exact := v.get(sub); exact != nil && !strings.Contains(sub, "*") {
		return exact.choose(conditions, "")
	}
	best, bestItem, star := "", (*value)(nil), ""
	for i, key := range v.keys {
		before, after, isPattern := strings.Cut(key, "*")
		if !isPattern || len(before) < len(best) || len(sub) < len(key) || !strings.HasPrefix(sub, before) || !strings.HasSuffix(sub, after) {
			continue
		}
		best, bestItem, star = before, v.items[i], sub[len(before):len(sub)-len(after)]
	}
	if bestItem == nil {
		return ""
	}
	return bestItem.choose(conditions, star)
}

// choose takes the first target whose conditions hold.
func (v *value) choose(conditions []string, star string) string {
	switch {
	case v.text != nil:
		target := strings.ReplaceAll(*v.text, "*", star)
		if strings.HasPrefix(target, "./") && strings.Contains(target+"/", "/../") {
			return ""
		}
		return target
	case v.list != nil:
		for _, item := range v.list {
			if t := item.choose(conditions, star); t != "" {
				return t
			}
		}
	}
	for i, key := range v.keys {
		if slices.Contains(conditions, key) {
			if t := v.items[i].choose(conditions, star); t != "" {
				return t
			}
		}
	}
	return ""
}

// pure says whether a file of the package has no effects but its exports.
func (p *packageFile) pure(name string) bool {
	switch {
	case p.effects == nil:
		return false
	case p.effects.no:
		return true
	case p.effects.list == nil:
		return false
	}
	for _, item := range p.effects.list {
		pattern := strings.TrimPrefix(item.string(), "./")
		subject := name
		if !strings.Contains(pattern, "/") {
			subject = path.Base(name)
		}
		if strings.Contains(pattern, "**") {
			return false // rarely used; then nothing is left out
		}
		if ok, err := path.Match(pattern, subject); ok || err != nil {
			return false
		}
	}
	return true
}
