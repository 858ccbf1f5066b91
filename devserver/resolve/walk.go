package resolve

import (
	"net/http"
	"strings"

	"huygens/pages"
)

// A step is one folder on the way of an address, with what of the address was left when it was reached.
type step struct {
	at   *listing
	rest string // "a/b", or "" for the folder itself
}

// byFiles is the built-in map: it walks the address through the folders.
func (r *Resolver) byFiles(a address, inner bool, answer Answer) Answer {
	var space [8]step // most addresses are not deeper: no allocation
	steps, whole := r.walk(a.path, answer.app, space[:0])
	if len(steps) == 0 {
		return answer.missing()
	}
	last := steps[len(steps)-1]
	if whole {
		if found := r.atFolders(steps, a, inner, answer); found.status != http.StatusNotFound || len(steps) == 1 {
			return r.orPathInfo(found, steps, answer)
		}
		last = steps[len(steps)-2] // the name may be that of a page beside the folder
	}
	if strings.IndexByte(last.rest, '/') < 0 {
		if found := r.atName(last.at, last.rest, a, inner, answer); found.status != http.StatusNotFound {
			return found
		}
	}
	return r.orPathInfo(answer.missing(), steps, answer)
}

// walk enters folders as far as the address leads. whole says that all of it was folders. The last name is
// entered too, if it is a folder.
func (r *Resolver) walk(path string, app *Application, steps []step) (all []step, whole bool) {
	dir, rest := ".", path[1:]
	if app.Folder != "." {
		if !r.isFolder(app.Folder) {
			return nil, false
		}
		dir, rest = app.Folder, strings.TrimPrefix(strings.TrimPrefix(path, app.Path), "/")
	}
	for {
		at := r.listings.get(dir)
		if at == nil {
			return steps, false
		}
		steps = append(steps, step{at: at, rest: rest})
		if rest == "" {
			return steps, true
		}
		name, more, deeper := strings.Cut(rest, "/")
		e, ok := at.entries[name]
		if !ok || e.kind != folder || deeper && more == "" {
			return steps, false
		}
		if _, other := r.mounted[e.path]; other {
			return steps, false // the folder of another application answers at that one's path only
		}
		dir, rest = e.path, more
	}
}

// isFolder walks to the folder of an application: real folders in exactly these letters, no links.
func (r *Resolver) isFolder(name string) bool {
	e, ok := r.locate(name)
	return ok && e.dir
}

// locate finds a site path in the listings, hidden or not.
func (r *Resolver) locate(name string) (entry, bool) {
	dir := "."
	for {
		at := r.listings.get(dir)
		if at == nil {
			return entry{}, false
		}
		first, rest, deeper := strings.Cut(name, "/")
		e, ok := at.entries[first]
		if !ok || !deeper {
			return e, ok
		}
		if !e.dir {
			return entry{}, false
		}
		dir, name = e.path, rest
	}
}

// atFolders answers for an address that is a folder: with its index, or by adding the slash. A page beside the
// folder has the address without slash.
func (r *Resolver) atFolders(steps []step, a address, inner bool, answer Answer) Answer {
	bare := !a.slash && a.path != "/"
	if bare && len(steps) > 1 {
		beside := steps[len(steps)-2]
		if e, _ := named(beside.at, beside.rest); e.kind != private {
			return answer.missing()
		}
	}
	e := r.index(steps[len(steps)-1].at)
	switch {
	case e.kind == private:
		return answer.missing()
	case bare && !inner:
		return redirect(answer, escape(a.path)+"/")
	}
	return answer.with(handlerOf(e.kind), e.path)
}

// index is what a folder shows of itself: its page, Markdown page, README.md, static page.
func (r *Resolver) index(at *listing) entry {
	for _, stem := range r.config.Site.Default {
		if e := at.entries[stem+".gohtml"]; e.kind == page {
			return e
		}
		if e := at.entries[stem+".md"]; e.kind == markdown {
			return e
		}
	}
	if e := at.entries["README.md"]; e.kind == markdown {
		return e
	}
	for _, stem := range r.config.Site.Default {
		if e := at.entries[stem+".html"]; e.kind == plain {
			return e
		}
	}
	return entry{}
}

// named is what has the address of a name by its kind: page, Markdown page, handler, service. second is
// another one that wants the same address.
func named(at *listing, name string) (first, second entry) {
	for _, c := range [...]struct {
		suffix string
		kind   kind
	}{
		{".gohtml", page},
		{".md", markdown},
		{".handler.ts", generic},
		{".handler.js", generic},
		{".service.ts", service},
		{".service.js", service},
	} {
		e, ok := at.entries[name+c.suffix]
		switch {
		case !ok || e.kind != c.kind:
		case first.kind == private:
			first = e
		default:
			return first, e
		}
	}
	return first, entry{}
}

// atName answers for the last name of an address.
func (r *Resolver) atName(at *listing, name string, a address, inner bool, answer Answer) Answer {
	if e, second := named(at, name); e.kind != private {
		if second.kind != private {
			answer.notice = e.path + " answers; " + second.path + " has the same address"
		}
		if inner {
			return answer.with(handlerOf(e.kind), e.path)
		}
		if (e.kind == page || e.kind == markdown) && r.index(at).path == e.path {
			return redirect(answer, escape(a.path[:len(a.path)-len(name)]))
		}
		if a.slash {
			return redirect(answer, escape(a.path))
		}
		return answer.with(handlerOf(e.kind), e.path)
	}
	if a.slash && !inner {
		return answer.missing()
	}
	if e, ok := clientSource(at, name); ok {
		return answer.with(pages.HandlerClientScript, e.path)
	}
	switch e := at.entries[name]; e.kind {
	case plain:
		return answer.with(pages.HandlerStatic, e.path)
	case script:
		if r.private(e.path) {
			return answer.missing()
		}
		return answer.with(pages.HandlerStatic, e.path)
	case page, markdown:
		if inner {
			return answer.with(handlerOf(e.kind), e.path)
		}
		dir := a.path[:len(a.path)-len(name)]
		if r.index(at).path == e.path {
			return redirect(answer, escape(dir))
		}
		stem := strings.TrimSuffix(strings.TrimSuffix(name, ".gohtml"), ".md")
		return redirect(answer, escape(dir+stem))
	}
	return answer.missing()
}

// clientSource is the file from which the client script of an address is built.
func clientSource(at *listing, name string) (entry, bool) {
	stem, ok := strings.CutSuffix(name, ".js")
	if !ok {
		return entry{}, false
	}
	for _, ext := range clientExtensions() {
		if e := at.entries[stem+ext]; e.kind == client {
			return e, true
		}
	}
	return entry{}, false
}

// redirect keeps the query. It is temporary, as the files may be others tomorrow.
func redirect(answer Answer, location string) Answer {
	answer.status = http.StatusTemporaryRedirect
	answer.location = withQuery(location, answer.query)
	answer.resource = pages.Resource{Handler: pages.HandlerRedirect}
	answer.from = nil
	return answer
}

func handlerOf(k kind) pages.Handler {
	switch k {
	case page:
		return pages.HandlerPage
	case markdown:
		return pages.HandlerMarkdown
	case generic:
		return pages.HandlerGeneric
	case service:
		return pages.HandlerService
	case client:
		return pages.HandlerClientScript
	}
	return pages.HandlerStatic
}
