// Command bench measures Huygens beside a bare Go server (net/http and html/template, the same page, the same
// bytes) in one run, and prints ratios as a table and as JSON.
//
// Absolute figures move with the machine; ratios of one run do not, as long as both sides take turns: each
// repeat starts fresh processes, warms them up, measures and stops them, and every second repeat goes through
// the servers backwards.
//
//	W1  dynamic page: query parameter, 20 items made in code-behind, a header, an escaped table in a layout
//	W2  static file of 4 kB
//	W5  save until the browser's event stream tells it, by rename and in place
//	W6  process start until the end of the first dynamic answer
//	W7  memory of all processes: idle after one request, and after the load of W1
//	W8  save until the end of the first answer with the new text
//
// Load comes from wrk with 16 connections.
package main
