package pages

import (
	"container/list"
	"context"
	"strconv"
	"sync"

	"huygens/pages/source"
)

// A unit is what compiling a file gave: a page, or the reason why there is none. Both are kept until an input
// changes, so that a broken page costs no more than a good one. A unit is immutable.
type unit struct {
	page   *Page
	err    error
	inputs *source.Inputs
	reused string // the why line of the requests that find it unchanged
}

// A library keeps the compiled units of an application: the newest used ones, by file.
type library struct {
	keep int

	mu     sync.Mutex // guards the fields below, not what is in an entry
	byFile map[string]*list.Element
	used   list.List // of *entry, newest first
}

// An entry is one file's place in the library. Its lock lets one request compile while the others wait.
type entry struct {
	file string
	mu   sync.RWMutex
	unit *unit
}

// compileFunc compiles a file anew. before is what it was made from last time, nil if never.
type compileFunc func(ctx context.Context, before *source.Inputs) *unit

// get returns the unit of a file, compiled now if something it was made from has changed. why says which;
// fresh is true if it was compiled by this call.
func (l *library) get(ctx context.Context, file string, compile compileFunc) (u *unit, why string, fresh bool) {
	e := l.entry(file)
	e.mu.RLock()
	u = e.unit
	if u != nil {
		if _, changed := u.inputs.Changed(); !changed {
			e.mu.RUnlock()
			return u, u.reused, false
		}
	}
	e.mu.RUnlock()

	e.mu.Lock()
	defer e.mu.Unlock()
	why = "compiled for the first request"
	var before *source.Inputs
	if e.unit != nil {
		change, changed := e.unit.inputs.Changed()
		if !changed {
			return e.unit, e.unit.reused, false
		}
		why, before = "compiled because "+changedWords(change), e.unit.inputs
	}
	u = compile(ctx, before)
	if ctx.Err() != nil {
		return u, why, true // half a compilation is nobody's but this request's
	}
	u.reused = "reused, " + strconv.Itoa(len(u.inputs.List())) + " inputs unchanged"
	e.unit = u
	return u, why, true
}

func changedWords(c source.Change) string {
	switch {
	case c.Gone:
		return c.Name + " was removed"
	case c.New:
		return c.Name + " is new"
	}
	return c.Name + " changed" + ago(c.When)
}

func (l *library) entry(file string) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	if el, ok := l.byFile[file]; ok {
		l.used.MoveToFront(el)
		return el.Value.(*entry)
	}
	if l.byFile == nil {
		l.byFile = map[string]*list.Element{}
	}
	e := &entry{file: file}
	l.byFile[file] = l.used.PushFront(e)
	for l.keep > 0 && l.used.Len() > l.keep {
		oldest := l.used.Back()
		l.used.Remove(oldest)
		delete(l.byFile, oldest.Value.(*entry).file)
	}
	return e
}
