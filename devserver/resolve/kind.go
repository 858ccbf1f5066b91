package resolve

import (
	"path"
	"strings"
)

// A kind is what an entry of a folder is to browsers, by its name and place. It is decided when the folder is
// listed, from the name on disk.
type kind uint8

const (
	private  kind = iota // never served: hidden, code, a link, a device
	folder               // may be entered
	page                 // .gohtml
	markdown             // .md
	generic              // .handler.ts, .handler.js
	service              // .service.ts, .service.js
	client               // source of a client script
	plain                // static
	script               // static, unless server code imports it: .js, .mjs
)

// A place is what the folder of a name means for it.
type place struct {
	root   bool // of an application: modules and global.* are private here
	public bool // in a folder client or public: scripts are client scripts, Markdown is plain
}

// kindOfFile says what a regular file is, given that its name is not hidden.
func kindOfFile(name string, at place) kind {
	folded := fold(name)
	switch stem, ext := splitScript(name); {
	case strings.HasSuffix(stem, ".handler") && ext != "" && ownName(stem, ".handler"):
		return generic
	case strings.HasSuffix(stem, ".service") && ext != "" && ownName(stem, ".service"):
		return service
	}
	switch {
	case codeName(folded), at.root && strings.HasPrefix(folded, "global."):
		return private
	case strings.HasSuffix(folded, ".gohtml"):
		if strings.HasSuffix(name, ".gohtml") && !marked(name) && goodStem(name, ".gohtml") {
			return page
		}
		return private
	case strings.HasSuffix(name, ".md") && !at.public && goodStem(name, ".md"):
		return markdown
	case isClient(name, at):
		return client
	}
	return kindOfScript(folded)
}

// kindOfScript says what a file is that is no page and no client script.
func kindOfScript(folded string) kind {
	switch path.Ext(folded) {
	case ".ts", ".tsx", ".jsx", ".mts", ".cts", ".cjs", ".gohtml":
		return private
	case ".php", ".phtml", ".asp", ".aspx", ".ascx", ".ashx", ".asmx", ".asax", ".cshtml", ".vbhtml", ".jsp", ".cgi":
		return private // code of other systems: shown to nobody, run where [[handlers]] says so
	case ".js", ".mjs":
		if strings.HasPrefix(folded, "global.") {
			return private
		}
		return script
	}
	return plain
}

// codeName says whether a folded name is one of server code, whatever its extension.
func codeName(folded string) bool {
	for _, part := range [...]string{".gohtml.", ".control.", ".handler.", ".service.", ".module."} {
		if strings.Contains(folded, part) {
			return true
		}
	}
	for _, codeBehind := range [...]string{".md.ts", ".md.js"} {
		if strings.HasSuffix(folded, codeBehind) {
			return true
		}
	}
	return false
}

// splitScript takes the extension off a script of the server, "" if it is none.
func splitScript(name string) (stem, ext string) {
	for _, ext := range [...]string{".ts", ".js"} {
		if stem, ok := strings.CutSuffix(name, ext); ok {
			return stem, ext
		}
	}
	return name, ""
}

// ownName says whether a handler's or service's name is otherwise free of the names of code.
func ownName(stem, suffix string) bool {
	own := strings.TrimSuffix(stem, suffix)
	return !codeName(fold(own)+".") && goodName(own)
}

func goodStem(name, suffix string) bool { return goodName(strings.TrimSuffix(name, suffix)) }

// goodName says whether the part of a file's name that is its address may be one.
func goodName(stem string) bool { return stem != "" && !marked(stem) && !odd(stem) }

// isClient says whether a file is the source of a client script.
func isClient(name string, at place) bool {
	for _, ext := range clientExtensions() {
		stem, ok := strings.CutSuffix(name, ext)
		if ok && stem != "" && !strings.HasSuffix(fold(stem), ".d") && (at.public || strings.HasSuffix(stem, ".client")) {
			return true
		}
	}
	return false
}

// clientExtensions are those of client scripts; the first that exists is built.
func clientExtensions() [4]string { return [4]string{".ts", ".tsx", ".jsx", ".js"} }
