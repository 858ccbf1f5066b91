package assets

import (
	"embed"
	"io/fs"
)

//go:embed viewer
var viewer embed.FS

// Viewer holds the trace viewer's files: viewer.html, with {{key}} where the key of this run belongs, and the
// scripts and style that it asks for by their names.
func Viewer() fs.FS {
	files, err := fs.Sub(viewer, "viewer")
	if err != nil {
		return viewer // cannot be: the folder is embedded
	}
	return files
}
