package script

import (
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// namespace marks our files inside esbuild, which looks for nothing on disk that stands in a namespace.
const namespace = "site"

// bundle compiles a file with what it imports into one module. esbuild leaves out functions that nothing uses, so the
// file's own ones are exported first, by a clause after its end that moves no position.
func bundle(f File, o Options, exported []export) (output, Errors) {
	names, faults := functionNames(f)
	if faults != nil {
		return output{}, faults
	}
	r := newResolver(f, o)
	r.loaded[f.Name] = f.Text + exportsFor(names, exported)
	b := api.Build(api.BuildOptions{
		EntryPoints: []string{"main"}, Bundle: true, Format: api.FormatESModule, Platform: api.PlatformNeutral,
		Target: api.ES2022, Supported: supported(), LogOverride: logOverride(),
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude,
		AbsWorkingDir: workingDir, Outfile: "out.js", TsconfigRaw: noConfig, LegalComments: api.LegalCommentsNone,
		Define:  map[string]string{"process.env.NODE_ENV": `"production"`, "global": "globalThis"},
		Banner:  map[string]string{"js": banner},
		Plugins: []api.Plugin{{Name: namespace, Setup: r.setup}},
	})
	if len(b.Errors) > 0 {
		return output{}, faultsOf(b.Errors, f.Name)
	}
	out := output{bundled: true}
	for _, file := range b.OutputFiles {
		if strings.HasSuffix(file.Path, ".map") {
			out.mapping = file.Contents
		} else {
			out.code, out.exported = cutExports(string(file.Contents))
		}
	}
	return out, nil
}

// exportsFor is the clause that exports names which are not exported yet.
func exportsFor(names []string, exported []export) string {
	already := map[string]bool{}
	for _, e := range exported {
		already[e.name] = true
	}
	var missing []string
	for _, name := range names {
		if !already[name] {
			missing = append(missing, name)
			already[name] = true
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "\nexport {" + strings.Join(missing, ",") + "}"
}
