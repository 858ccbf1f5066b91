package resolve

import (
	"net/http"
	"slices"
	"strings"

	"huygens/devserver/config"
	"huygens/pages"
)

// byHandlers asks [[handlers]] in order. decided is false if no entry is for this address and method; allow
// are then the methods of those that are for the address.
func (r *Resolver) byHandlers(method string, a address, start Answer) (answer Answer, decided bool, allow string) {
	var verbs []string
	for i := range r.config.Handlers {
		line := &r.config.Handlers[i]
		below, ok := line.Path.Match(a.path)
		if !ok {
			continue
		}
		if len(line.Verbs) > 0 && !slices.Contains(line.Verbs, method) {
			verbs = append(verbs, line.Verbs...)
			continue
		}
		if len(line.Verbs) == 0 && !ordinary(method) {
			continue
		}
		answer = start
		answer.line, answer.resource.Line = line, i+1
		answer, ok = r.byLine(line, below, a, answer)
		if ok {
			return answer, true, ""
		}
	}
	slices.Sort(verbs)
	return start, false, strings.Join(slices.Compact(verbs), ", ")
}

// byLine answers by one entry. false: the entry is not for what lies at this address.
func (r *Resolver) byLine(line *config.Handler, below string, a address, answer Answer) (Answer, bool) {
	handler := pages.Handler(line.Handler)
	answer.resource.Handler = handler
	switch handler {
	case pages.HandlerForbidden:
		return answer.forbidden(), true
	case pages.HandlerRedirect:
		return r.redirectTo(line.Target, map[string]string{"*": strings.TrimPrefix(below, "/")}, line.Status, a.query, answer), true
	case pages.HandlerProxy, pages.HandlerCgi, pages.HandlerFastCgi:
		if !r.trusted {
			return answer.forbidden(), true
		}
		if handler == pages.HandlerProxy {
			answer.status, answer.pathInfo = http.StatusOK, below
			return answer, true
		}
	case pages.HandlerDirectoryList:
		return r.directoryList(line, a, answer)
	}
	if line.File != "" {
		e, ok := r.locate(line.File)
		answer.pathInfo = below
		return r.answerFile(e, ok, handler, answer), true
	}
	e, ok := r.locateAddress(a.path, answer.app)
	return r.answerFile(e, ok && !(a.slash && e.regular), handler, answer), true
}

// answerFile answers with a file that an entry names. Whatever the entry says, no hidden file is run or sent,
// and no code is sent.
func (r *Resolver) answerFile(e entry, ok bool, handler pages.Handler, answer Answer) Answer {
	if !ok || !e.regular || e.hidden {
		return answer.missing()
	}
	if handler == pages.HandlerStatic && r.Denied(e.path) {
		return answer.missing()
	}
	return answer.with(handler, e.path)
}

// directoryList is for folders that browsers may enter, and for nothing else.
func (r *Resolver) directoryList(line *config.Handler, a address, answer Answer) (Answer, bool) {
	if line.File != "" {
		e, ok := r.locate(line.File)
		if !ok || e.kind != folder {
			return answer, false
		}
		return answer.with(pages.HandlerDirectoryList, e.path), true
	}
	var space [8]step
	steps, whole := r.walk(a.path, answer.app, space[:0])
	if !whole {
		return answer, false
	}
	if !a.slash && a.path != "/" {
		line := answer.resource.Line
		answer = redirect(answer, escape(a.path)+"/")
		answer.resource.Line = line
		return answer, true
	}
	return answer.with(pages.HandlerDirectoryList, steps[len(steps)-1].at.name), true
}

// locateAddress finds the file of an address in folders that browsers may enter.
func (r *Resolver) locateAddress(path string, app *Application) (entry, bool) {
	var space [8]step
	steps, whole := r.walk(path, app, space[:0])
	if len(steps) == 0 || whole {
		return entry{}, false
	}
	last := steps[len(steps)-1]
	e, ok := last.at.entries[last.rest]
	return e, ok
}

func (a Answer) forbidden() Answer {
	a.status, a.from = http.StatusForbidden, nil
	a.resource.Handler = pages.HandlerForbidden
	return a
}
