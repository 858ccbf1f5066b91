package pages

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Check compiles every page of the application without running any, and returns the faults by file and place.
func (a *Application) Check(ctx context.Context) ([]Fault, error) {
	files, err := a.pageFiles()
	if err != nil {
		return nil, err
	}
	var all []Fault
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		u := a.compile(ctx, file, nil)
		for _, f := range FaultsOf(u.err) {
			if f.File == "" {
				f.File = file
			}
			if !slices.ContainsFunc(all, func(g Fault) bool {
				return g.File == f.File && g.Line == f.Line && g.Column == f.Column && g.Message == f.Message
			}) {
				all = append(all, f)
			}
		}
	}
	return all, nil
}

// pageFiles are the pages that have an address, in order of their names.
func (a *Application) pageFiles() ([]string, error) {
	var files []string
	err := fs.WalkDir(a.folder.Root().FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case d.IsDir() && privateFolder(d.Name()):
			return fs.SkipDir
		case d.Type().IsRegular() && isPageFile(name) && !strings.HasPrefix(path.Base(name), "_") && !strings.HasPrefix(path.Base(name), "."):
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

// privateFolder says whether nothing in a folder has an address.
func privateFolder(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || slices.Contains([]string{"App_Data", "App_Code", "modules", "node_modules"}, name)
}
