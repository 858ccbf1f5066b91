package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/unistring"

	"github.com/evanw/esbuild/pkg/api"
)

// A Program is compiled server code. It is immutable and may be started by any number of goroutines.
type Program struct {
	name      string // the file's
	code      *goja.Program
	functions []string // sorted
	guards    guards
}

// Functions lists the functions that can be called, sorted.
func (p *Program) Functions() []string { return slices.Clone(p.functions) }

// Has says whether Call finds this function.
func (p *Program) Has(name string) bool {
	_, found := slices.BinarySearch(p.functions, name)
	return found
}

// internalName stands for code that is no author's: what esbuild adds.
const internalName = "huygens"

// link makes a Program of what esbuild made.
func link(f File, out output) (program *Program, err error) {
	defer func() {
		if x := recover(); x != nil { // an assertion of the engine's compiler; never seen, but the text is the author's
			program, err = nil, Errors{{File: f.Name, Message: fmt.Sprintf("the engine cannot compile this: %v", x)}}
		}
	}()
	places, err := readMapping(out.mapping)
	if err != nil {
		return nil, fmt.Errorf("compiling %s: %w", f.Name, err)
	}
	tree, err := parser.ParseFile(nil, internalName, out.code+footer, 0, parser.WithSourceMapLoader(places.load))
	if err != nil {
		return nil, places.faults(f.Name, err)
	}
	if faults := checkRegexps(tree, out.code); faults != nil {
		return nil, faults
	}
	body := bodyOf(tree)
	if body == nil {
		return nil, Errors{{File: f.Name, Message: "the engine cannot compile this"}}
	}
	p := &Program{name: f.Name, guards: guardsFor(out.code)}
	p.functions = returnExports(body, out)
	if p.code, err = goja.CompileAST(tree, true); err != nil {
		return nil, compilerFault(f.Name, err)
	}
	return p, nil
}

// bodyOf is the body of the function that banner opens.
func bodyOf(tree *ast.Program) *ast.BlockStatement {
	if len(tree.Body) != 1 {
		return nil
	}
	if s, ok := tree.Body[0].(*ast.ExpressionStatement); ok {
		if call, ok := s.Expression.(*ast.CallExpression); ok {
			if f, ok := call.Callee.(*ast.FunctionLiteral); ok {
				return f.Body
			}
		}
	}
	return nil
}

// returnExports ends the body with a return of all that can be asked for by name, and says which of it are functions.
func returnExports(body *ast.BlockStatement, out output) []string {
	kinds := declared(body.List)
	exports := out.exported
	if !out.bundled { // in a bundle, other files' functions stand here too; its own ones are all exported
		for _, d := range kinds.order {
			if kinds.of[d] == isFunction && !isMade(d, out.exported) {
				exports = append(exports, export{d, d})
			}
		}
	}
	object := &ast.ObjectLiteral{LeftBrace: body.RightBrace, RightBrace: body.RightBrace}
	seen := map[string]bool{"__proto__": true}
	var functions []string
	for _, e := range exports {
		if seen[e.name] {
			continue
		}
		seen[e.name] = true
		object.Value = append(object.Value, &ast.PropertyKeyed{
			Key:   &ast.StringLiteral{Idx: body.RightBrace, Literal: e.name, Value: unistring.NewFromString(e.name)},
			Kind:  ast.PropertyKindValue,
			Value: &ast.Identifier{Idx: body.RightBrace, Name: unistring.NewFromString(e.local)},
		})
		if kinds.of[e.local] != isValue {
			functions = append(functions, e.name)
		}
	}
	body.List = append(body.List, &ast.ReturnStatement{Return: body.RightBrace, Argument: object})
	slices.Sort(functions)
	return functions
}

// isMade says whether esbuild has made a function: a helper, or the name of an anonymous default.
func isMade(name string, exported []export) bool {
	return strings.HasPrefix(name, "__") || strings.HasSuffix(name, "_default") && slices.Contains(exported, export{name, "default"})
}

// kind is what a name of the top level stands for, as far as it can be seen.
type kind int

const (
	isUnknown kind = iota // may be a function
	isFunction
	isValue
)

type declarations struct {
	order []string
	of    map[string]kind
}

// declared lists the names that statements declare.
func declared(list []ast.Statement) declarations {
	d := declarations{of: map[string]kind{}}
	add := func(name unistring.String, k kind) {
		d.order = append(d.order, name.String())
		d.of[name.String()] = k
	}
	bindings := func(list []*ast.Binding) {
		for _, b := range list {
			if id, ok := b.Target.(*ast.Identifier); ok {
				add(id.Name, kindOf(b.Initializer))
			}
		}
	}
	for _, s := range list {
		switch s := s.(type) {
		case *ast.FunctionDeclaration:
			add(s.Function.Name.Name, isFunction)
		case *ast.ClassDeclaration:
			add(s.Class.Name.Name, isValue)
		case *ast.VariableStatement:
			bindings(s.List)
		case *ast.LexicalDeclaration:
			bindings(s.List)
		}
	}
	return d
}

func kindOf(e ast.Expression) kind {
	switch e.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		return isFunction
	case *ast.ObjectLiteral, *ast.ArrayLiteral, *ast.StringLiteral, *ast.NumberLiteral, *ast.BooleanLiteral,
		*ast.NullLiteral, *ast.TemplateLiteral, *ast.RegExpLiteral, *ast.NewExpression, *ast.ClassLiteral:
		return isValue
	}
	return isUnknown
}

// functionNames lists the functions at the top level of one file. As a CommonJS module the file is something that the
// engine's parser reads, whatever it imports.
func functionNames(f File) ([]string, Errors) {
	r := api.Transform(f.Text, transformOptions(f, api.FormatCommonJS))
	if len(r.Errors) > 0 {
		return nil, faultsOf(r.Errors, f.Name)
	}
	places, err := readMapping(r.Map)
	if err != nil {
		return nil, Errors{{File: f.Name, Message: err.Error(), Err: err}}
	}
	tree, err := parser.ParseFile(nil, internalName, string(r.Code), 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, places.faults(f.Name, err)
	}
	var names []string
	d := declared(tree.Body)
	for _, name := range d.order {
		if d.of[name] == isFunction && !isMade(name, nil) {
			names = append(names, name)
		}
	}
	return names, nil
}

// compilerFault translates what the engine's compiler says.
func compilerFault(name string, err error) error {
	e := &Error{File: name, Message: err.Error(), Err: err}
	var syntax *goja.CompilerSyntaxError
	var reference *goja.CompilerReferenceError
	var at *goja.CompilerError
	switch {
	case errors.As(err, &syntax):
		at = &syntax.CompilerError
	case errors.As(err, &reference):
		at = &reference.CompilerError
	default:
		return Errors{e}
	}
	e.Message = lowerFirst(at.Message)
	if at.File != nil {
		e.setPlace(at.File.Position(at.Offset))
	}
	return Errors{e}
}

// setPlace takes over a place that the engine knows through the source map.
func (e *Error) setPlace(p file.Position) {
	if name, ok := authorFile(p.Filename); ok {
		e.File, e.Line, e.Column = name, p.Line, p.Column
	}
}
