package trace

import (
	"bytes"
	"html"
	"io"
	"math/bits"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"

	"huygens/pages"
)

const (
	bodyLimit  = 64 << 10 // what is kept of a body
	bodyMargin = 4 << 10  // looked at behind it, so that no secret is cut in two before it is found
	formLimit  = 1000     // fields
)

// A rawBody is a body as it came, before masking.
type rawBody struct {
	contentType string
	first       []byte // the beginning, all of it if it is short
	total       int64
}

// bodyKind says how a body is looked at.
type bodyKind int

const (
	bodyOpaque bodyKind = iota // not text
	bodyText
	bodyJSON
	bodyHTML
	bodyForm
	bodyMultipart
)

func (r *rawBody) kind() bodyKind {
	media, _, _ := strings.Cut(r.contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	switch {
	case len(r.first) == 0:
		return bodyOpaque
	case media == "application/x-www-form-urlencoded":
		return bodyForm
	case media == "multipart/form-data":
		return bodyMultipart
	case bytes.IndexByte(r.first[:min(len(r.first), 512)], 0) >= 0:
		return bodyOpaque
	case strings.HasSuffix(media, "json") || strings.HasSuffix(media, "+json"):
		return bodyJSON
	case media == "text/html" || media == "application/xhtml+xml":
		return bodyHTML
	case media == "" || media == "text/plain":
		if first := bytes.TrimLeft(r.first, " \t\r\n"); len(first) > 0 && (first[0] == '{' || first[0] == '[') {
			return bodyJSON
		}
		return bodyText
	case strings.HasPrefix(media, "text/"), strings.HasSuffix(media, "xml"), strings.HasSuffix(media, "javascript"):
		return bodyText
	}
	return bodyOpaque
}

// body masks by name what a body holds. Values that appear elsewhere are still to be masked: see seal.
func (v *veil) body(r *rawBody) (form []pages.Field, text string) {
	first := r.first[:min(len(r.first), bodyLimit+bodyMargin)]
	switch r.kind() {
	case bodyText:
		return nil, string(first)
	case bodyJSON:
		return nil, v.json(string(first))
	case bodyHTML:
		return nil, v.html(string(first))
	case bodyForm:
		text = v.query(string(first))
		return v.form(string(first)), text
	case bodyMultipart:
		return v.multipart(r.contentType, first), ""
	}
	return nil, ""
}

// sealBody masks what is left by value, and cuts. first is how many bytes of the body were looked at.
func (v *veil) sealBody(text string, r *rawBody) Body {
	b := Body{Bytes: max(r.total, int64(len(r.first)))}
	if text == "" {
		return b
	}
	b.Text, b.Cut = v.cut(text, bodyLimit)
	b.Text = v.cleaned(b.Text, Clean)
	b.Cut = b.Cut || b.Bytes > int64(min(len(r.first), bodyLimit+bodyMargin))
	return b
}

// form lists the fields of an encoded form.
func (v *veil) form(raw string) []pages.Field {
	var fields []pages.Field
	for _, pair := range splitPairs(raw) {
		if pair == "" || len(fields) >= formLimit {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		fields = append(fields, v.field(unescaped(name), unescaped(value)))
	}
	return fields
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// field masks a form field by its name.
func (v *veil) field(name, value string) pages.Field {
	if value != "" && v.policy.Secret(name) {
		v.add(value)
		value = Mask
	}
	return pages.Field{Name: name, Value: value}
}

// multipart lists the fields of a form with files; of a file, its name and type.
func (v *veil) multipart(contentType string, first []byte) []pages.Field {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || parameters["boundary"] == "" {
		return nil
	}
	var fields []pages.Field
	for r := multipart.NewReader(bytes.NewReader(first), parameters["boundary"]); len(fields) < formLimit; {
		part, err := r.NextRawPart()
		if err != nil {
			break
		}
		value, _ := io.ReadAll(part) // a cut part shows what there is of it
		if name := part.FileName(); name != "" {
			about := "file " + strconv.Quote(name) + ", " + strconv.Itoa(len(value)) + " bytes"
			fields = append(fields, pages.Field{Name: part.FormName(), Value: about})
			continue
		}
		fields = append(fields, v.field(part.FormName(), string(value)))
	}
	return fields
}

// html masks the values of input elements whose names are secret, view state among them.
func (v *veil) html(s string) string {
	var b strings.Builder
	done := 0
	for at := nextInput(s, 0); at >= 0; at = nextInput(s, at) {
		value, end := v.secretInput(s, at)
		at = end
		if value[1] > value[0] {
			b.WriteString(s[done:value[0]])
			b.WriteString(Mask)
			done = value[1]
		}
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// nextInput returns where the attributes of the next input element begin, -1 if there is none.
func nextInput(s string, at int) int {
	for at = nextTag(s, at); at >= 0; at = nextTag(s, at) {
		if len(s)-at > 5 && strings.EqualFold(s[at:at+5], "input") && (htmlSpace(s[at+5]) || s[at+5] == '/') {
			return at + 5
		}
	}
	return -1
}

// nextTag returns the index behind the next < that an i follows, -1 if there is none. It looks at eight bytes
// in one step: every page goes through here.
func nextTag(s string, at int) int {
	for ; len(s)-at >= 8; at += 8 {
		x := word(s[at:]) ^ ones*'<'
		for hits := (x - ones) &^ x & high; hits != 0; hits &= hits - 1 {
			i := at + bits.TrailingZeros64(hits)/8 + 1
			if i < len(s) && s[i]|0x20 == 'i' && s[i-1] == '<' {
				return i
			}
		}
	}
	for ; at+1 < len(s); at++ {
		if s[at] == '<' && s[at+1]|0x20 == 'i' {
			return at + 1
		}
	}
	return -1
}

// secretInput reads the attributes of an input element from at on. It returns where the value stands if it is
// to be masked, and where the tag ends.
func (v *veil) secretInput(s string, at int) (value [2]int, end int) {
	secret := false
	for {
		name, position, next, ok := htmlAttribute(s, at)
		at = next
		if !ok {
			break
		}
		text := s[position[0]:position[1]]
		switch {
		case strings.EqualFold(name, "name"):
			secret = secret || v.policy.Secret(html.UnescapeString(text))
		case strings.EqualFold(name, "type"):
			secret = secret || strings.EqualFold(text, "password")
		case strings.EqualFold(name, "value"):
			value = position
		}
	}
	if !secret {
		return [2]int{}, at
	}
	raw := s[value[0]:value[1]]
	v.add(raw)
	v.add(html.UnescapeString(raw))
	return value, at
}

// htmlAttribute reads one attribute of a tag; ok is false at the tag's end.
func htmlAttribute(s string, at int) (name string, value [2]int, next int, ok bool) {
	for at < len(s) && (htmlSpace(s[at]) || s[at] == '/') {
		at++
	}
	if at >= len(s) || s[at] == '>' {
		return "", value, at, false
	}
	start := at
	for at++; at < len(s) && !htmlSpace(s[at]) && s[at] != '=' && s[at] != '>' && s[at] != '/'; at++ {
	}
	name = s[start:at]
	after := at
	for after < len(s) && htmlSpace(s[after]) {
		after++
	}
	if after >= len(s) || s[after] != '=' {
		return name, value, at, true
	}
	for after++; after < len(s) && htmlSpace(s[after]); after++ {
	}
	if after < len(s) && (s[after] == '"' || s[after] == '\'') {
		quote := s[after]
		length := strings.IndexByte(s[after+1:], quote)
		if length < 0 {
			return name, [2]int{after + 1, len(s)}, len(s), true
		}
		return name, [2]int{after + 1, after + 1 + length}, after + 2 + length, true
	}
	end := after
	for end < len(s) && !htmlSpace(s[end]) && s[end] != '>' {
		end++
	}
	return name, [2]int{after, end}, end, true
}

func htmlSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
