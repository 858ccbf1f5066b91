package markup

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"text/template/parse"
)

const (
	maxInlined = 20_000 // nodes put in place of calls, in one page
	maxNested  = 10     // calls within calls that stand in attributes, scripts and the like
	longText   = 32 << 10
	piece      = 4 << 10
)

// A forest is the analysed trees of a set: escapers stand in their pipelines.
type forest struct {
	trees   map[string]*parse.Tree
	inlined map[*parse.ListNode]*call // lists that stand in place of a call
	texts   []*parse.TextNode         // in document order from the entry, as they were before the analysis
	owner   map[*parse.TextNode]*file
}

// A call is a {{template}} whose unit was put in its place.
type call struct {
	node *parse.TemplateNode
	unit *unit
}

// A site names a call in the author's files.
type site struct {
	file *file
	pos  parse.Pos
}

// analyse lets html/template find the context of every action.
//
// html/template analyses a template that is called in another context than text (an attribute, a script) as a
// copy that it does not give out. So such calls are looked for in a first analysis, and in the next one the
// called tree stands in place of the call, until there are none left.
//
// In a script its time grows with the square of the text: at each quote it looks for the end tag in all that
// follows. So long texts are cut behind line ends, where it keeps its state anyway. Only what looks like a regular
// expression over several lines is a fault then; so the text is analysed whole before such a fault is told.
func (s *set) analyse() (*forest, error) {
	s.cut = true
	f, err := s.analyseAs()
	var fault *template.Error
	if s.wasCut && errors.As(err, &fault) && (fault.ErrorCode == template.ErrPartialCharset || fault.ErrorCode == template.ErrPartialEscape) {
		s.cut = false
		f, err = s.analyseAs()
	}
	return f, err
}

func (s *set) analyseAs() (*forest, error) {
	inline := map[site]bool{}
	for range maxNested + 1 {
		f, fault := s.plant(inline)
		if fault == nil {
			if err := f.escape(s.entry.key); err != nil {
				return nil, Errors{s.explain(err, inline)}
			}
		}
		found := 0
		var last *Error
		for key := range f.trees {
			f.hidden(f.trees[key].Root, s.units[key].file, func(n *parse.TemplateNode, in *file) {
				if at := (site{in, n.Pos}); !inline[at] {
					inline[at] = true
					found++
				}
				last = place{in, int(n.Pos)}.fault("a template that is called in an attribute, script or style cannot call itself there")
			})
		}
		switch {
		case fault != nil:
			return nil, Errors{fault}
		case last == nil:
			return f, nil
		case found == 0:
			return nil, Errors{last}
		}
	}
	return nil, Errors{place{s.entry.file, 0}.fault(
		"templates call each other more than %d deep in attributes, scripts or styles", maxNested)}
}

// hidden calls f for each call that the analysis has led to a copy of its own.
func (f *forest) hidden(l *parse.ListNode, in *file, found func(*parse.TemplateNode, *file)) {
	if l == nil {
		return
	}
	if c := f.inlined[l]; c != nil {
		in = c.unit.file
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TemplateNode:
			if strings.Contains(n.Name, "$htmltemplate_") {
				found(n, in)
			}
		case *parse.ListNode:
			f.hidden(n, in, found)
		default:
			if b := branchOf(n); b != nil {
				f.hidden(b.List, in, found)
				f.hidden(b.ElseList, in, found)
			}
		}
	}
}

func branchOf(n parse.Node) *parse.BranchNode {
	switch n := n.(type) {
	case *parse.IfNode:
		return &n.BranchNode
	case *parse.WithNode:
		return &n.BranchNode
	case *parse.RangeNode:
		return &n.BranchNode
	}
	return nil
}

// plant copies the trees that the entry reaches, with the calls in inline replaced.
func (s *set) plant(inline map[site]bool) (*forest, *Error) {
	f := &forest{
		trees: map[string]*parse.Tree{}, inlined: map[*parse.ListNode]*call{},
		owner: map[*parse.TextNode]*file{},
	}
	p := planter{set: s, forest: f, inline: inline}
	p.unit(s.entry)
	return f, p.fault
}

