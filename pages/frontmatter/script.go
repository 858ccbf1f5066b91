package frontmatter

import (
	"fmt"
	"strconv"
	"strings"
)

// A Script is a page's server script, taken out of its text.
type Script struct {
	Found  bool
	Lang   string // "ts" or "js"
	Line   int    // of the element's first character
	Column int
	Code   string // the script with all else blanked: lines and columns are those of the file
	Markup string // the text with the element blanked
}

// ServerScript finds the element
//
//	<script runat="server" lang="ts">…</script>
//
// in the text of a page. Attributes may stand in any order and quotes; lang is ts if it is not there. Comments,
// template actions, attribute values and the insides of other scripts, styles and text areas are passed over.
// In Markdown the tag must begin a line, indented by at most three spaces and outside of fenced code, as for
// any HTML block with a script.
//
// Without such an element Found is false and Markup is text. Two of them, one that is not closed, and one with
// attributes that it cannot have are an *Error.
func ServerScript(text string, mode Mode) (Script, error) {
	found := Script{Markup: text}
	if !mayHaveServerScript(text) {
		return found, nil
	}
	s := scanner{text: text, markdown: mode == Markdown}
	var first *element
	for {
		e, err := s.next()
		if err != nil {
			return found, err
		}
		if e == nil {
			break
		}
		if first != nil {
			at := placeIn(text, e.start)
			return found, &Error{at.line, at.column, "the page has two server scripts", "join them, or move code into a file in App_Code/"}
		}
		first = e
	}
	if first == nil {
		return found, nil
	}
	at := placeIn(text, first.start)
	lang, err := first.lang(at)
	if err != nil {
		return found, err
	}
	return Script{
		Found: true, Lang: lang, Line: at.line, Column: at.column,
		Code:   blank(text[:first.inside]) + text[first.inside:first.outside],
		Markup: text[:first.start] + blank(text[first.start:first.end]) + text[first.end:],
	}, nil
}

// mayHaveServerScript spares most pages the scan.
func mayHaveServerScript(text string) bool {
	const word = "runat"
	for i := 0; i+len(word) <= len(text); i++ {
		if text[i]|0x20 == 'r' && strings.EqualFold(text[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// An element is a server script: start and end of the whole, of what is inside, and its attributes.
type element struct {
	start, inside, outside, end int
	attributes                  []attribute
}

func (e *element) lang(at place) (string, error) {
	lang := "ts"
	for _, a := range e.attributes {
		switch a.name {
		case "runat":
		case "lang", "language":
			switch strings.ToLower(a.value) {
			case "ts", "typescript":
				lang = "ts"
			case "js", "javascript":
				lang = "js"
			default:
				return "", &Error{at.line, at.column, fmt.Sprintf("a server script cannot be written in %s", strconv.Quote(a.value)), `lang is "ts" or "js"`}
			}
		case "src":
			return "", &Error{at.line, at.column, "a server script cannot have src", "put the code into a file of the page's name with .ts behind it"}
		default:
			return "", &Error{at.line, at.column, fmt.Sprintf("a server script has no attribute %s", strconv.Quote(a.name)), `write <script runat="server" lang="ts">`}
		}
	}
	return lang, nil
}
