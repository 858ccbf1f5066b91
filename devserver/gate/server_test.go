package gate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// startServer serves h with at most most connections.
func startServer(t *testing.T, most int, h http.HandlerFunc) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	ServerLimits(server)
	served := make(chan error, 1)
	go func() { served <- server.Serve(limitConnections(l, most)) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

func dial(t *testing.T, addr string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, bufio.NewReader(c)
}

// ask sends a request and returns the first line of the answer.
func ask(c net.Conn, r *bufio.Reader, raw string) (string, error) {
	if _, err := io.WriteString(c, raw+"\r\nHost: x\r\n\r\n"); err != nil {
		return "", err
	}
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return "", err
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return resp.Status, nil
}

func TestTheLongestSilentMakesRoom(t *testing.T) {
	addr := startServer(t, 2, func(http.ResponseWriter, *http.Request) {})
	_, oldest := dial(t, addr)
	second, secondReader := dial(t, addr)
	if _, err := ask(second, secondReader, "GET / HTTP/1.1"); err != nil { // both are accepted now
		t.Fatal(err)
	}
	third, thirdReader := dial(t, addr)
	if _, err := ask(third, thirdReader, "GET / HTTP/1.1"); err != nil {
		t.Fatalf("the third: %v", err)
	}
	if _, err := oldest.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("the oldest was not closed: %v", err)
	}
	if _, err := ask(second, secondReader, "GET / HTTP/1.1"); err != nil {
		t.Errorf("the second was closed: %v", err)
	}
}

func TestConnectionsAtWorkStay(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	addr := startServer(t, 1, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			begun <- struct{}{}
			<-end
		}
	})
	first, firstReader := dial(t, addr)
	answered := make(chan error, 1)
	go func() {
		_, err := ask(first, firstReader, "GET /wait HTTP/1.1")
		answered <- err
	}()
	<-begun
	second, secondReader := dial(t, addr)
	if _, err := ask(second, secondReader, "GET / HTTP/1.1"); err == nil {
		t.Error("there was no room for the second")
	}
	close(end)
	err := <-answered
	if err != nil {
		t.Errorf("the first: %v", err)
	}
	// It waits again, as soon as the server has noticed that itself, so it makes room for a third.
	for range 1000 {
		third, thirdReader := dial(t, addr)
		if _, err = ask(third, thirdReader, "GET / HTTP/1.1"); err == nil {
			return
		}
		third.Close()
	}
	t.Errorf("the third: %v", err)
}

func TestRoomIsGivenBack(t *testing.T) {
	addr := startServer(t, 3, func(http.ResponseWriter, *http.Request) {})
	for i := range 50 {
		c, r := dial(t, addr)
		if _, err := ask(c, r, "GET / HTTP/1.1\r\nConnection: close"); err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		c.Close()
	}
}

// What net/http would answer by itself must pass the handler, and the system must still be able to copy files.
func TestNothingPassesBy(t *testing.T) {
	addr := startServer(t, 3, func(w http.ResponseWriter, r *http.Request) {
		if refusal := testGate().Check(r); refusal != nil {
			w.WriteHeader(refusal.Status)
		}
	})
	for raw, want := range map[string]string{
		"OPTIONS * HTTP/1.1":                 "400",
		"GET / HTTP/1.1":                     "403",
		"PRI * HTTP/2.0":                     "400",
		"GET / HTTP/1.1\r\nHost: y":          "400",
		"GET / HTTP/1.1\r\nUpgrade: h2c":     "403",
		"GET /%zz HTTP/1.1":                  "400",
		"TRACE / HTTP/1.1":                   "405",
		"GET / HTTP/1.1\r\nX: " + big(1<<17): "431",
	} {
		c, r := dial(t, addr)
		if got, err := ask(c, r, raw); !strings.HasPrefix(got, want) {
			t.Errorf("%.40q: %s, %v", raw, got, err)
		}
	}
	var c any = &conn{}
	if _, ok := c.(io.ReaderFrom); !ok {
		t.Error("a counted connection hides ReadFrom: net/http would copy files by hand")
	}
}

func big(n int) string { return strings.Repeat("x", n) }

func TestServerLimitsKeepsConnState(t *testing.T) {
	var seen []string
	s := &http.Server{ConnState: func(_ net.Conn, state http.ConnState) { seen = append(seen, fmt.Sprint(state)) }}
	ServerLimits(s)
	s.ConnState(nil, http.StateActive)
	if len(seen) != 1 || s.ReadHeaderTimeout != HeaderTimeout || s.ReadTimeout != BodyTimeout || s.IdleTimeout != IdleTimeout || s.MaxHeaderBytes != MaxHeaderBytes {
		t.Errorf("%v, %+v", seen, s)
	}
}
