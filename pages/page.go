package pages

import (
	"huygens/pages/frontmatter"
	"huygens/pages/markup"
	"huygens/pages/markup/markdown"
	"huygens/pages/script"
)

// A Page is a compiled page or Markdown page: everything that its requests share. It is immutable.
type Page struct {
	app        *Application
	file       string
	meta       frontmatter.Meta
	program    *script.Program   // nil: the page has no code
	document   markdown.Document // of a Markdown page
	isMarkdown bool

	body    markup.File // the page's own markup, for further layouts
	layout  string      // name of the layout it was compiled with, "" for none
	markup  *markup.Template
	layouts library // the same page in layouts chosen by code, by name
}
