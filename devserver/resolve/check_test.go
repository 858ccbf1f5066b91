package resolve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"huygens/devserver/config"
)

func TestCheck(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{
		"index.gohtml", "cart.gohtml", "cart/index.md", "a.gohtml", "a.md", "b.md", "b.handler.ts", "c.service.ts", "d/README.md", "d/index.gohtml",
		"client/x.ts", "client/x.js", "used.js", "free.js", "e/f.gohtml", "e/f.service.js", "node_modules/p/a.md", "node_modules/p/a.gohtml",
		"App_Code/a.md", "App_Code/a.gohtml", "h.handler.ts", "_g.gohtml", "_g.md",
	} {
		s.write(name, "")
	}
	var err error
	s.config, err = config.Load([]byte(strings.Join([]string{
		1: "[[handlers]]", "path = \"/x/*\"", "file = \"h.handler.ts\"",
		4: "[[handlers]]", "path = \"/x/y\"", "handler = \"Static\"",
		7: "[[handlers]]", "path = \"/z\"", "verbs = [\"GET\"]", "file = \"h.handler.ts\"",
		11: "[[handlers]]", "path = \"/z\"", "file = \"h.handler.ts\"",
		14: "[[handlers]]", "path = \"/z\"", "verbs = [\"GET\"]", "file = \"h.handler.ts\"",
		18: "[[handlers]]", "path = \"*.csv\"", "file = \"none.handler.ts\"",
		21: "[[handlers]]", "path = \"*.env\"", "handler = \"Static\"", "file = \"h.handler.ts\"",
		25: "[[handlers]]", "path = \"/list/*\"", "handler = \"DirectoryList\"", "file = \"d\"",
	}, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	problems, err := s.resolver().Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message))
	}
	want := []string{
		"a.md:0: has the same address as a.gohtml, which answers",
		"b.handler.ts:0: has the same address as b.md, which answers",
		"cart.gohtml:0: /cart and /cart/ are two different pages: this one and cart/index.md",
		"client/x.js:0: has the same address as client/x.ts, which is built",
		"e/f.service.js:0: has the same address as e/f.gohtml, which answers",
		"huygens.toml:5: this entry never answers: the entry of line 2 (/x/*) comes first",
		"huygens.toml:15: this entry never answers: the entry of line 8 (/z) comes first",
		"huygens.toml:19: this entry never answers: none.handler.ts is not there, or is never served",
		"huygens.toml:22: this entry never answers: h.handler.ts is not there, or is never served",
		"used.js:0: server code imports this file, so browsers are refused it",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if a := s.resolver().Resolve("GET", "/a"); a.Notice() != "a.gohtml answers; a.md has the same address" {
		t.Errorf("notice %q", a.Notice())
	}
}

func TestDeniedAndFile(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{
		"a.txt", "a.md", "a.gohtml", "a.ts", "used.js", "app.js", ".env", "App_Data/x.db", "App_Data/.secret", "sub/App_Data/x.txt", "_x/a.txt", "App_Code/a.txt",
		"package.json", "x/y/z.css", "main.client.ts", "feed.handler.ts",
	} {
		s.write(name, "")
	}
	r := s.resolver()
	for _, c := range []struct {
		name         string
		denied, sent bool
	}{
		{"a.txt", false, true},
		{"a.md", false, true},
		{"app.js", false, true},
		{"x/y/z.css", false, true},
		{"main.client.ts", false, true},
		{"none.txt", false, false},
		{"x/y", false, false},
		{"A.txt", false, false},
		{"a.gohtml", true, false},
		{"a.ts", true, false},
		{"used.js", true, false},
		{"feed.handler.ts", true, false},
		{".env", true, false},
		{"_x/a.txt", true, false},
		{"App_Code/a.txt", true, false},
		{"sub/App_Data/x.txt", true, false},
		{"package.json", true, false},
		{"App_Data/x.db", true, true},
		{"App_Data", true, false},
		{"app_data/x.db", true, false},
		{"", true, false},
		{".", true, false},
		{"..", true, false},
		{"../a.txt", true, false},
		{"/a.txt", true, false},
		{"x//y", true, false},
		{"x/../a.txt", true, false},
		{`x\y`, true, false},
	} {
		if got := r.Denied(c.name); got != c.denied {
			t.Errorf("Denied(%q) = %v", c.name, got)
		}
		a := r.File(c.name)
		if a.Found() != c.sent {
			t.Errorf("File(%q) is %s", c.name, show(a))
		}
		file, _, err := a.Open()
		if err == nil {
			file.Close()
		}
		if (err == nil) != c.sent {
			t.Errorf("opening %q: %v", c.name, err)
		}
	}
}

// Trust decides about programs and proxies.
func TestTrust(t *testing.T) {
	s := newSite(t)
	s.write("x.php", "")
	var err error
	s.config, err = config.Load([]byte("[[handlers]]\npath = \"*.php\"\nhandler = \"Cgi\"\n[[handlers]]\npath = \"/p/*\"\nhandler = \"Proxy\"\nto = \"http://127.0.0.1:1\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		trusted bool
		target  string
		want    string
	}{
		{false, "/x.php", "403 #1"},
		{false, "/y.php", "403 #1"},
		{false, "/p/a", "403 #2"},
		{true, "/x.php", "Cgi x.php #1"},
		{true, "/X.PHP", "404"},
		{true, "/y.php", "404"},
		{true, "/p/a", "Proxy  #2 + /a"},
	} {
		r, err := New(Options{Folder: s.folder, Config: s.config, Trusted: c.trusted})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(r.Resolve("GET", c.target)); got != c.want {
			t.Errorf("%s (trusted %v) leads to %q, want %q", c.target, c.trusted, got, c.want)
		}
	}
	if _, err := New(Options{}); err == nil {
		t.Error("a resolver needs a folder")
	}
}
