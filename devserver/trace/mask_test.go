package trace

import (
	"html/template"
	"net/url"
	"strings"
	"testing"

	"huygens/pages"
)

func field(name, value string) pages.Field { return pages.Field{Name: name, Value: value} }

// record makes the trace of one request.
func record(s Start, f func(*Recorder)) *Trace {
	l := NewLog(Options{})
	r := l.Start(s)
	f(r)
	r.Sent(0)
	t, _ := l.Find("1")
	return t
}

func TestMaskedByName(t *testing.T) {
	for _, test := range []struct{ name, url, want string }{
		{"query", "/a?token=abc&author=eve&x", "/a?token=•••&author=eve&x"},
		{"escaped name", "/a?%74oken=abc", "/a?%74oken=•••"},
		{"empty value", "/a?token=&token", "/a?token=&token"},
		{"short value", "/a?pin=1&page=1", "/a?pin=•••&page=1"},
		{"camel case", "/a?cardNumber=4111111111111111", "/a?cardNumber=•••"},
		{"semicolons are no separators", "/a?x=1;token=abcdefg", "/a?x=1;token=abcdefg"},
		{"value in the path", "/reset/abcdefg?token=abcdefg", "/reset/•••?token=•••"},
		{"escaped value in the path", "/reset/a%20b%2Fcdef?token=a+b%2fcdef", "/reset/•••?token=•••"},
		{"control characters", "/a\x1b[31m\x7f\u202e\xff", `/a\x1b[31m\x7f\u202e\xff`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := record(Start{Method: "GET", URL: test.url}, func(*Recorder) {}).URL
			if got != test.want {
				t.Errorf("%q became %q, want %q", test.url, got, test.want)
			}
		})
	}
}

func TestMaskedHeaders(t *testing.T) {
	got := record(Start{Header: []pages.Field{
		field("Accept", "text/html"),
		field("cookie", "a=1; huygens_session_x=s3ss10nid; theme=\"dark mode\""),
		field("Authorization", "Basic YWRhOm9wZW5zZXNhbWU="),
		field("X-API-Key", "k-1"),
		field("X-Auth-Token", "t"),
		field("X-Huygens-Key", "0123456789"),
		field("Referer", "http://127.0.0.1/login?password=hunter22&author=eve"),
		field("X-Echo", "s3ss10nid and opensesame and hunter22 and 0123456789"),
		field("X-Author", "eve"),
	}}, func(r *Recorder) {
		r.Response(200, []pages.Field{field("Set-Cookie", "fresh=newvalue; Path=/; HttpOnly"), field("X-Y", "Path=/ newvalue")}, nil, 0)
	})
	want := []pages.Field{
		field("Accept", "text/html"),
		field("cookie", Mask), field("Authorization", Mask), field("X-API-Key", Mask), field("X-Auth-Token", Mask),
		field("X-Huygens-Key", Mask),
		field("Referer", "http://127.0.0.1/login?password=•••&author=eve"),
		field("X-Echo", "••• and ••• and ••• and •••"),
		field("X-Author", "eve"),
	}
	compareFields(t, got.Request.Headers, want)
	compareFields(t, got.Response.Headers, []pages.Field{field("Set-Cookie", Mask), field("X-Y", "Path=/ •••")})
}

func compareFields(t *testing.T, got, want []pages.Field) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got[i], want[i])
		}
	}
}

