package config

import (
	"mime"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
)

func plainText(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > 200:
		return "is longer than 200 bytes"
	case !cleanText(s):
		return "has control characters"
	}
	return ""
}

// sitePath checks the path of a file or folder below the site.
func sitePath(s string) string {
	if s == "" || path.IsAbs(s) || path.Clean(s) != s || s == "." || s == ".." || strings.HasPrefix(s, "../") ||
		strings.ContainsAny(s, `\:`) || !cleanText(s) {
		return `is no path inside the site such as "reports/csv.handler.ts"`
	}
	return ""
}

// indexName checks an entry of [site] default.
func indexName(s string) string {
	if sitePath(s) != "" || strings.ContainsAny(s, "/.") || strings.HasPrefix(s, "_") {
		return `is no plain name without extension such as "index"`
	}
	return ""
}

// hostName checks a host name: labels of letters, digits and hyphens, no address and no port.
func hostName(s string) string {
	const wrong = `is no host name such as "shop.localhost" (without port and stars)`
	if _, err := netip.ParseAddr(s); err == nil || s == "" || len(s) > 253 {
		return wrong
	}
	labels := strings.Split(s, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			return wrong
		}
	}
	// A last label of digits is read as an IPv4 address by browsers, in odd ways.
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" || strings.HasPrefix(strings.ToLower(last), "0x") {
		return wrong
	}
	return ""
}

func environmentName(s string) string {
	if s == "" || len(s) > 200 || strings.ContainsAny(s, "=\x00") || !cleanText(s) {
		return "is no name of an environment variable"
	}
	return ""
}

func environmentValue(s string) string {
	if strings.Contains(s, "\x00") || len(s) > 32<<10 {
		return "has a zero byte or is longer than 32 kB"
	}
	return ""
}

// method checks an HTTP method of [[handlers]] verbs. CONNECT and TRACE never pass.
func method(s string) string {
	upper := strings.ToUpper(s)
	switch {
	case !token(s), len(s) > 32:
		return "is no HTTP method"
	case upper == "CONNECT", upper == "TRACE":
		return "is never served"
	case upper != s:
		return "is written in capitals"
	}
	return ""
}

// token says whether s is a token of HTTP (RFC 9110, 5.6.2).
func token(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

func headerValue(s string) string {
	if strings.ContainsAny(s, "\r\n\x00") || len(s) > 8<<10 {
		return "is no value of a header"
	}
	return ""
}

func contentType(s string) string {
	if _, _, err := mime.ParseMediaType(s); err != nil || !strings.Contains(s, "/") || headerValue(s) != "" {
		return `is no content type such as "model/gltf-binary"`
	}
	return ""
}

func glob(s string) string {
	if _, err := ParseGlob(s); err != nil {
		return err.Error()
	}
	return ""
}

// loopbackURL checks where a Proxy leads: to this machine only.
func loopbackURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil || port < 1 || port > 65535 {
		return false
	}
	switch u.Hostname() {
	case "127.0.0.1", "::1", "localhost":
		return true
	}
	return false
}
