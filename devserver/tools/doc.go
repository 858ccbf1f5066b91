// Package tools serves the tools' own origin: the trace viewer, the trace as JSON and as events, the state
// of the sites, and control (design.md, 8; api.md, 6).
//
// # Who may
//
// A Tools has a key that the app makes at each start. Reading wants the tools' cookie, which
// /_huygens/open?key=KEY sets, or the header X-Huygens-Key; control wants the header, always. On a site's
// port (Tools.Site) the cookie counts for nothing, and only that site is seen. Whoever has neither gets 404
// for what can be read and 403 for control. Requests of foreign origins are refused besides, whatever they
// bring.
//
// The caller has checked the Host of a request before (package gate): that is what keeps rebound names out,
// and what makes "the same origin" mean something here.
//
// # Readers
//
// All readers pull from one trace.Source at their own pace. The number of event streams is bounded; one
// that does not take what it asked for within WriteTimeout is ended. When it comes back with the number it
// had reached, it is told how many requests it missed.
package tools
