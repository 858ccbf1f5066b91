package pipeline

import (
	"context"

	"huygens/pages"
)

// A Module listens to pipeline events. It is a plain value: what is installed is a list that can be shown,
// ordered and shortened.
type Module struct {
	Name string
	On   map[string]Listener // by event name, as in pages.PipelineEvents
}

// A Listener is told of an event. An error ends the request as an error in the handler does.
type Listener func(ctx context.Context, c *pages.Context) error

// Places in pages.PipelineEvents that the order of a request turns on.
var (
	beforeHandler   = eventIndex("PreRequestHandlerExecute")
	acquireState    = eventIndex("AcquireRequestState")
	releaseState    = eventIndex("ReleaseRequestState")
	postRelease     = eventIndex("PostReleaseRequestState")
	logRequest      = eventIndex("LogRequest")
	preSendHeaders  = eventIndex("PreSendRequestHeaders")
	preSendContent  = eventIndex("PreSendRequestContent")
	numberOfEvents  = len(pages.PipelineEvents)
	noSuchEventName = -1
)

func eventIndex(name string) int {
	for i, n := range pages.PipelineEvents {
		if n == name {
			return i
		}
	}
	return noSuchEventName
}

// A listening is one module's listener at one event.
type listening struct {
	module string
	tell   Listener
}

// listeners sorts the listeners of modules by event, in the order of the list.
func listeners(modules []Module) [][]listening {
	byEvent := make([][]listening, numberOfEvents)
	for _, m := range modules {
		for i, name := range pages.PipelineEvents {
			if l := m.On[name]; l != nil {
				byEvent[i] = append(byEvent[i], listening{m.Name, l})
			}
		}
	}
	return byEvent
}
