// Package highlight marks up code in HTML: keywords, names, text, numbers, comments.
//
// It is one scanner with a table of languages. The classes are chroma's short ones (k, nf, s, c1, …), so that
// any style sheet made for chroma or Pygments fits; a test compares them with chroma's own list.
//
// chroma's lexers themselves are not used: the package that holds them reads 270 of them at the start of every
// process (13 ms, 2.7 MB, in the front and in each worker), and its regular expressions take 4 µs a byte. This
// scanner has no start, looks at every byte once or twice, and knows the languages that web pages and their
// documentation are written in. A language that it does not know is shown as plain text.
package highlight
