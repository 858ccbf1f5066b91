package devserver_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const savesSite = `
-- index.gohtml --
-- behind.gohtml --
<p>{{.begin}}{{.filling}}{{.end}}</p>
-- behind.gohtml.ts --
-- imported.gohtml --
<p>{{.begin}}{{.filling}}{{.end}}</p>
-- imported.gohtml.ts --
import { fill } from "./App_Code/fill"
export function Page_Load() { fill(page.data) }
-- App_Code/fill.ts --
-- laid.gohtml --
---
layout: _outer
---
text
-- _outer.gohtml --
-- about.md --
-- plain.txt --
`

// saved are the files that are saved: where each shows, and its text with a version at beginning and end.
var saved = []struct {
	file, path string
	saves      int // a share of the whole number
	text       func(version, filling string) string
}{
	{"index.gohtml", "/", 1, func(v, filling string) string {
		return "---\nlayout: none\n---\n" + v + "<p>" + filling + "</p>" + v + "\n"
	}},
	{"behind.gohtml.ts", "/behind", 5, code("export function Page_Load() { const data = page.data; ", " }")},
	{"App_Code/fill.ts", "/imported", 5, code("export function fill(data: any) { ", " }")},
	{"_outer.gohtml", "/laid", 5, func(v, filling string) string {
		return v + "<p>" + filling + `</p>{{template "content" .}}` + v + "\n"
	}},
	{"about.md", "/about", 5, func(v, filling string) string { return v + "\n\n" + filling + "\n\n" + v + "\n" }},
	{"plain.txt", "/plain.txt", 1, func(v, filling string) string { return v + "\n" + filling + "\n" + v + "\n" }},
}

func code(before, after string) func(v, filling string) string {
	return func(v, filling string) string {
		return before + "data.begin = '" + v + "'; data.filling = '" + filling + "'; data.end = '" + v + "'" + after + "\n"
	}
}

// saves is how often the first file is saved; HUYGENS_SAVES raises it.
func saves(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("HUYGENS_SAVES"))
	if err != nil && os.Getenv("HUYGENS_SAVES") != "" {
		t.Fatal(err)
	}
	return max(n, 150)
}

// While a file is saved, by renaming and in place, every answer is the old text or the new one, and whole; the
// request after a save has the new one.
func TestSaves(t *testing.T) {
	inBoth(t, savesSite, func(t *testing.T, s *testSite) {
		for _, f := range saved {
			t.Run(filepath.Base(f.file), func(t *testing.T) {
				r := &saving{site: s, path: f.path, file: filepath.Join(s.folder, filepath.FromSlash(f.file)), text: f.text}
				r.run(t, saves(t)/f.saves)
			})
		}
	})
}

// A saving is one file that is saved while clients ask for where it shows.
type saving struct {
	site       *testSite
	path, file string
	text       func(version, filling string) string

	begun, done atomic.Int64 // versions whose saving has begun, has ended
}

func (r *saving) run(t *testing.T, saves int) {
	r.save(t, 1)
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for range 2 {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := r.check(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for version := 2; version <= saves && !t.Failed(); version++ {
		r.save(t, version)
		if err := r.check(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	clients.Wait()
}

// save saves a version: every other time in place. Every third is as long as the one before it.
func (r *saving) save(t *testing.T, version int) {
	r.begun.Store(int64(version))
	text := []byte(r.text(fmt.Sprintf("version%06d.", version), strings.Repeat("filling ", version/3%100*10)))
	if version%2 == 0 {
		if err := os.WriteFile(r.file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	} else {
		if err := os.WriteFile(r.file+"~", text, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(r.file+"~", r.file); err != nil {
			t.Fatal(err)
		}
	}
	r.done.Store(int64(version))
}

var versionMark = regexp.MustCompile(`version(\d{6})\.`)

// check asks once. What was saved before the request began is the least that may be shown.
func (r *saving) check() error {
	least := r.done.Load()
	a, err := r.site.ask(http.MethodGet, r.path)
	if err != nil {
		return err
	}
	most := r.begun.Load()
	marks := versionMark.FindAllStringSubmatch(a.body, -1)
	if a.status != http.StatusOK || len(marks) != 2 || marks[0][1] != marks[1][1] {
		return fmt.Errorf("GET %s between version %d and %d: %d, not whole: %d bytes:\n%s", r.path, least, most, a.status, len(a.body), shorten(a.body))
	}
	version, _ := strconv.ParseInt(marks[0][1], 10, 64)
	if version < least || version > most {
		return fmt.Errorf("GET %s: version %d, want %d to %d", r.path, version, least, most)
	}
	if filling := strings.Count(a.body, "filling "); filling != int(version/3%100*10) && filling != int(version/3%100*10)-1 {
		return fmt.Errorf("GET %s: version %d has %d fillings", r.path, version, filling)
	}
	return nil
}

func shorten(s string) string {
	if len(s) > 600 {
		return s[:300] + "…" + s[len(s)-300:]
	}
	return s
}
