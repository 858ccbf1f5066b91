package watch

import (
	"fmt"
	"path"
	"strings"
)

// A skipper knows what is not watched.
type skipper struct{ patterns []pattern }

type pattern struct {
	parts    []string // between slashes
	anywhere bool     // one part, matched against the last name of a path
}

func newSkipper(ignore []string) (skipper, error) {
	var s skipper
	for _, text := range ignore {
		clean := strings.Trim(strings.TrimPrefix(text, "./"), "/")
		if clean == "" {
			return skipper{}, fmt.Errorf("ignore pattern %q names nothing", text)
		}
		parts := strings.Split(clean, "/")
		for _, p := range parts {
			if _, err := path.Match(p, ""); err != nil {
				return skipper{}, fmt.Errorf("ignore pattern %q: %w", text, err)
			}
		}
		s.patterns = append(s.patterns, pattern{parts: parts, anywhere: len(parts) == 1 && !strings.HasPrefix(text, "/")})
	}
	return s, nil
}

func (s skipper) folder(name string) bool {
	base := path.Base(name)
	switch base {
	case ".":
		return false
	case "node_modules", "App_Data":
		return true
	case ".well-known":
		return s.ignored(name)
	}
	return base[0] == '.' || s.ignored(name)
}

// file says whether a file is left out, or is in a folder that is.
func (s skipper) file(name string) bool {
	return temporary(path.Base(name)) || s.ignored(name)
}

func (s skipper) ignored(name string) bool {
	for _, p := range s.patterns {
		if p.anywhere {
			if ok, _ := path.Match(p.parts[0], path.Base(name)); ok {
				return true
			}
			continue
		}
		if matchParts(p.parts, strings.Split(name, "/")) {
			return true
		}
	}
	return false
}

// matchParts matches a path against a pattern; a trailing ** also matches the folder it stands in.
func matchParts(parts, names []string) bool {
	for len(parts) > 0 {
		if parts[0] == "**" {
			if len(parts) == 1 {
				return true
			}
			for i := range names {
				if matchParts(parts[1:], names[i:]) {
					return true
				}
			}
			return false
		}
		if len(names) == 0 {
			return false
		}
		if ok, _ := path.Match(parts[0], names[0]); !ok {
			return false
		}
		parts, names = parts[1:], names[1:]
	}
	return len(names) == 0
}

// temporary knows the names under which editors, databases and systems keep what is nobody's page.
func temporary(base string) bool {
	lower := strings.ToLower(base)
	switch lower {
	case "4913", ".ds_store", "desktop.ini", "thumbs.db": // 4913: vim tries whether it may write
		return true
	}
	for _, end := range []string{
		"~", ".swp", ".swo", ".swx", ".swpx", ".tmp", ".temp", ".part", ".crdownload", ".kate-swp", "___jb_tmp___", "___jb_old___", "___jb_bak___",
		".db", ".db-wal", ".db-shm", ".db-journal", ".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal",
	} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	for _, begin := range []string{".#", ".~lock.", ".goutputstream-", ".nfs", ".fuse_hidden"} {
		if strings.HasPrefix(lower, begin) {
			return true
		}
	}
	return len(base) > 1 && base[0] == '#' && base[len(base)-1] == '#'
}
