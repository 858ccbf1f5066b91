package devserver

import (
	"net/http"
	"slices"
	"strings"

	"huygens/devserver/resolve"
	"huygens/devserver/trace"
	"huygens/pages"
	"huygens/pages/source"
)

// fieldsOf lists a request's header lines as they are shown to code: Host first, the others by name, our own
// cookies and key taken out.
func fieldsOf(r *http.Request) []pages.Field {
	fields := make([]pages.Field, 1, len(r.Header)+1)
	fields[0] = pages.Field{Name: "Host", Value: r.Host}
	for _, name := range sortedNames(r.Header) {
		if name == "X-Huygens-Key" {
			continue
		}
		for _, value := range r.Header[name] {
			if name == "Cookie" {
				if value = withoutOurs(value); value == "" {
					continue
				}
			}
			fields = append(fields, pages.Field{Name: name, Value: value})
		}
	}
	return fields
}

// fieldsOfHeader lists the header lines of an answer.
func fieldsOfHeader(h http.Header) []pages.Field {
	fields := make([]pages.Field, 0, len(h))
	for _, name := range sortedNames(h) {
		for _, value := range h[name] {
			fields = append(fields, pages.Field{Name: name, Value: value})
		}
	}
	return fields
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// withoutOurs takes the tools' cookie out of a Cookie line.
func withoutOurs(cookies string) string {
	if !strings.Contains(cookies, "huygens_tools") {
		return cookies
	}
	var kept []string
	for part := range strings.SplitSeq(cookies, ";") {
		part = strings.TrimSpace(part)
		if name, _, _ := strings.Cut(part, "="); strings.TrimSpace(name) != "huygens_tools" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "; ")
}

// request is what goes down to the pool.
func (x *exchange) request(a resolve.Answer) *pages.Request {
	return &pages.Request{
		TraceID: x.record.ID(), Application: a.Application().Path,
		Method: x.r.Method, Target: x.r.RequestURI, Path: a.Path(), PathInfo: a.PathInfo(), Query: a.Query(),
		RemoteAddr: x.r.RemoteAddr, Header: x.header, Resource: a.Resource(),
		Timeout: x.live.timeout,
	}
}

// learn notes what the answer was made from, for browsers that show it and for code that must stay private, and
// tells of faults.
func (x *exchange) learn(a resolve.Answer, result *pages.Result) {
	file := a.Resource().File
	if result.Inputs != nil {
		names := make([]string, 0, len(result.Inputs))
		for _, in := range result.Inputs {
			names = append(names, in.Name)
		}
		x.inputs.set(file, names)
		x.private.add(result.Inputs)
	}
	if x.wantsScript() {
		x.hub.Depends(x.r.RequestURI, x.inputs.of(file))
	}
	for _, f := range result.Faults {
		x.site.server.tell(ErrorEvent{File: f.File, Line: f.Line, Column: f.Column, Message: trace.CleanLine(f.Message)})
	}
	if x.problems.set(file, result.Faults) {
		x.site.server.changed()
	}
}

// resultFile sends the file that the pipeline named. It is resolved like an address of its own, so what is
// refused to browsers is refused here too.
func (x *exchange) resultFile(a resolve.Answer, result *pages.Result) {
	file := a
	if result.File != a.Resource().File {
		file = x.live.resolver.File(result.File)
	}
	x.setHeader(result.Header)
	if file.Resource().File == "" {
		x.fail(http.StatusNotFound, "")
		return
	}
	x.sendFile(file)
}

// codeFile says whether an input is server code, which is never sent as a static file.
func codeFile(in source.Input) bool {
	return in.Stamp.Kind == source.Regular && (strings.HasSuffix(in.Name, ".js") || strings.HasSuffix(in.Name, ".mjs"))
}
