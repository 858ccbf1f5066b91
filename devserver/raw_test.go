package devserver_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// raw sends bytes to a site's port and reads one answer: what clients of net/http cannot send. HOST stands for
// the site's own host.
func (s *testSite) raw(t testing.TB, request string) answer {
	t.Helper()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	// A server may answer and close before it has read all: what it said is still read.
	_, _ = io.WriteString(c, strings.ReplaceAll(request, "HOST", u.Host))
	method, _, _ := strings.Cut(request, " ")
	response, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%.200q: %v", request, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%.200q: %v", request, err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// target is a request for a target, as it stands.
func target(path string, lines ...string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: HOST\r\n" + strings.Join(append(lines, "Connection: close\r\n\r\n"), "\r\n")
}

// post is a POST with a small body.
func post(path string, lines ...string) string {
	all := append(lines, "Content-Type: text/plain", "Content-Length: 4", "Connection: close", "", "body")
	return "POST " + path + " HTTP/1.1\r\nHost: HOST\r\n" + strings.Join(all, "\r\n")
}
