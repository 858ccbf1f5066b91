package pages

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"

	"huygens/pages/markup"
)

// templateFunctions are the functions of markup beside those of Go's templates (design.md, 6). The objects are
// those of code.
var templateFunctions = map[string]markup.Func{
	"page": func(env *markup.Env, _ []any) (any, error) {
		return pageInMarkup{inMarkup{pageObject{runOf(env)}}}, nil
	},
	"request": func(env *markup.Env, _ []any) (any, error) {
		return inMarkup{requestObject{c: runOf(env).Context}}, nil
	},
	"site":     func(env *markup.Env, _ []any) (any, error) { return inMarkup{siteObject{c: runOf(env).Context}}, nil },
	"pages":    listPages,
	"json":     toJSON,
	"url":      func(_ *markup.Env, args []any) (any, error) { return url.QueryEscape(fmt.Sprint(args...)), nil },
	"_content": func(env *markup.Env, _ []any) (any, error) { return runOf(env).page.html, nil },
}

func runOf(env *markup.Env) *run { return env.Values.(*run) }

// pageInMarkup is `page` in templates: {{page.head}} is a place there.
type pageInMarkup struct{ inMarkup }

func (p pageInMarkup) Field(name string) (any, bool) {
	if name == "head" {
		return headPlace{p.hostObject.(pageObject).r}, true
	}
	return p.inMarkup.Field(name)
}

// listPages is {{range pages "/blog"}}.
func listPages(env *markup.Env, args []any) (any, error) {
	folder := "/"
	if len(args) > 0 {
		folder = fmt.Sprint(args[0])
	}
	return runOf(env).sitePages(folder, false, false)
}

// toJSON is {{json .x}}: text that is a JavaScript value too, so "<" is escaped in it.
func toJSON(_ *markup.Env, args []any) (any, error) {
	if len(args) != 1 {
		return nil, fmt.Errorf("json wants one value, not %d", len(args))
	}
	v := args[0]
	if e, ok := v.(interface{ Export() any }); ok {
		v = e.Export()
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("json: %w", err)
	}
	return template.JS(data), nil
}
