// Package trace keeps what is known of each request, and shows it to whoever asks.
//
// A Trace is a snapshot: complete in itself, never changed once it is published. When a request begins,
// waits or ends, a new Trace with the same ID is appended to the Log; a reader replaces what it had. Panel,
// viewer, command line, exporters and tests read one Source.
//
// # What is masked
//
// Secrets are masked when they are captured, before anything is stored, by name and by value (api.md, 6;
// design.md, 8). What readers see never held them.
//
// # Bounds
//
// The Log keeps 500 requests or 64 MB, whichever comes first; bodies are cut at 64 kB. Nothing is written to
// disk.
package trace
