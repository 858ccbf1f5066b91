package main

import (
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestStaticSite serves a folder that knows nothing of Huygens.
func TestStaticSite(t *testing.T) {
	dir := t.TempDir()
	files := map[string]int{
		"index.html": 200, "404.html": 200, "css/style.css": 200, "js/app.js": 200, "robots.txt": 200, "site.webmanifest": 200,
		"icon.svg": 200, "LICENSE.txt": 200, "webpack.config.dev.js": 200, ".well-known/security.txt": 200,
		"CHANGELOG.md": 307, "package.json": 404, "nested/package.json": 404, ".gitignore": 404, "img/.gitkeep": 404, ".git/config": 404,
	}
	for name := range files {
		writeFile(t, filepath.Join(dir, name), []byte("text of "+name))
	}
	s := serveSite(t, t.TempDir(), dir)
	for name, want := range files {
		resp, body := s.get("/" + name)
		if resp.StatusCode != want {
			t.Errorf("%s answers %d, want %d", name, resp.StatusCode, want)
		}
		if want == http.StatusOK && body != "text of "+name {
			t.Errorf("%s is not the file: %q", name, body)
		}
	}
	if _, body := s.get("/"); body != "text of index.html" {
		t.Errorf("/ is not index.html: %q", body)
	}
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// documented are the dependencies whose documentation is served.
var documented = []string{
	"github.com/yuin/goldmark", "github.com/alecthomas/chroma/v2", "github.com/dop251/goja", "github.com/spf13/cobra",
	"github.com/evanw/esbuild", "github.com/pelletier/go-toml/v2", "github.com/goccy/go-yaml", "github.com/fsnotify/fsnotify",
}

// copyDocuments copies the Markdown of a module into dir/NAME and returns the names of the pages it makes.
func copyDocuments(t *testing.T, module, dir string) (names []string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	root := strings.TrimSpace(string(out))
	if err != nil || root == "" {
		t.Fatalf("%s is not in the module cache: %v", module, err)
	}
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if private := name != "." && strings.ContainsAny(d.Name()[:1], "._"); private && d.IsDir() {
			return fs.SkipDir
		} else if private || d.IsDir() || path.Ext(name) != ".md" {
			return nil
		}
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		name = path.Join(path.Base(strings.TrimSuffix(module, "/v2")), name)
		writeFile(t, filepath.Join(dir, name), data)
		names = append(names, name)
		return nil
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("%s has %d documents: %v", module, len(names), err)
	}
	return names
}

// A crawl is every page of a site that links lead to.
type crawl struct {
	*running
	bodies map[string]string // by path
	links  int               // links to pages of the site
	broken []string          // links whose file is not in the site either
}

var link = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)

// follow asks for a page, once, and for what it links to.
func (c *crawl) follow(at, from string) {
	if _, known := c.bodies[at]; known {
		return
	}
	resp, body := c.get(at)
	c.bodies[at] = body
	if resp.StatusCode == http.StatusNotFound && !c.there(at) {
		c.broken = append(c.broken, from+" → "+at)
		return
	}
	if resp.StatusCode != http.StatusOK {
		c.Errorf("%s, linked from %s, answers %d", at, from, resp.StatusCode)
		return
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return
	}
	base := &url.URL{Path: at}
	for _, m := range link.FindAllStringSubmatch(body, -1) {
		target, err := base.Parse(html.UnescapeString(m[1]))
		if err != nil || target.Host != "" || target.Scheme != "" {
			continue
		}
		c.links++
		c.follow(target.EscapedPath(), at)
	}
}

