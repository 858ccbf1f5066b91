package trace

import (
	"strconv"
	"strings"
	"time"
)

// ParseTraceparent reads a traceparent header (W3C Trace Context). ok is false if it is to be ignored.
func ParseTraceparent(header string) (traceID, parent string, sampled, ok bool) {
	const length = 2 + 1 + 32 + 1 + 16 + 1 + 2
	if len(header) < length || header[2] != '-' || header[35] != '-' || header[52] != '-' {
		return "", "", false, false
	}
	version, flags := header[:2], header[53:55]
	traceID, parent = header[3:35], header[36:52]
	switch {
	case !lowerHex(version) || version == "ff" || !lowerHex(traceID) || !lowerHex(parent) || !lowerHex(flags),
		version == "00" && len(header) != length,
		len(header) > length && header[length] != '-',
		strings.Trim(traceID, "0") == "" || strings.Trim(parent, "0") == "":
		return "", "", false, false
	}
	bits, _ := strconv.ParseUint(flags, 16, 8)
	return traceID, parent, bits&1 == 1, true
}

func lowerHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// appendHex appends 16 digits.
func appendHex(b []byte, v uint64) []byte {
	const digits = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[v>>shift&15])
	}
	return b
}

// serverTiming is the value of Server-Timing: the five stages of a page, then front and worker.
func serverTiming(page bool, stages [StageCount]time.Duration, front, worker time.Duration) string {
	b := make([]byte, 0, 128)
	if page {
		for i, name := range [StageCount]string{"init", "load", "prerender", "render", "unload"} {
			b = append(appendTiming(b, name, stages[i]), ", "...)
		}
	}
	b = append(appendTiming(b, "front", front), ", "...)
	return string(appendTiming(b, "worker", worker))
}

// appendTiming appends one metric, in milliseconds with three digits.
func appendTiming(b []byte, name string, d time.Duration) []byte {
	b = append(append(b, name...), ";dur="...)
	return strconv.AppendFloat(b, float64(max(d, 0).Microseconds())/1000, 'f', 3, 64)
}
