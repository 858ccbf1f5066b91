// Package markup compiles and runs the markup of pages: Go's html/template, with layouts, blocks and partials.
//
// html/template parses the files and analyses in which context every action stands; what runs is our own
// executor: the analysed tree becomes closures that append to one []byte. Escaping is html/template's: our
// escapers for the common contexts are compared with its own, by name, in the tests; the rare contexts call
// html/template itself.
//
// # Templates
//
// Compile takes a page and its layouts, innermost first. The page's body is the template "content" of the
// innermost layout, whose own body is "content" of the next one outward. A page whose body is blank leaves a
// layout's {{block "content" .}} its default. A name is looked up in the page, in its layouts from the inside
// out, in the file that says it, and then, if it begins with "_", among the partials. So {{define "aside"}} in
// the page fills {{block "aside" .}} of a layout or partial; an empty define empties it.
//
// # Values
//
// Data may be maps, slices, structs and pointers (by reflection, as in text/template), or values of another
// world that implement Object, List, Scalar or Renderer; those are read in place and never by reflection. Where
// a value has to become a Go value (JSON, printf), Export is asked.
//
//   - A name that the page's data (Env.Data, and whatever templates are handed it as ".") does not have is a
//     fault, except as operand of if, with, and, or, not, default. Deeper names that do not exist print nothing,
//     unless the object is Strict.
//   - eq ne lt le gt ge compare numbers of any type by value.
//   - A float prints as in JavaScript, a time.Time by RFC 3339.
//   - {{default "none" .x}} and {{.x | default "none"}}: .x unless it is missing or empty, as if sees it.
//
// # Limits
//
// Render ends with an error when its context ends, when the output passes Env.MaxOutput, when templates call
// each other more than 1,000 deep, and when a value that is printed contains itself or is too deep. A file of
// templates may have 4 MB and 500 nested blocks. Range over a channel is refused: it would outlive the request.
//
// # Faults
//
// Every error is an *Error with the place in the author's file: lines and columns from 1, columns in characters.
// Compile returns Errors, as many as it can find at once.
package markup
