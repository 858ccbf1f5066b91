package trace

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"huygens/pages"
)

// FilterHelp is the grammar of filters in one line for each term.
const FilterHelp = `text            in method, address or why
"two words"     the same, with spaces
/regexp/        the same, by regular expression
path:/cart      path begins with /cart; path:cart contains it; path:*.css matches it
method:POST     method:GET,HEAD is either
status:5xx      status:404, status:>=400
site:shop       app:/blog, pool:Default, worker:4711, id:4bf9
why:compiled    the why line contains it
slower:50ms     faster:5ms; larger-than:10k by bytes sent
stage:render>5ms  one of the five stages, or stage:Query for any span
has:error       has:log, has:query, has:body, has:form
header:set-cookie  request or response has the header; header:accept=json contains json
is:page         is:running, is:paused, is:done
-term           not this`

// A Filter says which requests to show. The zero Filter shows all.
type Filter struct{ terms []term }

type term struct {
	not   bool
	match func(*Trace) bool
}

// ParseFilter reads a filter: terms with spaces between them, which must all hold. See FilterHelp.
func ParseFilter(text string) (Filter, error) {
	var f Filter
	words, err := splitFilter(text)
	if err != nil {
		return Filter{}, err
	}
	for _, word := range words {
		t := term{}
		if len(word) > 1 && word[0] == '-' {
			t.not, word = true, word[1:]
		}
		t.match, err = parseTerm(word)
		if err != nil {
			return Filter{}, err
		}
		f.terms = append(f.terms, t)
	}
	return f, nil
}

// Match reports whether the filter shows t.
func (f Filter) Match(t *Trace) bool {
	for i := range f.terms {
		if f.terms[i].match(t) == f.terms[i].not {
			return false
		}
	}
	return true
}

// splitFilter splits at spaces that do not stand in quotes or in a regular expression.
func splitFilter(text string) ([]string, error) {
	var words []string
	for at := 0; at < len(text); {
		if text[at] == ' ' || text[at] == '\t' {
			at++
			continue
		}
		start := at
		if expression := start + len(text[start:]) - len(strings.TrimPrefix(text[start:], "-")); text[expression:] != "" && text[expression] == '/' {
			if length := strings.IndexByte(text[expression+1:], '/'); length > 0 && endsWord(text, expression+length+2) {
				at = expression + length + 2
				words = append(words, text[start:at])
				continue
			}
		}
		quoted := false
		for ; at < len(text) && (quoted || text[at] != ' ' && text[at] != '\t'); at++ {
			quoted = quoted != (text[at] == '"')
		}
		if quoted {
			return nil, fmt.Errorf("filter: the quote before %.40q is not closed", text[start:])
		}
		words = append(words, text[start:at])
	}
	return words, nil
}

func endsWord(text string, at int) bool {
	return at >= len(text) || text[at] == ' ' || text[at] == '\t'
}

func parseTerm(word string) (func(*Trace) bool, error) {
	if len(word) > 2 && word[0] == '/' && word[len(word)-1] == '/' {
		expression, err := regexp.Compile("(?i)" + word[1:len(word)-1])
		if err != nil {
			return nil, fmt.Errorf("filter: %.60s is no regular expression: %w", word, err)
		}
		return func(t *Trace) bool {
			return expression.MatchString(t.Method+" "+t.URL) || expression.MatchString(t.Why)
		}, nil
	}
	key, value, found := strings.Cut(word, ":")
	if !found || !plainKey(key) {
		return matchText(unquote(word)), nil
	}
	value = unquote(value)
	if value == "" {
		return nil, fmt.Errorf("filter: %s: needs a value", key)
	}
	var any []func(*Trace) bool
	for one := range strings.SplitSeq(value, ",") {
		match, err := parseKey(strings.ToLower(key), one)
		if err != nil {
			return nil, err
		}
		any = append(any, match)
	}
	return func(t *Trace) bool {
		for _, match := range any {
			if match(t) {
				return true
			}
		}
		return false
	}, nil
}

