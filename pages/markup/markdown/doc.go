// Package markdown turns Markdown into HTML.
//
// The dialect is GitHub's (tables, strikethrough, task lists, links without marks), raw HTML included: a site's
// Markdown is its author's own. Only links written in Markdown with a javascript:, vbscript: or data: target
// lose it, since those come from pasted text.
//
// # What is added
//
// Every heading has an id, made from its text as GitHub does: lower case, hyphens for spaces, other signs left
// out; a second one of the same text gets "-1". The contents list them. Fenced code is highlighted by classes
// (Style). A relative link to another Markdown file leads to that file's address: "guide.md#x" becomes
// "guide#x", and "sub/README.md" the folder "sub/".
//
// # Actions
//
// With Options.Actions the HTML is the text of a template (package markup). What stands between {{ and }} is
// taken over to the letter, in link targets, in cells of tables and in raw HTML too; it may go over lines. A
// line of actions only is a block of its own, so that {{if}} and {{end}} can stand around paragraphs and lists.
// Code is code: in code spans and blocks nothing runs and braces are shown. \{{ is two braces as well. {{define}}
// and {{block}} are refused. In the start tag of an inline element, an action needs white space around it.
// Document.Source tells where a place of the HTML stands in the Markdown.
//
// Without Options.Actions {{ is plain text, and the HTML is not fit to be parsed as a template.
//
// # Bounds
//
// A text is at most MaxBytes long. Quotes and lists nest at most 100 deep; beyond that their marks are text. One
// paragraph has at most some thousands of emphasis and link marks, and a table at most 250,000 cells: what is
// beyond is text too, for the parser takes the square of such things in time. The context is asked often; when
// it ends Convert returns its cause.
package markdown
