package resolve

import (
	"net/http"
	"strings"
	"sync"

	"huygens/pages/frontmatter"
	"huygens/pages/source"
)

// orPathInfo looks, if nothing answers at the address itself, for what answers below its own address: a
// handler, a service, a page that says pathInfo. The nearest wins.
func (r *Resolver) orPathInfo(found Answer, steps []step, answer Answer) Answer {
	if found.status != http.StatusNotFound {
		return found
	}
	for i := len(steps) - 1; i >= 0; i-- {
		at, rest := steps[i].at, steps[i].rest
		if rest == "" {
			continue
		}
		name, below, deeper := strings.Cut(rest, "/")
		if e, _ := named(at, name); deeper && e.kind != private && r.takesPathInfo(e) {
			answer.pathInfo = "/" + below
			return answer.with(handlerOf(e.kind), e.path)
		}
		if e := r.index(at); (e.kind == page || e.kind == markdown) && r.takesPathInfo(e) {
			answer.pathInfo = "/" + rest
			return answer.with(handlerOf(e.kind), e.path)
		}
	}
	return found
}

func (r *Resolver) takesPathInfo(e entry) bool {
	switch e.kind {
	case generic, service:
		return true
	case page:
		return r.details.pathInfo(e.path, frontmatter.Page)
	case markdown:
		return r.details.pathInfo(e.path, frontmatter.Markdown)
	}
	return false
}

// maxDetails bounds what is kept of front matters.
const maxDetails = 1000

// details keeps what front matter says that the resolver must know, as long as the file is unchanged.
type details struct {
	folder *source.Folder

	mu   sync.Mutex // guards seen
	seen map[string]detail
}

type detail struct {
	stamp    source.Stamp
	pathInfo bool
}

func (d *details) pathInfo(file string, mode frontmatter.Mode) bool {
	now := d.folder.Stat(file)
	d.mu.Lock()
	known, ok := d.seen[file]
	d.mu.Unlock()
	if ok && !known.stamp.Unsure && sameFile(known.stamp, now) {
		return known.pathInfo
	}
	data, stamp, err := d.folder.Read(file, known.stamp)
	if err != nil {
		return false
	}
	doc, err := frontmatter.Parse(string(data), mode)
	known = detail{stamp: stamp, pathInfo: err == nil && doc.Meta.PathInfo}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.seen == nil || len(d.seen) >= maxDetails {
		d.seen = map[string]detail{}
	}
	d.seen[file] = known
	return known.pathInfo
}

func sameFile(a, b source.Stamp) bool {
	return a.Kind == b.Kind && a.Size == b.Size && a.Modified == b.Modified && a.Changed == b.Changed && a.Inode == b.Inode
}
