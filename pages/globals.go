package pages

import "huygens/pages/script"

// globals are the objects that code finds without importing them (api.md, 2).
func (r *run) globals() script.Host {
	return script.Host{Watchdog: r.Application.watchdog, Globals: map[string]any{
		"page":     pageObject{r},
		"request":  requestObject{c: r.Context},
		"response": responseObject{r.Context},
		"server":   serverObject{r: r},
		"site":     siteObject{c: r.Context},
		"trace":    traceObject{c: r.Context},
		"console":  consoleObject{c: r.Context},
	}}
}
