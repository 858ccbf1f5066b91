// Package frontmatter reads what stands before a page's markup, and takes the server script out of it.
//
// # Front matter
//
// A page or Markdown file may begin with settings of its own: YAML between two lines of three hyphens, TOML
// between two lines of three plus signs, or a JSON object whose brace is the first character:
//
//	---                        +++                        {
//	title: Cart                title = "Cart"               "title": "Cart"
//	---                        +++                        }
//
// Parse returns them as a typed Meta, and the text behind them. A page that begins with a template action
// ({{) has no front matter. A Markdown text whose three hyphens are never closed begins with a line, not with
// front matter; in a page that is a fault.
//
// In a page a key that Huygens does not know is a fault, with a suggestion. In Markdown it is kept in
// Meta.Params, and one that looks like a misspelt key of ours is a notice.
//
// # Positions
//
// Whatever is taken out of a text is blanked in place: line breaks stay, and so does every column of what
// follows on the same line. Line and column of all that is behind are true. Lines and columns count from 1,
// columns in characters. A byte order mark is dropped; CRLF stays as it is in the text behind.
//
// # Bounds
//
// The input is a site's file, which nobody vouches for. Front matter is at most MaxBytes long and nested at
// most 32 deep, a YAML alias is expanded at most to 10,000 values in all, and a parser that panics is a fault
// of the file.
package frontmatter
