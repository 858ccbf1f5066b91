package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Duration is a time.Duration that prints without idle units: "29h", not "29h0m0s".
type Duration time.Duration

const (
	second = Duration(time.Second)
	minute = Duration(time.Minute)
	hour   = Duration(time.Hour)

	longest = 20 * 365 * 24 * hour
)

// Std is d as the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// A Size is a number of bytes.
type Size int64

var sizeUnits = [...]struct {
	name  string
	bytes Size
}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}}

const largest = Size(1) << 40

func (s Size) String() string {
	for _, u := range sizeUnits {
		if s >= u.bytes && s%u.bytes == 0 {
			return strconv.FormatInt(int64(s/u.bytes), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

func parseSize(text string) (Size, bool) {
	upper := strings.ToUpper(text)
	for _, u := range sizeUnits {
		digits, ok := strings.CutSuffix(upper, strings.ToUpper(u.name))
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimRight(digits, " "), 10, 62)
		if err != nil || Size(n) > largest/u.bytes {
			return 0, false
		}
		return Size(n) * u.bytes, true
	}
	return 0, text == "0"
}

// A Clock is a time of day on the machine's clock.
type Clock struct{ Hour, Minute int }

func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

func parseClock(text string) (Clock, bool) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return Clock{}, false
	}
	return Clock{Hour: t.Hour(), Minute: t.Minute()}, true
}

func parseDuration(text string) (Duration, bool) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || Duration(d) > longest {
		return 0, false
	}
	return Duration(d), true
}
