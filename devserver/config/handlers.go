package config

import (
	"fmt"
	"slices"
	"strings"

	"huygens/pages"
)

// HandlerNames are the words that [[handlers]] knows.
func HandlerNames() []string {
	return []string{
		string(pages.HandlerPage), string(pages.HandlerMarkdown), string(pages.HandlerGeneric), string(pages.HandlerService),
		string(pages.HandlerClientScript), string(pages.HandlerStatic), string(pages.HandlerDirectoryList),
		string(pages.HandlerRedirect), string(pages.HandlerForbidden), string(pages.HandlerProxy),
		string(pages.HandlerCgi), string(pages.HandlerFastCgi),
	}
}

func (d *decoder) handlers(root table, c *Config) {
	for _, t := range root.tables("handlers") {
		h := Handler{Line: t.line()}
		var path string
		t.need("path", &path)
		t.texts("verbs", &h.Verbs, method)
		t.choice("handler", &h.Handler, HandlerNames()...)
		t.text("file", &h.File, sitePath)
		t.text("to", &h.To, plainText)
		t.number("status", &h.Status, 300, 599)
		t.text("program", &h.Program, plainText)
		t.done()
		if path == "" {
			continue
		}
		var err error
		if h.Path, err = ParsePattern(path); err != nil {
			t.fault("path", "path "+err.Error(), "")
			continue
		}
		if reserved(path) {
			t.fault("path", "addresses below /_huygens are our own", "")
		}
		d.handler(t, &h)
		slices.Sort(h.Verbs)
		h.Verbs = slices.Compact(h.Verbs)
		c.Handlers = append(c.Handlers, h)
	}
}

func reserved(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return strings.EqualFold(first, "_huygens")
}

// handler checks what one kind of handler needs, and finds the kind by the file if none is named.
func (d *decoder) handler(t table, h *Handler) {
	if _, there := t.values["handler"]; !there {
		if h.File == "" {
			t.fault("handler", "the entry names neither a handler nor a file", `handler = "Static"`)
			return
		}
		h.Handler = string(HandlerOf(h.File))
	}
	kind := pages.Handler(h.Handler)
	if h.Status != 0 && (kind != pages.HandlerRedirect || !redirectStatus(h.Status)) {
		t.fault("status", "status goes with the handler Redirect and is 301, 302, 303, 307 or 308", "")
	}
	if h.To != "" && kind != pages.HandlerRedirect && kind != pages.HandlerProxy {
		t.fault("to", "to goes with the handlers Redirect and Proxy", "")
	}
	if h.Program != "" && kind != pages.HandlerCgi && kind != pages.HandlerFastCgi {
		t.fault("program", "program goes with the handlers Cgi and FastCgi", "")
	}
	switch kind {
	case pages.HandlerRedirect:
		var err error
		h.Target, err = ParseTarget(h.To, true)
		names := h.Target.Names()
		if err != nil || len(names) > 1 || len(names) == 1 && (names[0] != "*" || !h.Path.IsPrefix()) {
			t.fault("to", "to is an address or a URL", `to = "/elsewhere"; a star in it stands for what the star of path does`)
		}
		if h.Status == 0 {
			h.Status = 302
		}
	case pages.HandlerProxy:
		if !loopbackURL(h.To) {
			t.fault("to", "a Proxy leads to this machine only", `to = "http://127.0.0.1:5173"`)
		}
	}
	if h.File != "" && slices.Contains([]pages.Handler{pages.HandlerRedirect, pages.HandlerForbidden, pages.HandlerProxy}, kind) {
		t.fault("file", fmt.Sprintf("the handler %s needs no file", kind), "")
	}
}

// HandlerOf says what answers for a file by its name alone.
func HandlerOf(file string) pages.Handler {
	base := file[strings.LastIndexByte(file, '/')+1:]
	switch {
	case scriptOf(base, ".handler"):
		return pages.HandlerGeneric
	case scriptOf(base, ".service"):
		return pages.HandlerService
	case scriptOf(base, ".client") || strings.HasSuffix(base, ".client.tsx") || strings.HasSuffix(base, ".client.jsx"):
		return pages.HandlerClientScript
	case strings.HasSuffix(base, ".gohtml"):
		return pages.HandlerPage
	case strings.HasSuffix(base, ".md"):
		return pages.HandlerMarkdown
	}
	return pages.HandlerStatic
}

func scriptOf(base, kind string) bool {
	return strings.HasSuffix(base, kind+".ts") || strings.HasSuffix(base, kind+".js")
}
