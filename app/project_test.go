package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

const projectRoot = ".."

// forbidden says who must not import what, and why (design.md, 2).
var forbidden = []struct{ who, what, why string }{
	{"huygens/pages", "huygens/devserver", "pages is below the front"},
	{"huygens/pages", "huygens/app", "pages is below the window"},
	{"huygens/pages", "huygens/assets", "pages has no embedded files"},
	{"huygens/pages", "fyne.io/", "pages draws nothing"},
	{"huygens/devserver", "huygens/app", "the front is below the window"},
	{"huygens/devserver", "fyne.io/", "the front draws nothing"},
	{"huygens/assets", "huygens/devserver", "assets imports nothing of ours"},
	{"huygens/assets", "huygens/pages", "assets imports nothing of ours"},
	{"huygens/assets", "huygens/app", "assets imports nothing of ours"},
	{"huygens/app/ui", "fyne.io/fyne/v2/app", "only one file of app needs cgo"},
}

// directly forbidden: the package itself must not import it, what it uses may.
var forbiddenDirectly = []struct{ who, what, why string }{
	{"huygens/pages", "net/http", "what crosses to the worker is not HTTP"},
	{"huygens/pages/markup", "huygens/pages", "it declares the interfaces it needs"},
	{"huygens/pages/script", "huygens/pages", "it declares the interfaces it needs"},
	{"huygens/pages/controls", "huygens/pages", "it declares the interfaces it needs"},
}

type listedPackage struct {
	ImportPath, Dir string
	Imports, Deps   []string
}

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "migrated_fynedo", "-json=ImportPath,Dir,Imports,Deps", "./...")
	cmd.Dir = projectRoot
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listedPackage
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p listedPackage
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func inside(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, rule := range forbidden {
			if !inside(p.ImportPath, rule.who) {
				continue
			}
			for _, dep := range p.Deps {
				if inside(dep, strings.TrimSuffix(rule.what, "/")) || strings.HasPrefix(dep, rule.what) && strings.HasSuffix(rule.what, "/") {
					t.Errorf("%s depends on %s: %s", p.ImportPath, dep, rule.why)
				}
			}
		}
		for _, rule := range forbiddenDirectly {
			if inside(p.ImportPath, rule.who) && slices.Contains(p.Imports, rule.what) {
				t.Errorf("%s imports %s: %s", p.ImportPath, rule.what, rule.why)
			}
		}
	}
}

func TestEveryPackageHasItsContract(t *testing.T) {
	for _, p := range listPackages(t) {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, "doc.go"), nil, parser.ParseComments)
		if err != nil {
			t.Errorf("%s has no doc.go: %v", p.ImportPath, err)
			continue
		}
		if len(file.Doc.Text()) < 80 {
			t.Errorf("%s: doc.go does not say what the package promises", p.ImportPath)
		}
	}
}

func TestTopLevelNames(t *testing.T) {
	standing := []string{
		"app", "devserver", "pages", "assets", "FyneApp.toml", "go.mod", "go.sum", "README.md", "LICENSE", "Makefile", ".ci", ".gitignore",
	}
	out, err := exec.Command("git", "-C", projectRoot, "ls-files").Output()
	if err != nil {
		t.Skipf("not a git checkout: %v", err)
	}
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		top, _, _ := strings.Cut(s.Text(), "/")
		if !slices.Contains(standing, top) && !strings.HasPrefix(top, ".") {
			t.Errorf("%s is not one of the standing top-level names", top)
		}
	}
}

func TestFyneAppSaysTheSame(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(projectRoot, "FyneApp.toml"))
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Details struct {
			Name, ID, Version string
			Build             int
		}
		Migrations map[string]bool
	}
	if err := toml.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	d := f.Details
	if d.Name != appName || d.ID != appID || d.Version != version || d.Build != build {
		t.Errorf("FyneApp.toml says %+v; the program says %s %s %s %d", d, appName, appID, version, build)
	}
	if !f.Migrations["fyneDo"] {
		t.Error("FyneApp.toml does not say fyneDo = true under [Migrations]")
	}
}

// Rules that a search finds: no sleeping in tests, one place for fyne.Do, one file that needs cgo.
func TestSourceRules(t *testing.T) {
	rules := []struct {
		text  string
		only  func(path string) bool // where the rule looks
		allow []string
		why   string
	}{
		{"time." + "Sleep(", func(p string) bool { return strings.HasSuffix(p, "_test.go") }, nil, "tests wait for events"},
		{"fyne." + "Do", func(p string) bool { return strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go") }, []string{"app/window.go", "app/ui/pump.go", "app/ui/doc.go"}, "one pump brings batches"},
		{`"fyne.io/fyne/v2/app"` + "\n", func(p string) bool { return strings.HasSuffix(p, ".go") }, []string{"app/window.go"}, "one file needs cgo"},
		{"func " + "init()", func(p string) bool { return strings.HasSuffix(p, ".go") }, nil, "order and presence would be invisible"},
	}
	err := filepath.WalkDir(projectRoot, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != projectRoot {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(projectRoot, path)
		for _, r := range rules {
			if r.only(name) && !slices.Contains(r.allow, filepath.ToSlash(name)) && bytes.Contains(data, []byte(r.text)) {
				t.Errorf("%s has %s: %s", name, r.text, r.why)
			}
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.SkipAll) {
		t.Fatal(err)
	}
}
