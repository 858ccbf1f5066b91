//go:build !unix

package resolve

import "testing"

// makePipe does nothing: there are no named pipes in folders here.
func makePipe(testing.TB, string) {}
