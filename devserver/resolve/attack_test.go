package resolve

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// attacks are targets that must lead nowhere, whatever the site holds.
func attacks() []string {
	list := []string{
		// out of the site
		"/../etc/passwd", "/../../../../etc/passwd", "/./../etc/passwd", "/a/../../etc/passwd", "/..", "/../", "/.", "/./",
		"/%2e%2e/etc/passwd", "/%2E%2e/%2e%2E/etc/passwd", "/.%2e/etc/passwd", "/..%2fetc/passwd", "/..%2Fetc%2fpasswd", "/..%5cetc",
		"/%2e%2e%2f%2e%2e%2fetc/passwd", "/..\\..\\etc", "/..%c0%afetc/passwd", "/%c0%ae%c0%ae/etc/passwd", "/..%e0%80%afetc", "/%252e%252e/etc/passwd",
		"/..%252fetc", "/%25%32%65%25%32%65/etc", "/....//etc", "/.../etc", "/..;/etc/passwd", "/;/../x", "/etc/passwd", "//etc/passwd", "///etc/passwd",
		"/\\etc\\passwd", "/C:/Windows/win.ini", "/c:%5cwindows", "/a/../c:/b", "//server/share/x", "/%5c%5cserver%5cshare", "/%3f%3f/c:/x",
		"/file:///etc/passwd", "/proc/self/environ", "/..%00/etc", "/index.gohtml%00.html", "/%00", "/a%0d%0aSet-Cookie:x", "/a%0ab", "/%7f",
		"/%ff%fe", "/%", "/%2", "/%zz", "/a%", "/a%00b", "", "index.gohtml", "http://localhost/", "*", "/#", "/a#b",
		"/․․/etc/passwd", "/．．/etc/passwd", "/．．／etc／passwd", "/..∕etc", "/.\u200b./etc", "/%e2%80%ae..", "/" + strings.Repeat("a/", 1500), "/" + strings.Repeat("../", 600) + "etc/passwd",
		"/" + strings.Repeat("%61", 3000), "/" + strings.Repeat("x", 2100),
		// the same file in other words
		"/secret.gohtml.ts", "/SECRET.GOHTML.TS", "/secret.gohtml.ts/", "/secret.gohtml.ts/.", "/secret.gohtml.ts.", "/secret.gohtml.ts%20", "/secret.gohtml.ts%20.",
		"/secret.gohtml.ts%2e", "/secret.gohtml.ts::$DATA", "/secret.gohtml.ts:$DATA", "/secret.gohtml.ts%3a%3a$DATA", "/secret.gohtml.ts;", "/secret.gohtml.ts;.css",
		"/secret.gohtml.ts%3b.css", "/secret.gohtml.ts%00", "/secret.gohtml.ts%00.css", "/secret.gohtml.ts%0a", "/secret.gohtml.ts%23", "/secret.gohtml.ts%3f",
		"/secret.gohtml.ts?raw", "/secret.gohtml.ts?import&raw", "/secret.gohtml.ts?.css", "/secret.gohtml.t%73", "/%73ecret.gohtml.ts", "/secret%2egohtml.ts",
		"/secret.gohtml.ts~", "/SECRET~1.TS", "/secret~1.ts", "/secr\u0435t.gohtml.ts", "/\u017fecret.gohtml.ts", "/ſecret.gohtml.ts", "/secret.gohtml\u200b.ts", "/secret．gohtml.ts",
		"/secret.GOHTML", "/Secret.gohtml", "/secret.gohtml.", "/secret.gohtml%20", "/secret.gohtml::$DATA", "/secret.gohtml;", "/secret.gohtml/x", "/secret.gohtml%2f", "/secret.gohtml%5c",
		"/(S(x))/secret.gohtml.ts", "/a/(S(x))/b", "/secret.gohtml.js", "/secret.ts", "/secret.gohtml.ts.map",
		"/.env", "/.env/", "/.env/.", "/.env\\", "/.env%5c", "/.env.", "/.env%20", "/.ENV", "/%2eenv", "/%2Eenv", "/.env;", "/.env::$DATA", "/.env%00", "/.env?x", "/./.env", "/x/../.env", "//.env", "/.env//",
		"/.env.local", "/.git/config", "/.git/HEAD", "/.GIT/config", "/%2egit/config", "/.git%2fconfig", "/.well-known/../.env", "/.well-known/.env", "/.htaccess", "/.DS_Store",
		"/App_Data/site.db", "/app_data/site.db", "/APP_DATA/site.db", "/App%5fData/site.db", "/App_Data./site.db", "/App_Data%20/site.db", "/App_Data//site.db", "/App_Data/./site.db",
		"/App_Data/site.db-wal", "/App_Da~1/site.db", "/APP_DA~1/site.db", "/App_Data::$INDEX_ALLOCATION/site.db", "/App_Data:$I30:$INDEX_ALLOCATION/site.db", "/App_Data%3a%3a$INDEX_ALLOCATION/site.db",
		"/App_Code/tools.ts", "/app_code/tools.js", "/App_Code.", "/App_Code/", "/App_Code",
		"/huygens.toml", "/HUYGENS.TOML", "/huygens.toml%20", "/package.json", "/Package.JSON", "/package.json/", "/package%2ejson",
		"/con", "/CON", "/con.txt", "/aux.html", "/nul", "/nul.css", "/prn.gohtml", "/com1", "/COM1.txt", "/lpt9.x", "/com¹", "/conin$", "/CONOUT$", "/clock$", "/con .txt", "/con%20.txt",
		"/_huygens", "/_huygens/", "/_huygens/trace.json", "/_HUYGENS/x", "//_huygens/x", "/_huygens%2ftrace", "/%5fhuygens/trace", "/_huygen%73/x", "/./_huygens/x", "/trace.axd", "/TRACE.axd", "/elmah.axd",
		"/link.txt", "/outside.txt", "/linkdir/x.txt", "/outdir/passwd", "/loop/x", "/pipe", "/pipe/", "/link.gohtml", "/link", "/socket",
		"/name%5cwith", "/semi;colon.txt", "/co:lon.txt", "/per%25cent.txt", "/ha%23sh.txt", "/%23start.txt", "/end..txt.", "/end.", "/space%20", "/tilde~", "/dis%EF%BC%8E%EF%BC%8Fguise.txt",
		"/zero%E2%80%8B.txt", "/rlo%E2%80%AEtxt.html", "/ctl%01.txt",
	}
	return list
}

