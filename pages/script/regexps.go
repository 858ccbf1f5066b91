package script

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// matchTime bounds one match of a regular expression that the engine can only do by backtracking. When it is over the
// match is told as no match; a deadline that has passed meanwhile then ends the script.
const matchTime = 500 * time.Millisecond

// limitRegexps sets matchTime, once and before the first regular expression is compiled. The engine has no place for it.
var limitRegexps = sync.OnceFunc(func() { regexp2.DefaultMatchTimeout = matchTime })

// suspicious finds code in which checkRegexps has something to look for.
var suspicious = regexp.MustCompile(`/[a-zA-Z]*[dv]|\\[pP]\{|RegExp`)

// checkRegexps refuses regular expressions that the engine would take and then match wrongly, or refuse at run time:
// \p{…} never matches in it, and it does not know the flags d and v.
func checkRegexps(tree *ast.Program, code string) Errors {
	if !suspicious.MatchString(code) {
		return nil
	}
	var faults Errors
	check := func(at file.Idx, pattern, flags string) {
		if e := checkRegexp(pattern, flags); e != nil {
			e.setPlace(tree.File.Position(int(at) - tree.File.Base()))
			if inPackage(e.File) {
				e.Hint = "the package cannot be used here; another one, or an older version of it, may do without"
			}
			faults = append(faults, e)
		}
	}
	inspect(reflect.ValueOf(tree.Body), func(n any) {
		switch n := n.(type) {
		case *ast.RegExpLiteral:
			check(n.Idx, n.Pattern, n.Flags)
		case *ast.NewExpression:
			checkConstructor(n.Callee, n.ArgumentList, n.New, check)
		case *ast.CallExpression:
			checkConstructor(n.Callee, n.ArgumentList, n.Idx0(), check)
		}
	})
	return faults
}

// checkConstructor looks into RegExp("…", "…").
func checkConstructor(callee ast.Expression, args []ast.Expression, at file.Idx, check func(file.Idx, string, string)) {
	if id, ok := callee.(*ast.Identifier); !ok || id.Name != "RegExp" || len(args) == 0 {
		return
	}
	var text [2]string
	for i := range min(len(args), 2) {
		s, ok := args[i].(*ast.StringLiteral)
		if !ok {
			return
		}
		text[i] = s.Value.String()
	}
	check(at, text[0], text[1])
}

func checkRegexp(pattern, flags string) *Error {
	if strings.ContainsAny(flags, "uv") {
		if class := propertyClass(pattern); class != "" {
			return &Error{
				Message: fmt.Sprintf("the engine does not know %s…} in regular expressions: it would never match", class),
				Hint:    `write the ranges, for example [A-Za-z\u00C0-\u024F] for letters`,
			}
		}
	}
	if i := strings.IndexAny(flags, "dv"); i >= 0 {
		return &Error{
			Message: fmt.Sprintf("the engine does not know the flag %q of regular expressions", flags[i:i+1]),
			Hint:    "leave it out and say the same in another way",
		}
	}
	return nil
}

// propertyClass finds \p{ or \P{ that is not itself escaped.
func propertyClass(pattern string) string {
	for i := 0; i+2 < len(pattern); i++ {
		if pattern[i] != '\\' {
			continue
		}
		if (pattern[i+1] == 'p' || pattern[i+1] == 'P') && pattern[i+2] == '{' {
			return pattern[i : i+3]
		}
		i++
	}
	return ""
}

// inspect calls f for each node of a tree. The engine has no walker of its own; the shapes of its nodes are public.
func inspect(v reflect.Value, f func(any)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			inspect(v.Elem(), f)
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*file.File]() {
			return
		}
		if v.CanInterface() {
			f(v.Interface())
		}
		inspect(v.Elem(), f)
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "DeclarationList" { // what it lists stands in the tree too
				inspect(v.Field(i), f)
			}
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k == reflect.Interface || k == reflect.Pointer || k == reflect.Struct {
			for i := range v.Len() {
				inspect(v.Index(i), f)
			}
		}
	}
}
