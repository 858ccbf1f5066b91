package highlight

import (
	"strings"
	"sync"
)

// words makes a table of classes: class, words, class, words, …
func words(pairs ...string) map[string]string {
	table := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		for _, word := range strings.Fields(pairs[i+1]) {
			table[word] = pairs[i]
		}
	}
	return table
}

var (
	double   = quote{open: `"`, close: `"`, escapes: true}
	single   = quote{open: `'`, close: `'`, escapes: true}
	raw      = quote{open: "`", close: "`", lines: true}
	template = quote{open: "`", close: "`", escapes: true, lines: true}
	triple   = quote{open: `"""`, close: `"""`, escapes: true, lines: true}
	triple1  = quote{open: `'''`, close: `'''`, escapes: true, lines: true}
	verbatim = quote{open: `'`, close: `'`, lines: true}
	cBlock   = [2]string{"/*", "*/"}
	slashes  = []string{"//"}
	hash     = []string{"#"}
	cLike    = []quote{double, single}
)

// languages is the table, by every name. It is made when it is first asked for and not changed.
var languages = sync.OnceValue(func() map[string]*language {
	return table(append(webLanguages(), otherLanguages()...))
})

// webLanguages are those that sites and what is around them are written in.
func webLanguages() []entry {
	script, style := scriptLanguage(), styleLanguage()
	return []entry{
		{"go golang", language{
			scan: scanCode, line: slashes, block: cBlock, quotes: []quote{double, single, raw},
			words: words(classKeyword, "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var",
				classConstant, "true false nil iota",
				classType, "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr"),
		}},
		{"js javascript mjs cjs jsx ts typescript mts cts tsx", script},
		{"json json5 jsonc webmanifest", language{
			scan: scanJSON, line: slashes, block: cBlock, words: words(classConstant, "true false null"),
		}},
		{"html htm xhtml gohtml tmpl gotmpl go-html-template xml svg rss vue svelte aspx xsl plist", language{scan: scanMarkup, inside: map[string]*language{"script": &script, "style": &style}}},
		{"css scss sass less", style},
		{"sh bash shell zsh fish console shell-session sh-session", language{
			scan: scanCode, line: hash, quotes: []quote{double, verbatim}, variables: "$", nameBytes: "-",
			words: words(classKeyword, "if then else elif fi for in do done while until case esac function select time export local return exit set unset source alias readonly declare shift trap",
				classConstant, "true false"),
		}},
		{"powershell ps1 pwsh", language{
			scan: scanCode, line: hash, block: [2]string{"<#", "#>"}, quotes: []quote{{open: `"`, close: `"`}, verbatim}, variables: "$", foldCase: true, nameBytes: "-",
			words: words(classKeyword, "begin break catch class continue data do dynamicparam else elseif end exit filter finally for foreach from function if in param process return switch throw trap try until using while"),
		}},
		{"bat cmd batch", language{
			scan: scanCode, line: []string{"::", "REM ", "rem "}, quotes: []quote{{open: `"`, close: `"`}}, variables: "%", foldCase: true,
			words: words(classKeyword, "call cd copy del do echo else exist exit for goto if in not pause set setlocal endlocal shift start"),
		}},
		{"yaml yml", language{
			scan: scanKeyed, line: hash, quotes: []quote{double, single}, words: words(classConstant, "true false null yes no on off"),
		}},
		{"toml ini cfg conf properties editorconfig dotenv env gitconfig", language{
			scan: scanKeyed, line: []string{"#", ";"}, quotes: []quote{triple, triple1, double, {open: `'`, close: `'`}}, words: words(classConstant, "true false"),
		}},
	}
}

