package script

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"huygens/pages/source"
)

// site makes a folder of the files of a txtar archive.
func site(t testing.TB, archive string) *source.Folder {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	return folder
}

// compile compiles code that must be right, as page.ts.
func compile(t testing.TB, code string) *Program {
	t.Helper()
	p, err := Compile(context.Background(), File{"page.ts", code}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// start starts code that must be right.
func start(t testing.TB, code string, globals map[string]any) *Runtime {
	t.Helper()
	r, err := compile(t, code).Start(context.Background(), Host{Globals: globals})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// result runs the body of an async function and returns what it returns, as Go value.
func result(t testing.TB, body string, globals map[string]any) (any, error) {
	t.Helper()
	v, err := start(t, "export async function f() {\n"+body+"\n}", globals).Call(context.Background(), "f")
	return Export(v), err
}
