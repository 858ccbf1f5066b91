package devserver

import (
	"net/http"

	"huygens/devserver/reload"
)

// reserved answers the addresses that belong to the tools and to the browser's script. They are not traced.
func (x *exchange) reserved() {
	if refusal := x.live.gate.Check(x.r); refusal != nil {
		writeRefusal(x.w, refusal)
		return
	}
	switch x.r.URL.Path {
	case reload.Path, reload.ClientPath:
		x.browser()
	default:
		x.site.server.tools.Site(x.live.name).ServeHTTP(x.w, x.r)
	}
}

// browser serves the event stream and the script of the site's own pages, to them alone.
func (x *exchange) browser() {
	if !x.live.config.Reload.Enabled {
		http.NotFound(x.w, x.r)
		return
	}
	if refusal := x.live.gate.CheckReserved(x.r); refusal != nil {
		writeRefusal(x.w, refusal)
		return
	}
	x.hub.ServeHTTP(x.w, x.r)
}
