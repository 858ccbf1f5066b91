package highlight

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
)

func TestAppend(t *testing.T) {
	tests := []struct{ language, code, want string }{
		{"go", "func f() string { return \"a<b\" } // x", `<k>func</> <nf>f</>() <kt>string</> { <k>return</> <s>"a<b"</> } <c1>// x</>`},
		{"GO", "x := `a\nb` + 0xff /* c", "x := <s>`a\nb`</> + <m>0xff</> <c>/* c</>"},
		{"ts", "const é = `${x}` ?? true", "<k>const</> é = <s>`${x}`</> ?? <kc>true</>"},
		{"js", "a['\\''] // 1.5px", "a[<s>'\\''</>] <c1>// 1.5px</>"},
		{"html", `<p class="a" x='b'>t &amp; {{.x}}<!-- c --></p>`, `<nt><p</> <na>class</>=<s>"a"</> <na>x</>=<s>'b'</><nt>></>t &amp; <cp>{{.x}}</><c><!-- c --></><nt></p</><nt>></>`},
		{"html", "<style>a{b:c}</style><script>let x</script>", "<nt><style</><nt>></><nt>a</>{<na>b</>:c}<nt></style</><nt>></><nt><script</><nt>></><k>let</> x<nt></script</><nt>></>"},
		{"css", "@media print { .a:hover { color: #fff; --x: 1px } }", "<k>@media</> <nt>print</> { <nt>.a</>:<nt>hover</> { <na>color</>: #fff; <nv>--x</>: <m>1px</> } }"},
		{"json", `{"a": ["b", 1.5, null]}`, `{<nt>"a"</>: [<s>"b"</>, <m>1.5</>, <kc>null</>]}`},
		{"yaml", "a: b # c\n- d: \"e\"\nf: true", "<na>a</>: b <c1># c</>\n- <na>d</>: <s>\"e\"</>\n<na>f</>: <kc>true</>"},
		{"toml", "[a.b]\nc = 'd' # e", "<k>[a.b]</>\n<na>c</> = <s>'d'</> <c1># e</>"},
		{"sh", "if [ \"$x\" ]; then echo ${y} a#b $1; fi # c", "<k>if</> [ <s>\"$x\"</> ]; <k>then</> echo <nv>${y}</> a#b <nv>$1</>; <k>fi</> <c1># c</>"},
		{"diff", "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z", "<gh>--- a</>\n<gh>+++ b</>\n<gu>@@ -1 +1 @@</>\n<gd>-x</>\n<gi>+y</>\n z"},
		{"sql", "SELECT a FROM b -- c", "<k>SELECT</> a <k>FROM</> b <c1>-- c</>"},
		{"c", "#include <x>\nint f();", "<cp>#include <x></>\n<kt>int</> <nf>f</>();"},
		{"brainfuck", "if (x) {\x00}", "if (x) {\ufffd}"},
		{"", "<&>", "<&>"},
		{"go", "", ""},
	}
	for _, test := range tests {
		got := string(Append(nil, test.language, test.code, Options{}))
		if short := shorten(got); short != test.want {
			t.Errorf("%s %q:\n got %s\nwant %s", test.language, test.code, short, test.want)
		}
	}
}

// shorten writes spans as <class>…</> and the rest as the code it stands for.
func shorten(text string) string {
	text = regexp.MustCompile(`<span class="(\w+)">`).ReplaceAllString(text, "\x01$1\x02")
	text = html.UnescapeString(strings.ReplaceAll(text, "</span>", "\x03"))
	return strings.NewReplacer("\x01", "<", "\x02", ">", "\x03", "</>").Replace(text)
}

func TestBraces(t *testing.T) {
	for _, language := range []string{"go", "html", "css", ""} {
		got := string(Append(nil, language, "{{.x}} {a{}", Options{Braces: true}))
		if strings.Contains(got, "{") || !strings.Contains(shorten(got), "{{.x}}") {
			t.Errorf("%s: got %s", language, got)
		}
	}
}

// Style sheets made for chroma must fit.
func TestClassesAreChromas(t *testing.T) {
	known := map[string]bool{}
	for _, class := range chroma.StandardTypes {
		known[class] = true
	}
	for _, class := range []string{
		classKeyword, classConstant, classType, classFunction, classTag, classAttribute, classVariable, classString, classNumber,
		classComment, classLineComment, classPreproc, classInserted, classDeleted, classHunk, classSection,
	} {
		if !known[class] {
			t.Errorf("chroma has no class %q", class)
		}
	}
	for name, l := range languages() {
		for word, class := range l.words {
			if !known[class] || l.foldCase && word != strings.ToLower(word) {
				t.Errorf("%s: word %q, class %q", name, word, class)
			}
		}
		if !Known(strings.ToUpper(name)) {
			t.Errorf("%s is not known", name)
		}
	}
}

// Whatever the code, its HTML without spans is the code.
func FuzzAppend(f *testing.F) {
	for _, seed := range []string{"go\x00func f() { `x\n", "html\x00<a b='{{.}}'><script>x</scr", "css\x00@a{b:c", "yaml\x00- [a]: 'b", "diff\x00+\n-\n", "sh\x00${x} $(", "json\x00{\"a\\\": 1"} {
		language, code, _ := strings.Cut(seed, "\x00")
		f.Add(language, code)
	}
	f.Fuzz(func(t *testing.T, language, code string) {
		out := string(Append(nil, language, code, Options{Braces: true}))
		text := regexp.MustCompile(`<span class="\w+">|</span>`).ReplaceAllString(out, "")
		if want := string(AppendEscaped(nil, code, true)); text != want {
			t.Fatalf("%s %q became %q", language, code, out)
		}
		if strings.Contains(out, "{") || strings.Count(out, "<span") != strings.Count(out, "</span>") {
			t.Fatalf("%s %q became %q", language, code, out)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	code := strings.Repeat("func (p *parser) walk(n ast.Node, f func(ast.Node)) { // every node\n\tfor c := n.FirstChild(); c != nil; c = c.NextSibling() {\n\t\tp.walk(c, \"x\")\n\t}\n}\n", 100)
	for _, language := range []string{"go", "ts", "html", "css", "yaml", "json"} {
		b.Run(language, func(b *testing.B) {
			b.SetBytes(int64(len(code)))
			var out []byte
			for b.Loop() {
				out = Append(out[:0], language, code, Options{})
			}
		})
	}
}
