package config

import "maps"

// Name is the name of the file, at the root of a site.
const Name = "huygens.toml"

// DefaultPool is the name of the pool [pool], and of the pool of an application that names none.
const DefaultPool = "Default"

// A Config is a whole huygens.toml, defaults filled in. It must not be changed.
type Config struct {
	Site         Site
	App          map[string]any // [app]: texts, whole numbers, numbers, booleans, lists and tables of them
	Pools        []Pool         // [pool] first, then [[pools]]
	Applications []Application  // without the root application, which always exists
	Handlers     []Handler      // in order: the first match wins
	Rewrites     []Rewrite      // in order: the first match wins
	Headers      []Header       // in order
	Modules      Modules
	Session      Session
	Auth         Auth
	Authorize    []Authorize // in order: the first match wins
	Cache        Cache
	Errors       map[int]string // status to the address that answers it
	Trace        Trace
	Reload       Reload
	Env          map[string]string
}

// Site is [site].
type Site struct {
	Name    string            // "": the name of the folder
	Port    int               // 0: chosen once and remembered
	Hosts   []string          // further host names, without port, in lower case
	Default []string          // what a folder's own page is called, without extension
	Serve   []Glob            // opens what begins with _ or .
	Mime    map[string]string // extension with dot, in lower case, to content type
}

// An Application is a part of a site with its own pages, code and state.
type Application struct {
	Path   string // where it answers: "/blog"
	Folder string // site path of its folder: "blog"
	Pool   string
	Line   int // in the file
}

// A Handler is one entry of [[handlers]]: what answers at some addresses.
type Handler struct {
	Path    Pattern
	Verbs   []string // methods in upper case; none: all that pass the gate
	Handler string   // one of HandlerNames
	File    string   // site path of what answers; "": the file at the address
	To      string   // Redirect and Proxy, as written
	Target  Target   // Redirect: To, where a star is what lies below a prefix
	Status  int      // Redirect; 0: 302
	Program string   // Cgi, FastCgi
	Line    int      // in the file
}

// A Rewrite is one entry of [[rewrite]].
type Rewrite struct {
	From    Route
	To      Target
	Status  int  // 0: the address is changed inside; else a redirect
	Missing bool // only where nothing answers
	Line    int  // in the file
}

// A Header is one entry of [[headers]]: header lines for some answers.
type Header struct {
	Path Pattern
	Set  map[string]string
	Line int // in the file
}

// Modules is [modules].
type Modules struct {
	Order, Remove []string
}

// Session is [session].
type Session struct {
	Mode    string // "front", "worker", "sqlite" or "off"
	Timeout Duration
}

// Auth is [auth].
type Auth struct {
	Login   string // address of the page; "": none
	Timeout Duration
	Sliding bool
	Users   map[string]User
}

// A User is an entry of [auth.users].
type User struct {
	Hash  string // made by huygens hash
	Roles []string
}

// An Authorize is one entry of [[authorize]]. Path covers itself and what is below it at a slash.
type Authorize struct {
	Path        string
	Allow, Deny []string // user names, "role:NAME", "?" for the anonymous, "*" for all
	Line        int      // in the file
}

// Cache is [cache].
type Cache struct {
	Max Size // 0: off
}

// Trace is [trace].
type Trace struct {
	Keep   int // requests
	Memory Size
	Redact []string // further words that make a name secret
}

// Reload is [reload].
type Reload struct {
	Enabled, Morph, Navigate bool
	Ignore                   []Glob
}

// Default is what a site without huygens.toml has.
func Default() *Config {
	return &Config{
		Site:    Site{Default: []string{"index"}},
		App:     map[string]any{},
		Pools:   []Pool{defaultPool(DefaultPool)},
		Session: Session{Mode: "front", Timeout: 20 * minute},
		Auth:    Auth{Timeout: 30 * minute, Sliding: true},
		Cache:   Cache{Max: 64 << 20},
		Trace:   Trace{Keep: 500, Memory: 64 << 20},
		Reload:  Reload{Enabled: true, Morph: true, Navigate: true},
	}
}

// Pool returns the pool with this name, nil if there is none.
func (c *Config) Pool(name string) *Pool {
	for i := range c.Pools {
		if c.Pools[i].Name == name {
			return &c.Pools[i]
		}
	}
	return nil
}

// Methods are the methods that some entry of [[handlers]] names: the gate lets them pass.
func (c *Config) Methods() []string {
	seen := map[string]bool{}
	for _, h := range c.Handlers {
		for _, v := range h.Verbs {
			seen[v] = true
		}
	}
	return sortedKeys(maps.Keys(seen))
}
