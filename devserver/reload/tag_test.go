package reload

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestPlace(t *testing.T) {
	tests := []string{ // the tag belongs at |
		"<!doctype html><html><head>|<title>x</title></head>",
		"<!doctype html><html lang=en><HEAD data-x='>' y=\">\">|<title>x</title>",
		"<!doctype html><html><head\n>|",
		"<head/>|x",
		"<!-- <head> --><head>|x",
		"<!--><head>|-->",
		"<!---><head>|",
		"<!-- a --!><head>|",
		"<!-- <head> never ended|",
		"<!doctype html><html>|<body>x</body></html>",
		"<!doctype html>\n|<title>x</title>",
		"<!doctype html>|<header>x</header>",
		"\ufeff<!doctype html>|<p>x",
		"<?xml version='1.0'?><html xmlns=\"x\"><head>|",
		"hello |<b>x</b>",
		"</p>|<p>",
		"a < b and no tag|",
		"|",
		"<|",
		"|<he",
		"<!doctype html|",
		"<html a=\"<head>\"><head b=c'd>|",
		"<html a='never ended><head>|",
	}
	for _, test := range tests {
		html := strings.Replace(test, "|", "", 1)
		if got := Place([]byte(html)); got != strings.IndexByte(test, '|') {
			t.Errorf("Place(%q) = %d, want %d", html, got, strings.IndexByte(test, '|'))
		}
	}
	for _, utf16 := range []string{"\xff\xfe<\x00h\x00", "\xfe\xff\x00<"} {
		if got := Place([]byte(utf16)); got != -1 {
			t.Errorf("Place(%q) = %d", utf16, got)
		}
	}
}

// FuzzPlace: the place lies in the document, directly after a tag, before one, or at the end, and finding it
// again in what came out gives the same place.
func FuzzPlace(f *testing.F) {
	for _, seed := range []string{"<!doctype html><html><head><title>", "<!-- <head> --><p a='>'>", "<html a=\"", "x<y", "<!--", "</x><!><head "} {
		f.Add([]byte(seed))
	}
	tag := Tag("")
	f.Fuzz(func(t *testing.T, html []byte) {
		at := Place(html)
		if at == -1 && len(html) >= 2 && (html[0] == 0xff || html[0] == 0xfe) {
			return
		}
		if at < 0 || at > len(html) {
			t.Fatalf("Place(%q) = %d", html, at)
		}
		if at < len(html) && html[at] != '<' && html[at-1] != '>' {
			t.Errorf("Place(%q) = %d, in the middle of something", html, at)
		}
		if at < len(html) && (at == 0 || html[at-1] != '>' || html[at] == '<') {
			with := append(append(bytes.Clone(html[:at]), tag...), html[at:]...)
			if again := Place(with); again != at && !bytes.Contains(bytes.ToLower(html[:at]), []byte("<head")) {
				t.Errorf("with the tag at %d of %q the place is %d", at, html, again)
			}
		}
	})
}

func TestNavigation(t *testing.T) {
	tests := []struct {
		dest, accept string
		want         bool
	}{
		{"document", "", true},
		{"iframe", "*/*", true},
		{"frame", "", true},
		{"empty", "text/html", false},
		{"style", "text/html", false},
		{"", "text/html,application/xhtml+xml", true},
		{"", " Text/HTML;q=1", true},
		{"", "*/*", false},
		{"", "application/json, text/html", false},
		{"", "", false},
	}
	for _, test := range tests {
		h := http.Header{}
		if test.dest != "" {
			h.Set("Sec-Fetch-Dest", test.dest)
		}
		if test.accept != "" {
			h.Set("Accept", test.accept)
		}
		if got := Navigation(h); got != test.want {
			t.Errorf("Navigation(%v) = %v", h, got)
		}
	}
}

func TestNonce(t *testing.T) {
	tests := []struct{ policy, want string }{
		{"", ""},
		{"script-src 'self'", ""},
		{"script-src 'nonce-abc123=='", "abc123=="},
		{"default-src 'nonce-d'; style-src 'nonce-s'", "d"},
		{"default-src 'nonce-d'; script-src 'self' 'NONCE-s_-+/'", "s_-+/"},
		{"default-src 'nonce-d'; script-src 'self'", ""},
		{"script-src 'nonce-a'; script-src-elem 'nonce-b'", "b"},
		{"script-src 'nonce-a'; script-src 'nonce-b'", "a"},
		{"default-src 'none', script-src 'nonce-second'", "second"},
		{`script-src 'nonce-"><x'`, ""},
		{"script-src 'nonce-'", ""},
		{"style-src 'nonce-s'", ""},
		{";;,;", ""},
	}
	for _, test := range tests {
		if got := Nonce(test.policy); got != test.want {
			t.Errorf("Nonce(%q) = %q, want %q", test.policy, got, test.want)
		}
	}
}

// FuzzNonce: whatever a page's policy says, the tag stays one tag.
func FuzzNonce(f *testing.F) {
	f.Add("script-src 'nonce-abc'")
	f.Add("default-src 'nonce-'x'; script-src")
	f.Fuzz(func(t *testing.T, policy string) {
		tag := Tag(Nonce(policy))
		if bytes.Count(tag, []byte("<")) != 2 || bytes.Count(tag, []byte(">")) != 2 || bytes.Count(tag, []byte(`"`)) > 4 {
			t.Errorf("policy %q gives %s", policy, tag)
		}
	})
}

func TestTag(t *testing.T) {
	if got := string(Tag("")); got != `<script src="/_huygens/client.js" async></script>` {
		t.Error(got)
	}
	s := Script{Nonce: `a"b`, At: "RUN-7", Posted: true}
	if got := string(s.Bytes()); got != `<script src="/_huygens/client.js" async nonce="a&#34;b" data-at="RUN-7" data-posted></script>` {
		t.Error(got)
	}
}
