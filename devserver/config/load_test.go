package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	toml "github.com/pelletier/go-toml/v2"
)

func TestEveryKeyOfTheContract(t *testing.T) {
	data, err := os.ReadFile("testdata/whole.toml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	no := false
	for _, check := range []struct {
		name      string
		got, want any
	}{
		{"site.name", c.Site.Name, "Shop"},
		{"site.port", c.Site.Port, 8080},
		{"site.hosts", c.Site.Hosts, []string{"shop.localhost", "other.test"}},
		{"site.default", c.Site.Default, []string{"index", "home"}},
		{"site.serve", c.Site.Serve[1].String(), ".vitepress/dist/**"},
		{"site.mime", c.Site.Mime, map[string]string{".glb": "model/gltf-binary"}},
		{"app", c.App, map[string]any{"currency": "EUR", "limits": map[string]any{"rows": int64(20), "ratio": 0.5}, "opened": "2024-01-02"}},
		{"pool", c.Pools[0], Pool{
			Name: "Default", Hosting: "in-process", Pipeline: "classic", Workers: 2, Concurrency: 8, Queue: 10,
			RequestTimeout: Duration(500 * time.Millisecond), Start: "now", StartTimeout: 3 * second, Repeat: true,
			Idle: 0, Drain: 10 * second, Faults: "count",
			Recycle:   Recycle{Requests: 1000, Memory: 1 << 30, At: []Clock{{3, 0}, {15, 30}}},
			Health:    Health{Answer: second},
			RapidFail: RapidFail{Within: minute},
			Identity:  Identity{User: "web", Env: []string{"PATH", "HOME"}, Write: []string{"App_Data", "uploads"}, Network: &no},
		}},
		{"pools.name", c.Pools[1].Name, "Blog"},
		{"pools.faults", c.Pools[1].Faults, "on"},
		{"pools.queue", c.Pools[1].Queue, 1000},
		{"applications", c.Applications, []Application{{"/blog", "blog", "Blog", 47}, {"/news", "news", "Default", 51}}},
		{"handlers.verbs", c.Handlers[0].Verbs, []string{"GET", "PURGE"}},
		{"handlers.handler by file", c.Handlers[0].Handler, "Handler"},
		{"handlers.status", c.Handlers[1].Status, 301},
		{"handlers.to", c.Handlers[2].To, "http://127.0.0.1:5173"},
		{"handlers.program", c.Handlers[3].Program, "php-cgi"},
		{"rewrite.from", c.Rewrites[0].From.String(), "/product/:id"},
		{"rewrite.to", c.Rewrites[0].To.String(), "/product?id=:id"},
		{"rewrite.status", c.Rewrites[1].Status, 302},
		{"rewrite.missing", c.Rewrites[2].Missing, true},
		{"headers", c.Headers[0].Set, map[string]string{"Content-Security-Policy": "default-src 'self'", "X-One": "1"}},
		{"modules", c.Modules, Modules{Order: []string{"audit", "stamp"}, Remove: []string{"OutputCache"}}},
		{"session", c.Session, Session{Mode: "worker", Timeout: 5 * minute}},
		{"auth", c.Auth, Auth{Login: "/login", Timeout: 10 * minute, Users: map[string]User{
			"ada": {Hash: "HASH"}, "bob": {Hash: "OTHER", Roles: []string{"editor"}},
		}}},
		{"authorize", c.Authorize[0].Allow, []string{"role:admin", "ada"}},
		{"cache", c.Cache.Max, Size(0)},
		{"errors", c.Errors, map[int]string{404: "/missing", 500: "/oops"}},
		{"trace", c.Trace, Trace{Keep: 10, Memory: 8 << 20, Redact: []string{"pin"}}},
		{"reload.enabled", c.Reload.Enabled || c.Reload.Morph || c.Reload.Navigate, false},
		{"reload.ignore", c.Reload.Ignore[0].String(), "dist/**"},
		{"env", c.Env, map[string]string{"API": "value"}},
		{"methods", c.Methods(), []string{"GET", "PURGE"}},
	} {
		if !reflect.DeepEqual(check.got, check.want) {
			t.Errorf("%s = %+v, want %+v", check.name, check.got, check.want)
		}
	}
}

func TestAnEmptyFileIsTheDefault(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "\ufeff", "[site]\n[pool]\n"} {
		c, err := Load([]byte(text))
		if err != nil || !reflect.DeepEqual(c, Default()) {
			t.Errorf("Load(%q) = %+v, %v", text, c, err)
		}
	}
}

