package trace

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// manySecrets is how many spellings of secrets one request may bring. With more, searching would cost more
// than the trace is worth, and its free text is masked as a whole.
const manySecrets = 1024

// A veil hides the secrets of one request: it learns the values that are masked by name, and then replaces
// them wherever else they appear.
type veil struct {
	policy *Policy
	known  *needles // of the policy, shared
	own    needles  // of this request
	many   bool
}

func newVeil(p *Policy) *veil {
	v := &veil{policy: p, known: &needles{}}
	if p != nil {
		v.known = &p.values
	}
	return v
}

// add learns a secret and the spellings in which pages, queries and logs would show it.
func (v *veil) add(secret string) {
	secret = strings.TrimSpace(secret)
	if len(secret) < shortestSecret || utf8.RuneCountInString(secret) < shortestSecret || strings.Trim(secret, "•") == "" {
		return
	}
	if !v.learn(secret) || plainSpelling(secret) {
		return
	}
	for _, spelling := range spellings(secret) {
		v.learn(spelling)
	}
}

var (
	namedEntities = strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;")
	bareJSON      = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")
	// scriptString is how html/template writes a text into a string of a script.
	scriptString = strings.NewReplacer(`\`, `\\`, `"`, `\u0022`, `'`, `\u0027`, "`", `\u0060`, "&", `\u0026`, "+", `\u002b`,
		"/", `\/`, "<", `\u003c`, ">", `\u003e`, "\n", `\n`, "\r", `\r`, "\t", `\t`)
)

// spellings are the ways in which HTML, URLs, scripts, JSON and quotes write a text.
func spellings(s string) []string {
	escaped := html.EscapeString(s)
	component := strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
	all := []string{
		escaped,
		strings.ReplaceAll(escaped, "+", "&#43;"),
		namedEntities.Replace(escaped),
		url.QueryEscape(s), component, url.PathEscape(s), (&url.URL{Path: s}).EscapedPath(),
		trimQuotes(strconv.Quote(s)), trimQuotes(strconv.QuoteToASCII(s)),
		trimQuotes(string(appendString(nil, s))),
		scriptString.Replace(s),
		Clean(s), CleanLine(s),
	}
	for _, percent := range all[3:7] {
		all = append(all, lowerPercent(percent))
	}
	if quoted, err := json.Marshal(s); err == nil {
		text := trimQuotes(string(quoted))
		all = append(all, text, bareJSON.Replace(text))
	}
	return all
}

// lowerPercent writes %2F as %2f.
func lowerPercent(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}

func trimQuotes(quoted string) string { return quoted[1 : len(quoted)-1] }

// plainSpelling reports whether a text is written alike in HTML, URLs, JSON and quotes.
func plainSpelling(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if !letter && c != '-' && c != '_' && c != '.' && c != '~' {
			return false
		}
	}
	return true
}

// learn keeps one spelling; it reports false if it was known or there is no room.
func (v *veil) learn(spelling string) bool {
	if v.known.has(spelling) || v.own.has(spelling) {
		return false
	}
	if v.own.count >= manySecrets && v.policy != nil { // the policy's own values are not of the network
		v.many = true
		return false
	}
	v.own.add(spelling)
	return true
}

// idle reports whether there is nothing to search for.
func (v *veil) idle() bool { return v.own.count == 0 && v.known.count == 0 }

// addHeader learns what the value of a masked header holds: each cookie; or all of it, what follows a
// scheme like Bearer, and what Basic authorization encodes.
func (v *veil) addHeader(name, value string) {
	if strings.EqualFold(name, "Cookie") || strings.EqualFold(name, "Set-Cookie") {
		v.addCookies(value, strings.EqualFold(name, "Set-Cookie"))
		return
	}
	v.add(value)
	scheme, rest, found := strings.Cut(strings.TrimSpace(value), " ")
	if !found {
		return
	}
	v.add(rest)
	if strings.EqualFold(scheme, "Basic") {
		if pair, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
			_, password, _ := strings.Cut(string(pair), ":")
			v.add(string(pair))
			v.add(password)
		}
	}
}

// addCookies learns the values of cookies; of Set-Cookie only the first pair, the rest are attributes.
func (v *veil) addCookies(line string, first bool) {
	for pair := range strings.SplitSeq(line, ";") {
		_, value, _ := strings.Cut(pair, "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		v.add(value)
		if plain, err := url.QueryUnescape(value); err == nil && plain != value {
			v.add(plain)
		}
		if first {
			return
		}
	}
}

// text masks the secrets in a free text and writes out what could be interpreted.
func (v *veil) text(s string) string { return v.sealed(s, Clean) }

// line is text for what must stay on one line.
func (v *veil) line(s string) string { return v.sealed(s, CleanLine) }

func (v *veil) sealed(s string, clean func(string) string) string {
	if v.idle() {
		return clean(s)
	}
	masked, _ := v.cut(s, len(s))
	return v.cleaned(masked, clean)
}

// cleaned writes out what could be interpreted in a masked text; that may spell a secret only then.
func (v *veil) cleaned(masked string, clean func(string) string) string {
	s := clean(masked)
	if len(s) != len(masked) && !v.idle() {
		s, _ = v.cut(s, len(s))
	}
	return s
}

// cut masks the secrets in s and leaves out what begins behind limit bytes of s. A secret that reaches over
// the limit is masked as a whole: that is why the limit counts in s. It reports whether something was left out.
func (v *veil) cut(s string, limit int) (masked string, cut bool) {
	if v.many && s != "" {
		return Mask, false
	}
	spans := v.find(s)
	if len(spans) == 0 {
		if len(s) <= limit {
			return s, false
		}
		return wholeRunes(s[:limit]), true
	}
	var b strings.Builder
	done := 0
	for _, span := range spans {
		if span[0] >= limit {
			break
		}
		b.WriteString(s[done:span[0]])
		b.WriteString(Mask)
		done = span[1]
	}
	if done < limit {
		b.WriteString(wholeRunes(s[done:min(limit, len(s))]))
	}
	return b.String(), len(s) > limit
}

// find returns where secrets stand in s, joined where they overlap, in order.
func (v *veil) find(s string) [][2]int {
	found := v.own.find(s, v.known.find(s, nil))
	if len(found) < 2 {
		return found
	}
	slices.SortFunc(found, func(a, b [2]int) int { return a[0] - b[0] })
	joined := found[:1]
	for _, span := range found[1:] {
		last := &joined[len(joined)-1]
		if span[0] <= last[1] {
			last[1] = max(last[1], span[1])
		} else {
			joined = append(joined, span)
		}
	}
	return joined
}

// wholeRunes leaves out a last character of which only the first bytes are there.
func wholeRunes(s string) string {
	for i := 1; i <= utf8.UTFMax && i <= len(s); i++ {
		c := s[len(s)-i]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRuneInString(s[len(s)-i:]) {
				return s[:len(s)-i]
			}
			break
		}
	}
	return s
}

// query masks the values of secret names in a query and learns them.
func (v *veil) query(raw string) string {
	if raw == "" {
		return ""
	}
	var b strings.Builder
	changed := false
	for i, pair := range splitPairs(raw) {
		if i > 0 {
			b.WriteByte('&')
		}
		name, value, found := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if !found || value == "" || !v.policy.Secret(plain) {
			b.WriteString(pair)
			continue
		}
		v.addEncoded(value)
		b.WriteString(name + "=" + Mask)
		changed = true
	}
	if !changed {
		return raw
	}
	return b.String()
}

func splitPairs(raw string) []string { return strings.Split(raw, "&") }

// addEncoded learns a value as it stands in a query and as it is meant.
func (v *veil) addEncoded(value string) {
	v.add(value)
	if plain, err := url.QueryUnescape(value); err == nil && plain != value {
		v.add(plain)
	}
}

// url masks by name what stands in the query of an address.
func (v *veil) url(address string) string {
	path, query, found := strings.Cut(address, "?")
	if !found {
		return address
	}
	query, fragment, _ := strings.Cut(query, "#")
	masked := path + "?" + v.query(query)
	if fragment != "" {
		masked += "#" + fragment
	}
	return masked
}
