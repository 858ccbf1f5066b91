// Package devserver is the front: the app's own process, the part that http.sys and WAS play in IIS.
//
// A Server serves any number of sites and one tools origin, all on loopback only. Each site has a listener
// pair (127.0.0.1 and [::1]) on one port. A request goes down once and up once:
//
//	gate (Host, Origin, method, target) → reserved addresses → resolver
//	    ├─ static file by the short-cut: sent by the front itself
//	    └─ everything else → the application's pool: queue → worker → answer
//
// The front runs no code of a site. It keeps serving static files, the tools and error pages whatever a page
// does. Every request has one trace, from here to the last byte (package trace).
//
// # Life
//
// New makes a Server; Open starts a site and returns when it answers; Close stops everything that was started,
// waits for it, and leaves no process behind. A site's huygens.toml is read again when it changes: it is
// swapped in as a whole, and a broken one leaves the last good one in force (package config). A site's folder
// that vanishes is said, and picked up again when it is back.
package devserver
