package watch

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// Each editor saves in its own way; each save is one change of one file.
func TestEditorsSaveOnce(t *testing.T) {
	rename := func(w *watched, from, to string) { w.must(os.Rename(w.path(from), w.path(to))) }
	editors := []struct {
		name string
		save func(w *watched, text string)
	}{
		{"truncate and write", func(w *watched, text string) { w.write("page.md", text) }},
		{"VS Code: open, truncate, write, sync", func(w *watched, text string) {
			f, err := os.OpenFile(w.path("page.md"), os.O_RDWR, 0)
			w.must(err)
			w.must(f.Truncate(0))
			_, err = f.WriteString(text[:1])
			w.must(err)
			_, err = f.WriteString(text[1:])
			w.must(err)
			w.must(f.Sync())
			w.must(f.Close())
		}},
		{"vim: probe, rename the old file away, write a new one, remove the backup", func(w *watched, text string) {
			w.write("4913", "")
			w.must(os.Remove(w.path("4913")))
			w.write(".page.md.swp", "swap")
			rename(w, "page.md", "page.md~")
			w.write("page.md", text)
			w.must(os.Chmod(w.path("page.md"), 0o644))
			w.must(os.Remove(w.path("page.md~")))
			w.must(os.Remove(w.path(".page.md.swp")))
		}},
		{"write to a temporary file and rename it over", func(w *watched, text string) {
			w.write(".page.md.tmp", text)
			rename(w, ".page.md.tmp", "page.md")
		}},
		{"a temporary name that nobody knows", func(w *watched, text string) {
			w.write("sedZq81Xk", text)
			rename(w, "sedZq81Xk", "page.md")
		}},
		{"JetBrains: safe write", func(w *watched, text string) {
			w.write("page.md___jb_tmp___", text)
			rename(w, "page.md", "page.md___jb_old___")
			rename(w, "page.md___jb_tmp___", "page.md")
			w.must(os.Remove(w.path("page.md___jb_old___")))
		}},
		{"Emacs: lock, back up by rename, write", func(w *watched, text string) {
			w.must(os.Symlink("me@here.1", w.path(".#page.md")))
			rename(w, "page.md", "page.md~")
			w.write("page.md", text)
			w.must(os.Remove(w.path(".#page.md")))
		}},
		{"remove and write", func(w *watched, text string) {
			w.must(os.Remove(w.path("page.md")))
			w.write("page.md", text)
		}},
	}
	for _, editor := range editors {
		t.Run(editor.name, func(t *testing.T) {
			t.Parallel()
			w := watchFolder(t, map[string]string{"page.md": "old"}, Options{}, func(w *Watcher) { w.slow = quiet })
			for i := range 10 {
				editor.save(w, fmt.Sprintf("new %d", i))
				got, _ := w.mark()
				// Usually one; a slow machine may see the file half way through the save as well.
				if len(got) == 0 || slices.ContainsFunc(got, func(c Change) bool { return c.Path != "page.md" }) {
					t.Fatalf("save %d told %v", i, got)
				}
				if last := got[len(got)-1]; last.Kind == Removed {
					t.Errorf("save %d ended with %v", i, last)
				}
			}
		})
	}
}

func TestCaseOnlyRename(t *testing.T) {
	w := watchFolder(t, map[string]string{"page.md": "text"}, Options{})
	w.must(os.Rename(w.path("page.md"), w.path("Page.md")))
	w.want("removed page.md", "created Page.md")
}

// Many saves, by rename and in place in turn: each is told, none is told for a file that nobody saved.
func TestNoSaveIsMissed(t *testing.T) {
	w := watchFolder(t, map[string]string{"page.md": "old", "other.md": "other"}, Options{}, func(w *Watcher) { w.slow = quiet })
	for i := range 300 {
		text := fmt.Sprintf("save number %04d", i) // all of one size
		if i%2 == 0 {
			w.write("page.md", text)
		} else {
			w.write("page.md.tmp", text)
			w.must(os.Rename(w.path("page.md.tmp"), w.path("page.md")))
		}
		for told := false; !told; {
			b := <-w.batches
			for _, c := range b.Changes {
				if c.Path != "page.md" || c.Kind == Removed {
					t.Fatalf("save %d told %v", i, c)
				}
				told = true
			}
		}
		for len(w.batches) > 0 {
			<-w.batches
		}
	}
}