func TestMaskedBodies(t *testing.T) {
	const multipartType = "multipart/form-data; boundary=XX"
	const multipartBody = "--XX\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter22\r\n" +
		"--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nada hunter22\r\n" +
		"--XX\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n--XX--\r\n"
	for _, test := range []struct {
		name, contentType, body, want string
		form                          []pages.Field
	}{
		{
			"json", "application/json", `{"user":{"name":"ada","password":"hunter22"},"again":"hunter22"}`,
			`{"user":{"name":"ada","password":"•••"},"again":"•••"}`, nil,
		},
		{
			"json number, null, list", "application/json", `{"pin" : 1234, "token":null,"tokens":["keep"],"auth":{"a":["longvalue"]},"x":"longvalue"}`,
			`{"pin" : "•••", "token":null,"tokens":["keep"],"auth":"•••","x":"•••"}`, nil,
		},
		{
			"json escapes", "application/problem+json", `{"pass\u0077ord":"hun\u0074er22\"","x":"hunter22\""}`,
			`{"pass\u0077ord":"•••","x":"•••"}`, nil,
		},
		{"json cut short", "application/json", `{"token":"abcdefgh`, `{"token":"•••"`, nil},
		{"json sent as text", "text/plain;charset=UTF-8", ` {"token":"abcdefgh"}`, ` {"token":"•••"}`, nil},
		{
			"form", "application/x-www-form-urlencoded", "name=ada&pass+word=a%26bcdef&__VIEWSTATE=AbCdEf%2B&note=a%26bcdef",
			"name=ada&pass+word=•••&__VIEWSTATE=•••&note=•••",
			[]pages.Field{field("name", "ada"), field("pass word", Mask), field("__VIEWSTATE", Mask), field("note", Mask)},
		},
		{
			"form with files", multipartType, multipartBody, "",
			[]pages.Field{field("password", Mask), field("name", "ada •••"), field("photo", `file "a.png", 4 bytes`)},
		},
		{
			"html", "text/html; charset=utf-8", `<INPUT type=hidden name='csrf_token' value="tok&amp;en1"><input name=q value=q1>` +
				`<input value=secretpw type=password /><p>tok&amp;en1 secretpw</p><input name="__VIEWSTATE" value="dDwtMTA4">`,
			`<INPUT type=hidden name='csrf_token' value="•••"><input name=q value=q1><input value=••• type=password />` +
				`<p>••• •••</p><input name="__VIEWSTATE" value="•••">`, nil,
		},
		{"html damaged", "text/html", `<input name=token value="abcdefgh`, `<input name=token value="•••`, nil},
		{"text", "text/plain", "\x1b]0;x\x07 plain\r\n\ttext\r", `\x1b]0;x\x07 plain` + "\r\n\ttext" + `\r`, nil},
		{"no text", "image/png", "\x89PNG", "", nil},
		{"zeros are no text", "text/plain", "a\x00b", "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := record(Start{Header: []pages.Field{field("Content-Type", test.contentType)}}, func(r *Recorder) {
				r.RequestBody([]byte(test.body), int64(len(test.body)))
				r.Response(200, []pages.Field{field("content-type", test.contentType)}, []byte(test.body), int64(len(test.body)))
			})
			for _, m := range []Message{got.Request, got.Response} {
				if m.Body.Text != test.want || m.Body.Cut || m.Body.Bytes != int64(len(test.body)) {
					t.Errorf("%+v, want %q", m.Body, test.want)
				}
			}
			compareFields(t, got.Request.Form, test.form)
		})
	}
}

