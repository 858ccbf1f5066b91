package resolve

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"huygens/devserver/config"
	"huygens/pages"
)

// A Problem is what huygens check says about the addresses of a site.
type Problem struct {
	File    string // site path, or huygens.toml
	Line    int    // 0: the file as a whole
	Message string
	Hint    string
}

// maxChecked bounds how many folders Check looks into.
const maxChecked = 20_000

// Check finds addresses that two files want, code that lies where browsers may ask for it, and entries of
// [[handlers]] that can never answer. Problems come in order of files.
func (r *Resolver) Check(ctx context.Context) ([]Problem, error) {
	var all []Problem
	dirs := []string{"."}
	for looked := 0; len(dirs) > 0 && looked < maxChecked; looked++ {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		at := r.listings.get(dirs[0])
		dirs = dirs[1:]
		if at == nil {
			continue
		}
		all = append(all, r.checkFolder(at)...)
		for _, e := range at.entries {
			if e.kind == folder && !strings.HasSuffix(e.path, "node_modules") {
				dirs = append(dirs, e.path)
			}
		}
	}
	all = append(all, r.checkHandlers()...)
	slices.SortStableFunc(all, func(a, b Problem) int {
		if d := strings.Compare(a.File, b.File); d != 0 {
			return d
		}
		return a.Line - b.Line
	})
	return all, nil
}

func (r *Resolver) checkFolder(at *listing) []Problem {
	var all []Problem
	for name, e := range at.entries {
		stem := stemOf(name, e.kind)
		switch e.kind {
		case page, markdown, generic, service:
			first, second := named(at, stem)
			if first.path == e.path && second.kind != private {
				all = append(all, Problem{
					File: second.path, Message: "has the same address as " + first.path + ", which answers",
					Hint: "rename one of them",
				})
			}
			if p, ok := r.besideFolder(at, stem, e); ok && first.path == e.path {
				all = append(all, p)
			}
		case client:
			if source, ok := clientSource(at, stem+".js"); ok && source.path != e.path {
				all = append(all, Problem{
					File: e.path, Message: "has the same address as " + source.path + ", which is built", Hint: "rename one of them",
				})
			}
		case script:
			if r.private(e.path) {
				all = append(all, Problem{
					File: e.path, Message: "server code imports this file, so browsers are refused it", Hint: "move it into App_Code/",
				})
			}
		}
	}
	return all
}

// stemOf takes the part off a name that says its kind.
func stemOf(name string, k kind) string {
	var suffixes []string
	switch k {
	case page:
		suffixes = []string{".gohtml"}
	case markdown:
		suffixes = []string{".md"}
	case generic:
		suffixes = []string{".handler.ts", ".handler.js"}
	case service:
		suffixes = []string{".service.ts", ".service.js"}
	case client:
		ext := clientExtensions()
		suffixes = ext[:]
	}
	for _, s := range suffixes {
		if stem, ok := strings.CutSuffix(name, s); ok {
			return stem
		}
	}
	return name
}

// besideFolder finds cart.gohtml beside cart/index.gohtml: /cart and /cart/ are then two pages.
func (r *Resolver) besideFolder(at *listing, stem string, e entry) (Problem, bool) {
	dir, ok := at.entries[stem]
	if !ok || dir.kind != folder {
		return Problem{}, false
	}
	inside := r.listings.get(dir.path)
	if inside == nil {
		return Problem{}, false
	}
	index := r.index(inside)
	if index.kind == private {
		return Problem{}, false
	}
	return Problem{
		File: e.path, Message: fmt.Sprintf("/%s and /%s/ are two different pages: this one and %s", stem, stem, index.path),
		Hint: "keep one of them",
	}, true
}

func (r *Resolver) checkHandlers() []Problem {
	var all []Problem
	say := func(h *config.Handler, message, hint string) {
		all = append(all, Problem{File: config.Name, Line: h.Line, Message: message, Hint: hint})
	}
	for i := range r.config.Handlers {
		h := &r.config.Handlers[i]
		for j := range r.config.Handlers[:i] {
			if earlier := &r.config.Handlers[j]; covers(earlier, h) {
				say(h, fmt.Sprintf("this entry never answers: the entry of line %d (%s) comes first", earlier.Line, earlier.Path), "move it up")
				break
			}
		}
		if h.File == "" {
			continue
		}
		e, ok := r.locate(h.File)
		wantFolder := pages.Handler(h.Handler) == pages.HandlerDirectoryList
		if !ok || e.dir != wantFolder || !wantFolder && r.answerFile(e, true, pages.Handler(h.Handler), Answer{}).status != http.StatusOK {
			say(h, "this entry never answers: "+h.File+" is not there, or is never served", "")
		}
	}
	return all
}

// covers says whether whatever the later entry is for is taken by the earlier one.
func covers(earlier, later *config.Handler) bool {
	if !earlier.Path.Covers(later.Path) || pages.Handler(earlier.Handler) == pages.HandlerDirectoryList {
		return false
	}
	if len(earlier.Verbs) == 0 {
		return !slices.ContainsFunc(later.Verbs, func(v string) bool { return !ordinary(v) })
	}
	if len(later.Verbs) == 0 {
		return !slices.ContainsFunc(ordinaryMethods(), func(v string) bool { return !slices.Contains(earlier.Verbs, v) })
	}
	return !slices.ContainsFunc(later.Verbs, func(v string) bool { return !slices.Contains(earlier.Verbs, v) })
}
