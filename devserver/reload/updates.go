package reload

import (
	"path"
	"slices"
	"strings"
)

// concernsAll says whether a file takes part in every answer of the site, whatever a page was made from.
func concernsAll(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "global.") || base == "huygens.toml" || strings.HasPrefix(base, ".env") ||
		strings.HasPrefix(name, "modules/") || strings.Contains(name, "/modules/")
}

// updates makes the events of swapped files and of the addresses of changed pages.
func updates(assets, pages []string) (events []Event) {
	if len(assets) > 0 {
		slices.Sort(assets)
		events = append(events, Event{Name: CSSUpdate, Paths: slices.Compact(assets)})
	}
	slices.Sort(pages)
	pages = slices.Compact(pages)
	if len(pages) > maxUpdates {
		return []Event{{Name: FullReload}}
	}
	for _, p := range pages {
		events = append(events, Event{Name: PageUpdate, Path: p})
	}
	return events
}
