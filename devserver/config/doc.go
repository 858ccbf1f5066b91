// Package config reads huygens.toml, the file that refines a site.
//
// Load turns the bytes of the file into a Config with every default filled in. Every key is optional, so an
// empty file is a good one. A Config is made once and never changed afterwards; whoever holds it may read it
// from any goroutine, and a new file means a new Config, swapped in as a whole.
//
// A file with any fault is refused as a whole. The error is an Errors: all the faults that were found, each
// with line, column, a sentence, and a hint where one can be given (an unknown key names its nearest
// neighbour). The Config that comes with an error is the default one.
//
// # Values
//
// Durations are texts as Go writes them ("500ms", "29h"), sizes are texts ("512MB", in units of 1024), clock
// times are texts ("03:00"). 0 is off for recycle.*, idle, health.ping, rapidFail.crashes and cache.max;
// elsewhere it is a fault.
//
// # Patterns
//
// [[handlers]] and [[headers]] name addresses by a Pattern: "/exact", "/prefix/*" (the prefix itself and
// everything below it) or "*.ext" (every address whose last name ends so, in any case of letters).
package config