// there says whether the site has a file for an address.
func (c *crawl) there(at string) bool {
	name, err := url.PathUnescape(at)
	if err != nil {
		return false
	}
	for _, ending := range []string{"", ".md", "/index.md", "/README.md"} {
		info, err := os.Stat(filepath.Join(c.dir, name+ending))
		if err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// TestDocumentationOfDependencies serves Markdown that others have written, as one site.
func TestDocumentationOfDependencies(t *testing.T) {
	state := t.TempDir()
	dir := newSite(t, state, "docs")
	var names []string
	for _, module := range documented {
		names = append(names, copyDocuments(t, module, dir)...)
	}
	s := serveSite(t, state, dir)
	c := &crawl{running: s, bodies: map[string]string{}}
	c.follow("/", "")
	if len(c.bodies) < 6 {
		t.Errorf("the starter's own pages link to %d pages only", len(c.bodies))
	}
	for _, name := range names {
		at := addressOf(name)
		c.follow(at, "its address")
		checkDocument(t, name, s.text(name), c.bodies[at])
	}
	t.Logf("%d documents, %d pages answered, %d links; %d lead out of the site: %s",
		len(names), len(c.bodies), c.links, len(c.broken), strings.Join(c.broken, ", "))
}

// addressOf is where a Markdown file is served.
func addressOf(name string) string {
	dir, file := path.Split(name)
	if file == "README.md" || file == "index.md" {
		return "/" + dir
	}
	return "/" + strings.TrimSuffix(name, ".md")
}

// checkDocument compares a page with the text it was made of.
func checkDocument(t *testing.T, name, source, body string) {
	t.Helper()
	if got, want := strings.Count(body, "{{"), strings.Count(source, "{{"); got != want {
		t.Errorf("%s has %d times {{, its file %d times", name, got, want)
	}
	_, article, found := strings.Cut(body, "<article>")
	if !found || !strings.HasSuffix(strings.TrimSpace(body), "</html>") {
		t.Errorf("%s is not a whole page of the layout", name)
	}
	if len(article) < len(source)/2 {
		t.Errorf("%s: %d bytes of text became a page of %d", name, len(source), len(article))
	}
	title, _, _ := strings.Cut(body[strings.Index(body, "<title>")+len("<title>"):], "</title>")
	if strings.TrimSpace(strings.TrimSuffix(title, "· Fieldbook")) == "" {
		t.Errorf("%s has no title", name)
	}
}

// TestManyPages serves five thousand generated pages.
func TestManyPages(t *testing.T) {
	dir := t.TempDir()
	const pages, folders = 5000, 50
	name := func(i int) string { return fmt.Sprintf("part%02d/page%04d", i%folders, i) }
	for i := range pages {
		writeFile(t, filepath.Join(dir, name(i)+".md"), fmt.Appendf(nil, "# Page %d\n\nIt links to [the next](page%04d.md).\n", i, i+folders))
	}
	writeFile(t, filepath.Join(dir, "index.gohtml"), []byte(`<!doctype html><ul>{{range pages "/part07"}}<li><a href="{{.path}}">{{.title}}</a>{{end}}</ul>`))
	s := serveSite(t, t.TempDir(), dir)
	if resp, body := s.get("/"); resp.StatusCode != http.StatusOK || strings.Count(body, "<li>") != pages/folders {
		t.Fatalf("the list answers %d with %d pages", resp.StatusCode, strings.Count(body, "<li>"))
	}
	for i := 0; i < pages; i += 97 {
		if resp, body := s.get("/" + name(i)); resp.StatusCode != http.StatusOK || !strings.Contains(body, fmt.Sprintf("Page %d<", i)) {
			t.Fatalf("%s answers %d: %s", name(i), resp.StatusCode, body)
		}
	}
	file := name(1207) + ".md"
	s.save(file, "# Changed\n")
	told := s.wait("change", func(e event) bool { return len(e.Files) > 0 })
	if len(told.Files) != 1 || told.Files[0] != file {
		t.Errorf("told of %v, want %s alone", told.Files, file)
	}
	if _, body := s.get("/"); !strings.Contains(body, "Changed") {
		t.Error("the list does not show the new title")
	}
	resp, body := s.get("/_huygens/status", "X-Huygens-Key", s.Key)
	if resp.StatusCode != http.StatusOK || !json.Valid([]byte(body)) {
		t.Errorf("status answers %d: %s", resp.StatusCode, body)
	}
	t.Log(body)
}
