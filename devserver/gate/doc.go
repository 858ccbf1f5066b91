// Package gate is the first check of every request, on a site's port and on the tools' port. It stands before
// every route, errors included, and knows nothing of files.
//
// A developer's own browser is the attacker here: any page on the web may send requests to a loopback port.
// So a Gate lets in only a request
//
//   - whose Host is exactly one of ours, port included (against DNS rebinding): 403;
//   - whose target is a plain path, not a whole URL, an authority or a star: 400;
//   - whose method is known: 405 with Allow;
//   - whose target, query and headers keep to the limits: 414, 400, 431;
//   - whose body is not encoded (415) and not too long (413);
//   - which, if it may change something, comes from one of our own origins: 403.
//
// The reserved addresses are stricter: see CheckReserved.
//
// A refusal is a value. Its sentence is for people and never repeats anything of the request. Nothing here
// believes a forwarded header, and nothing sends a CORS header.
//
// # Limits of the server
//
// ServerLimits and LimitConnections bound what a slow or silent peer may hold: time for the headers, the body,
// an idle connection; size of the headers; number of connections. When they are used up, the connection that
// has been silent longest is closed for the new one.
package gate
