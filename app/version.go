package main

import "runtime/debug"

// What the program says of itself. FyneApp.toml says the same; a test keeps them equal.
const (
	appName = "Huygens"
	appID   = "dev.huygens.app"
	version = "0.1.0"
	build   = 1
)

// revision is stamped by the Makefile (-ldflags -X main.revision=…).
var revision string

// buildID tells builds of one version apart: a worker must be of the same build as the front.
func buildID() string {
	if revision != "" {
		return version + "+" + revision
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	id := version
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			id += "+" + s.Value
		case "vcs.modified":
			if s.Value == "true" {
				id += ".modified"
			}
		}
	}
	return id
}
