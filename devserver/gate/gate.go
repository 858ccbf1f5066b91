package gate

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Options is what a Gate is made of.
type Options struct {
	Port      int      // of the listeners
	Name      string   // of the site: SLUG.localhost is a host of it; "": none
	Hosts     []string // further host names, without port
	Methods   []string // further methods, in upper case, that some entry of [[handlers]] names
	Addresses []string // the loopback addresses that are listened on; nil: 127.0.0.1 and ::1
}

// A Gate checks requests. It is never changed and may be used by any number of goroutines.
type Gate struct {
	hosts   map[string]bool // exact values of Host, in lower case
	origins map[string]bool // exact values of Origin, in lower case
	methods map[string]bool
	allow   string
	cross   *http.CrossOriginProtection
}

// New returns the Gate of a port.
func New(o Options) *Gate {
	g := &Gate{
		hosts: map[string]bool{}, origins: map[string]bool{}, methods: map[string]bool{},
		cross: http.NewCrossOriginProtection(),
	}
	names := []string{"localhost"}
	if slug := Slug(o.Name); slug != "" {
		names = append(names, slug+".localhost")
	}
	addresses := o.Addresses
	if addresses == nil {
		addresses = []string{"127.0.0.1", "::1"}
	}
	for _, a := range addresses {
		if strings.Contains(a, ":") {
			a = "[" + a + "]"
		}
		names = append(names, a)
	}
	for _, name := range append(names, o.Hosts...) {
		g.add(lower(name), o.Port)
	}
	methods := slices.Concat(ordinary(), o.Methods)
	for _, m := range methods {
		g.methods[m] = m != http.MethodConnect && m != http.MethodTrace
	}
	slices.Sort(methods)
	g.allow = strings.Join(slices.Compact(methods), ", ")
	return g
}

func ordinary() []string {
	return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
}

func (g *Gate) add(name string, port int) {
	if name == "" {
		return
	}
	host := name + ":" + strconv.Itoa(port)
	g.hosts[host] = true
	g.origins["http://"+host] = true
	if port == 80 { // browsers leave it out
		g.hosts[name] = true
		g.origins["http://"+name] = true
	}
}

// Check is the whole gate, but for the body. It returns nil for a request that may pass.
func (g *Gate) Check(r *http.Request) *Refusal {
	if r.Method == http.MethodConnect || r.Method == http.MethodTrace {
		return g.badMethod()
	}
	if refusal := checkForm(r.RequestURI); refusal != nil {
		return refusal
	}
	if refusal := g.checkHost(r.Host); refusal != nil {
		return refusal
	}
	if refusal := g.checkMethod(r.Method); refusal != nil {
		return refusal
	}
	if refusal := checkTarget(r.RequestURI); refusal != nil {
		return refusal
	}
	if refusal := checkHeader(r.Header); refusal != nil {
		return refusal
	}
	return g.checkCrossOrigin(r)
}

// CheckReserved is what the reserved addresses ask in addition: a request that says where it comes from must
// come from this very origin, whatever its method. They want their key besides.
func (g *Gate) CheckReserved(r *http.Request) *Refusal {
	if !g.knownOrigin(r.Header["Origin"]) {
		return foreign()
	}
	return checkFetchSite(r.Header["Sec-Fetch-Site"])
}
