package devserver_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What listens listens on loopback: the sites' and the tools' pairs here, nothing at all in a worker.
func TestLoopbackOnly(t *testing.T) {
	inBoth(t, "-- index.gohtml --\n<p>id {{request.query.id}}.</p>\n", func(t *testing.T, s *testSite) {
		s.want(t, "/?id=0", 200, "id 0")
		own := listening(t, os.Getpid())
		if len(own) < 2 {
			t.Fatalf("listening sockets: %v", own)
		}
		for _, address := range own {
			host, _, _ := strings.Cut(address, ":")
			if host != "0100007F" && host != "00000000000000000000000001000000" {
				t.Errorf("a socket listens on %s", address)
			}
		}
		for _, p := range s.site.Pools() {
			for _, w := range p.Workers {
				if w.PID == 0 {
					continue // it is this process
				}
				if all := listening(t, w.PID); len(all) > 0 {
					t.Errorf("worker %d listens on %v", w.PID, all)
				}
			}
		}
	})
}

// listening are the addresses of the TCP sockets on which a process listens, in the digits of /proc/net/tcp.
func listening(t *testing.T, pid int) []string {
	t.Helper()
	own := map[string]bool{}
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(files) == 0 {
		t.Fatalf("reading the descriptors of %d: %v", pid, err)
	}
	for _, file := range files {
		if target, err := os.Readlink(file); err == nil {
			own[target] = true
		}
	}
	var all []string
	for _, table := range []string{"tcp", "tcp6"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			f := strings.Fields(line)
			if len(f) > 9 && f[3] == "0A" && own["socket:["+f[9]+"]"] {
				all = append(all, f[1])
			}
		}
	}
	return all
}
