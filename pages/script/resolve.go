package script

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"

	"huygens/pages/source"
)

// A resolver finds and reads what files import, for one compilation. esbuild asks it from several goroutines.
type resolver struct {
	main    string
	files   Files
	trusted bool

	mu       sync.Mutex // guards the use of files and the fields below
	loaded   map[string]string
	packages map[string]*packageFile // by folder; nil: there is none
	locked   bool                    // the lock file is noted as an input
}

func newResolver(f File, o Options) *resolver {
	return &resolver{
		main: f.Name, files: o.Files, trusted: o.Trusted,
		loaded: map[string]string{}, packages: map[string]*packageFile{},
	}
}

// An importFault is what is wrong with an import; esbuild adds the place of the import.
type importFault struct{ message, hint string }

func (e *importFault) Error() string { return e.message }

func importErrorf(hint, format string, args ...any) error {
	return &importFault{fmt.Sprintf(format, args...), hint}
}

// setup makes esbuild ask us for everything.
func (r *resolver) setup(b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		if a.Kind == api.ResolveEntryPoint {
			return api.OnResolveResult{Path: r.main, Namespace: namespace}, nil
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		result, err := r.resolve(a.Path, a.Importer, a.Kind == api.ResolveJSRequireCall)
		if err == nil {
			return result, nil
		}
		if inPackage(a.Importer) && a.Kind == api.ResolveJSRequireCall {
			// Packages try whether others are there, and live without. Where it does matter, it throws when it runs.
			return api.OnResolveResult{Path: a.Path, External: true}, nil
		}
		message := api.Message{Text: err.Error()}
		var fault *importFault
		if errors.As(err, &fault) && fault.hint != "" {
			message.Notes = []api.Note{{Text: fault.hint}}
		}
		return api.OnResolveResult{Errors: []api.Message{message}}, nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		text, ok := r.loaded[a.Path]
		if !ok {
			return api.OnLoadResult{}, fmt.Errorf("%s was not resolved", a.Path)
		}
		return api.OnLoadResult{Contents: &text, Loader: loaderOf(a.Path)}, nil
	})
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// resolve finds what importer means by spec, and reads it.
func (r *resolver) resolve(spec, importer string, require bool) (api.OnResolveResult, error) {
	if r.files == nil {
		return api.OnResolveResult{}, importErrorf("", "nothing can be imported here")
	}
	dir := path.Dir(importer)
	switch {
	case spec == "" || strings.ContainsAny(spec, "\\\x00"):
		return api.OnResolveResult{}, importErrorf(`paths have slashes: "./name"`, "%q cannot be imported", spec)
	case strings.HasPrefix(spec, "/"):
		return api.OnResolveResult{}, importErrorf(`paths begin with "./", "../", or "~/" for the root of the site`, "%q leads outside the site", spec)
	case spec == "." || spec == ".." || strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../"):
		return r.resolveFile(spec, path.Join(dir, spec), importer)
	case strings.HasPrefix(spec, "~/"):
		return r.resolveFile(spec, path.Clean(spec[2:]), importer)
	case strings.HasPrefix(spec, "#"):
		return r.resolveInner(spec, dir, require)
	case strings.HasPrefix(spec, "node:"):
		return api.OnResolveResult{}, nodeModule(strings.TrimPrefix(spec, "node:"))
	case scheme.MatchString(spec):
		return api.OnResolveResult{}, importErrorf("copy the file into the site, or install it with npm", "%q is no file of the site", spec)
	}
	return r.resolvePackage(spec, dir, require)
}

func (r *resolver) resolveFile(spec, name, importer string) (api.OnResolveResult, error) {
	if name == ".." || strings.HasPrefix(name, "../") {
		hint := "code imports from the folder of its site only"
		if !r.trusted {
			hint += ", and this site is not trusted"
		}
		return api.OnResolveResult{}, importErrorf(hint, "%q leads outside the site", spec)
	}
	if inPackage(importer) {
		return r.packagePath(name, nil)
	}
	for _, candidate := range candidates(name, siteExtensions) {
		if candidate == r.main {
			return r.take(candidate)
		}
		if r.files.Exists(candidate) {
			return r.load(candidate, r.files.ReadFile)
		}
	}
	if ext := path.Ext(name); ext != "" && !slices.Contains(importable, ext) && r.files.Exists(name) {
		return api.OnResolveResult{}, importErrorf("", "%q is not code; %s can be imported", spec, strings.Join(importable, ", "))
	}
	return api.OnResolveResult{}, importErrorf("", "there is no file for %q", spec)
}

// importable are the kinds of files that can be imported; siteExtensions are tried in this order for a name that has
// none of them.
var (
	importable        = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json"}
	siteExtensions    = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".json"}
	packageExtensions = []string{".js", ".mjs", ".cjs", ".json"}
)

// twins are what TypeScript may mean by the name of the file that it would have become.
func twins(ext string) []string {
	switch ext {
	case ".js":
		return []string{".ts", ".tsx"}
	case ".jsx":
		return []string{".tsx"}
	case ".mjs":
		return []string{".mts"}
	case ".cjs":
		return []string{".cts"}
	}
	return nil
}

// candidates are the files that a path may mean, in order.
func candidates(name string, extensions []string) []string {
	var list []string
	if ext := path.Ext(name); slices.Contains(importable, ext) {
		list = append(list, name)
		for _, twin := range twins(ext) {
			list = append(list, strings.TrimSuffix(name, ext)+twin)
		}
	}
	if name != "." {
		for _, ext := range extensions {
			list = append(list, name+ext)
		}
	}
	for _, ext := range extensions {
		list = append(list, path.Join(name, "index"+ext))
	}
	return list
}

// load reads a file that is there, now, so that a fault gets the place of the import.
func (r *resolver) load(name string, read func(string) ([]byte, error)) (api.OnResolveResult, error) {
	if _, ok := r.loaded[name]; ok {
		return r.take(name)
	}
	data, err := read(name)
	if err != nil {
		return api.OnResolveResult{}, importErrorf("", "%s cannot be read: %v", name, cause(err))
	}
	text := string(data)
	if e := checkText(name, text); e != nil {
		return api.OnResolveResult{}, importErrorf("", "%s", e.Error())
	}
	r.loaded[name] = withoutMaps(text)
	return r.take(name)
}

func (r *resolver) take(name string) (api.OnResolveResult, error) {
	return api.OnResolveResult{Path: name, Namespace: namespace}, nil
}

// cause is the innermost reason, without names that are told already.
func cause(err error) error {
	for _, known := range [...]error{fs.ErrNotExist, fs.ErrPermission, source.ErrNotRegular, source.ErrTooLarge} {
		if errors.Is(err, known) {
			return known
		}
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// A folderFiles is a Files that can also read without remembering: *source.Reader.
type folderFiles interface{ Folder() *source.Folder }

// quietly reads a file of a package, of which package.json stands for the whole as an input.
func (r *resolver) quietly(name string) ([]byte, error) {
	if f, ok := r.files.(folderFiles); ok {
		data, _, err := f.Folder().Read(name, source.Stamp{})
		return data, err
	}
	return r.files.ReadFile(name)
}

func (r *resolver) quietlyExists(name string) bool {
	if f, ok := r.files.(folderFiles); ok {
		return f.Folder().Stat(name).Kind == source.Regular
	}
	return r.files.Exists(name)
}

func inPackage(name string) bool {
	return strings.HasPrefix(name, modulesDir+"/") || strings.Contains(name, "/"+modulesDir+"/")
}