// Each case is a file and what is said of it: "line:column: message", all faults in order.
func TestFaults(t *testing.T) {
	cases := []struct {
		name, file string
		want       []string
	}{
		{"unknown key", "[site]\nprot = 1", []string{`2:1: unknown key "prot" in [site] (did you mean port?)`}},
		{"unknown section", "\n[sites]\n", []string{`2:2: unknown key "sites" at the top of the file (did you mean site?)`}},
		{"unknown key far from all", "[cache]\nbanana = 1", []string{`2:1: unknown key "banana" in [cache] (known are: max)`}},
		{"unknown key in an inline table", "[pool]\nrecycle = { after = \"1h\", rquests = 3 }", []string{`2:27: unknown key "rquests" in [pool.recycle] (did you mean requests?)`}},
		{"unknown dotted key", "pool.recycle.aftr = \"1h\"", []string{`1:14: unknown key "aftr" in [pool.recycle] (did you mean after?)`}},
		{"the second of a list", "[[pools]]\nname = \"A\"\n[[pools]]\nnme = \"B\"", []string{
			`3:3: a further pool needs a name (name = "Blog")`, `4:1: unknown key "nme" in [pools] (did you mean name?)`,
		}},
		{"several at once", "[site]\nport = 70000\n[pool]\nidle = 20\ndrain = \"0s\"\nhosting = \"proces\"", []string{
			`2:1: port is a whole number from 1 to 65535`,
			`4:1: idle is a duration, or 0 for off (write it as "90s", "20m" or "29h")`,
			`5:1: drain is a duration above 0 (write it as "90s", "20m" or "29h")`,
			`6:1: hosting is one of process, in-process (did you mean process?)`,
		}},
		{"zero where it is not off", "[trace]\nmemory = 0\n[session]\ntimeout = 0", []string{
			`2:1: memory is a size above 0 (write it as "512MB")`, `4:1: timeout is a duration above 0 (write it as "90s", "20m" or "29h")`,
		}},
		{"clock", "[pool.recycle]\nat = [\"3:00\"]", []string{`2:1: at: "3:00" is no clock time such as "03:00"`}},
		{"no list", "[site]\nhosts = \"a\"", []string{`2:1: hosts is a list of texts (hosts = ["…"])`}},
		{"no table", "site = 1", []string{`1:1: site is a table (write [site])`}},
		{"no list of tables", "[handlers]\npath = \"/\"", []string{`1:2: handlers is a list of tables (write [[handlers]])`}},
		{"host with port", "[site]\nhosts = [\"a:80\"]", []string{`2:1: hosts: "a:80" is no host name such as "shop.localhost" (without port and stars)`}},
		{"host that is an address", "[site]\nhosts = [\"0x7f.1\"]", []string{`2:1: hosts: "0x7f.1" is no host name such as "shop.localhost" (without port and stars)`}},
		{"pool twice", "[[pools]]\nname = \"Default\"", []string{`2:1: there are two pools of this name ([pool] is the pool Default)`}},
		{"unknown pool", "[[applications]]\npath = \"/a\"\npool = \"B\"", []string{`3:1: there is no pool "B" (there are: Default)`}},
		{"application twice", "[[applications]]\npath = \"/a\"\n[[applications]]\npath = \"/a\"", []string{`4:1: two applications have this path or folder`}},
		{"application of the root", "[[applications]]\npath = \"/\"", []string{`2:1: path is an address such as "/blog" (the application of "/" is the site itself)`}},
		{"folder outside", "[[applications]]\npath = \"/a\"\nfolder = \"../b\"", []string{`3:1: folder is no path inside the site such as "reports/csv.handler.ts"`}},
		{"pattern", "[[handlers]]\npath = \"a/*\"\nhandler = \"Static\"", []string{`2:1: path is no pattern: write "/exact", "/prefix/*" or "*.ext"`}},
		{"handler without all", "[[handlers]]\npath = \"/a\"", []string{`1:3: the entry names neither a handler nor a file (handler = "Static")`}},
		{"handler misspelt", "[[handlers]]\npath = \"/a\"\nhandler = \"Statik\"", []string{`3:1: handler is one of Page, Markdown, Handler, Service, ClientScript, Static, DirectoryList, Redirect, Forbidden, Proxy, Cgi, FastCgi (did you mean Static?)`}},
		{"TRACE", "[[handlers]]\npath = \"/a\"\nhandler = \"Static\"\nverbs = [\"TRACE\"]", []string{`4:1: verbs: "TRACE" is never served`}},
		{"reserved", "[[handlers]]\npath = \"/_Huygens/x\"\nhandler = \"Static\"", []string{`2:1: addresses below /_huygens are our own`}},
		{"proxy away", "[[handlers]]\npath = \"/a\"\nhandler = \"Proxy\"\nto = \"http://example.org:80\"", []string{`4:1: a Proxy leads to this machine only (to = "http://127.0.0.1:5173")`}},
		{"rewrite with an unknown name", "[[rewrite]]\nfrom = \"/a/:id\"\nto = \"/b/:di\"", []string{`3:1: to uses "di", which from does not have`}},
		{"rewrite away without status", "[[rewrite]]\nfrom = \"/a\"\nto = \"https://example.org/\"", []string{`3:1: to is no address such as "/product?id=:id"`}},
		{"rewrite to two slashes", "[[rewrite]]\nfrom = \"/a\"\nto = \"//example.org/\"\nstatus = 302", []string{`3:1: to is no address such as "/product?id=:id"`}},
		{"header with a line end", "[[headers]]\npath = \"/*\"\nset = { A = \"b\\r\\nC: d\" }", []string{`3:9: A is no value of a header`}},
		{"header of the server", "[[headers]]\npath = \"/*\"\nset = { content-length = \"1\" }", []string{`3:9: content-length is set by the server alone`}},
		{"errors", "[errors]\n200 = \"/a\"\n404 = \"b\"", []string{`2:1: "200" is no status from 400 to 599 (404 = "/missing")`, `3:1: 404 begins with a slash`}},
		{"authorize", "[[authorize]]\npath = \"/a\"", []string{`2:1: neither allow nor deny says anybody (allow = ["role:admin"])`}},
		{"infinite", "[app]\nx = inf", []string{`2:1: x is infinite or no number`}},
		{"glob", "[site]\nserve = [\"../**\"]", []string{`2:1: serve: "../**" is no pattern of files such as "_static/**"`}},
		{"mime", "[site.mime]\nglb = \"a/b\"\n\".x\" = \"nothing\"", []string{
			`2:1: an extension begins with a dot (".glb" = …)`, `3:1: .x is no content type such as "model/gltf-binary"`,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Load([]byte(c.file))
			var errs Errors
			if !errors.As(err, &errs) {
				t.Fatalf("error is %v", err)
			}
			var all []string
			for _, e := range errs {
				all = append(all, strings.TrimPrefix(e.Error(), Name+":"))
			}
			if !reflect.DeepEqual(all, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(all, "\n"), strings.Join(c.want, "\n"))
			}
			if !reflect.DeepEqual(got, Default()) {
				t.Error("a file with a fault was applied in part")
			}
		})
	}
}

