package resolve

import (
	"net/http"
	"strings"

	"huygens/devserver/config"
	"huygens/pages"
)

// rewrite applies the first [[rewrite]] that is for an address: those with missing, or those without. done
// says that the answer is a redirect; rewritten, that a is now another address.
func (r *Resolver) rewrite(a *address, missing bool) (answer Answer, done, rewritten bool) {
	answer = Answer{path: a.full, query: a.query, app: r.application(a.path), from: r}
	for i := range r.config.Rewrites {
		w := &r.config.Rewrites[i]
		if w.Missing != missing {
			continue
		}
		values, ok := w.From.Match(a.path)
		if !ok {
			continue
		}
		if w.Status != 0 {
			return r.redirectTo(w.To, values, w.Status, a.query, answer), true, false
		}
		_, path, query := w.To.Fill(values)
		next, ok := newAddress(path, joinQuery(query, a.query))
		if !ok || Reserved(next.path) {
			return answer.missing(), true, false
		}
		if a.slash && !next.slash && values["*"] != "" && strings.HasSuffix(w.To.String(), "*") {
			next.full, next.slash = next.path+"/", true // the star stands for all that follows
		}
		*a = next
		return answer, false, true
	}
	return answer, false, false
}

// redirectTo leads to a target of the configuration. What the values bring cannot make it lead elsewhere.
func (r *Resolver) redirectTo(to config.Target, values map[string]string, status int, query string, answer Answer) Answer {
	origin, path, own := to.Fill(values)
	if !cleanPath(path) || strings.HasPrefix(path, "//") {
		return answer.missing()
	}
	answer.status = status
	answer.location = withQuery(origin+escape(path), joinQuery(own, query))
	answer.resource = pages.Resource{Handler: pages.HandlerRedirect, Line: answer.resource.Line}
	answer.from = nil
	if status == http.StatusOK {
		answer.status = http.StatusTemporaryRedirect
	}
	return answer
}

func joinQuery(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "&" + b
}
