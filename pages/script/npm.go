package script

import (
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const modulesDir = "node_modules"

// resolvePackage finds a package by the rules of Node.js, in the node_modules of the importing folder and of those
// above it, up to the root of the site.
func (r *resolver) resolvePackage(spec, dir string, require bool) (api.OnResolveResult, error) {
	name, sub := splitPackage(spec)
	if !fs.ValidPath(name) || name == "." || !fs.ValidPath(path.Join(".", sub)) {
		return api.OnResolveResult{}, importErrorf("", "%q is no name of a package", spec)
	}
	r.noteLock()
	for at := dir; ; at = path.Dir(at) {
		if path.Base(at) != modulesDir {
			folder := path.Join(at, modulesDir, name)
			if p := r.packageAt(folder, inPackage(dir+"/")); p != nil {
				return r.inside(p, spec, sub, require)
			}
		}
		if at == "." || at == "/" {
			break
		}
	}
	if builtin(spec) {
		return api.OnResolveResult{}, nodeModule(spec)
	}
	return api.OnResolveResult{}, importErrorf("npm install "+name+" in the folder of the site; files of the site begin with ./",
		"there is no package %q in node_modules", name)
}

// splitPackage splits "@scope/name/sub/file" into "@scope/name" and "./sub/file"; without subpath it is ".".
func splitPackage(spec string) (name, sub string) {
	n := strings.IndexByte(spec, '/')
	if n >= 0 && strings.HasPrefix(spec, "@") {
		if m := strings.IndexByte(spec[n+1:], '/'); m >= 0 {
			n += 1 + m
		} else {
			n = -1
		}
	}
	if n < 0 {
		return spec, "."
	}
	return spec[:n], "." + spec[n:]
}

// noteLock makes the lock file an input: it says when anything in node_modules was replaced.
func (r *resolver) noteLock() {
	if !r.locked {
		r.locked = true
		r.files.Exists("package-lock.json")
	}
}

// inside resolves a subpath of a package.
func (r *resolver) inside(p *packageFile, spec, sub string, require bool) (api.OnResolveResult, error) {
	if p.exports != nil {
		target := p.target(p.exports, sub, require)
		if target == "" {
			return api.OnResolveResult{}, importErrorf("", "the package of %q does not export that", spec)
		}
		return r.packagePath(path.Join(p.folder, target), p)
	}
	if sub != "." {
		return r.packagePath(path.Join(p.folder, sub), p)
	}
	mains := []string{p.module, p.main}
	if require {
		mains = []string{p.main, p.module}
	}
	for _, main := range mains {
		if main != "" && fs.ValidPath(path.Clean(main)) {
			if result, err := r.packagePath(path.Join(p.folder, main), p); err == nil {
				return result, nil
			}
		}
	}
	return r.packagePath(path.Join(p.folder, "index"), p)
}

// resolveInner resolves "#name" by the imports of the importing package.
func (r *resolver) resolveInner(spec, dir string, require bool) (api.OnResolveResult, error) {
	for at := dir; ; at = path.Dir(at) {
		if p := r.packageAt(at, inPackage(at+"/")); p != nil {
			target := ""
			if p.imports != nil {
				target = p.target(p.imports, spec, require)
			}
			switch {
			case target == "":
				return api.OnResolveResult{}, importErrorf("", "%s/package.json has no import %q", at, spec)
			case strings.HasPrefix(target, "./"):
				name := path.Join(at, target)
				if !inPackage(name) {
					return r.resolveFile(spec, name, path.Join(at, "package.json"))
				}
				return r.packagePath(name, p)
			}
			return r.resolvePackage(target, at, require)
		}
		if at == "." || at == "/" {
			return api.OnResolveResult{}, importErrorf("", "there is no package.json for %q", spec)
		}
	}
}

// packagePath takes the file of a package that a path means.
func (r *resolver) packagePath(name string, p *packageFile) (api.OnResolveResult, error) {
	if p != nil && name != p.folder && !strings.HasPrefix(name, p.folder+"/") || strings.HasPrefix(name, "../") {
		return api.OnResolveResult{}, importErrorf("", "%s leads outside its package", name)
	}
	for _, candidate := range candidates(name, packageExtensions) {
		if r.quietlyExists(candidate) {
			return r.packageLoad(candidate)
		}
	}
	// A folder in a package may have a package.json of its own that names its main file.
	if p == nil || name != p.folder {
		if inner := r.packageAt(name, true); inner != nil && inner.exports == nil {
			for _, main := range []string{inner.module, inner.main} {
				if main != "" && fs.ValidPath(path.Clean(main)) && path.Clean(main) != "." {
					return r.packagePath(path.Join(name, main), inner)
				}
			}
		}
	}
	return api.OnResolveResult{}, importErrorf("", "there is no file %s", name)
}

func (r *resolver) packageLoad(name string) (api.OnResolveResult, error) {
	result, err := r.load(name, r.quietly)
	if err == nil && r.isPure(name) {
		result.SideEffects = api.SideEffectsFalse
	}
	return result, err
}

// isPure says whether the file's package promises that it can be left out when nothing of it is used.
func (r *resolver) isPure(name string) bool {
	for at := path.Dir(name); inPackage(at + "/"); at = path.Dir(at) {
		if p := r.packageAt(at, true); p != nil && p.name != "" {
			return p.pure(strings.TrimPrefix(name, at+"/"))
		}
		if path.Base(path.Dir(at)) == modulesDir {
			break
		}
	}
	return false
}

// packageAt reads the package.json of a folder; nil if there is none or it cannot be read.
func (r *resolver) packageAt(folder string, quiet bool) *packageFile {
	if p, ok := r.packages[folder]; ok {
		return p
	}
	read := r.files.ReadFile
	if quiet {
		read = r.quietly
	}
	var p *packageFile
	if data, err := read(path.Join(folder, "package.json")); err == nil {
		p = readPackage(folder, data)
	}
	r.packages[folder] = p
	return p
}

// builtin says whether a name is one of Node.js's own modules.
func builtin(spec string) bool {
	name, _, _ := strings.Cut(spec, "/")
	_, ok := nodeAdvice()[name]
	return ok
}

func nodeModule(spec string) error {
	name, _, _ := strings.Cut(spec, "/")
	return importErrorf(nodeAdvice()[name], "%q is a module of Node.js, which does not run here", spec)
}

// nodeAdvice lists the modules of Node.js, and what serves instead here.
func nodeAdvice() map[string]string {
	return map[string]string{
		"fs": "use server.readText, server.list and server.writeText", "path": "paths have slashes: join them as strings",
		"crypto": "use the global crypto", "http": "use fetch", "https": "use fetch", "http2": "use fetch", "net": "use fetch",
		"url": "use the globals URL and URLSearchParams", "util": "", "events": "", "stream": "", "buffer": "use Uint8Array and TextEncoder",
		"os": "", "child_process": "", "process": "use server.env", "timers": "use the global setTimeout", "zlib": "", "querystring": "use URLSearchParams",
		"assert": "", "async_hooks": "", "cluster": "", "console": "use the global console", "constants": "", "dgram": "", "diagnostics_channel": "",
		"dns": "", "domain": "", "inspector": "", "module": "", "perf_hooks": "use Date.now()", "punycode": "", "readline": "", "repl": "",
		"sqlite": "use db", "string_decoder": "use TextDecoder", "sys": "", "test": "", "tls": "", "trace_events": "", "tty": "", "v8": "", "vm": "", "wasi": "", "worker_threads": "",
	}
}