// otherLanguages are those that documentation shows besides.
func otherLanguages() []entry {
	return []entry{
		{"python py python3", language{
			scan: scanCode, line: hash, quotes: []quote{triple, triple1, double, single}, preproc: '@',
			words: words(classKeyword, "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield",
				classConstant, "True False None"),
		}},
		{"sql mysql postgres postgresql sqlite", language{
			scan: scanCode, line: []string{"--"}, block: cBlock, quotes: []quote{{open: `'`, close: `'`, lines: true}, {open: `"`, close: `"`}, raw}, foldCase: true,
			words: words(classKeyword, "add all alter and as asc begin between by cascade case check column commit constraint create cross database default delete desc distinct drop else end except exists explain foreign from full group having if in index inner insert intersect into is join key left like limit not null offset on or order outer pragma primary references replace returning right rollback select set table then transaction trigger union unique update using vacuum values view when where with",
				classConstant, "true false", classType, "bigint blob boolean char date datetime decimal double float int integer json numeric real serial text time timestamp uuid varchar"),
		}},
		{"c h cpp c++ cc cxx hpp objc objective-c", language{
			scan: scanCode, line: slashes, block: cBlock, quotes: cLike, preproc: '#',
			words: words(classKeyword, "alignas auto break case catch class const constexpr continue default delete do else enum explicit extern final for friend goto if inline mutable namespace new noexcept operator override private protected public register return sizeof static struct switch template this throw try typedef typename union using virtual volatile while",
				classConstant, "true false NULL nullptr", classType, "bool char double float int long short signed size_t unsigned void wchar_t"),
		}},
		{"cs c# csharp vb java kotlin kt scala groovy dart", language{
			scan: scanCode, line: slashes, block: cBlock, quotes: []quote{triple, double, single}, preproc: '@',
			words: words(classKeyword, "abstract as async await base break case catch class companion const continue data default def delegate do else enum event explicit extends extension final finally for foreach fun get goto if implements implicit import in init instanceof interface internal is lateinit lazy let lock match mixin namespace native new object open operator out override package params partial private protected public readonly record ref required return sealed set static struct super suspend switch synchronized this throw throws trait transient try typealias using val var virtual volatile when where while with yield",
				classConstant, "true false null", classType, "bool boolean byte char decimal double dynamic float int long sbyte short string uint ulong ushort void Boolean Double Int Long String Unit"),
		}},
		{"rust rs swift zig", language{
			scan: scanCode, line: slashes, block: cBlock, quotes: []quote{double},
			words: words(classKeyword, "actor as async await break case catch class comptime const continue crate default defer deinit do dyn else enum errdefer export extension extern fn for func guard if impl import in init inout internal let loop match mod move mut open orelse override private protocol pub public ref return self static struct super switch test throw throws trait try type typealias unsafe use usize var where while",
				classConstant, "true false nil null None Some Ok Err undefined", classType, "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 Self String Vec Option Result Int Double Bool Void"),
		}},
		{"php", language{
			scan: scanCode, line: []string{"//", "#"}, block: cBlock, quotes: cLike, variables: "$", foldCase: true,
			words: words(classKeyword, "abstract and array as break callable case catch class clone const continue declare default do echo else elseif enum extends final finally fn for foreach function global if implements include instanceof interface isset list match namespace new or print private protected public readonly require require_once return static switch throw trait try unset use var while yield",
				classConstant, "true false null", classType, "bool float int string void mixed"),
		}},
		{"ruby rb elixir ex exs crystal", language{
			scan: scanCode, line: hash, quotes: cLike, variables: "@", nameBytes: "?!",
			words: words(classKeyword, "alias and begin break case class def defmodule defp do else elsif end ensure fn for if import in module next not or private protected public raise require rescue retry return self super then undef unless until use when while with yield",
				classConstant, "true false nil"),
		}},
		{"lua", language{
			scan: scanCode, block: [2]string{"--[[", "]]"}, line: []string{"--"}, quotes: []quote{double, single, {open: "[[", close: "]]", lines: true}},
			words: words(classKeyword, "and break do else elseif end for function goto if in local not or repeat return then until while", classConstant, "true false nil"),
		}},
		{"dockerfile docker containerfile", language{
			scan: scanCode, line: hash, quotes: cLike, variables: "$",
			words: words(classKeyword, "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR"),
		}},
		{"make makefile mk cmake", language{
			scan: scanCode, line: hash, quotes: cLike, variables: "$",
			words: words(classKeyword, "define else endef endif export ifdef ifeq ifndef ifneq include override unexport vpath"),
		}},
		{"graphql gql proto protobuf hcl terraform tf nginx caddyfile", language{
			scan: scanCode, line: []string{"#", "//"}, block: cBlock, quotes: []quote{triple, double, single}, variables: "$",
			words: words(classKeyword, "data enum extend fragment import input interface location message module mutation on option output package provider query repeated resource returns rpc scalar schema server service subscription syntax type union upstream variable",
				classConstant, "true false null on off", classType, "Boolean Float ID Int String bool bytes double float int32 int64 string uint32 uint64"),
		}},
		{"diff patch", language{scan: scanDiff}},
	}
}

func scriptLanguage() language {
	return language{
		scan: scanCode, line: slashes, block: cBlock, quotes: []quote{double, single, template}, nameBytes: "$",
		words: words(classKeyword, "abstract as async await break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in instanceof interface is keyof let namespace new of private protected public readonly return satisfies set static super switch this throw try type typeof var void while with yield",
			classConstant, "true false null undefined NaN Infinity", classType, "any bigint boolean never number object string symbol unknown"),
	}
}

func styleLanguage() language {
	return language{
		scan: scanCSS, line: slashes, block: cBlock, quotes: cLike, variables: "$",
	}
}

type entry struct {
	names    string
	language language
}

func table(entries []entry) map[string]*language {
	t := map[string]*language{}
	for i := range entries {
		for _, name := range strings.Fields(entries[i].names) {
			t[name] = &entries[i].language
		}
	}
	return t
}
