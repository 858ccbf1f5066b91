package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"sync"
)

//go:embed client/*.js
var clientFiles embed.FS

// Client returns the script that the reload tag brings into pages, and a version that changes with its bytes.
// The bytes must not be changed.
func Client() (script []byte, version string) { return joinedClient() }

// joinedClient puts the files into one function, so that none of their names reaches the page.
var joinedClient = sync.OnceValues(func() ([]byte, string) {
	script := []byte("(() => {\n\"use strict\"\n")
	for _, name := range []string{"address", "sheets", "images", "keep", "toast", "act", "stream", "begin"} {
		part, err := clientFiles.ReadFile("client/" + name + ".js")
		if err != nil {
			panic("assets: " + err.Error()) // the file was there when the program was built
		}
		script = append(append(script, '\n'), part...)
	}
	script = append(script, "})()\n"...)
	sum := sha256.Sum256(script)
	return script, hex.EncodeToString(sum[:8])
})
