package pool

import (
	"runtime"
	"slices"
	"strings"
)

// usualNames are the environment variables that every worker sees: what programs need to find their files and to
// speak the user's language. Secrets of the developer's shell are not among them.
var usualNames = []string{
	"PATH", "HOME", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ", "USER", "LOGNAME", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"GOTRACEBACK", "GODEBUG", "GORACE", "GOCOVERDIR",
	"SYSTEMROOT", "WINDIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC",
}

// environment is what of all a worker sees: the usual names, LC_ and those in more. A worker that dies says why in
// one line: the stacks of a page that took all memory help nobody, unless GOTRACEBACK asks for them.
func environment(all, more []string) []string {
	kept := []string{"GOTRACEBACK=none"} // the last one of a name counts
	for _, entry := range all {
		name, _, _ := strings.Cut(entry, "=")
		if runtime.GOOS == "windows" {
			name = strings.ToUpper(name)
		}
		if slices.Contains(usualNames, name) || slices.Contains(more, name) || strings.HasPrefix(name, "LC_") {
			kept = append(kept, entry)
		}
	}
	return kept
}
