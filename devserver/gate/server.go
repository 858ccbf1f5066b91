package gate

import (
	"net"
	"net/http"
	"time"
)

// The limits of a server (security.md, "Defaults proposed").
const (
	HeaderTimeout  = 5 * time.Second  // from the first byte, or the connection, to the end of the headers
	BodyTimeout    = 30 * time.Second // to the end of the body
	IdleTimeout    = 60 * time.Second // between two requests
	MaxHeaderBytes = 64 << 10         // of request line and headers
	MaxConnections = 2000             // of one listener
)

// ServerLimits sets the limits of s, and what else keeps requests from passing by its handler: the answer of
// net/http to "OPTIONS *". Its listeners should come from LimitConnections.
func ServerLimits(s *http.Server) {
	s.ReadHeaderTimeout = HeaderTimeout
	s.ReadTimeout = BodyTimeout
	s.IdleTimeout = IdleTimeout
	s.MaxHeaderBytes = MaxHeaderBytes
	s.DisableGeneralOptionsHandler = true
	s.Protocols = new(http.Protocols)
	s.Protocols.SetHTTP1(true)

	next := s.ConnState
	s.ConnState = func(c net.Conn, state http.ConnState) {
		if l, ok := c.(*conn); ok {
			l.quiet(state != http.StateActive)
		}
		if next != nil {
			next(c, state)
		}
	}
}
