package trace

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"huygens/pages"
)

// FuzzTrace plants a secret wherever the names say that it is one, repeats it wherever a program could, and
// looks for it in what readers see. Harmless values must stay.
func FuzzTrace(f *testing.F) {
	f.Add("hunter22", "ada lovelace", "", byte(0))
	f.Add(`p&"w'<ß>+/ %\x`, "x", "tail", byte(1))
	f.Add("a;b,c d=e", "y", "\x1b[0m\xff", byte(2))
	f.Add(`\u0041bcdef`, "z", `"}`, byte(3))
	f.Add("aaaaaaa", "b", "aaaaa", byte(4))
	f.Add("line\nbreak\r\n", "b", "", byte(5))
	f.Fuzz(func(t *testing.T, secret, harmless, noise string, place byte) {
		if !utf8.ValidString(secret) || utf8.RuneCountInString(strings.TrimSpace(secret)) < shortestSecret || len(secret) > 500 || len(noise) > 5000 {
			return
		}
		secret = strings.TrimSpace(secret)
		if strings.Contains(Mask, secret) || strings.Contains(secret, "•") {
			return
		}
		r := plant(secret, harmless, noise, place%6)
		r.Sent(1)
		got, _ := r.log.Find("1")
		whole := visible(got)
		// The noise and the texts around may hold the secret's letters themselves; then they are masked as well.
		if strings.Contains(whole, secret) {
			t.Fatalf("%q (place %d) is seen in %q", secret, place%6, whole)
		}
		if plainSpelling(harmless) && !strings.Contains(harmless, secret) && !strings.Contains(noise, "?") && !strings.Contains(whole, "author: "+harmless) {
			t.Fatalf("%q is masked beside %q in %q", harmless, secret, whole)
		}
		var back map[string]any
		if err := json.Unmarshal(got.AppendJSON(nil), &back); err != nil {
			t.Fatal(err)
		}
		for _, c := range whole {
			if c != '\n' && c != '\t' && c != '\r' && interpreted(c) {
				t.Fatalf("%U is left in %q", c, whole)
			}
		}
	})
}

// plant makes a request that brings the secret at one place, by a secret name, and repeats it everywhere.
func plant(secret, harmless, noise string, place byte) *Recorder {
	s := Start{Method: "GET", URL: "/" + noise}
	var body []byte
	contentType, known := "text/plain", secret
	quoted, _ := json.Marshal(map[string]any{"password": secret, "again": secret, "n": noise})
	switch place {
	case 0:
		s.Policy = NewPolicy(nil, []string{secret})
	case 1:
		s.URL = "/?token=" + url.QueryEscape(secret) + "&x=" + url.QueryEscape(secret)
	case 2:
		contentType, body = "application/json", quoted
	case 3:
		contentType, body = "application/x-www-form-urlencoded", []byte("pin="+url.QueryEscape(secret)+"&y="+url.QueryEscape(secret))
	case 4:
		s.Header = append(s.Header, field("Authorization", "Bearer "+secret))
	}
	s.Header = append(s.Header, field("Content-Type", contentType), field("X-Echo", secret+noise), field("X-Author", harmless))
	r := NewLog(Options{}).Start(s)
	if place == 5 {
		r.Secret(secret)
	}
	r.RequestBody(body, int64(len(body)))
	r.Why(noise + known)
	r.Log("info", noise+known+noise)
	r.Answered([]pages.Span{{Name: "Query", Detail: noise + known, Error: known + noise, Took: time.Second}}, nil)
	answer := bytes.Join([][]byte{[]byte(known), []byte(noise), []byte(url.PathEscape(known)), quoted}, []byte(" "))
	r.Response(200, []pages.Field{field("Content-Type", "text/html"), field("X-Y", known)}, answer, int64(len(answer)))
	return r
}

// visible is every text of a trace that came from outside.
func visible(t *Trace) string {
	var b strings.Builder
	for _, m := range []Message{t.Request, t.Response} {
		for _, f := range append(append([]pages.Field(nil), m.Headers...), m.Form...) {
			if f.Name == "X-Author" {
				b.WriteString("author: ")
			}
			b.WriteString(f.Value + "\n\n")
		}
		b.WriteString(m.Body.Text + "\n\n")
	}
	for _, s := range t.Spans {
		b.WriteString(s.Detail + "\n\n" + s.Error + "\n\n")
	}
	for _, l := range t.Log {
		b.WriteString(l.Text + "\n\n")
	}
	return b.String() + t.Why + "\n\n" + t.URL
}

func FuzzMultipart(f *testing.F) {
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--"))
	f.Add(`application/json`, []byte(`{"a":{"token":[1,{"b":"c"`))
	f.Add(`text/html`, []byte(`<input name=token value='`))
	f.Fuzz(func(_ *testing.T, contentType string, body []byte) {
		v := newVeil(NewPolicy(nil, nil))
		raw := rawBody{contentType: contentType, first: body, total: int64(len(body))}
		_, text := v.body(&raw)
		v.sealBody(text, &raw)
	})
}
