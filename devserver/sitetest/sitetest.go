package sitetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Test runs every archive that matches a pattern as a subtest of its file's name. start serves the files that
// have been written into a folder, and must see to it that the site is stopped (t.Cleanup).
func Test(t *testing.T, pattern string, start func(t *testing.T, folder string) Site) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no file matches %s", pattern)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, err := Parse(filepath.ToSlash(file), data)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			if err := script.WriteFiles(folder); err != nil {
				t.Fatal(err)
			}
			for _, f := range script.Run(t.Context(), start(t, folder)) {
				t.Error(f)
			}
		})
	}
}
