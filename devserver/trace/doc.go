// Package trace keeps what is known of each request, and shows it to whoever asks.
//
// A Trace is a snapshot: complete in itself, never changed once it is published. When a request begins,
// waits or ends, a new Trace with the same Number takes its place in the Log; a reader does the same. Panel,
// viewer, command line, exporters and tests read one Source.
//
// # How one is made
//
// The front calls Log.Start when it has read the request line, records its own steps, calls Asked before it
// gives the request to a Runner and Answered with what that recorded, and tells what it knows (Why, Pool,
// Handler, RequestBody, Response …). Complete publishes the trace before the last byte of the answer goes
// out; Sent adds the time of sending. Abandon, deferred, ends whatever ended otherwise. Log.Run shows requests
// that take longer than 100 ms while they run; quick ones never pay for that. With HUYGENS_TRACE=off there is
// no Recorder: all its methods do nothing on nil.
//
// # What is masked
//
// Secrets are masked when they are captured, before anything is stored, by name and by value (api.md, 6;
// design.md, 8). What readers see never held them.
//
// Characters that a terminal or a text field could interpret are written out (\x1b) at the same place, so that
// no reader has to think of them.
//
// # Bounds
//
// The Log keeps 500 requests or 64 MB, whichever comes first; bodies are cut at 64 kB. Nothing is written to
// disk.
package trace
