package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	toml "github.com/pelletier/go-toml/v2"
)

// MaxFile bounds the file, in bytes.
const MaxFile = 128 << 10

// Load reads the bytes of a huygens.toml. An error is an Errors, and the Config is then Default().
func Load(data []byte) (*Config, error) {
	if len(data) > MaxFile {
		return Default(), Errors{{File: Name, Message: fmt.Sprintf("the file is larger than %d kB", MaxFile>>10)}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // editors on Windows write it
	at, fault := places(data)
	if fault != nil {
		return Default(), Errors{fault}
	}
	var values map[string]any
	if err := toml.Unmarshal(data, &values); err != nil {
		return Default(), Errors{syntaxError(err)}
	}
	d := &decoder{at: at}
	c := Default()
	d.file(d.newTable("", values), c)
	if len(d.errs) > 0 {
		slices.SortStableFunc(d.errs, func(a, b *Error) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
		})
		return Default(), d.errs
	}
	return c, nil
}

func syntaxError(err error) *Error {
	e := &Error{File: Name, Message: "the file is not TOML: " + err.Error()}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		e.Line, e.Column = at.Position()
	}
	return e
}

// file reads the sections in an order in which each finds what it refers to.
func (d *decoder) file(root table, c *Config) {
	section := func(name string, read func(table)) {
		if t, ok := root.table(name); ok {
			read(t)
		}
	}
	section("site", func(t table) { d.site(t, &c.Site) })
	section("app", func(t table) { c.App = t.free() })
	d.pools(root, c)
	d.applications(root, c)
	d.handlers(root, c)
	d.rewrites(root, c)
	d.headers(root, c)
	section("modules", func(t table) {
		t.texts("order", &c.Modules.Order, plainText)
		t.texts("remove", &c.Modules.Remove, plainText)
		t.done()
	})
	section("session", func(t table) {
		t.choice("mode", &c.Session.Mode, "front", "worker", "sqlite", "off")
		t.duration("timeout", &c.Session.Timeout, never)
		t.done()
	})
	section("auth", func(t table) { d.auth(t, &c.Auth) })
	d.authorize(root, c)
	section("cache", func(t table) { t.size("max", &c.Cache.Max, zeroIsOff); t.done() })
	section("errors", func(t table) { d.errorPages(t, c) })
	section("trace", func(t table) { d.trace(t, &c.Trace) })
	section("reload", func(t table) { d.reload(t, &c.Reload) })
	section("env", func(t table) { d.env(t, c) })
	root.done()
}
