package pages

import (
	"bytes"
	"fmt"
	"strings"

	"huygens/pages/script"
)

// pageObject is `page`.
type pageObject struct{ r *run }

var pageNames = []string{"data", "isPostBack", "isValid", "title", "layout", "head", "path", "params", "toc"}

func (o pageObject) Names() []string { return pageNames }

func (o pageObject) Get(name string) (any, bool) {
	r := o.r
	switch name {
	case "data":
		return r.data, true
	case "isPostBack": // a POST without view state is a plain form post (api.md, 3)
		return false, true
	case "isValid":
		return true, true
	case "title":
		return r.title, true
	case "layout":
		return r.layout, true
	case "head":
		return headObject{r: r}, true
	case "path":
		return r.Request.Path, true
	case "params":
		return r.page.params(), true
	case "toc":
		return r.page.contents(), true
	}
	return nil, false
}

func (o pageObject) Set(name string, value any) error {
	switch name {
	case "data":
		o.r.data = value
		return nil
	case "title":
		o.r.title = fmt.Sprint(script.Export(value))
		return nil
	case "layout":
		o.r.layout = fmt.Sprint(script.Export(value))
		return nil
	}
	return readOnly{}.Set("page."+name, value)
}

// params are the front matter's other keys.
func (p *Page) params() map[string]any {
	if p.meta.Params == nil {
		return map[string]any{}
	}
	return p.meta.Params
}

// contents is the table of contents of a Markdown page.
func (p *Page) contents() []any {
	all := make([]any, 0, len(p.document.Contents))
	for _, h := range p.document.Contents {
		all = append(all, map[string]any{"level": int64(h.Level), "id": h.ID, "text": h.Text})
	}
	return all
}

// headObject is page.head: code adds to it, and {{page.head}} in a layout shows it.
type headObject struct {
	readOnly
	r *run
}

func (o headObject) Names() []string { return []string{"add"} }

func (o headObject) Get(name string) (any, bool) {
	if name != "add" {
		return nil, false
	}
	return function(func(call *script.Call) (any, error) {
		o.r.head = append(o.r.head, call.String(0))
		return nil, nil
	}), true
}

// headPlace is {{page.head}} in markup: it notes where it stands and writes what has been added.
type headPlace struct{ r *run }

func (h headPlace) Render(out []byte) []byte {
	for _, html := range h.r.head {
		out = append(out, html...)
	}
	h.r.headAt = len(out)
	return out
}

// placeHead puts what page.head holds before </head> if no layout says where, and notes where the reload tag
// may stand.
func (r *run) placeHead(start int) {
	response := r.Response
	if r.headAt < 0 && len(r.head) > 0 {
		at := start + len(response.body[start:])
		if i := indexFold(response.body[start:], "</head>"); i >= 0 {
			at = start + i
		}
		added := strings.Join(r.head, "")
		response.body = append(response.body[:at], append([]byte(added), response.body[at:]...)...)
		r.headAt = at + len(added)
	}
	response.scriptAt = r.headAt
}

// indexFold finds an ASCII tag in any case.
func indexFold(text []byte, tag string) int {
	if i := bytes.Index(text, []byte(tag)); i >= 0 {
		return i
	}
	return bytes.Index(bytes.ToLower(text), []byte(tag))
}
