package devserver_test

import (
	"testing"

	"huygens/devserver"
	"huygens/devserver/sitetest"
)

// Each archive in testdata is a site with a script, and runs in both hosting modes.
func TestSites(t *testing.T) {
	for _, hosting := range []string{process, inProcess} {
		t.Run(hosting, func(t *testing.T) {
			sitetest.Test(t, "testdata/*.txtar", func(t *testing.T, folder string) sitetest.Site {
				return serveFolder(t, folder, devserver.SiteOptions{Trust: true, Hosting: hosting})
			})
		})
	}
}
