package resolve

import (
	"strings"
	"unicode"
)

// hidden says whether a name that exists is never served, whatever it is, leaving aside a first "." or "_".
func hidden(name string) bool { return odd(name) || neverServed(fold(name)) }

// odd says whether a name is written so that some system takes it for something else.
func odd(name string) bool {
	if strings.ContainsAny(name, `\:;#%`) || strings.ContainsFunc(name, isControl) || disguised(name) {
		return true
	}
	switch name[len(name)-1] {
	case '.', ' ', '~':
		return true
	}
	return deviceName(fold(name))
}

// marked says whether a name begins with what keeps it off.
func marked(name string) bool {
	return name[0] == '_' || name[0] == '.' && name != wellKnown
}

const wellKnown = ".well-known" // RFC 8615

// neverServed is the list of design.md, 5, and of security.md, 1.4, for folded names.
func neverServed(name string) bool {
	switch name {
	case "app_data", "app_code",
		"package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
		"go.mod", "go.sum", "go.work", "go.work.sum", "makefile", "dockerfile", "huygens.d.ts",
		"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519":
		return true
	}
	for _, prefix := range [...]string{"makefile.", "dockerfile."} {
		if strings.HasPrefix(name, prefix) && !isDocument(name) {
			return true
		}
	}
	for _, p := range [...][2]string{{"tsconfig", ".json"}, {"jsconfig", ".json"}, {"appsettings", ".json"}} {
		if strings.HasPrefix(name, p[0]) && strings.HasSuffix(name, p[1]) {
			return true
		}
	}
	if strings.HasPrefix(name, "compose") || strings.HasPrefix(name, "docker-compose") {
		if strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml") {
			return true
		}
	}
	return oldLog(name) || secretExtension(name)
}

// isDocument leaves room for pages about things: makefile.md.
func isDocument(name string) bool {
	return strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".gohtml")
}

// oldLog says whether a name is that of a log put aside: server.log.1, server.log.2026-01-31, server.log.gz.
func oldLog(name string) bool {
	_, rest, ok := strings.Cut(name, ".log.")
	return ok && !isDocument(name) && rest != ""
}

// secretExtension goes by the last extension: databases, logs, backups, keys, configuration.
func secretExtension(name string) bool {
	ext := name[strings.LastIndexByte(name, '.')+1:]
	if len(ext) == len(name) {
		return false
	}
	switch ext {
	case "toml", "ini", "conf", "cfg", "config", "log",
		"bak", "old", "orig", "swp", "swo", "swn", "tmp", "temp", "save", "backup", "rej",
		"pem", "key", "p12", "pfx", "jks", "keystore", "ppk", "kdbx":
		return true
	}
	return strings.HasPrefix(ext, "db") && (len(ext) == 2 || !isLetter(ext[2])) ||
		strings.HasPrefix(ext, "sqlite")
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// deviceName says whether Windows takes a folded name for a device: with any extension, and with spaces before it.
func deviceName(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.TrimRight(base, " ")
	switch base {
	case "con", "prn", "aux", "nul", "conin$", "conout$", "clock$":
		return true
	}
	if rest, ok := strings.CutPrefix(base, "com"); ok {
		return deviceDigit(rest)
	}
	rest, ok := strings.CutPrefix(base, "lpt")
	return ok && deviceDigit(rest)
}

func deviceDigit(s string) bool {
	switch s {
	case "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³":
		return true
	}
	return false
}

// fold makes names alike that some file system takes for one: case of letters in all alphabets.
func fold(name string) string {
	plain := true
	for i := range len(name) {
		if c := name[i]; c >= 0x80 || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	return strings.Map(func(r rune) rune {
		// The smallest of the runes that fold together, then small: K (Kelvin) and K are k.
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return unicode.ToLower(least)
	}, name)
}

// disguised says whether a name has a zero-width or full-width character beside a look-alike of . / or \:
// such a name was made to be taken for another path. Elsewhere these are letters like others.
func disguised(name string) bool {
	var before rune
	for _, r := range name {
		if wide(r) && lookAlike(before) || lookAlike(r) && wide(before) ||
			zeroWidth(r) && before == '.' || r == '.' && zeroWidth(before) {
			return true
		}
		before = r
	}
	return false
}

func zeroWidth(r rune) bool {
	return r >= 0x200b && r <= 0x200f || r >= 0x2060 && r <= 0x2064 || r == 0xfeff || r == 0x00ad || r == 0x180e
}

func wide(r rune) bool { return r >= 0xff01 && r <= 0xff5e || zeroWidth(r) }

func lookAlike(r rune) bool {
	switch r {
	case 0xff0e, 0xff0f, 0xff3c, 0xff61, 0x2024, 0x2025, 0x2026, 0x2044, 0x2215, 0x2216, 0x29f5, 0x29f8, 0x29f9, 0xfe52, 0xfe68:
		return true
	}
	return false
}
