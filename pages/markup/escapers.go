package markup

import (
	"encoding/json"
	"fmt"
	"html/template"
	"reflect"
	"regexp"
	"strings"
	"unicode/utf8"
)

var textEscaper = escaper{text: htmlTable.append, typed: only(asHTML), digits: true, markup: true}

// escapers are html/template's, by the names that its analysis writes into trees. Those without a function of
// ours ask html/template itself.
var escapers = map[string]*escaper{
	"_html_template_htmlescaper": &textEscaper,
	"_html_template_rcdataescaper": {
		text: htmlTable.append, digits: true,
		typed: func(dst []byte, s string, c content) ([]byte, bool) {
			return htmlNormTable.append(dst, s), c == asHTML
		},
	},
	"_html_template_attrescaper":    {text: htmlTable.append, typed: stripped("_html_template_attrescaper"), digits: true},
	"_html_template_nospaceescaper": {text: bareText, typed: stripped("_html_template_nospaceescaper"), digits: true},
	"_html_template_commentescaper": {
		text:  func(dst []byte, _ string) []byte { return dst },
		value: func(dst []byte, _ any) ([]byte, error) { return dst, nil },
	},
	"_html_template_jsvalescaper": {text: func(dst []byte, s string) []byte { return jsJSON(dst, s) }, value: jsValue},
	"_html_template_jsstrescaper": {
		text: jsText, digits: true,
		typed: func(dst []byte, s string, c content) ([]byte, bool) {
			return jsNormTable.appendRunes(dst, s, lineSeparator), c == asJSStr
		},
	},
	"_html_template_jstmpllitescaper": {
		text: func(dst []byte, s string) []byte { return jsLiteralTable.appendRunes(dst, s, lineSeparator) }, digits: true,
	},
	"_html_template_urlfilter": {
		text: urlFilter, clean: safeURL, typed: only(asURL), digits: true,
	},
	"_html_template_urlnormalizer": {text: urlNormal, clean: isNormalURL, digits: true},
	"_html_template_urlescaper": {
		text: urlQuery, clean: isQuery, digits: true,
		typed: func(dst []byte, s string, c content) ([]byte, bool) { return urlNormal(dst, s), c == asURL },
	},
	"_html_template_cssescaper":      native("_html_template_cssescaper"),
	"_html_template_cssvaluefilter":  native("_html_template_cssvaluefilter"),
	"_html_template_htmlnamefilter":  native("_html_template_htmlnamefilter"),
	"_html_template_jsregexpescaper": native("_html_template_jsregexpescaper"),
	"_html_template_srcsetescaper":   native("_html_template_srcsetescaper"),
}

// only lets one kind of typed string pass as it is.
func only(want content) func([]byte, string, content) ([]byte, bool) {
	return func(dst []byte, s string, c content) ([]byte, bool) {
		if c != want {
			return dst, false
		}
		return append(dst, s...), true
	}
}

// stripped lets html/template take the tags out of HTML that stands in an attribute.
func stripped(name string) func([]byte, string, content) ([]byte, bool) {
	return func(dst []byte, s string, c content) ([]byte, bool) {
		if c != asHTML {
			return dst, false
		}
		return append(dst, asked(name, template.HTML(s))...), true
	}
}

// bareText escapes for an attribute value without quotes.
func bareText(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, failsafe...)
	}
	return bareTable.appendRunes(dst, s, nonCharacter)
}

// nonCharacter: what browsers may take for a quote or space. Decoding errors are among them.
func nonCharacter(dst []byte, r rune) ([]byte, bool) {
	if r < 0xfdd0 || 0xfdef < r && r < 0xfff0 || r > 0xffff {
		return dst, false
	}
	return fmt.Appendf(dst, "&#x%x;", r), true
}

// lineSeparator: JavaScript sees line breaks where JSON sees letters.
func lineSeparator(dst []byte, r rune) ([]byte, bool) {
	switch r {
	case 0x2028:
		return append(dst, `\u2028`...), true
	case 0x2029:
		return append(dst, `\u2029`...), true
	}
	return dst, false
}

func jsText(dst []byte, s string) []byte { return jsTable.appendRunes(dst, s, lineSeparator) }

var scriptTag = regexp.MustCompile(`(?i)<(/?)script`)

