package devserver

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"

	"huygens/devserver/pool"
	"huygens/devserver/state"
)

// Config is what a Server needs.
type Config struct {
	State    *state.Store
	Worker   pool.Program // what is started as worker process
	Version  string       // with revision: a worker must be of the same
	Log      *slog.Logger // nil: nothing is logged
	Requests bool         // each request is an event too
	TraceOff bool         // for benchmarks only
}

// SiteOptions is how a site is opened. Flags win over huygens.toml.
type SiteOptions struct {
	Addr      string // "": the port that is remembered for the site, or a new one
	AddrGiven bool   // Addr was typed, so "" is a mistake
	Trust     bool   // trust the site from now on
	Hosting   string // "": as configured; "process" or "in-process"
	Strict    bool   // a fault in huygens.toml is an error instead of the defaults
}

// Check refuses what is wrong usage, before anything is started.
func (o SiteOptions) Check() error {
	if o.Hosting != "" && o.Hosting != "process" && o.Hosting != "in-process" {
		return fmt.Errorf("--hosting is process or in-process, not %q", o.Hosting)
	}
	if o.Addr == "" && !o.AddrGiven {
		return nil
	}
	_, err := parseAddr(o.Addr)
	return err
}

// A listenAddr says what to listen on: both loopback addresses or one, and a port; 0 is any.
type listenAddr struct {
	hosts []string // "127.0.0.1", "::1"
	port  int
	typed bool // an address was given: its port is never changed nor remembered
}

var errNotLoopback = errors.New("huygens listens on this machine only: use 127.0.0.1, [::1] or localhost")

// parseAddr reads --addr: 127.0.0.1:P or [::1]:P binds that one, localhost:P the pair.
func parseAddr(addr string) (listenAddr, error) {
	host, portText, err := net.SplitHostPort(addr)
	if err != nil {
		return listenAddr{}, fmt.Errorf("--addr is HOST:PORT: %w", err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil || port < 0 || port > 65535 {
		return listenAddr{}, fmt.Errorf("--addr: %q is not a port", portText)
	}
	a := listenAddr{port: port, typed: true}
	if host == "localhost" {
		a.hosts = []string{"127.0.0.1", "::1"}
		return a, nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || ip != netip.MustParseAddr("127.0.0.1") && ip != netip.IPv6Loopback() {
		return listenAddr{}, fmt.Errorf("--addr %s: %w", addr, errNotLoopback)
	}
	a.hosts = []string{ip.String()}
	return a, nil
}
