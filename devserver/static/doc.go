// Package static sends files of a site as they are.
//
// A Sender answers GET and HEAD with the file of a resolve.Answer: entity tag and modification time, conditional
// requests, one or several ranges, a content type that does not depend on the machine, nosniff, and
// Cross-Origin-Resource-Policy: same-origin. Every answer is no-cache: browsers keep it and ask.
//
// Files up to 256 kB are kept in memory, bounded; a kept file is checked by one stat when it is asked for, by
// the rules of package source, so nothing stale and nothing half written is sent from memory. Larger files go
// from the file to the socket by the system (sendfile).
//
// The entity tag of a kept file is of its bytes: a touch does not change it. That of a larger file is of its
// state; if it was changed within 20 ms of the request, its tag will not be found again.
//
// HTML may get a few bytes inserted where the reload tag may stand. Such an answer is no-store, and has
// neither tag nor ranges.
//
// Whoever calls writes the error pages: Serve returns an *Error and has then written nothing.
package static
