package tools

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
)

// policy is the content security policy of everything here. Nothing inline, nothing from elsewhere, and what
// makes text into markup is switched off where browsers can do that.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// guard sets the headers that every answer has.
func guard(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
}

// foreign reports whether a page of another origin caused the request. Pages of our own (navigation) may
// also be led to from another port of this machine: the link on an error page. They cannot be framed, read
// or scripted from there.
func foreign(r *http.Request, navigation bool) bool {
	origins := r.Header["Origin"]
	if len(origins) > 1 || len(origins) == 1 && origins[0] != "http://"+r.Host {
		return true
	}
	for _, site := range r.Header["Sec-Fetch-Site"] {
		switch {
		case site == "none" || site == "same-origin":
		case site == "same-site" && navigation && r.Method == http.MethodGet &&
			r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document":
		default:
			return true
		}
	}
	return false
}

// rightKey compares a key in constant time.
func (t *Tools) rightKey(key string) bool {
	sum := sha256.Sum256([]byte(key))
	return subtle.ConstantTimeCompare(sum[:], t.key[:]) == 1 && t.config.Key != ""
}

// hasKey reports whether the request brings the key in its header, once.
func (t *Tools) hasKey(r *http.Request) bool {
	keys := r.Header[KeyHeader]
	return len(keys) == 1 && t.rightKey(keys[0])
}

// mayRead reports whether the request is authorized to read here.
func (p port) mayRead(r *http.Request) bool {
	if p.hasKey(r) {
		return true
	}
	if p.onSite || p.config.Key == "" {
		return false
	}
	for _, cookie := range r.CookiesNamed(CookieName) {
		if subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(p.cookie)) == 1 {
			return true
		}
	}
	return false
}

func notFound(w http.ResponseWriter) {
	say(w, http.StatusNotFound, "There is nothing at this address.")
}

// say answers with one plain sentence, which never repeats anything of the request.
func say(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, sentence)
}
