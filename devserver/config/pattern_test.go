package config

import "testing"

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, address string
		ok               bool
		below            string
	}{
		{"/a", "/a", true, ""},
		{"/a", "/a/b", false, ""},
		{"/a", "/A", false, ""},
		{"/a/*", "/a", true, ""},
		{"/a/*", "/a/b/c", true, "/b/c"},
		{"/a/*", "/ab", false, ""},
		{"/*", "/", true, ""},
		{"/*", "/x/y", true, "/x/y"},
		{"*.csv", "/x/y.csv", true, ""},
		{"*.csv", "/x/y.CSV", true, ""},
		{"*.csv", "/x/y.csvx", false, ""},
		{"*.csv", "/x/.csv", false, ""},
		{"*.csv", "/y.csv/z", false, ""},
		{"*.tar.gz", "/y.tar.gz", true, ""},
	} {
		p, err := ParsePattern(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		below, ok := p.Match(c.address)
		if ok != c.ok || ok && below != c.below {
			t.Errorf("%s matches %s: %q, %v", c.pattern, c.address, below, ok)
		}
	}
	for _, bad := range []string{"", "a", "*", "*.", "*.a*", "*./a", "/a/", "/a/*/b", "//*", "/a//b", "/../a", "/a?b", "/\x00", "/*/*"} {
		if p, err := ParsePattern(bad); err == nil {
			t.Errorf("%q is no pattern, but %+v", bad, p)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"/*", "/a", true},
		{"/*", "*.csv", true},
		{"/a/*", "/a/b", true},
		{"/a/*", "/a/b/*", true},
		{"/a/b/*", "/a/*", false},
		{"/a", "/a/*", false},
		{"*.gz", "*.tar.gz", true},
		{"*.csv", "/a.csv", true},
		{"*.csv", "/a/*", false},
		{"/a/*", "*.csv", false},
	} {
		a, _ := ParsePattern(c.a)
		b, _ := ParsePattern(c.b)
		if a.Covers(b) != c.want {
			t.Errorf("%s covers %s: %v", c.a, c.b, !c.want)
		}
	}
}

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		glob, name   string
		file, folder bool
	}{
		{"_static/**", "_static/a.css", true, true},
		{"_static/**", "_static", false, true},
		{"_static/**", "_static/a/_b.css", true, true},
		{"_static/**", "_static/a/.env", false, false},
		{"_static/**", "_other", false, false},
		{".out/*.css", ".out/a.css", true, true},
		{".out/*.css", ".out/a.js", false, false},
		{".out/*.css", ".out/.css", false, false},
		{"**/_img/*.png", "a/b/_img/c.png", true, true},
		{"**/_img/*.png", "_img/c.png", true, true},
		{"**/_img/*.png", ".git/_img/c.png", false, false},
		{"a", "a/b", false, false},
	} {
		g, err := ParseGlob(c.glob)
		if err != nil {
			t.Fatal(err)
		}
		if g.Match(c.name) != c.file {
			t.Errorf("%s names the file %s: %v", c.glob, c.name, !c.file)
		}
		if g.MatchFolder(c.name) != c.folder {
			t.Errorf("%s opens the folder %s: %v", c.glob, c.name, !c.folder)
		}
	}
}

func TestRewrites(t *testing.T) {
	for _, c := range []struct {
		from, to, address string
		origin, path      string
		query             string
		ok                bool
	}{
		{"/product/:id", "/product?id=:id", "/product/7", "", "/product", "id=7", true},
		{"/product/:id", "/product?id=:id", "/product/a&b", "", "/product", "id=a%26b", true},
		{"/product/:id", "/product?id=:id", "/product", "", "", "", false},
		{"/product/:id", "/product?id=:id", "/product/7/8", "", "", "", false},
		{"/old/*", "/new/*", "/old/a/b", "", "/new/a/b", "", true},
		{"/old/*", "/new/*", "/old", "", "/new/", "", true},
		{"/old/*", "/new/*", "/older", "", "", "", false},
		{"/:a/x/:b", "/:b/:a", "/1/x/2", "", "/2/1", "", true},
		{"/*", "/index.html", "/a/b", "", "/index.html", "", true},
		{"/", "/home", "/", "", "/home", "", true},
		{"/go/:n", "https://example.org:8080/x/:n", "/go/a", "https://example.org:8080", "/x/a", "", true},
	} {
		from, err := ParseRoute(c.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := ParseTarget(c.to, true)
		if err != nil {
			t.Fatal(err)
		}
		values, ok := from.Match(c.address)
		if ok != c.ok {
			t.Errorf("%s matches %s: %v", c.from, c.address, ok)
			continue
		}
		if !ok {
			continue
		}
		if origin, path, query := to.Fill(values); origin != c.origin || path != c.path || query != c.query {
			t.Errorf("%s of %s: %q %q %q", c.to, c.address, origin, path, query)
		}
	}
	for _, bad := range []string{"", "a", "/:", "/:1", "/:a/:a", "/a/*/b", "/a//b", "/a?b=:c"} {
		if _, err := ParseRoute(bad); err == nil {
			t.Errorf("%q is no route", bad)
		}
	}
	for _, bad := range []string{"", "a", "//a", "/\\a", "javascript:alert(1)", "https://u:p@a/", "https://*/", "/a#b", "/a\r\n"} {
		if _, err := ParseTarget(bad, true); err == nil {
			t.Errorf("%q is no target", bad)
		}
	}
}
