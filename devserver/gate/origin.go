package gate

import "net/http"

func foreign() *Refusal {
	return refuse(http.StatusForbidden, "This server does not answer requests from pages of another origin.")
}

// knownOrigin says whether the Origin lines of a request are none, or one of the list. null is not.
func (g *Gate) knownOrigin(origin []string) bool {
	switch len(origin) {
	case 0:
		return true
	case 1:
		return g.origins[origin[0]] || g.origins[lower(origin[0])]
	}
	return false
}

// checkFetchSite lets in what comes from the same origin, was typed, or was not sent by a browser that says.
func checkFetchSite(site []string) *Refusal {
	if len(site) == 0 || len(site) == 1 && (site[0] == "same-origin" || site[0] == "none") {
		return nil
	}
	return foreign()
}

// checkCrossOrigin refuses unsafe methods from another origin. http.CrossOriginProtection compares only the
// host of Origin and believes Sec-Fetch-Site alone, so the list is asked too. A page that sends no referrer
// posts with Origin null to its own site: there the browser's Sec-Fetch-Site decides.
func (g *Gate) checkCrossOrigin(r *http.Request) *Refusal {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	site, origin := r.Header["Sec-Fetch-Site"], r.Header["Origin"]
	if refusal := checkFetchSite(site); refusal != nil {
		return refusal
	}
	if g.cross.Check(r) != nil {
		return foreign()
	}
	hidden := len(origin) == 1 && origin[0] == "null" && len(site) == 1
	if !hidden && !g.knownOrigin(origin) {
		return foreign()
	}
	return nil
}
