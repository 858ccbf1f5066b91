package resolve

import (
	"errors"
	"net/http"
	"strings"

	"huygens/devserver/config"
	"huygens/pages/source"
)

// Options is what a Resolver is made of.
type Options struct {
	Folder  *source.Folder         // of the site
	Config  *config.Config         // nil: the default one
	Private func(file string) bool // whether server code imports this .js or .mjs; nil: none is
	Trusted bool                   // programs and proxies of [[handlers]] may run
}

// A Resolver turns addresses into resources. It may be used by any number of goroutines. A changed
// configuration means a new Resolver.
type Resolver struct {
	folder   *source.Folder
	config   *config.Config
	private  func(string) bool
	trusted  bool
	serve    []config.Glob
	apps     []Application  // the root application first
	mounted  map[string]int // folder of an application to its place in apps
	listings listings
	details  details
}

var errNoFolder = errors.New("resolve: there is no folder")

// New returns a Resolver on a folder.
func New(o Options) (*Resolver, error) {
	if o.Folder == nil {
		return nil, errNoFolder
	}
	c := o.Config
	if c == nil {
		c = config.Default()
	}
	r := &Resolver{folder: o.Folder, config: c, private: o.Private, trusted: o.Trusted, serve: c.Site.Serve, mounted: map[string]int{}}
	if r.private == nil {
		r.private = func(string) bool { return false }
	}
	r.apps = append(r.apps, Application{Path: "/", Folder: ".", Pool: c.Pools[0].Name})
	for _, a := range c.Applications {
		r.mounted[a.Folder] = len(r.apps)
		r.apps = append(r.apps, Application{Path: a.Path, Folder: a.Folder, Pool: a.Pool})
	}
	r.listings = listings{folder: o.Folder, judge: r.judge}
	r.details.folder = o.Folder
	return r, nil
}

// Applications are all applications of the site, the root application first.
func (r *Resolver) Applications() []Application { return append([]Application(nil), r.apps...) }

// Resolve says what the target of a request (path and query, escaped, as in the request line) leads to.
func (r *Resolver) Resolve(method, target string) Answer {
	a, ok := parseTarget(target)
	return r.resolve(method, a, ok)
}

// ResolvePath is Resolve for a decoded path and an escaped query: for server.transfer and [errors].
func (r *Resolver) ResolvePath(method, path, query string) Answer {
	a, ok := newAddress(path, query)
	return r.resolve(method, a, ok)
}

func (r *Resolver) resolve(method string, a address, ok bool) Answer {
	answer := Answer{path: a.full, query: a.query, app: &r.apps[0], from: r}
	if !ok || Reserved(a.path) {
		return answer.missing()
	}
	rewritten := false
	if len(r.config.Rewrites) > 0 {
		var done bool
		if answer, done, rewritten = r.rewrite(&a, false); done {
			return answer
		}
	}
	answer = r.answer(method, a, rewritten)
	if answer.status != http.StatusNotFound || len(r.config.Rewrites) == 0 {
		return answer
	}
	instead, done, rewritten := r.rewrite(&a, true)
	if done {
		return instead
	}
	if rewritten {
		if second := r.answer(method, a, true); second.status != http.StatusNotFound {
			return second
		}
	}
	return answer
}

// answer asks the handler map, then the files. An inner rewrite has no redirects: its address is not the
// browser's.
func (r *Resolver) answer(method string, a address, inner bool) Answer {
	start := Answer{path: a.full, query: a.query, app: r.application(a.path), from: r}
	answer, decided, allow := r.byHandlers(method, a, start)
	if decided {
		return answer
	}
	if !ordinary(method) {
		start.status, start.allow = http.StatusMethodNotAllowed, strings.Join(ordinaryMethods(), ", ")
		return start
	}
	answer = r.byFiles(a, inner, start)
	if answer.status == http.StatusNotFound && allow != "" {
		answer.status, answer.allow = http.StatusMethodNotAllowed, allow
	}
	return answer
}

func ordinaryMethods() []string {
	return []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
}

func ordinary(method string) bool {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return true
	}
	return false
}

// application finds the application to which an address belongs: that of the longest path.
func (r *Resolver) application(path string) *Application {
	best := &r.apps[0]
	for i := range r.apps[1:] {
		a := &r.apps[i+1]
		if len(a.Path) > len(best.Path) && atSlash(path, a.Path) {
			best = a
		}
	}
	return best
}

// atSlash says whether path is prefix or lies below it.
func atSlash(path, prefix string) bool {
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || rest[0] == '/')
}

// owner finds the application whose folder a folder lies in.
func (r *Resolver) owner(dir string) *Application {
	best := &r.apps[0]
	for i := range r.apps[1:] {
		a := &r.apps[i+1]
		if atSlash(dir, a.Folder) && (best.Folder == "." || len(a.Folder) > len(best.Folder)) {
			best = a
		}
	}
	return best
}