func plainKey(key string) bool {
	for i := range len(key) {
		if c := key[i] | 0x20; (c < 'a' || c > 'z') && key[i] != '-' {
			return false
		}
	}
	return key != "" && key[0] != '-'
}

func unquote(s string) string { return strings.ReplaceAll(s, `"`, "") }

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func matchText(text string) func(*Trace) bool {
	return func(t *Trace) bool {
		return containsFold(t.Method+" "+t.URL, text) || containsFold(t.Why, text)
	}
}

func parseKey(key, value string) (func(*Trace) bool, error) {
	switch key {
	case "path":
		return matchPath(value)
	case "method":
		return func(t *Trace) bool { return strings.EqualFold(t.Method, value) }, nil
	case "status":
		return matchStatus(value)
	case "site":
		return func(t *Trace) bool { return strings.EqualFold(t.Site, value) }, nil
	case "app":
		return func(t *Trace) bool { return t.Application == value }, nil
	case "pool":
		return func(t *Trace) bool { return strings.EqualFold(t.Pool, value) }, nil
	case "worker":
		return func(t *Trace) bool { return strconv.Itoa(t.Worker) == value }, nil
	case "id":
		return func(t *Trace) bool {
			return strings.HasPrefix(t.ID, strings.ToLower(value)) || strconv.FormatUint(t.Number, 10) == value
		}, nil
	case "why":
		return func(t *Trace) bool { return containsFold(t.Why, value) }, nil
	case "slower", "faster", "larger-than":
		return matchMeasure(key, value)
	case "stage":
		return matchStage(value)
	case "has":
		return matchHas(value)
	case "header":
		return matchHeader(value), nil
	case "is":
		return matchIs(value)
	}
	return nil, fmt.Errorf("filter: there is no key %.30s (path, method, status, site, app, pool, worker, id, why, slower, "+
		"faster, larger-than, stage, has, header, is); put text with a colon in quotes", key)
}

func matchPath(value string) (func(*Trace) bool, error) {
	if strings.Contains(value, "*") {
		if _, err := path.Match(value, ""); err != nil {
			return nil, fmt.Errorf("filter: %.60q is no pattern", value)
		}
	}
	return func(t *Trace) bool {
		p, _, _ := strings.Cut(t.URL, "?")
		switch {
		case strings.Contains(value, "*"):
			whole, _ := path.Match(value, p)
			last, _ := path.Match(value, path.Base(p))
			return whole || last
		case strings.HasPrefix(value, "/"):
			return strings.HasPrefix(p, value)
		}
		return containsFold(p, value)
	}, nil
}

func matchStatus(value string) (func(*Trace) bool, error) {
	low := strings.ToLower(value)
	if len(low) == 3 && low[0] >= '1' && low[0] <= '5' && low[1:] == "xx" {
		class := int(low[0] - '0')
		return func(t *Trace) bool { return t.Status/100 == class }, nil
	}
	compare, number := comparison(low)
	status, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("filter: status:%.20s is none of 404, 5xx, >=400", value)
	}
	return func(t *Trace) bool { return compare(int64(t.Status), int64(status)) }, nil
}

// comparison takes an operator off the beginning of a value; none means equal.
func comparison(value string) (compare func(a, b int64) bool, rest string) {
	switch {
	case strings.HasPrefix(value, ">="):
		return func(a, b int64) bool { return a >= b }, value[2:]
	case strings.HasPrefix(value, "<="):
		return func(a, b int64) bool { return a <= b }, value[2:]
	case strings.HasPrefix(value, ">"):
		return func(a, b int64) bool { return a > b }, value[1:]
	case strings.HasPrefix(value, "<"):
		return func(a, b int64) bool { return a < b }, value[1:]
	}
	return func(a, b int64) bool { return a == b }, value
}

func matchMeasure(key, value string) (func(*Trace) bool, error) {
	if key == "larger-than" {
		size, err := parseSize(value)
		return func(t *Trace) bool { return t.Bytes > size }, err
	}
	limit, err := parseTime(value)
	if err != nil {
		return nil, err
	}
	if key == "slower" {
		return func(t *Trace) bool { return t.Took > limit }, nil
	}
	return func(t *Trace) bool { return t.Took < limit }, nil
}