// hostileSite has a file for each name that must not be served, so that a 404 is a refusal.
func hostileSite(t testing.TB) *site {
	s := newSite(t)
	for _, name := range []string{
		"index.gohtml", "secret.gohtml", "secret.gohtml.ts", ".env", ".env.local", ".git/config", ".git/HEAD", ".well-known/.env", ".htaccess", ".DS_Store",
		"App_Data/site.db", "App_Data/site.db-wal", "App_Code/tools.ts", "App_Code/tools.js", "App_Code/index.gohtml", "huygens.toml", "package.json",
		"con.txt", "aux.html", "nul.css", "nul", "prn.gohtml", "COM1.txt", "com1", "lpt9.x", "com¹", "conin$", "con .txt", "con",
		"_huygens/trace.json", "_huygens/index.gohtml", "trace.axd", "folder/x.txt", "semi;colon.txt", "co:lon.txt", "per%cent.txt", "ha#sh.txt", "#start.txt",
		"end.", "end..txt.", "space ", "tilde~", "name\\with", "dis．／guise.txt", "zero\u200b.txt", "rlo\u202etxt.html", "ctl\x01.txt",
		"secret.gohtml.ts~", "secret.gohtml.ts.", "secret.gohtml.ts ", "secret.gohtml.ts;.css", "etc/x",
	} {
		s.write(name, "CANARY "+name)
	}
	outside := filepath.Join(filepath.Dir(s.dir), "outside")
	if err := os.MkdirAll(outside, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(outside) })
	if err := os.WriteFile(filepath.Join(outside, "passwd"), []byte("CANARY"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"link.txt": "folder/x.txt", "outside.txt": filepath.Join(outside, "passwd"), "linkdir": "folder", "outdir": outside, "loop": ".", "link.gohtml": "index.gohtml",
	} {
		if err := os.Symlink(to, s.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	makePipe(t, s.path("pipe"))
	makePipe(t, s.path("pipe.gohtml"))
	return s
}

func TestAttacks(t *testing.T) {
	s := hostileSite(t)
	r := s.resolver()
	if a := r.Resolve("GET", "/"); show(a) != "Page index.gohtml" {
		t.Fatalf("the site does not work: %s", show(a))
	}
	for _, target := range attacks() {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
			a := r.Resolve(method, target)
			if a.Status() != 404 || a.Resource().File != "" || a.Location() != "" || a.Allow() != "" || a.Notice() != "" {
				t.Errorf("%s %.80q leads to %s", method, target, show(a))
			}
			if _, _, err := a.Open(); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%.80q can be opened: %v", target, err)
			}
		}
	}
}