type planter struct {
	set    *set
	forest *forest
	inline map[site]bool
	size   int
	nested []*unit
	fault  *Error
}

func (p *planter) unit(u *unit) {
	if p.forest.trees[u.key] != nil {
		return
	}
	tree := &parse.Tree{Name: u.key, ParseName: u.file.name, Root: u.tree.Root.CopyList()}
	p.forest.trees[u.key] = tree
	p.list(tree.Root, u.file)
}

func (p *planter) list(l *parse.ListNode, in *file) {
	if l == nil || p.fault != nil {
		return
	}
	p.cut(l)
	for i, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			p.forest.texts = append(p.forest.texts, n)
			p.forest.owner[n] = in
		case *parse.TemplateNode:
			u := p.set.units[n.Name]
			if !p.inline[site{in, n.Pos}] {
				p.unit(u)
			} else if body := p.body(n, u, in); body != nil {
				l.Nodes[i] = body
			}
		default:
			if b := branchOf(n); b != nil {
				p.list(b.List, in)
				p.list(b.ElseList, in)
			}
		}
	}
}

// cut puts pieces in place of long texts.
func (p *planter) cut(l *parse.ListNode) {
	long := func(n parse.Node) bool { t, ok := n.(*parse.TextNode); return ok && len(t.Text) > longText }
	if !p.set.cut || !slices.ContainsFunc(l.Nodes, long) {
		return
	}
	var nodes []parse.Node
	for _, n := range l.Nodes {
		if !long(n) {
			nodes = append(nodes, n)
			continue
		}
		text := n.(*parse.TextNode)
		for whole, at := text.Text, 0; at < len(whole); {
			end := len(whole)
			if i := bytes.IndexByte(whole[min(at+piece, end):], '\n'); i >= 0 {
				end = at + piece + i + 1
				p.set.wasCut = true
			}
			part := text.Copy().(*parse.TextNode)
			part.Pos, part.Text = text.Pos+parse.Pos(at), slices.Clone(whole[at:end])
			nodes = append(nodes, part)
			at = end
		}
	}
	l.Nodes = nodes
}

// body is what stands in place of a call.
func (p *planter) body(n *parse.TemplateNode, u *unit, in *file) *parse.ListNode {
	body := u.tree.Root.CopyList()
	walk(body, func(parse.Node) { p.size++ })
	at := place{in, int(n.Pos)}
	switch {
	case slices.Contains(p.nested, u):
		p.fault = at.fault("the template %q is called in an attribute, script or style; it cannot call itself there", u.name)
	case p.size > maxInlined:
		p.fault = at.fault("the templates called in attributes, scripts and styles are too large together")
	}
	if p.fault != nil {
		return nil
	}
	p.forest.inlined[body] = &call{n, u}
	p.nested = append(p.nested, u)
	p.list(body, u.file)
	p.nested = p.nested[:len(p.nested)-1]
	return body
}

// refuse is a writer that lets nothing pass.
type refuse struct{}

var errRefused = errors.New("refused")

func (refuse) Write([]byte) (int, error) { return 0, errRefused }

// escape runs html/template's analysis over the trees and nothing of the templates: the first thing that it
// would write is a text before the entry's first node, and that is refused.
func (f *forest) escape(entry string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("html/template cannot analyse this: %v", r)
		}
	}()
	set := template.New("")
	for key, tree := range f.trees {
		if _, err := set.AddParseTree(key, tree); err != nil {
			return err
		}
	}
	root := f.trees[entry].Root
	root.Nodes = slices.Insert(root.Nodes, 0, parse.Node(&parse.TextNode{NodeType: parse.NodeText, Text: []byte(" ")}))
	err = set.ExecuteTemplate(refuse{}, entry, nil)
	if !errors.Is(err, errRefused) {
		return err
	}
	root.Nodes = root.Nodes[1:]
	return nil
}
