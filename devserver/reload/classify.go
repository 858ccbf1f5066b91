package reload

import (
	"net/url"
	"path"
	"strings"
)

// A class says what a changed file means to browsers when no page is known to be made from it.
type class uint8

const (
	everything class = iota // anybody may use it
	swapped                 // a style sheet or image
	page                    // stands for an address of its own
	nothing                 // nobody can see it
)

// classify goes by names alone. addresses are those at which a page answers.
func classify(name string) (c class, addresses []string) {
	base := strings.ToLower(path.Base(name))
	switch ext := path.Ext(base); {
	case hidden(name):
		return nothing, nil
	case base == "huygens.toml" || strings.HasPrefix(base, ".env"):
		return everything, nil
	case base[0] == '.':
		return nothing, nil
	case isSwapped(ext):
		return swapped, nil
	case ext == ".gohtml" && base[0] != '_' && !strings.HasSuffix(base, ".control.gohtml"):
		return page, addressesOf(name, ".gohtml")
	case strings.HasSuffix(base, ".gohtml.ts") && base[0] != '_' && !strings.Contains(base, ".control."):
		return page, addressesOf(name, ".gohtml.ts")
	case strings.HasSuffix(base, ".gohtml.js") && base[0] != '_' && !strings.Contains(base, ".control."):
		return page, addressesOf(name, ".gohtml.js")
	case ext == ".md" && base[0] != '_':
		return page, addressesOf(name, ".md")
	case ext == ".html" || ext == ".htm":
		return page, addressesOf(name, "")
	case unseen(base, ext):
		return nothing, nil
	}
	return everything, nil
}

// hidden says whether a folder on the way is one that is never served nor read by pages.
func hidden(name string) bool {
	for _, folder := range strings.Split(path.Dir(name), "/") {
		if len(folder) > 1 && folder[0] == '.' && folder != ".well-known" || folder == "App_Data" || folder == "node_modules" {
			return true
		}
	}
	return false
}

func isSwapped(ext string) bool {
	switch ext {
	case ".css", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp", ".apng":
		return true
	}
	return false
}

func unseen(base, ext string) bool {
	switch base {
	case "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "go.mod", "go.sum", "makefile", "dockerfile", "license", "huygens.d.ts":
		return true
	}
	switch ext {
	case ".log", ".bak", ".orig", ".toml", ".go":
		return true
	}
	return strings.HasPrefix(base, "tsconfig") && ext == ".json" || strings.HasPrefix(base, "compose") && (ext == ".yml" || ext == ".yaml")
}

// addressesOf gives the addresses of a file that is a page, by the rules of design.md, 5.
func addressesOf(name, ext string) []string {
	folder, base := path.Split(name)
	base = base[:len(base)-len(ext)]
	all := []string{escaped(folder + base)}
	if base == "index" || base == "README" || base == "index.html" {
		all = append(all, escaped(folder))
	}
	return all
}

// escaped is a site path as browsers spell its address.
func escaped(name string) string { return (&url.URL{Path: "/" + name}).EscapedPath() }
