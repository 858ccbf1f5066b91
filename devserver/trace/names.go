package trace

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// Mask stands wherever a secret stood.
const Mask = "•••"

const (
	shortestSecret = 6   // characters; a shorter value is masked by its name only
	cachedNames    = 256 // verdicts kept for names that came before
	longestCached  = 64  // bytes
)

// A Policy says what is secret at a site: names by their words, and values that are known beforehand. It may
// be used by any number of requests at once. A nil Policy knows the words of api.md, 6 and no values.
type Policy struct {
	words    map[string]bool // of [trace] redact, folded
	squeezed map[string]bool // the same, for entries of several words
	values   needles         // every spelling of every known secret
	verdicts atomic.Pointer[map[string]bool]
}

// NewPolicy returns the policy of a site. redact is [trace] redact of its configuration; values are those of
// .env and [env].
func NewPolicy(redact, values []string) *Policy {
	p := &Policy{words: map[string]bool{}, squeezed: map[string]bool{}}
	for _, entry := range redact {
		if s := squeeze(entry); s != "" {
			p.words[s] = true
			p.squeezed[s] = true
		}
	}
	v := newVeil(nil)
	for _, value := range values {
		v.add(value)
	}
	p.values = v.own
	return p
}

// Secret reports whether a header, query, form, JSON or SQL parameter of this name holds a secret: one word
// of the name says so. Words are split at whatever is not a letter, and at camelCase; two neighbours of at
// least three letters also count as one word, so apiKey and API-Key are apikey.
func (p *Policy) Secret(name string) bool {
	if p == nil {
		return secretName(name, nil)
	}
	verdicts := p.verdicts.Load()
	if verdicts != nil {
		if secret, known := (*verdicts)[name]; known {
			return secret
		}
	}
	secret := secretName(name, p)
	p.remember(verdicts, name, secret)
	return secret
}

// remember keeps a verdict, unless there are too many: names come from the network.
func (p *Policy) remember(old *map[string]bool, name string, secret bool) {
	if len(name) > longestCached || old != nil && len(*old) >= cachedNames {
		return
	}
	verdicts := make(map[string]bool, 16)
	if old != nil {
		for k, v := range *old {
			verdicts[k] = v
		}
	}
	verdicts[strings.Clone(name)] = secret
	p.verdicts.CompareAndSwap(old, &verdicts) // whoever loses the race asks again next time
}

func secretName(name string, p *Policy) bool {
	if strings.HasPrefix(name, "__VIEWSTATE") || p != nil && p.squeezed[squeeze(name)] {
		return true
	}
	words := splitWords(name)
	for i, w := range words {
		if secretWord(w) || p != nil && p.words[w] {
			return true
		}
		if i > 0 && len(words[i-1]) >= 3 && len(w) >= 3 && secretWord(words[i-1]+w) {
			return true
		}
	}
	return false
}

func secretWord(w string) bool {
	switch w {
	case "password", "passwd", "pwd", "pass", "secret", "token", "apikey", "credential", "credentials",
		"session", "auth", "authorization", "csrf", "xsrf", "card", "cvv", "iban", "pin":
		return true
	}
	return false
}

// secretHeader reports whether the whole value of a header is masked.
func secretHeader(name string, p *Policy) bool {
	return strings.EqualFold(name, "Cookie") || strings.EqualFold(name, "Set-Cookie") ||
		strings.EqualFold(name, "X-Huygens-Key") || p.Secret(name)
}

// splitWords splits a name into its words, folded to lower case.
func splitWords(name string) []string {
	var words []string
	start, runes := -1, []rune(name)
	end := func(i int) {
		if start >= 0 {
			words = append(words, strings.ToLower(string(runes[start:i])))
		}
		start = -1
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			end(i)
			continue
		case start >= 0 && unicode.IsUpper(r) && camelBorder(runes, i):
			end(i)
		}
		if start < 0 {
			start = i
		}
	}
	end(len(runes))
	return words
}

// camelBorder reports whether a word begins at the capital runes[i]: after a small letter (userPin), or
// before one at the end of capitals (PINCode).
func camelBorder(runes []rune, i int) bool {
	return !unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])
}

// squeeze folds a name and leaves out what is neither letter nor digit.
func squeeze(name string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}
