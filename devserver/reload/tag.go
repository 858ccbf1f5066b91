package reload

import (
	"html"
	"net/http"
	"strings"
)

// A Script is the tag that brings the client script into a page.
type Script struct {
	Nonce  string // of the page's policy, from Nonce
	At     string // Hub.Position, taken before the making of the page began; "": the moment of connecting
	Posted bool   // the page answers a POST: it is asked for anew by GET, never posted again
}

// Bytes is the tag.
func (s Script) Bytes() []byte {
	b := append(make([]byte, 0, 128), `<script src="`+ClientPath+`" async`...)
	if s.Nonce != "" {
		b = append(b, ` nonce="`+html.EscapeString(s.Nonce)+`"`...)
	}
	if s.At != "" {
		b = append(b, ` data-at="`+html.EscapeString(s.At)+`"`...)
	}
	if s.Posted {
		b = append(b, ` data-posted`...)
	}
	return append(b, `></script>`...)
}

// Tag is the tag with a nonce, or without one if it is "".
func Tag(nonce string) []byte { return Script{Nonce: nonce}.Bytes() }

// Navigation says whether the answer to a request will be shown as a document, so that it gets the tag.
// Browsers say it themselves; where they do not, whoever would like HTML best is one.
func Navigation(header http.Header) bool {
	switch dest := header.Get("Sec-Fetch-Dest"); dest {
	case "document", "iframe", "frame":
		return true
	case "":
		return len(header["Sec-Fetch-Dest"]) == 0 && hasPrefixFold(strings.TrimLeft(header.Get("Accept"), " \t"), "text/html")
	}
	return false
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// Nonce returns the nonce under which a Content-Security-Policy header lets scripts run; "" if it names none.
// Several policies are separated by commas, as HTTP joins headers.
func Nonce(policy string) string {
	for p := range strings.SplitSeq(policy, ",") {
		found := map[string]string{}
		for directive := range strings.SplitSeq(p, ";") {
			words := strings.Fields(directive)
			if len(words) == 0 {
				continue
			}
			name := strings.ToLower(words[0])
			if _, twice := found[name]; !twice { // the first of a name counts
				found[name] = nonceIn(words[1:])
			}
		}
		for _, name := range []string{"script-src-elem", "script-src", "default-src"} {
			if nonce, there := found[name]; there {
				if nonce != "" {
					return nonce
				}
				break // the more special directive hides the others
			}
		}
	}
	return ""
}

func nonceIn(sources []string) string {
	for _, s := range sources {
		if !hasPrefixFold(s, "'nonce-") || s[len(s)-1] != '\'' {
			continue
		}
		nonce := s[len("'nonce-") : len(s)-1]
		if nonce != "" && strings.Trim(nonce, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=") == "" {
			return nonce
		}
	}
	return ""
}
