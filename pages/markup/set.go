package markup

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"text/template/parse"
)

// contentName is what a layout calls the body within it.
const contentName = "content"

// A file is one file of templates, parsed.
type file struct {
	name, text string
	body       *unit // what stands outside of {{define}}
	defines    map[string]*unit
	layout     int // 0: not a layout; 1: the innermost one, ...
}

// A unit is one template: the body of a file, or what a define or block holds. Calls in its tree name other
// units by their keys once it is linked.
type unit struct {
	key  string // unique in the set
	name string // as authors call it
	file *file
	tree *parse.Tree
}

// A set is all the files that one page is made of.
type set struct {
	options   Options
	page      *file
	layouts   []*file
	partials  map[string]*file // by the name that calls them; nil: there is none
	files     map[string]*file // all of them, by name
	units     map[string]*unit // all linked ones, by key
	entry     *unit
	functions map[string]bool // called anywhere
	faults    Errors
	cut       bool // long texts are cut for the analysis
	wasCut    bool // there was one
}

func newSet(o Options) *set {
	return &set{
		options: o, partials: map[string]*file{}, files: map[string]*file{}, units: map[string]*unit{},
		functions: map[string]bool{},
	}
}

// load parses page and layouts, and links all that they call.
func (s *set) load(page File, layouts []File) {
	s.page = s.parse(page, contentName)
	for i, l := range layouts {
		if known := s.files[l.Name]; known != nil {
			s.faults = append(s.faults, place{known, 0}.fault("%s is a layout of itself", l.Name))
			continue
		}
		f := s.parse(l, contentName)
		f.layout = i + 1
		s.layouts = append(s.layouts, f)
	}
	if len(s.faults) > 0 {
		return
	}
	outermost := s.page
	if n := len(s.layouts); n > 0 {
		outermost = s.layouts[n-1]
		outermost.body.name = outermost.name
	}
	if own := s.page.defines[contentName]; own != nil {
		fault := place{s.page, int(own.tree.Root.Pos)}.fault("the page's body is the template %q; it cannot be defined too", contentName)
		fault.Hint = `write it without {{define "content"}}`
		s.faults = append(s.faults, fault)
		return
	}
	s.entry = outermost.body
	for _, f := range append([]*file{s.page}, s.layouts...) {
		for _, name := range sortedKeys(f.defines) { // also those that nobody calls: their faults count
			s.link(f.defines[name])
		}
		s.link(f.body)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// link resolves the calls in a unit, once.
func (s *set) link(u *unit) {
	if s.units[u.key] != nil {
		return
	}
	s.units[u.key] = u
	walk(u.tree.Root, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.IdentifierNode:
			s.functions[n.Ident] = true
		case *parse.TemplateNode:
			if called := s.resolve(n, u.file); called != nil {
				n.Name = called.key
				s.link(called)
			}
		}
	})
}

// resolve finds the unit that a call in file f means; nil, with a fault, if there is none.
func (s *set) resolve(n *parse.TemplateNode, f *file) *unit {
	at := place{f, int(n.Pos)}
	if n.Name == contentName {
		if u := s.content(f); u != nil {
			return u
		}
	}
	for _, known := range append(append([]*file{s.page}, s.layouts...), f) {
		if u := known.defines[n.Name]; u != nil && n.Name != contentName || u != nil && known == f {
			return u
		}
	}
	if strings.HasPrefix(n.Name, "_") {
		return s.partial(n.Name, at)
	}
	fault := at.fault("there is no template %q", n.Name)
	switch near := nearest(n.Name, s.templateNames(f)); {
	case near != "":
		fault.Hint = "did you mean " + near + "?"
	case n.Name == contentName:
		fault.Hint = "only a page and its layouts know it"
	default:
		fault.Hint = `a block of the page is made by {{define "` + n.Name + `"}}; the name of a partial begins with _`
	}
	s.faults = append(s.faults, fault)
	return nil
}

// content is what "content" means in f: in a layout the body within it, in the page its own body. It is nil
// where a default of the layout stands for a blank page.
func (s *set) content(f *file) *unit {
	var inner *unit
	switch {
	case f == s.page || f.layout == 1:
		inner = s.page.body
	case f.layout > 1:
		inner = s.layouts[f.layout-2].body
	default:
		return nil
	}
	if f != s.page && f.defines[contentName] != nil && parse.IsEmptyTree(inner.tree.Root) {
		return nil
	}
	return inner
}

func (s *set) templateNames(f *file) []string {
	var names []string
	for _, known := range append(append([]*file{s.page}, s.layouts...), f) {
		names = append(names, sortedKeys(known.defines)...)
	}
	if f == s.page || f.layout > 0 {
		names = append(names, contentName)
	}
	return names
}

// partial loads a partial once.
func (s *set) partial(name string, at place) *unit {
	f, known := s.partials[name]
	if !known {
		f = s.findPartial(name, at)
		s.partials[name] = f
	}
	if f == nil {
		if known { // told at its first call; each call is a fault of its own
			s.faults = append(s.faults, at.fault("there is no partial %q", name))
		}
		return nil
	}
	return f.body
}

func (s *set) findPartial(name string, at place) *file {
	if s.options.Partial == nil || strings.ContainsAny(name, `/\.:`) || strings.ContainsFunc(name, isControl) {
		s.faults = append(s.faults, at.fault("there is no partial %q", name))
		return nil
	}
	found, err := s.options.Partial(s.page.name, name)
	if err != nil {
		fault := at.fault("there is no partial %q", name)
		if errors.Is(err, fs.ErrNotExist) {
			fault.Hint = name + ".gohtml is looked for in the folder of the page and those above it"
		} else {
			fault.Message, fault.Err = "the partial "+name+" cannot be read: "+err.Error(), err
		}
		s.faults = append(s.faults, fault)
		return nil
	}
	if f := s.files[found.Name]; f != nil {
		return f
	}
	before := len(s.faults)
	f := s.parse(found, name)
	if len(s.faults) > before {
		return nil
	}
	return f
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// parse parses a file; its body is called name.
func (s *set) parse(source File, name string) *file {
	f := &file{name: source.Name, text: source.Text, defines: map[string]*unit{}}
	s.files[f.name] = f
	f.body = &unit{key: f.name, name: name, file: f, tree: &parse.Tree{Root: &parse.ListNode{NodeType: parse.NodeList}}}
	if fault := tooDeep(f); fault != nil {
		s.faults = append(s.faults, fault)
		return f
	}
	trees, fault := parseText(f)
	if fault != nil {
		s.faults = append(s.faults, fault)
		return f
	}
	for defined, tree := range trees {
		dropBlank(tree.Root, source.Blank)
		if defined == f.name {
			f.body.tree = tree
			continue
		}
		f.defines[defined] = &unit{key: f.name + " " + defined, name: defined, file: f, tree: tree}
	}
	return f
}

// sorted puts faults in the order of files and places, and drops doubles.
func (s *set) sorted() Errors {
	const most = 50
	slices.SortStableFunc(s.faults, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(s.rank(a.File), s.rank(b.File)), cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	s.faults = slices.CompactFunc(s.faults, func(a, b *Error) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
	return s.faults[:min(len(s.faults), most)]
}

// rank puts the page first, then its layouts, then partials.
func (s *set) rank(name string) int {
	if name == s.page.name {
		return 0
	}
	if f := s.files[name]; f != nil && f.layout > 0 {
		return f.layout
	}
	return len(s.layouts) + 1
}

// release lets go of the trees. A template that runs keeps its files, for places.
func (s *set) release() {
	for _, f := range s.files {
		f.body, f.defines = nil, nil
	}
}
