package devserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// tries bounds the search for a port that is free on both loopback addresses.
const tries = 50

var errNoPort = errors.New("no port is free on both loopback addresses")

// A pair is one port on one or both loopback addresses.
type pair struct {
	listeners []net.Listener
	port      int
	noIPv6    bool // the machine has no IPv6 loopback: 127.0.0.1 alone
}

// listen opens the addresses of a on one port. A port that is 0 is chosen so that it is ours on all of them.
func listen(ctx context.Context, a listenAddr) (*pair, error) {
	if a.port != 0 {
		return listenOn(ctx, a.hosts, a.port)
	}
	var last error
	for range tries {
		p, err := listenOn(ctx, a.hosts, 0)
		if err == nil {
			return p, nil
		}
		last = err
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, errors.Join(errNoPort, last)
}

func listenOn(ctx context.Context, hosts []string, port int) (*pair, error) {
	p := &pair{port: port}
	var config net.ListenConfig
	for _, host := range hosts {
		l, err := config.Listen(ctx, network(host), net.JoinHostPort(host, strconv.Itoa(p.port)))
		if err != nil && host == "::1" && len(p.listeners) > 0 && !hasIPv6(ctx) {
			p.noIPv6 = true
			continue
		}
		if err != nil {
			p.close()
			return nil, fmt.Errorf("listening on %s: %w", net.JoinHostPort(host, strconv.Itoa(p.port)), err)
		}
		p.port = l.Addr().(*net.TCPAddr).Port
		p.listeners = append(p.listeners, l)
	}
	return p, nil
}

func network(host string) string {
	if host == "::1" {
		return "tcp6"
	}
	return "tcp4"
}

// hasIPv6 says whether the machine has an IPv6 loopback at all.
func hasIPv6(ctx context.Context) bool {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	l.Close()
	return true
}

func (p *pair) close() {
	for _, l := range p.listeners {
		l.Close()
	}
}

// host is the address that is printed: 127.0.0.1 unless only [::1] is bound.
func (p *pair) host() string {
	addr := p.listeners[0].Addr().(*net.TCPAddr)
	return net.JoinHostPort(addr.IP.String(), strconv.Itoa(p.port))
}

// portFault says in words why a port that somebody chose cannot be had, and who has it.
func portFault(err error, port int) error {
	if port == 0 {
		return err
	}
	if holder := holderOf(port); holder != "" {
		return fmt.Errorf("port %d is taken by %s: choose another one: %w", port, holder, err)
	}
	return fmt.Errorf("port %d cannot be had: choose another one: %w", port, err)
}

// addresses are the loopback addresses that are listened on.
func (p *pair) addresses() []string {
	var all []string
	for _, l := range p.listeners {
		all = append(all, l.Addr().(*net.TCPAddr).IP.String())
	}
	return all
}
