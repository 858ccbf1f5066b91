package resolve

import (
	"net/http"

	"huygens/devserver/config"
	"huygens/pages"
)

// An Answer says what an address leads to. Only a Resolver makes one that can be opened.
type Answer struct {
	status   int
	resource pages.Resource
	path     string
	pathInfo string
	query    string
	location string
	allow    string
	notice   string
	line     *config.Handler
	app      *Application
	from     *Resolver // nil: nothing can be opened
}

// An Application is the application to which an address belongs.
type Application struct {
	Path   string // "/" or "/blog"
	Folder string // site path of its folder, "." for the site itself
	Pool   string
}

// Status is 200 if a resource answers, 404 if nothing does, 301 to 308 for a redirect, 403 for what a handler
// keeps off, 405 for a method that is not answered here.
func (a Answer) Status() int { return a.status }

// Found says whether a resource answers.
func (a Answer) Found() bool { return a.status == http.StatusOK }

// Resource is what answers. Its file is a site path; that of DirectoryList is a folder.
func (a Answer) Resource() pages.Resource { return a.resource }

// Path is the path of the address as it came, decoded, after [[rewrite]].
func (a Answer) Path() string { return a.path }

// PathInfo is what follows the address of the resource: "" or "/a/b".
func (a Answer) PathInfo() string { return a.pathInfo }

// Query is the query, escaped, without "?", after [[rewrite]].
func (a Answer) Query() string { return a.query }

// Location is where a redirect leads. The answer must be no-store: files move while a site is made.
func (a Answer) Location() string { return a.location }

// Allow are the methods for the header of that name, for status 405.
func (a Answer) Allow() string { return a.allow }

// Notice is said in the trace and by check, "" usually: that two files want the same address.
func (a Answer) Notice() string { return a.notice }

// Handler is the entry of [[handlers]] that decided, nil if none did.
func (a Answer) Handler() *config.Handler { return a.line }

// Application is the application to which the address belongs. It is set for status 404 too.
func (a Answer) Application() Application {
	if a.app == nil {
		return Application{Path: "/", Folder: "."}
	}
	return *a.app
}

// missing makes of a the answer for what is not there or not shown; nothing tells the two apart.
func (a Answer) missing() Answer {
	return Answer{
		status: http.StatusNotFound, resource: pages.Resource{Handler: pages.HandlerStatic},
		path: a.path, query: a.query, app: a.app,
	}
}

// with makes of a the answer of a resource.
func (a Answer) with(handler pages.Handler, file string) Answer {
	a.status = http.StatusOK
	a.resource.Handler, a.resource.File = handler, file
	return a
}
