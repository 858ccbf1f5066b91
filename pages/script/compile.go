package script

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
)

// A File is server code. For code inside a page, Name is the page's and Text has everything else blanked out by
// spaces and newlines, so that positions are those of the page.
type File struct {
	Name string // site path: "shop/cart.gohtml.ts"
	Text string
}

// Files is where imports are looked for and read. Names are site paths. *source.Reader is one, which also remembers
// what was asked as inputs; if Files has a method Folder as *source.Reader has, the files of npm packages are read
// through it and not remembered, but for their package.json.
type Files interface {
	ReadFile(name string) ([]byte, error)
	Exists(name string) bool // whether a regular file has this name
}

// Options say how to compile. The zero Options compile a file without imports.
type Options struct {
	Files   Files // nil: importing is an error
	Trusted bool  // only for the advice with an import that leads outside: no site may do that so far
}

// Compile compiles a file with all that it imports. The error is Errors, or of the context.
func Compile(ctx context.Context, f File, o Options) (*Program, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("compiling %s: %w", f.Name, err)
	}
	limitRegexps()
	if err := checkText(f.Name, f.Text); err != nil {
		return nil, Errors{err}
	}
	f.Text = withoutMaps(f.Text)
	out, faults := transform(f)
	if faults == nil && imports(out.code) {
		out, faults = bundle(f, o, out.exported)
	}
	if faults != nil {
		return nil, faults
	}
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("compiling %s: %w", f.Name, err)
	}
	return link(f, out)
}

// An output is what esbuild made: one module without imports, and what it exports.
type output struct {
	code     string // begins with banner, not closed; the export clause is taken off
	mapping  []byte // source map of code
	exported []export
	bundled  bool
}

// An export is one name of a module's export clause.
type export struct{ local, name string }

// The code becomes the body of a function whose result holds the exported functions. esbuild's own glue for that
// costs a getter for each export in each request.
const (
	banner = `(function(){"use strict";`
	footer = "})()\n//# sourceMappingURL=map"
)

// The engine has all of ES2022 but these; top-level await and import.meta have no meaning in it. Regular expressions
// are left as they are, so that checkRegexps sees them.
func supported() map[string]bool {
	return map[string]bool{
		"async-generator": false, "for-await": false, "top-level-await": false, "import-meta": false,
		"regexp-match-indices": true, "regexp-set-notation": true, "regexp-unicode-property-escapes": true,
	}
}

func logOverride() map[string]api.LogLevel {
	return map[string]api.LogLevel{"empty-import-meta": api.LogLevelError}
}

const noConfig = "{}" // in the place of a tsconfig.json, so that none is looked for

// transform compiles one file by itself; its imports stay in the code.
func transform(f File) (output, Errors) {
	r := api.Transform(f.Text, transformOptions(f, api.FormatESModule))
	if len(r.Errors) > 0 {
		return output{}, faultsOf(r.Errors, f.Name)
	}
	code, exported := cutExports(string(r.Code))
	return output{code: code, mapping: r.Map, exported: exported}, nil
}

func transformOptions(f File, format api.Format) api.TransformOptions {
	o := api.TransformOptions{
		Loader: loaderOf(f.Name), Format: format, Target: api.ES2022, Supported: supported(), LogOverride: logOverride(),
		Sourcefile: f.Name, Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude,
		TsconfigRaw: noConfig, LegalComments: api.LegalCommentsNone,
	}
	if format == api.FormatESModule {
		o.Banner = banner
	}
	return o
}

// loaderOf tells the language by the name. Code inside a page is TypeScript.
func loaderOf(name string) api.Loader {
	switch path.Ext(name) {
	case ".tsx":
		return api.LoaderTSX
	case ".js", ".mjs", ".cjs":
		return api.LoaderJS
	case ".jsx":
		return api.LoaderJSX
	case ".json":
		return api.LoaderJSON
	}
	return api.LoaderTS
}

// imports says whether a module that esbuild printed may import others. A yes too many costs only time.
func imports(code string) bool {
	for _, sign := range [...]string{"\nimport ", "\nimport\"", "\nexport * ", "} from \"", "import(", "require"} {
		if strings.Contains(code, sign) {
			return true
		}
	}
	return false
}

// exportClause is what ends a module that esbuild printed. In no other way can a module end like this: a string or
// template would have to be closed after it.
var exportClause = regexp.MustCompile("\nexport \\{([^{}`'\";/]*)\\};\\s*$")

func cutExports(code string) (string, []export) {
	m := exportClause.FindStringSubmatchIndex(code)
	if m == nil {
		return code, nil
	}
	var list []export
	for item := range strings.SplitSeq(code[m[2]:m[3]], ",") {
		local, name, renamed := strings.Cut(strings.TrimSpace(item), " as ")
		if local == "" {
			continue
		}
		if !renamed {
			name = local
		}
		list = append(list, export{local, name})
	}
	return code[:m[0]+1], list
}

// inEngine is how esbuild speaks of the settings that we give it.
var inEngine = regexp.MustCompile(` in the configured target environment \([^)]*\)(?: and will be empty)?`)

// faultsOf translates what esbuild says.
func faultsOf(messages []api.Message, name string) Errors {
	faults := make(Errors, 0, len(messages))
	for _, m := range messages {
		e := &Error{File: name, Message: lowerFirst(inEngine.ReplaceAllString(m.Text, " here"))}
		if p := m.Location; p != nil {
			e.File, e.Line = strings.TrimPrefix(p.File, namespace+":"), p.Line
			e.Column = 1 + utf8.RuneCountInString(p.LineText[:min(max(p.Column, 0), len(p.LineText))])
			if p.Suggestion != "" {
				e.Hint = "did you mean " + p.Suggestion + "?"
			}
		}
		for _, note := range m.Notes {
			if e.Hint == "" {
				e.Hint = note.Text
			}
		}
		faults = append(faults, e)
	}
	slices.SortStableFunc(faults, func(a, b *Error) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return faults
}

func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	if size == 0 || unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}
