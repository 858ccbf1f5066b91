package markup

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// A File is one file of templates. Positions count in Text as it is given: who takes out front matter or scripts
// puts spaces in their place.
type File struct {
	Name  string // site path, as positions name it
	Text  string
	Blank []Range // parts of Text, in order, that are there for the positions only and are not written
}

// An Env is what one rendering works with.
type Env struct {
	Data      any // the "." of the page
	Values    any // handed to functions, not looked at
	MaxOutput int // bytes; 0: 64 MB
}

// A Func is a function that templates call. Its arguments are Go values, or an Object, List or Renderer as it
// was handed in; a missing value is nil. The result may be any value that data may have. args must not be kept.
type Func func(env *Env, args []any) (any, error)

// Options are what Compile needs to know beyond the files.
type Options struct {
	// Funcs are the functions that templates may call. They win over the predefined ones of the same name.
	Funcs map[string]Func
	// Partial finds the partial called name ("_nav") for the page at the site path from. An error that is
	// fs.ErrNotExist means that there is none. nil: there are no partials.
	Partial func(from, name string) (File, error)
}

// A Template is a compiled page. It is immutable and may be used by any number of goroutines.
type Template struct {
	entry  *program
	fields []string
	uses   []string
}

// Compile compiles a page within its layouts, innermost first. The error is Errors.
func Compile(page File, layouts []File, o Options) (*Template, error) {
	return compile(page, layouts, o, true)
}

// compile is Compile; with strict off, names that the page's data lacks print nothing, as in html/template.
func compile(page File, layouts []File, o Options, strict bool) (*Template, error) {
	set := newSet(o)
	set.load(page, layouts)
	if len(set.faults) == 0 {
		set.check()
	}
	if len(set.faults) > 0 {
		return nil, set.sorted()
	}
	tree, err := set.analyse()
	if err != nil {
		return nil, err
	}
	c := newCompiler(set, tree, strict)
	entry := c.program(set.entry, true)
	set.release()
	if len(c.faults) > 0 {
		return nil, c.faults
	}
	return &Template{entry: entry, fields: sortedNames(c.fields), uses: sortedNames(set.functions)}, nil
}

func sortedNames(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Fields returns the names of the page's data that the template mentions, sorted. A template that uses the whole
// of it ({{json .}}) may need more.
func (t *Template) Fields() []string { return slices.Clone(t.fields) }

// Uses reports whether any file of the template calls the function.
func (t *Template) Uses(function string) bool {
	_, found := slices.BinarySearch(t.uses, function)
	return found
}

// Render appends the page to out. On an error, an *Error, it returns out as it was.
func (t *Template) Render(ctx context.Context, out []byte, env *Env) (rendered []byte, err error) {
	if env == nil {
		env = &Env{}
	}
	s := newState(ctx, out, env)
	defer func() {
		if r := recover(); r != nil { // a value or function that was handed in, see state.at
			rendered, err = out, s.panicked(r)
		}
	}()
	if err := s.run(t.entry); err != nil {
		return out, err
	}
	return s.out, nil
}

// panicked makes a fault of what the code of a value or function threw.
func (s *state) panicked(r any) error {
	err, ok := r.(error)
	if !ok {
		err = fmt.Errorf("%v", r)
	}
	var known *Error
	if errors.As(err, &known) && known == err {
		return known
	}
	return s.wrap(s.at, err, "")
}
