package devserver_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huygens/devserver"
)

const configuredSite = `
-- huygens.toml --
[site]
name = "First"
mime = { ".zig" = "text/x-zig" }
-- index.gohtml --
<p>{{site.name}}</p>
-- a.zig --
x
`

// A configuration that breaks later leaves the last good one in force; mended, it is applied without a restart.
func TestConfigurationBreaksAndIsMended(t *testing.T) {
	inBoth(t, configuredSite, func(t *testing.T, s *testSite) {
		s.want(t, "/", 200, "<p>First</p>")
		for _, broken := range []string{"[site\n", "[site]\nnmae = \"Second\"\n", "[pool]\nworkers = \"many\"\n"} {
			s.write(t, "huygens.toml", broken)
			event(t, s.server, func(e devserver.ErrorEvent) bool { return e.File == "huygens.toml" && e.Line > 0 })
			s.want(t, "/", 200, "<p>First</p>")
			if a := s.want(t, "/a.zig", 200, "x"); a.header.Get("Content-Type") != "text/x-zig" {
				t.Errorf("the type of a.zig is %s", a.header.Get("Content-Type"))
			}
			if len(s.site.Troubles()) == 0 {
				t.Error("nobody is told of the fault")
			}
		}
		s.write(t, "huygens.toml", "[site]\nname = \"Second\"\nmime = { \".zig\" = \"text/x-zag\" }\n")
		s.until(t, "/a.zig", func(a answer) bool { return a.header.Get("Content-Type") == "text/x-zag" })
		s.until(t, "/", func(a answer) bool { return a.status == 200 && strings.Contains(a.body, "<p>Second</p>") })
		if all := s.site.Troubles(); len(all) > 0 {
			t.Errorf("after the mending: %v", all)
		}
	})
}

// Broken at the start the defaults serve, and it is said; strictly, it is an error.
func TestConfigurationBrokenAtTheStart(t *testing.T) {
	const files = "-- huygens.toml --\n[site]\nnam = \"x\"\n-- index.html --\nserved\n"
	s := serve(t, files, devserver.SiteOptions{})
	s.want(t, "/", 200, "served")
	e := event(t, s.server, func(e devserver.ErrorEvent) bool { return e.File == "huygens.toml" })
	if e.Line != 2 || !strings.Contains(e.Message, "nam") {
		t.Errorf("the event is %+v", e)
	}
	folder := filepath.Join(t.TempDir(), "strict")
	writeFiles(t, folder, files)
	server := newServer(t, t.TempDir())
	site, err := server.Open(t.Context(), folder, devserver.SiteOptions{Strict: true})
	if err == nil || !strings.Contains(err.Error(), "nam") {
		t.Errorf("strictly: %v", err)
	}
	if state, reason := site.State(); state != devserver.SiteFailed || reason == "" {
		t.Errorf("strictly: %s %q", state, reason)
	}
}

// A folder that goes away is said, and served again when it is back.
func TestFolderGoneAndBack(t *testing.T) {
	inBoth(t, configuredSite, func(t *testing.T, s *testSite) {
		s.want(t, "/", 200, "First")
		away := s.folder + " away"
		if err := os.Rename(s.folder, away); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/", "/a.zig"} {
			a := s.until(t, path, func(a answer) bool { return a.status == http.StatusServiceUnavailable })
			if !strings.Contains(a.body, "folder is gone") {
				t.Errorf("GET %s without its folder: %s", path, a.body)
			}
			checkSafe(t, path, a)
		}
		if len(s.site.Troubles()) == 0 {
			t.Error("nobody is told that the folder is gone")
		}
		if _, err := os.Stat(s.folder); err == nil {
			t.Error("somebody has made the folder anew")
		}
		if err := os.Rename(away, s.folder); err != nil {
			t.Fatal(err)
		}
		s.until(t, "/", func(a answer) bool { return a.status == 200 && strings.Contains(a.body, "First") })
		s.until(t, "/a.zig", func(a answer) bool { return a.status == 200 })
		if err := os.RemoveAll(s.folder); err != nil {
			t.Fatal(err)
		}
		s.until(t, "/", func(a answer) bool { return a.status == http.StatusServiceUnavailable })
		writeFiles(t, s.folder, "-- index.gohtml --\n<p>another one</p>\n")
		s.until(t, "/", func(a answer) bool { return a.status == 200 && strings.Contains(a.body, "another one") })
	})
}
