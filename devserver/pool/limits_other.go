//go:build !linux

package pool

// limitData has no means here that holds; the collector's limit is all.
func limitData(int64) error { return nil }

// residentBytes is not known here.
func residentBytes(int) int64 { return 0 }
