//go:build cgo || !darwin

package ui

import (
	"huygens/devserver/trace"
	"huygens/pages"
)

// noStage is the stage of a span that belongs to none: the front, the queue, the pipeline.
const noStage = -1

// stageOf is the number of the stage in whose colour a span is drawn; noStage for the others.
func stageOf(span string) int {
	if s, is := trace.StageOf(span); is {
		return int(s)
	}
	return noStage
}

// insideStage says whether a span lies in one that has a stage of its own. Parents stand before their
// children; whatever claims otherwise is not followed.
func insideStage(spans []pages.Span, i int) bool {
	for {
		p := int(spans[i].Parent)
		if p < 0 || p >= i {
			return false
		}
		if stageOf(spans[p].Name) != noStage {
			return true
		}
		i = p
	}
}