func parseSize(value string) (int64, error) {
	number, unit := strings.ToLower(value), int64(1)
	for suffix, size := range map[string]int64{"k": 1 << 10, "kb": 1 << 10, "m": 1 << 20, "mb": 1 << 20} {
		if digits, ok := strings.CutSuffix(number, suffix); ok {
			number, unit = digits, size
			break
		}
	}
	size, err := strconv.ParseInt(number, 10, 32)
	if err != nil || size < 0 {
		return 0, fmt.Errorf("filter: %.20q is no size like 10k", value)
	}
	return size * unit, nil
}

// parseTime reads a time; a plain number means milliseconds.
func parseTime(value string) (time.Duration, error) {
	if ms, err := strconv.ParseFloat(value, 64); err == nil && ms >= 0 && ms < 1e9 {
		return time.Duration(ms * float64(time.Millisecond)), nil
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("filter: %.20q is no time like 50ms", value)
	}
	return d, nil
}

func matchStage(value string) (func(*Trace) bool, error) {
	name, compare, limit := value, func(a, b int64) bool { return a >= b }, time.Duration(0)
	if i := strings.IndexAny(value, "<>"); i >= 0 {
		var rest string
		name = value[:i]
		compare, rest = comparison(value[i:])
		var err error
		if limit, err = parseTime(rest); err != nil {
			return nil, err
		}
	}
	for stage := Stage(0); int(stage) < StageCount; stage++ {
		if strings.EqualFold(stage.String(), name) {
			return func(t *Trace) bool {
				return hasSpan(t, stage.String()) && compare(int64(Stages(t.Spans)[stage]), int64(limit))
			}, nil
		}
	}
	return func(t *Trace) bool {
		for i := range t.Spans {
			if strings.EqualFold(t.Spans[i].Name, name) && compare(int64(t.Spans[i].Took), int64(limit)) {
				return true
			}
		}
		return false
	}, nil
}

func hasSpan(t *Trace, name string) bool {
	for i := range t.Spans {
		if t.Spans[i].Name == name {
			return true
		}
	}
	return false
}

func matchHas(value string) (func(*Trace) bool, error) {
	switch strings.ToLower(value) {
	case "error":
		return HasError, nil
	case "log":
		return func(t *Trace) bool { return len(t.Log) > 0 }, nil
	case "query":
		return func(t *Trace) bool { return hasSpan(t, pages.SpanQuery) }, nil
	case "body":
		return func(t *Trace) bool { return t.Request.Body.Bytes > 0 }, nil
	case "form":
		return func(t *Trace) bool { return len(t.Request.Form) > 0 }, nil
	}
	return nil, fmt.Errorf("filter: has:%.20s is none of error, log, query, body, form", value)
}

// HasError reports whether something failed: a status of 500 or above, or a span.
func HasError(t *Trace) bool {
	if t.Status >= 500 {
		return true
	}
	for i := range t.Spans {
		if t.Spans[i].Error != "" {
			return true
		}
	}
	return false
}

func matchHeader(value string) func(*Trace) bool {
	name, part, _ := strings.Cut(value, "=")
	return func(t *Trace) bool {
		for _, fields := range [...][]pages.Field{t.Request.Headers, t.Response.Headers} {
			for i := range fields {
				if equalFold(fields[i].Name, name) && containsFold(fields[i].Value, part) {
					return true
				}
			}
		}
		return false
	}
}

func matchIs(value string) (func(*Trace) bool, error) {
	switch phase := Phase(strings.ToLower(value)); phase {
	case Running, Paused, Done:
		return func(t *Trace) bool { return t.Phase == phase }, nil
	case "page":
		return IsPage, nil
	}
	return nil, fmt.Errorf("filter: is:%.20s is none of page, running, paused, done", value)
}

// IsPage reports whether a page or Markdown page ran: the trace has its spans.
func IsPage(t *Trace) bool {
	return hasSpan(t, pages.SpanPreInit) || hasSpan(t, pages.SpanMarkdown)
}
