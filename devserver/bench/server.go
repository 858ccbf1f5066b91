package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A server is one server that is measured.
type server struct {
	name string
	args []string // program and arguments; SITE stands for the site's folder
	env  []string
}

// A running is a started server.
type running struct {
	cmd *exec.Cmd
	url string
}

var servesAt = regexp.MustCompile(`at (http://\S+/)`)

// start starts the server and waits for the line with its address.
func (s server) start(ctx context.Context, site string) (*running, error) {
	args := make([]string, len(s.args))
	for i, a := range s.args {
		args[i] = strings.ReplaceAll(a, "SITE", site)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), s.env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", s.name, err)
	}
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if m := servesAt.FindStringSubmatch(line); m != nil {
		go io.Copy(io.Discard, lines) // ends with the process
		return &running{cmd, m[1]}, nil
	}
	cmd.Process.Kill()
	return nil, errors.Join(fmt.Errorf("%s said %q instead of its address", s.name, line), err, cmd.Wait())
}

func (r *running) stop() {
	r.cmd.Process.Signal(os.Interrupt)
	r.cmd.Wait()
}

// get returns the body of an address of the server.
func (r *running) get(path string) ([]byte, error) {
	resp, err := http.Get(r.url + strings.TrimPrefix(path, "/"))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, resp.Status)
	}
	return body, err
}

// processes are the server's process and all its descendants.
func (r *running) processes() []int {
	all := []int{r.cmd.Process.Pid}
	for i := 0; i < len(all); i++ {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", all[i]))
		for _, t := range tasks {
			data, _ := os.ReadFile(t)
			for _, f := range strings.Fields(string(data)) {
				if pid, err := strconv.Atoi(f); err == nil {
					all = append(all, pid)
				}
			}
		}
	}
	return all
}

// memory is the resident size of all processes, in MB.
func (r *running) memory() float64 {
	var pages int64
	for _, pid := range r.processes() {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if f := strings.Fields(string(data)); len(f) > 1 {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			pages += n
		}
	}
	return float64(pages*int64(os.Getpagesize())) / 1e6
}

// cpu is the processor time that all processes have used.
func (r *running) cpu() time.Duration {
	const tick = 10 * time.Millisecond // USER_HZ is 100 on Linux
	var ticks int64
	for _, pid := range r.processes() {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		_, rest, _ := strings.Cut(string(data), ") ")
		if f := strings.Fields(rest); len(f) > 12 {
			user, _ := strconv.ParseInt(f[11], 10, 64)
			system, _ := strconv.ParseInt(f[12], 10, 64)
			ticks += user + system
		}
	}
	return time.Duration(ticks) * tick
}

// firstAnswer starts the server and says how long it took until the end of the first answer at path.
func (s server) firstAnswer(ctx context.Context, site, addr, path string) (time.Duration, error) {
	began := time.Now()
	args := make([]string, len(s.args))
	for i, a := range s.args {
		args[i] = strings.NewReplacer("SITE", site, "127.0.0.1:0", addr).Replace(a)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), s.env...)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	r := &running{cmd, "http://" + addr + "/"}
	defer r.stop()
	for time.Since(began) < 10*time.Second {
		if _, err := r.get(path); err == nil {
			return time.Since(began), nil
		}
		time.Sleep(time.Millisecond)
	}
	return 0, fmt.Errorf("%s did not answer in 10 s", s.name)
}