// An answer that was good is not opened as something else when the file has become a link, a folder or a pipe
// between resolving and opening.
func TestSwappedBeforeOpening(t *testing.T) {
	s := hostileSite(t)
	r := s.resolver()
	for name, swap := range map[string]func(path string) error{
		"link inside":  func(path string) error { return os.Symlink("secret.gohtml.ts", path) },
		"link outside": func(path string) error { return os.Symlink("/etc/passwd", path) },
		"folder":       func(path string) error { return os.Mkdir(path, 0o755) },
		"pipe":         func(path string) error { makePipe(t, path); return nil },
		"nothing":      func(string) error { return nil },
	} {
		s.write("swap.txt", "good")
		a := r.Resolve("GET", "/swap.txt")
		if !a.Found() {
			t.Fatal(show(a))
		}
		if err := os.Remove(s.path("swap.txt")); err != nil {
			t.Fatal(err)
		}
		if err := swap(s.path("swap.txt")); err != nil {
			t.Fatal(err)
		}
		if file, _, err := a.Open(); !errors.Is(err, fs.ErrNotExist) {
			data, _ := io.ReadAll(file)
			t.Errorf("%s: opened %q, %v", name, data, err)
		}
		if data, _, err := a.Read(a.Stamp()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: read %q, %v", name, data, err)
		}
		if got := r.Resolve("GET", "/swap.txt"); got.Found() {
			t.Errorf("%s: still found", name)
		}
		os.Remove(s.path("swap.txt"))
	}
}

// The zero Answer and one that was not found open nothing.
func TestOnlyAnswersOpen(t *testing.T) {
	if _, _, err := (Answer{}).Open(); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, _, err := (Answer{status: 200}).with("Static", "/etc/passwd").Open(); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// Whatever is asked, a file that comes out lies in the site, in these letters, and is none of those that are
// never served; and a second decoding of the address does not lead to another file.
func FuzzResolve(f *testing.F) {
	for _, a := range attacks() {
		f.Add(a)
	}
	for _, a := range []string{"/", "/secret", "/folder/x.txt", "/folder", "/folder/", "/index", "/index.gohtml?x", "/secret/x", "/%66older/x.txt"} {
		f.Add(a)
	}
	s := hostileSite(f)
	s.write("folder/index.html", "")
	s.write("feed.handler.ts", "")
	r := s.resolver()
	f.Fuzz(func(t *testing.T, target string) {
		a := r.Resolve("GET", target)
		if location := a.Location(); location != "" {
			if location[0] != '/' || len(location) > 1 && (location[1] == '/' || location[1] == '\\') {
				t.Fatalf("%q leads to %q", target, location)
			}
			return
		}
		if !a.Found() {
			return
		}
		name := a.Resource().File
		real, err := filepath.EvalSymlinks(s.path(name))
		if err != nil || real != s.path(name) || !strings.HasPrefix(real, s.dir+string(filepath.Separator)) {
			t.Fatalf("%q leads to %q, which is %q: %v", target, name, real, err)
		}
		switch name {
		case "index.gohtml", "secret.gohtml", "folder/x.txt", "folder/index.html", "etc/x", "feed.handler.ts":
		default:
			t.Fatalf("%q leads to %q, which is never served", target, name)
		}
		if strings.HasSuffix(name, ".ts") != (a.Resource().Handler == "Handler") {
			t.Fatalf("%q sends %q by %s", target, name, a.Resource().Handler)
		}
		path, _, _ := strings.Cut(target, "?")
		if again := r.ResolvePath("GET", a.Path(), ""); again.Resource() != a.Resource() || again.PathInfo() != a.PathInfo() {
			t.Fatalf("%q leads to %q, and decoded to %q", path, name, show(again))
		}
	})
}
