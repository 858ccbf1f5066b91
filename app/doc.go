// Command huygens is a desktop development server for people who write web pages.
//
// Started without a command it opens its window; `huygens serve` serves a site without one. The same program,
// started again by itself, is the worker that runs a site's pages, and the probe that finds out whether a
// window can be opened here.
//
// Everything about serving is in package devserver; this package reads the command line, prints, opens the
// window and ends with an exit code: 0 ended as asked, 1 the work failed, 2 wrong usage.
package main
