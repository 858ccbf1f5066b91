// Package feed is the one way values go from those who make them to those who watch: traces, events of
// workers, changes on disk.
//
// A Log keeps the newest values, numbered from 1. Whoever appends never waits, and knows nothing of readers.
// A reader asks for what came after the number it has reached, at its own pace, and is told how many values
// it missed. So a slow reader costs nobody anything, and a value is either seen once or counted as missed.
package feed
