package devserver

import (
	"errors"
	"io/fs"
	"path/filepath"
	"sync/atomic"
	"time"

	"huygens/devserver/config"
	"huygens/devserver/gate"
	"huygens/devserver/resolve"
	"huygens/devserver/static"
	"huygens/devserver/trace"
	"huygens/pages/source"
)

const configName = config.Name

// A live is what a configuration makes of a site. It is swapped as a whole: a request sees one of them.
type live struct {
	name     string
	config   *config.Config
	stamp    source.Stamp // of huygens.toml
	folder   *source.Folder
	gate     *gate.Gate
	resolver *resolve.Resolver
	static   *static.Sender
	policy   *trace.Policy
	timeout  time.Duration // of computing
	listens  atomic.Pointer[listens]
}

// readConfig reads huygens.toml; a site without one has the defaults. On a fault the defaults come with the
// error.
func readConfig(folder *source.Folder, before source.Stamp) (*config.Config, source.Stamp, error) {
	data, stamp, err := folder.Read(configName, before)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return config.Default(), stamp, err
	}
	c, err := config.Load(data)
	return c, stamp, err
}

// newLive makes the live parts for a configuration.
func (v *serving) newLive(folder *source.Folder, c *config.Config, stamp source.Stamp) (*live, error) {
	l := &live{
		name: c.Site.Name, config: c, stamp: stamp, folder: folder,
		policy: trace.NewPolicy(c.Trace.Redact, secrets(c)), timeout: time.Duration(c.Pools[0].RequestTimeout),
	}
	if l.name == "" {
		l.name = filepath.Base(v.site.folder)
	}
	var err error
	l.resolver, err = resolve.New(resolve.Options{Folder: folder, Config: c, Private: v.private.has, Trusted: v.trusted})
	if err != nil {
		return nil, err
	}
	l.static = static.New(static.Config{Mime: c.Site.Mime})
	l.gate = gate.New(gate.Options{
		Port: v.pair.port, Name: l.name, Hosts: c.Site.Hosts, Methods: c.Methods(), Addresses: v.pair.addresses(),
	})
	return l, nil
}

// secrets are the values of [env]: they are masked wherever they appear.
func secrets(c *config.Config) []string {
	var all []string
	for _, value := range c.Env {
		all = append(all, value)
	}
	return all
}

// ignored are the patterns that the watcher leaves out.
func (l *live) ignored() []string {
	var all []string
	for _, g := range l.config.Reload.Ignore {
		all = append(all, g.String())
	}
	return all
}
