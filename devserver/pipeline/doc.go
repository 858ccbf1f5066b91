// Package pipeline runs requests in a worker: HttpRuntime, HttpContext and HttpApplication of ASP.NET, by
// those duties.
//
//	Runtime      the worker's one runtime: finds the application of a request, loads it at its first request
//	             and unloads it alone; it is a pages.Runner
//	Application  an application with its modules; raises the pipeline events of lifecycle.md, 1, in order
//	pages.Context  one request on its way
//
// Modules are values in one list (see Module); at every event they are told in the order of the list. Each
// event is a span of the trace, and so is what listens to it.
//
// # When something goes wrong
//
// An error in a module or handler skips what is left up to LogRequest; LogRequest, EndRequest and the
// PreSend events are always told. A panic counts as an error and keeps its stack. server.completeRequest and
// an ended response in an event skip to the release of state. Whatever happens, Run returns one Result, and
// returns an error only when the request was given up by its context.
package pipeline
