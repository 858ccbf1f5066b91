package tools

import (
	"context"
	"errors"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"huygens/devserver/feed"
	"huygens/devserver/trace"
)

// longestWait is how long a request may wait for news.
const longestWait = 60 * time.Second

// open takes the key from the query, once, and gives the cookie for it.
func (p port) open(w http.ResponseWriter, r *http.Request) {
	keys := r.URL.Query()["key"]
	if len(keys) != 1 || !p.rightKey(keys[0]) {
		notFound(w)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: CookieName, Value: p.cookie, Path: Prefix, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	w.Header().Set("Location", Prefix+"trace")
	say(w, http.StatusSeeOther, "The viewer is at "+Prefix+"trace.")
}

// redirect leads to the viewer, without a key: whoever has no cookie finds nothing there.
func (p port) redirect(w http.ResponseWriter, r *http.Request) {
	if foreign(r, true) || r.Method != http.MethodGet && r.Method != http.MethodHead {
		notFound(w)
		return
	}
	w.Header().Set("Location", p.config.URL+Prefix+"trace")
	say(w, http.StatusSeeOther, "The viewer is on the tools' port.")
}

// viewer is the viewer's page, with the key for its script.
func (p port) viewer(w http.ResponseWriter, _ *http.Request) {
	page, err := fs.ReadFile(p.config.Viewer, "viewer.html")
	if err != nil {
		say(w, http.StatusInternalServerError, "The viewer's page cannot be read.")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = strings.NewReplacer("{{key}}", html.EscapeString(p.config.Key)).WriteString(w, string(page))
}

// viewerFile is one of the viewer's scripts and styles.
func (p port) viewerFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, Prefix+"viewer/")
	kind, known := map[string]string{
		".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	}[path.Ext(name)]
	if !known || strings.Contains(name, "/") || !fs.ValidPath(name) {
		notFound(w)
		return
	}
	content, err := fs.ReadFile(p.config.Viewer, name)
	if err != nil {
		notFound(w)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(content)
}

// request is one trace, by id or number: as JSON, or for browsers in the viewer.
func (p port) request(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, Prefix+"requests/")
	id, asJSON := strings.CutSuffix(name, ".json")
	t, ok := p.config.Traces.Find(id)
	if !ok || p.onSite && t.Site != p.site {
		notFound(w)
		return
	}
	if !asJSON && !p.onSite && strings.HasPrefix(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Location", Prefix+"trace#"+strconv.FormatUint(t.Number, 10))
		say(w, http.StatusSeeOther, "The request is shown in the viewer.")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(t.AppendJSON(nil), '\n'))
}

// A question is what a reader of traces asks for.
type question struct {
	after  uint64
	wait   time.Duration
	site   string
	filter trace.Filter
}

func (p port) question(query url.Values) (q question, err error) {
	q.site = p.site
	if !p.onSite {
		q.site = query.Get("site")
	}
	if s := query.Get("after"); s != "" {
		if q.after, err = strconv.ParseUint(s, 10, 64); err != nil {
			return q, errors.New("after is a number from an earlier answer")
		}
	}
	if s := query.Get("wait"); s != "" {
		if q.wait, err = time.ParseDuration(s); err != nil || q.wait < 0 {
			return q, errors.New("wait is a time like 10s")
		}
		q.wait = min(q.wait, longestWait)
	}
	if q.filter, err = trace.ParseFilter(query.Get("filter")); err != nil {
		return q, err
	}
	return q, nil
}

// choose leaves what the question asks for.
func (q *question) choose(values []*trace.Trace) []*trace.Trace {
	chosen := values[:0:0]
	for _, t := range values {
		if (q.site == "" || t.Site == q.site) && q.filter.Match(t) {
			chosen = append(chosen, t)
		}
	}
	return chosen
}

// traces answers what came or changed after a number.
func (p port) traces(w http.ResponseWriter, r *http.Request) {
	q, err := p.question(r.URL.Query())
	if err != nil {
		say(w, http.StatusBadRequest, trace.CleanLine(err.Error()))
		return
	}
	b := p.config.Traces.Since(q.after)
	b.Values = q.choose(b.Values)
	if q.wait > 0 && len(b.Values) == 0 {
		if !p.waiting.take() {
			busy(w)
			return
		}
		defer p.waiting.give()
		b = p.await(r.Context(), &q, b)
	}
	w.Header().Set("Content-Type", "application/json")
	p.writeBatch(w, b)
}

// await waits until something came that the question asks for, or its time is over.
func (p port) await(ctx context.Context, q *question, b feed.Batch[*trace.Trace]) feed.Batch[*trace.Trace] {
	ctx, cancel := context.WithTimeout(ctx, q.wait)
	defer cancel()
	defer context.AfterFunc(p.Tools.open, cancel)()
	for len(b.Values) == 0 {
		next, err := p.config.Traces.Next(ctx, b.Last)
		if err != nil {
			break
		}
		b.Missed += next.Missed
		b.Last, b.Values = next.Last, q.choose(next.Values)
	}
	return b
}

// writeBatch writes the answer piece by piece: it may be as long as the whole Log. The reader has its time
// for each piece; one piece alone fits into the connection's buffer and needs no such care.
func (p port) writeBatch(w http.ResponseWriter, b feed.Batch[*trace.Trace]) {
	out := newSlowWriter(w, p.config.WriteTimeout)
	buffer := append(make([]byte, 0, 64<<10), `{"traces":[`...)
	for i, t := range b.Values {
		if i > 0 {
			buffer = append(buffer, ',')
		}
		buffer = t.AppendJSON(buffer)
		if len(buffer) >= 32<<10 {
			if _, err := out.Write(buffer); err != nil {
				return
			}
			buffer = buffer[:0]
		}
	}
	buffer = strconv.AppendUint(append(buffer, `],"next":`...), b.Last, 10)
	buffer = strconv.AppendUint(append(buffer, `,"missed":`...), b.Missed, 10)
	buffer = append(buffer, "}\n"...)
	if !out.used {
		_, _ = w.Write(buffer)
		return
	}
	if out.send(buffer) == nil {
		out.release()
	}
}

func busy(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	say(w, http.StatusServiceUnavailable, "Too many readers wait already; close a viewer.")
}
