package script

import (
	"math"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// The engine has no Intl: it takes the locale of toLocaleString for a radix and throws. These do the common cases:
// grouping and decimal signs of the locale's language, digits after the point, percent, and dates in the usual order.
// For everything else there is format.

// installLocale replaces the methods of Number and Date.
func (r *Runtime) installLocale() {
	if proto := r.prototype("Number"); proto != nil {
		r.define(proto, "toLocaleString", r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
			return r.vm.ToValue(localNumber(c.This.ToFloat(), localeOf(c.Argument(0)), r.digits(c.Argument(1))))
		}))
	}
	proto := r.prototype("Date")
	if proto == nil {
		return
	}
	for name, parts := range map[string]struct{ date, time bool }{
		"toLocaleString": {true, true}, "toLocaleDateString": {true, false}, "toLocaleTimeString": {false, true},
	} {
		r.define(proto, name, r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
			o, ok := c.This.(*goja.Object)
			if !ok || o.ClassName() != "Date" {
				panic(r.vm.NewTypeError("%s is a method of dates", name))
			}
			return r.vm.ToValue(r.localDate(o, localeOf(c.Argument(0)), parts.date, parts.time))
		}))
	}
}

// localeOf is the first locale that was asked for, "en-US" if none was.
func localeOf(v goja.Value) string {
	if o, ok := v.(*goja.Object); ok && o.ClassName() == "Array" {
		v = o.Get("0")
	}
	if s, ok := v.(goja.String); ok {
		return s.String()
	}
	return "en-US"
}

// digits are the options of toLocaleString for numbers.
type digits struct {
	least, most int
	percent     bool
	plain       bool // no grouping
}

func (r *Runtime) digits(v goja.Value) digits {
	d := digits{most: 3}
	o, ok := v.(*goja.Object)
	if !ok {
		return d
	}
	if r.text(o, "style") == "percent" {
		d.percent, d.most = true, 0
	}
	number := func(name string, into *int) {
		if n := o.Get(name); n != nil && goja.IsNumber(n) {
			*into = int(min(max(n.ToInteger(), 0), 20))
		}
	}
	number("minimumFractionDigits", &d.least)
	d.most = max(d.most, d.least)
	number("maximumFractionDigits", &d.most)
	d.least = min(d.least, d.most)
	if g := o.Get("useGrouping"); g != nil && !g.ToBoolean() && !goja.IsUndefined(g) {
		d.plain = true
	}
	return d
}

func localNumber(n float64, locale string, d digits) string {
	group, point := signs(locale)
	sign := ""
	switch {
	case math.IsNaN(n):
		return "NaN"
	case math.IsInf(n, -1):
		return "-∞"
	case math.IsInf(n, 1):
		return "∞"
	}
	if d.percent {
		n *= 100
	}
	if n < 0 {
		sign, n = "-", -n
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(n, 'f', d.most, 64), ".")
	for len(fraction) > d.least && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}
	if !d.plain {
		whole = grouped(whole, group)
	}
	if fraction != "" {
		whole += point + fraction
	}
	if d.percent {
		whole += "%"
	}
	return sign + whole
}

func grouped(whole, group string) string {
	var b strings.Builder
	for i, digit := range whole {
		if left := len(whole) - i; i > 0 && left%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// signs are the signs for grouping and for the decimal point.
func signs(locale string) (group, point string) {
	language, region, _ := strings.Cut(strings.ToLower(locale), "-")
	switch language {
	case "de", "it", "rm":
		if region == "ch" || region == "li" {
			return "’", "."
		}
		if region == "at" {
			return "\u00A0", ","
		}
		return ".", ","
	case "es", "nl", "da", "id", "tr", "el", "pt", "ro", "sl", "hr", "sr", "ca", "is", "vi":
		return ".", ","
	case "fr":
		return "\u202F", ","
	case "nb", "no", "nn", "sv", "fi", "cs", "sk", "pl", "ru", "uk", "hu", "bg", "et", "lv", "lt":
		return "\u00A0", ","
	}
	return ",", "."
}

// localDate writes a date in the script's time zone.
func (r *Runtime) localDate(o *goja.Object, locale string, date, clock bool) string {
	part := func(method string) int {
		f, ok := goja.AssertFunction(o.Get(method))
		if !ok {
			return 0
		}
		v, err := f(o)
		if err != nil {
			panic(err)
		}
		return int(v.ToInteger())
	}
	if f, ok := goja.AssertFunction(o.Get("getTime")); ok {
		if v, err := f(o); err == nil && goja.IsNaN(v) {
			return "Invalid Date"
		}
	}
	var parts []string
	if date {
		parts = append(parts, dayText(part("getFullYear"), part("getMonth")+1, part("getDate"), locale))
	}
	if clock {
		parts = append(parts, clockText(part("getHours"), part("getMinutes"), part("getSeconds"), locale))
	}
	return strings.Join(parts, ", ")
}

func dayText(year, month, day int, locale string) string {
	y, m, d := strconv.Itoa(year), strconv.Itoa(month), strconv.Itoa(day)
	pad := func(s string) string { return strings.Repeat("0", max(0, 2-len(s))) + s }
	language, region, _ := strings.Cut(strings.ToLower(locale), "-")
	switch language {
	case "en":
		if region == "" || region == "us" {
			return m + "/" + d + "/" + y
		}
		return pad(d) + "/" + pad(m) + "/" + y
	case "de", "cs", "sk", "fi", "nb", "no", "nn", "pl", "ru", "uk", "tr", "da", "ro", "sl", "hr", "bg", "et", "lv":
		return d + "." + m + "." + y
	case "fr", "pt", "it", "el", "vi":
		return pad(d) + "/" + pad(m) + "/" + y
	case "es", "ca", "id":
		return d + "/" + m + "/" + y
	case "nl":
		return d + "-" + m + "-" + y
	case "ja", "zh":
		return y + "/" + m + "/" + d
	}
	return y + "-" + pad(m) + "-" + pad(d)
}

func clockText(hour, minute, second int, locale string) string {
	pad := func(n int) string { return strings.Repeat("0", max(0, 2-len(strconv.Itoa(n)))) + strconv.Itoa(n) }
	rest := ":" + pad(minute) + ":" + pad(second)
	switch strings.ToLower(locale) {
	case "en", "en-us", "en-ca", "en-au":
		suffix := " AM"
		if hour >= 12 {
			suffix = " PM"
		}
		return strconv.Itoa((hour+11)%12+1) + rest + suffix
	}
	return pad(hour) + rest
}
