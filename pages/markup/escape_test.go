package markup

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

// compareEscaper holds an escaper of ours against html/template's of the same name.
func compareEscaper(t *testing.T, name string, v any) {
	t.Helper()
	e, want := escapers[name], asked(name, v)
	got, err := (&writer{first: e}).append([]byte("x"), v)
	if err != nil || string(got) != "x"+want {
		t.Errorf("%s of %T %#v\nwant %q\ngot  %q %v", name, v, v, want, got[1:], err)
	}
	s, ok := v.(string)
	if !ok {
		return
	}
	if got := e.text(nil, s); string(got) != want {
		t.Errorf("%s.text(%q)\nwant %q\ngot  %q", name, s, want, got)
	}
	if e.clean != nil && e.clean(s) != (want == s) {
		t.Errorf("%s.clean(%q) is %t, but it becomes %q", name, s, e.clean(s), want)
	}
}

func TestEscapersMatchHTMLTemplate(t *testing.T) {
	if len(escapers) != len(escaperNames) {
		t.Errorf("%d escapers, %d names", len(escapers), len(escaperNames))
	}
	r := rand.New(rand.NewPCG(1, 2))
	rounds := 1500
	if testing.Short() {
		rounds = 200
	}
	for _, short := range escaperNames {
		name := escaperPrefix + short
		if escapers[name] == nil {
			t.Fatalf("no %s", name)
		}
		for c := range rune(0x180) {
			compareEscaper(t, name, "a"+string(c)+"1")
			compareEscaper(t, name, string([]byte{byte(c)}))
		}
		for range rounds {
			compareEscaper(t, name, randomText(r))
			compareEscaper(t, name, randomValue(r, 1))
		}
		if t.Failed() {
			return
		}
	}
}

func FuzzEscapers(f *testing.F) {
	for _, s := range fragments {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, short := range escaperNames {
			compareEscaper(t, escaperPrefix+short, s)
			for c := asText; c <= asSrcset; c++ {
				compareEscaper(t, escaperPrefix+short, typed(s, c))
			}
		}
	})
}

// A ring contains itself.
func ring() map[string]any {
	m := map[string]any{}
	m["self"] = []any{m}
	return m
}

// wide is small and prints without end.
func wide() any {
	v := any("x")
	for range 60 {
		v = []any{v, v}
	}
	return v
}

func TestValuesThatCannotBePrinted(t *testing.T) {
	for name, v := range map[string]any{"ring": ring(), "wide": wide(), "object": testObject{"self": ring()}} {
		for _, escaper := range escaperNames {
			if escaper == "commentescaper" || name == "wide" && escaper != "htmlescaper" && escaper != "jsvalescaper" {
				continue
			}
			_, err := (&writer{first: escapers[escaperPrefix+escaper]}).append(nil, v)
			if !errors.Is(err, errTooDeep) {
				t.Errorf("%s in %s: %v", name, escaper, err)
			}
		}
		for _, function := range []string{"print", "println", "html", "js", "urlquery", "_eval_args_"} {
			if name == "wide" && function != "print" {
				continue
			}
			if _, err := builtinOf(function)([]any{v}); !errors.Is(err, errTooDeep) {
				t.Errorf("%s in %s: %v", name, function, err)
			}
		}
		if _, err := sprintf([]any{"%v", v}); !errors.Is(err, errTooDeep) {
			t.Errorf("%s in printf: %v", name, err)
		}
	}
}

func TestNumbersPrintAsInJavaScript(t *testing.T) {
	for _, test := range []struct {
		v    any
		want string
	}{
		{1234567.5, "1234567.5"},
		{1e6, "1000000"},
		{123456789012345680000.0, "123456789012345680000"},
		{1e21, "1e&#43;21"},
		{1.5e300, "1.5e&#43;300"},
		{0.000001, "0.000001"},
		{1e-7, "1e-7"},
		{-1.25e-12, "-1.25e-12"},
		{0.30000000000000004, "0.30000000000000004"},
		{float32(0.1), "0.1"},
		{int8(-3), "-3"},
		{uint64(1 << 63), "9223372036854775808"},
		{time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), "2026-11-21T12:00:00Z"},
		{time.Date(2026, 11, 21, 12, 0, 0, 5e6, time.FixedZone("", 3600)), "2026-11-21T12:00:00.005&#43;01:00"},
	} {
		got := render(t, "{{.v}}", map[string]any{"v": test.v})
		if got != test.want {
			t.Errorf("%T %v prints as %s, want %s", test.v, test.v, got, test.want)
		}
		if got := render(t, "{{print .v}}|{{printf `%v %s` .v .v}}", map[string]any{"v": test.v}); got != test.want+"|"+test.want+" "+test.want &&
			!isWhole(test.v) {
			t.Errorf("%T %v is printed by print as %s, want %s", test.v, test.v, got, test.want)
		}
	}
	if got := render(t, `{{printf "%.2f %05.1f" .v .v}}`, map[string]any{"v": 3.14159}); got != "3.14 003.1" {
		t.Error(got)
	}
}

func isWhole(v any) bool { return reflectOf(v).CanInt() || reflectOf(v).CanUint() }
