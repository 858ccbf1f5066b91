package gate

import (
	"container/list"
	"net"
	"sync"
)

// LimitConnections returns a listener with at most MaxConnections open connections. When one more comes, the
// connection that has been waiting longest for a request is closed; if all of them are at work, the new one.
func LimitConnections(l net.Listener) net.Listener { return limitConnections(l, MaxConnections) }

func limitConnections(l net.Listener, most int) *listener {
	return &listener{Listener: l, most: most, waiting: list.New()}
}

type listener struct {
	net.Listener
	most int

	mu      sync.Mutex // guards open, waiting, and the place of each conn
	open    int
	waiting *list.List // of *conn, oldest first
}

// A conn is a counted connection. It embeds the TCP connection so that net/http still sees its ReadFrom
// (sendfile).
type conn struct {
	*net.TCPConn
	of     *listener
	place  *list.Element // in of.waiting; nil while a request runs
	closed bool          // guarded by of.mu
}

// Accept waits for a connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := c.(*net.TCPConn)
		if !ok {
			return c, nil // not ours to count: a listener of a test
		}
		if limited := l.admit(tcp); limited != nil {
			return limited, nil
		}
		tcp.Close()
	}
}

// admit counts a connection, or returns nil if there is no room.
func (l *listener) admit(tcp *net.TCPConn) *conn {
	c := &conn{TCPConn: tcp, of: l}
	l.mu.Lock()
	var oldest *conn
	if l.open >= l.most {
		first := l.waiting.Front()
		if first == nil {
			l.mu.Unlock()
			return nil
		}
		oldest = first.Value.(*conn)
		oldest.leave()
	}
	l.open++
	c.place = l.waiting.PushBack(c)
	l.mu.Unlock()
	if oldest != nil {
		oldest.TCPConn.Close()
	}
	return c
}

// leave takes the connection out of the count. The caller holds of.mu.
func (c *conn) leave() {
	if c.closed {
		return
	}
	c.closed = true
	c.of.open--
	if c.place != nil {
		c.of.waiting.Remove(c.place)
		c.place = nil
	}
}

// Close closes the connection and makes room for another.
func (c *conn) Close() error {
	c.of.mu.Lock()
	c.leave()
	c.of.mu.Unlock()
	return c.TCPConn.Close()
}

// quiet notes whether the connection waits for a request.
func (c *conn) quiet(waits bool) {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	switch {
	case c.closed:
	case waits && c.place == nil:
		c.place = c.of.waiting.PushBack(c)
	case !waits && c.place != nil:
		c.of.waiting.Remove(c.place)
		c.place = nil
	}
}
