package pool

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// limitData bounds the private memory of this process. A program that has more already, as one built for the
// race detector has, is left alone: it could not live on.
func limitData(hard int64) error {
	if used, err := usedData(); err == nil && used > hard {
		return nil
	}
	limit := unix.Rlimit{Cur: uint64(hard), Max: uint64(hard)}
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_DATA, &now); err == nil {
		limit.Cur, limit.Max = min(limit.Cur, now.Max), min(limit.Max, now.Max)
	}
	if err := unix.Setrlimit(unix.RLIMIT_DATA, &limit); err != nil {
		return fmt.Errorf("limiting the worker's memory: %w", err)
	}
	return nil
}

// usedData is what counts for the limit, in bytes.
func usedData() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := bytes.Cut(status, []byte("VmData:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0, nil
	}
	kilobytes, err := strconv.ParseInt(string(fields[0]), 10, 64)
	return kilobytes << 10, err
}

// residentBytes is the memory that a process has now; 0 if that cannot be told.
func residentBytes(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	fields := bytes.Fields(data)
	if err != nil || len(fields) < 2 {
		return 0
	}
	n, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return n * int64(os.Getpagesize())
}
