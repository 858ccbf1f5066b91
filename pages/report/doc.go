// Package report writes error pages: for faults in the author's code (by the worker) and for requests that got
// no answer (by the front).
//
// A Report says what went wrong in one plain sentence and, with Details, names each fault with file, line,
// column, the lines around, a hint, and the way to it, folded. Render writes it as a page for browsers, as
// plain text for programs such as curl, and as JSON if that is asked for.
//
// # What may be in it
//
// Nothing of the request is ever repeated: no address, no header, no form. What comes from the author's files
// is escaped for the form it is written in; control characters and marks that turn the direction of writing
// are shown as what they are, so that neither a terminal nor a reader is deceived. Everything is bounded: at
// most 20 faults, 11 lines and 50 frames each, lines of 200 and messages of 2,000 characters.
//
// The page has no script and loads nothing. It works under ContentSecurityPolicy.
package report
