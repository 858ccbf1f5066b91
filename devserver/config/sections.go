package config

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

func (d *decoder) site(t table, s *Site) {
	t.text("name", &s.Name, plainText)
	t.number("port", &s.Port, 1, 65535)
	t.texts("hosts", &s.Hosts, hostName)
	for i, h := range s.Hosts {
		s.Hosts[i] = strings.ToLower(h)
	}
	t.texts("default", &s.Default, indexName)
	t.globs("serve", &s.Serve)
	if m, ok := t.table("mime"); ok {
		s.Mime = map[string]string{}
		for ext := range m.values {
			var kind string
			if !strings.HasPrefix(ext, ".") || len(ext) < 2 || strings.ContainsAny(ext, "/\\*") {
				m.take(ext)
				m.fault(ext, "an extension begins with a dot", fmt.Sprintf("%q = …", "."+strings.TrimLeft(ext, "*.")))
			} else if m.text(ext, &kind, contentType) {
				s.Mime[strings.ToLower(ext)] = kind
			}
		}
		m.done()
	}
	t.done()
}

func (t table) globs(key string, into *[]Glob) {
	var texts []string
	t.texts(key, &texts, glob)
	for _, s := range texts {
		if g, err := ParseGlob(s); err == nil {
			*into = append(*into, g)
		}
	}
}

// need takes a text that must be there.
func (t table) need(key string, into *string) {
	if _, there := t.values[key]; !there {
		t.take(key)
		t.fault(key, key+" is missing", "")
		return
	}
	t.text(key, into, plainText)
}

func address(s string) string { return addressProblem(s) }

func (d *decoder) applications(root table, c *Config) {
	paths, folders := map[string]bool{}, map[string]bool{}
	for _, t := range root.tables("applications") {
		a := Application{Pool: c.Pools[0].Name, Line: t.line()}
		t.need("path", &a.Path)
		t.text("folder", &a.Folder, sitePath)
		t.text("pool", &a.Pool, plainText)
		t.done()
		if a.Path == "" {
			continue
		}
		if addressProblem(a.Path) != "" || a.Path == "/" || strings.ContainsAny(a.Path, "%:;") {
			t.fault("path", `path is an address such as "/blog"`, "the application of \"/\" is the site itself")
			continue
		}
		if a.Folder == "" {
			a.Folder = a.Path[1:]
		}
		if c.Pool(a.Pool) == nil {
			names := make([]string, len(c.Pools))
			for i := range c.Pools {
				names[i] = c.Pools[i].Name
			}
			t.fault("pool", fmt.Sprintf("there is no pool %q", a.Pool), "there are: "+strings.Join(names, ", "))
		}
		if paths[a.Path] || folders[a.Folder] {
			t.fault("path", "two applications have this path or folder", "")
		}
		paths[a.Path], folders[a.Folder] = true, true
		c.Applications = append(c.Applications, a)
	}
}

func (d *decoder) headers(root table, c *Config) {
	for _, t := range root.tables("headers") {
		h := Header{Set: map[string]string{}, Line: t.line()}
		var path string
		t.need("path", &path)
		set, ok := t.table("set")
		t.done()
		if path == "" || !ok {
			continue
		}
		var err error
		if h.Path, err = ParsePattern(path); err != nil {
			t.fault("path", "path "+err.Error(), "")
		}
		for name := range set.values {
			var value string
			if set.text(name, &value, headerValue) {
				d.header(set, name, value, h.Set)
			}
		}
		c.Headers = append(c.Headers, h)
	}
}

// header notes one header line. What frames the answer is the server's own.
func (d *decoder) header(t table, name, value string, into map[string]string) {
	canonical := http.CanonicalHeaderKey(name)
	_, twice := into[canonical]
	switch canonical {
	case "Content-Length", "Transfer-Encoding", "Connection", "Trailer", "Upgrade", "Keep-Alive", "Date":
		t.fault(name, name+" is set by the server alone", "")
		return
	}
	if !token(name) || twice {
		t.fault(name, fmt.Sprintf("%q is no name of a header, or there twice", name), "")
		return
	}
	into[canonical] = value
}

func (d *decoder) auth(t table, a *Auth) {
	t.text("login", &a.Login, address)
	t.duration("timeout", &a.Timeout, never)
	t.yes("sliding", &a.Sliding)
	if users, ok := t.table("users"); ok {
		a.Users = map[string]User{}
		for name, v := range users.values {
			var u User
			if problem := plainText(name); problem != "" {
				users.take(name)
				users.fault(name, "the name of a user "+problem, "")
			} else if _, isTable := v.(map[string]any); isTable {
				one, _ := users.table(name)
				one.need("hash", &u.Hash)
				one.texts("roles", &u.Roles, plainText)
				one.done()
			} else {
				users.text(name, &u.Hash, plainText)
			}
			a.Users[name] = u
		}
	}
	t.done()
}

func (d *decoder) authorize(root table, c *Config) {
	for _, t := range root.tables("authorize") {
		a := Authorize{Line: t.line()}
		t.need("path", &a.Path)
		t.texts("allow", &a.Allow, who)
		t.texts("deny", &a.Deny, who)
		t.done()
		if a.Path != "" && addressProblem(a.Path) != "" {
			t.fault("path", "path "+addressProblem(a.Path), "")
		}
		if len(a.Allow)+len(a.Deny) == 0 {
			t.fault("path", "neither allow nor deny says anybody", `allow = ["role:admin"]`)
		}
		c.Authorize = append(c.Authorize, a)
	}
}

// who checks an entry of allow or deny.
func who(s string) string {
	if role, ok := strings.CutPrefix(s, "role:"); ok && role == "" {
		return "names no role"
	}
	return plainText(s)
}

func (d *decoder) errorPages(t table, c *Config) {
	c.Errors = map[int]string{}
	for key := range t.values {
		status, err := strconv.Atoi(key)
		var page string
		if err != nil || status < 400 || status > 599 || strconv.Itoa(status) != key {
			t.take(key)
			t.fault(key, fmt.Sprintf("%q is no status from 400 to 599", key), `404 = "/missing"`)
		} else if t.text(key, &page, address) {
			c.Errors[status] = page
		}
	}
	t.done()
}

func (d *decoder) trace(t table, tr *Trace) {
	t.number("keep", &tr.Keep, 1, 100_000)
	t.size("memory", &tr.Memory, never)
	t.texts("redact", &tr.Redact, plainText)
	t.done()
}

func (d *decoder) reload(t table, r *Reload) {
	t.yes("enabled", &r.Enabled)
	t.yes("morph", &r.Morph)
	t.yes("navigate", &r.Navigate)
	t.globs("ignore", &r.Ignore)
	t.done()
}

func (d *decoder) env(t table, c *Config) {
	c.Env = map[string]string{}
	for name := range t.values {
		var value string
		if problem := environmentName(name); problem != "" {
			t.take(name)
			t.fault(name, fmt.Sprintf("%q %s", name, problem), "")
		} else if t.text(name, &value, environmentValue) {
			c.Env[name] = value
		}
	}
}
