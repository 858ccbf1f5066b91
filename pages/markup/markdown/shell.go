package markdown

import (
	"bytes"

	"huygens/pages/markup/markdown/highlight"
)

// Shell is the small document that a Markdown page gets when no layout applies. title is what the front matter
// says, "" if it says nothing: then the first heading is the document's title, and file, the name of the
// Markdown file, if there is no heading. A title of the front matter is shown as heading too if the text has no
// h1. The result is the text of a template if d was converted with Actions, else HTML;
// lines is how many lines stand before the HTML of d, to be taken off before Document.Source is asked.
func Shell(d Document, title, file string) (html []byte, lines int) {
	shown := title
	if shown == "" {
		shown = d.Title
	}
	if shown == "" {
		shown = file
	}
	out := make([]byte, 0, len(d.HTML)+len(shellStyle)+1000)
	out = append(out, "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"...)
	out = highlight.AppendEscaped(out, shown, true)
	out = append(out, "</title>\n<style>\n"...)
	out = append(out, shellStyle...)
	out = append(out, "</style>\n</head>\n<body>\n<main>\n"...)
	if title != "" && !d.HasH1 {
		out = append(out, "<h1>"...)
		out = highlight.AppendEscaped(out, title, true)
		out = append(out, "</h1>\n"...)
	}
	lines = bytes.Count(out, []byte("\n"))
	out = append(out, d.HTML...)
	return append(out, "</main>\n</body>\n</html>\n"...), lines
}