// jsValue writes a value as a JavaScript expression.
func jsValue(dst []byte, v any) ([]byte, error) {
	v, err := plain(bare(v), true)
	if err != nil {
		return dst, err
	}
	switch t := indirectJSON(v).(type) {
	case template.JS:
		return append(dst, t...), nil
	case template.JSStr:
		return append(append(append(dst, '"'), t...), '"'), nil
	case json.Marshaler:
		return jsJSON(dst, t), nil
	case fmt.Stringer:
		return jsJSON(dst, t.String()), nil
	default:
		return jsJSON(dst, t), nil
	}
}

// indirectJSON follows pointers up to the first value that writes its own JSON.
func indirectJSON(v any) any {
	if v == nil {
		return nil
	}
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		if _, ok := rv.Interface().(json.Marshaler); ok {
			break
		}
		rv = rv.Elem()
	}
	return rv.Interface()
}

func jsJSON(dst []byte, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // its text may be anybody's: it must not end the comment or the script
		text := scriptTag.ReplaceAllString(err.Error(), `\x3C${1}script`)
		text = strings.NewReplacer("*/", "* /", "<!--", `\x3C!--`).Replace(text)
		return fmt.Appendf(dst, " /* %s */null ", text)
	}
	if len(b) == 0 {
		return append(dst, " null "...)
	}
	padded := inName(b[0]) || inName(b[len(b)-1]) // so that it does not run into a word beside it
	if padded {
		dst = append(dst, ' ')
	}
	dst = noTable.appendRunes(dst, string(b), lineSeparator)
	if padded {
		dst = append(dst, ' ')
	}
	return dst
}

func inName(c byte) bool { return isAlphanumeric(c) || c == '_' || c == '$' }

func isAlphanumeric(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' }

// safeURL lets pass what has no scheme, or one that runs nothing.
func safeURL(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	if !ok || strings.Contains(scheme, "/") {
		return true
	}
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "mailto")
}

func urlFilter(dst []byte, s string) []byte {
	if !safeURL(s) {
		return append(dst, "#"+failsafe...)
	}
	return append(dst, s...)
}

// inURL reports whether the byte at i stands as it is: in a part of a query, or anywhere in a URL.
func inURL(s string, i int, whole bool) bool {
	switch c := s[i]; c {
	case '-', '.', '_', '~':
		return true
	case '!', '#', '$', '&', '*', '+', ',', '/', ':', ';', '=', '?', '@', '[', ']':
		return whole
	case '%':
		return whole && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
	default:
		return isAlphanumeric(c)
	}
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func urlEncoded(dst []byte, s string, whole bool) []byte {
	const digits = "0123456789abcdef"
	for i := range len(s) {
		if c := s[i]; inURL(s, i, whole) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', digits[c>>4], digits[c&15])
		}
	}
	return dst
}

func urlNormal(dst []byte, s string) []byte { return urlEncoded(dst, s, true) }
func urlQuery(dst []byte, s string) []byte  { return urlEncoded(dst, s, false) }
func isNormalURL(s string) bool             { return isEncoded(s, true) }
func isQuery(s string) bool                 { return isEncoded(s, false) }

func isEncoded(s string, whole bool) bool {
	for i := range len(s) {
		if !inURL(s, i, whole) {
			return false
		}
	}
	return true
}

// A table maps bytes below utf8.RuneSelf to what stands for them; "": they stay.
type table [utf8.RuneSelf]string

func (t *table) append(dst []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		if c := s[i]; c < utf8.RuneSelf && t[c] != "" {
			dst = append(append(dst, s[from:i]...), t[c]...)
			from = i + 1
		}
	}
	return append(dst, s[from:]...)
}

// appendRunes asks wide about the runes that are not in the table.
func (t *table) appendRunes(dst []byte, s string, wide func(dst []byte, r rune) ([]byte, bool)) []byte {
	from := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if t[c] != "" {
				dst = append(append(dst, s[from:i]...), t[c]...)
				from = i + 1
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if _, changes := wide(nil, r); changes {
			dst, _ = wide(append(dst, s[from:i]...), r)
			from = i + n
		}
		i += n
	}
	return append(dst, s[from:]...)
}
