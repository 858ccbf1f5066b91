package script

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The compilers of the code recurse as deep as the code is nested, and a stack of more than 1 GB ends the process. The
// text is checked for that before, roughly: nothing that people or bundlers write comes near.
const (
	MaxText        = 1 << 20 // bytes of one file of the site
	maxPackageText = 8 << 20 // bytes of one file of an npm package
	maxNesting     = 2000    // brackets in brackets; those in strings count too
	maxPrefixes    = 2000    // !!!!a
	maxChain       = 20_000  // words and signs that follow each other closely without one of ;{}, (a=b=c=…)
	maxElse        = 20_000  // if … else if … else if … in one file
	closely        = 16      // bytes
)

// checkText refuses text that could exhaust the compilers.
func checkText(name, text string) *Error {
	most := MaxText
	if inPackage(name) {
		most = maxPackageText
	}
	if len(text) > most {
		return &Error{File: name, Message: fmt.Sprintf("the file has %d bytes; code may have %d", len(text), most)}
	}
	var c nesting
	for i := range len(text) {
		if c.next(text[i], i) {
			start := strings.LastIndexByte(text[:i], '\n') + 1
			return &Error{
				File: name, Line: 1 + strings.Count(text[:i], "\n"), Column: 1 + utf8.RuneCountInString(text[start:i]),
				Message: "the code is nested too deeply",
			}
		}
	}
	if n := strings.Count(text, "else"); n > maxElse {
		return &Error{File: name, Message: fmt.Sprintf("the code has %d times else; %d are allowed", n, maxElse)}
	}
	return nil
}

// withoutMaps makes comments that name a source map into plain ones, of the same length. esbuild would follow them,
// into any file of the machine.
func withoutMaps(text string) string {
	const name, harmless = " sourceMappingURL=", " sourceMappingUrl="
	if !strings.Contains(text, name) {
		return text
	}
	for _, open := range [...]string{"//#", "//@", "/*#", "/*@"} {
		text = strings.ReplaceAll(text, open+name, open+harmless)
	}
	return text
}

// nesting counts how deep a text may be nested.
type nesting struct {
	depth, prefixes, chain int
	last                   int  // place of the last word or sign
	inWord                 bool // the last byte was of a word
}

// next counts a byte; true: it is too deep.
func (n *nesting) next(c byte, at int) bool {
	word := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
	switch {
	case word && n.inWord, c <= ' ':
	case at-n.last > closely:
		n.last = at
	default:
		n.last = at
		n.chain++
	}
	n.inWord = word
	switch c {
	case '(', '[', '{':
		n.depth++
	case ')', ']', '}':
		n.depth = max(n.depth-1, 0)
	}
	switch {
	case c == ';' || c == '{' || c == '}' || c == ',' && n.depth > 0:
		n.chain = 0
	case strings.IndexByte("!~+-", c) >= 0:
		n.prefixes++
	case c > ' ':
		n.prefixes = 0
	}
	return n.depth > maxNesting || n.prefixes > maxPrefixes || n.chain > maxChain
}