// A secret is masked by value in every field, in the spellings of HTML, URLs, scripts and JSON.
func TestMaskedByValue(t *testing.T) {
	const secret = `p&"w'<ß>+/ %\x`
	var page strings.Builder
	if err := template.Must(template.New("").Parse(
		`<p title="{{.}}">{{.}}</p><a href="/x?y={{.}}">{{.}}</a><script>let s = {{.}}, t = "{{.}}"</script>`)).Execute(&page, secret); err != nil {
		t.Fatal(err)
	}
	body := page.String() + secret + url.QueryEscape(secret) + url.PathEscape(secret)
	policy := NewPolicy(nil, []string{"from.env", "tiny5", secret})
	got := record(Start{URL: "/tiny5/from.env", Policy: policy}, func(r *Recorder) {
		r.Secret("of the session")
		r.Why("compiled because of the session")
		r.Asked()
		r.Answered([]pages.Span{
			{Name: "Query", Detail: "select " + secret, Error: "no " + secret, Parent: -1},
			{Name: "Fetch", Detail: "GET https://api.test/?api_key=abc123&x=1", Parent: -1},
			{Name: "Load", Detail: "abc123", Parent: -1},
		}, []pages.Line{{Text: "from.env"}, {Text: "abc123"}})
		r.Response(200, []pages.Field{field("Content-Type", "text/html")}, []byte(body), int64(len(body)))
	})
	whole := string(got.AppendJSON(nil))
	for _, word := range []string{"ß", "p&", `p\u0026`, "%5cx", "%5Cx", "from.env", "session"} {
		if strings.Contains(whole, word) {
			t.Errorf("%q is left in %s", word, whole)
		}
	}
	if got.URL != "/tiny5/•••" || got.Why != "compiled because •••" {
		t.Errorf("url %q, why %q", got.URL, got.Why)
	}
	if d := got.Spans[1].Detail; d != "GET https://api.test/?api_key=•••&x=1" {
		t.Errorf("fetch: %q", d)
	}
}

// Secrets that overlap are masked as one; a cookie that is called like a stage does not hide it.
func TestMaskedOverlap(t *testing.T) {
	got := record(Start{
		URL: "/abcdefghi", Method: "DELETE", Policy: NewPolicy(nil, []string{"abcdef", "defghi"}),
		Header: []pages.Field{field("Cookie", "view=Render; verb=DELETE")},
	}, func(r *Recorder) {
		r.Answered([]pages.Span{{Name: "Render", Detail: "Render", Parent: -1}}, nil)
	})
	if got.URL != "/•••" || got.Method != "DELETE" || got.Spans[0].Name != "Render" || got.Spans[0].Detail != Mask {
		t.Errorf("%q %q %+v", got.Method, got.URL, got.Spans)
	}
}

// With more secrets than can be searched for, free text is masked as a whole.
func TestMaskedManySecrets(t *testing.T) {
	var query strings.Builder
	for i := range 2 * manySecrets {
		query.WriteString("&token=" + strings.Repeat("x", 6+i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26))
	}
	got := record(Start{URL: "/?" + query.String()}, func(r *Recorder) { r.Why("the last one") })
	if got.Why != Mask || strings.Contains(got.URL, "xx") {
		t.Errorf("why %q, url %.200q", got.Why, got.URL)
	}
}

func TestBodyIsCut(t *testing.T) {
	for _, test := range []struct {
		name  string
		body  string
		total int64
		text  string
		cut   bool
	}{
		{"fits", strings.Repeat("a", bodyLimit), 0, strings.Repeat("a", bodyLimit), false},
		{"longer", strings.Repeat("a", bodyLimit+1), 0, strings.Repeat("a", bodyLimit), true},
		{"much longer", strings.Repeat("a", 2*bodyLimit), 1 << 30, strings.Repeat("a", bodyLimit), true},
		{"only the beginning is known", "abc", 10, "abc", true},
		{"no half character", strings.Repeat("a", bodyLimit-1) + "ßa", 0, strings.Repeat("a", bodyLimit-1), true},
		{"no half secret", strings.Repeat("a", bodyLimit-3) + "topsecret", 0, strings.Repeat("a", bodyLimit-3) + Mask, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := record(Start{Policy: NewPolicy(nil, []string{"topsecret"})}, func(r *Recorder) {
				r.Response(200, []pages.Field{field("Content-Type", "text/plain")}, []byte(test.body), test.total)
			}).Response.Body
			if got.Text != test.text || got.Cut != test.cut || got.Bytes != max(test.total, int64(len(test.body))) {
				t.Errorf("%d bytes, cut %v, text of %d bytes", got.Bytes, got.Cut, len(got.Text))
			}
		})
	}
}
