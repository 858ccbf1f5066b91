package watch

import (
	"path"
	"strings"
	"testing"
)

func TestSkip(t *testing.T) {
	s, err := newSkipper([]string{"dist/**", "*.log", "/build", "docs/*/old", "out/"})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{
		"index.gohtml": false, "style.css": false, ".env": false, "huygens.toml": false, "a b.md": false, "dbase.html": false,
		"site.db": true, "x/site.db-wal": true, "site.DB-journal": true, ".index.gohtml.swp": true, "index.gohtml~": true, "4913": true,
		"#index.gohtml#": true, ".#index.gohtml": true, "index.gohtml___jb_tmp___": true, ".DS_Store": true, "#": false,
		"dist/app.js": true, "dist/a/b.js": true, "x/dist/app.js": false, "a.log": true, "x/y/a.log": true, "docs/v1/old": true, "docs/old": false,
	}
	for name, want := range files {
		if s.file(name) != want {
			t.Errorf("file(%q) = %v", name, !want)
		}
	}
	folders := map[string]bool{
		".": false, "pages": false, ".well-known": false, "x/.well-known": false, ".git": true, "x/.idea": true, "node_modules": true,
		"x/node_modules": true, "App_Data": true, "dist": true, "x/dist": false, "build": true, "x/build": false, "out": true, "x/out": true,
	}
	for name, want := range folders {
		if s.folder(name) != want {
			t.Errorf("folder(%q) = %v", name, !want)
		}
	}
	for _, bad := range []string{"[", "a/[", "", "/"} {
		if _, err := newSkipper([]string{bad}); err == nil || !strings.Contains(err.Error(), "pattern") {
			t.Errorf("pattern %q: error %v", bad, err)
		}
	}
}

// FuzzSkip: no pattern that is accepted panics, and one that ends in ** leaves out all that lies below.
func FuzzSkip(f *testing.F) {
	f.Add("dist/**", "dist/x")
	f.Add("**/x/**/y", "a/x/b/c/y")
	f.Add("a*/[b-d]?", "ab/cx")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		s, err := newSkipper([]string{pattern})
		if err != nil || name == "" || strings.Count(pattern, "**") > 4 || len(pattern)+len(name) > 200 {
			return
		}
		name = path.Clean(name)
		if s.ignored(name) && strings.HasSuffix(pattern, "/**") && !s.ignored(name+"/below") {
			t.Errorf("%q leaves out %q but not what lies below", pattern, name)
		}
	})
}
