package pages

import (
	"huygens/pages/frontmatter"
	"huygens/pages/markup"
	"huygens/pages/markup/markdown"
	"huygens/pages/script"
)

// A Page is a compiled page or Markdown page: everything that its requests share. It is immutable, but for
// layouts, which fills as code chooses other layouts.
type Page struct {
	app      *Application
	file     string
	meta     frontmatter.Meta
	program  *script.Program   // nil: the page has no code
	document markdown.Document // of a Markdown page
	html     trusted           // of a Markdown page whose text has no actions: {{_content}} shows it
	before   int               // lines that stand before the document's HTML in the body
	compiledMarkup
	layouts library // the same page in layouts chosen by code, by the layout's name
}

// A compiledMarkup is a page's markup in its layouts.
type compiledMarkup struct {
	body     markup.File // the page's own part
	layout   string      // name of the innermost layout, "" for none
	template *markup.Template
}

// trusted is markup that stands in a page as it is.
type trusted []byte

// Render appends the markup.
func (t trusted) Render(out []byte) []byte { return append(out, t...) }