func TestSyntaxErrorsHaveAPlace(t *testing.T) {
	_, err := Load([]byte("[site]\nname = \"a\nport = 1\n"))
	var e *Error
	if !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("error is %v", err)
	}
	if _, err = Load(make([]byte, MaxFile+1)); !errors.As(err, &e) || e.Line != 0 {
		t.Errorf("a file that is too large: %v", err)
	}
}

// Files that would keep the reader busy are refused by their shape.
func TestBounds(t *testing.T) {
	var many strings.Builder
	many.WriteString("[app]\n")
	for i := range maxKeys + 1 {
		fmt.Fprintf(&many, "a%d = 1\n", i)
	}
	for name, text := range map[string]string{
		"too many keys":   many.String(),
		"nested too deep": "[app]\nx" + strings.Repeat(".x", 40) + " = 1",
		"a table's name":  "[app" + strings.Repeat(".x", 10_000) + "]\n",
		"inline tables":   "[app]\nx = " + strings.Repeat("{x = ", 1000) + "1" + strings.Repeat("}", 1000),
		"lists":           "[app]\nx = " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
		"no end":          "x = " + strings.Repeat("[", 100_000),
	} {
		if _, err := Load([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestValuesPrintClearly(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{(29 * hour).String(), "29h"},
		{(20 * minute).String(), "20m"},
		{(90 * second).String(), "1m30s"},
		{Duration(0).String(), "0s"},
		{(hour + 30*second).String(), "1h0m30s"},
		{Size(512 << 20).String(), "512MB"},
		{Size(1536).String(), "1536B"},
		{Size(0).String(), "0"},
		{Clock{3, 5}.String(), "03:05"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// Whatever comes, there is an error and the default, or a Config that survives being written and read again.
func FuzzConfig(f *testing.F) {
	whole, err := os.ReadFile("testdata/whole.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	for _, s := range []string{
		"", "[site]\nport = 1", "a = [[[[[[", "[[pools]]\n[[pools]]", "[pool]\n[pool.recycle]\nafter=\"-1h\"", "site.name = \"\\u0000\"",
		"[app]\n\"\" = 1\n\"a.b\" = {}", "[[rewrite]]\nfrom=\"/:a/*\"\nto=\"/*?:a\"", "[site]\nserve=[\"**/**/**/a\"]", "handlers = [{path=\"/*\",handler=\"Static\"}]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Load(data)
		if err != nil {
			var errs Errors
			if !errors.As(err, &errs) || len(errs) == 0 || !reflect.DeepEqual(c, Default()) {
				t.Fatalf("error %v came with %+v", err, c)
			}
			return
		}
		var values map[string]any
		if err := toml.Unmarshal(data, &values); err != nil {
			if len(data) > 3 && string(data[:3]) == "\ufeff" {
				return
			}
			t.Fatal(err)
		}
		again, err := toml.Marshal(values)
		if err != nil {
			t.Skip("not written again")
		}
		second, err := Load(again)
		if err != nil || !sameBarLines(c, second) {
			t.Fatalf("read again: %v\n%s", err, again)
		}
	})
}

// sameBarLines compares what two files say, wherever it stands in them.
func sameBarLines(a, b *Config) bool {
	for _, c := range []*Config{a, b} {
		for i := range c.Applications {
			c.Applications[i].Line = 0
		}
		for i := range c.Handlers {
			c.Handlers[i].Line = 0
		}
		for i := range c.Rewrites {
			c.Rewrites[i].Line = 0
		}
		for i := range c.Headers {
			c.Headers[i].Line = 0
		}
		for i := range c.Authorize {
			c.Authorize[i].Line = 0
		}
	}
	return reflect.DeepEqual(a, b)
}
