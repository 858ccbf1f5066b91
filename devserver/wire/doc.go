// Package wire is the language between the front and a worker process: messages in length-prefixed frames over
// a private Unix socket.
//
// # Frames
//
//	length  4 bytes, little endian: of all that follows
//	kind    1 byte: see Kind
//	fields  4 bytes, little endian: how much of the rest is fields
//	...     the fields, then the bulk: the bytes of a body
//
// Fields are written by hand: numbers as varints, text and lists with their length before them, names that
// everybody knows (spans, levels of log lines) as one byte. The bulk is the rest of the frame, so that a body is
// neither escaped nor copied more than once.
//
// # Limits
//
// A frame is at most MaxFrame long; bodies that are longer travel in parts (see Part). Every length and count is
// checked against what is really there before anything is allocated for it, and what a frame claims is allocated
// only as it arrives. Whatever a peer sends, Receive returns a message or an error that wraps ErrMalformed; it
// never panics. After an error that is not a time-out the connection cannot be used any more.
//
// # Time-outs
//
// Receive may be interrupted by the deadline of the connection at any byte. It keeps what has arrived, and the
// next call goes on where it stopped.
//
// # Order
//
// The first message on every connection is Open, with the secret. On a connection for requests the front sends
// a Request; the worker answers with Result or Failure, and before that may send any number of calls
// (SessionCall, StreamCall, PauseCall, BodyRead), each of which waits for its answer, and reports (Progress,
// Part), which have none. On the control connection both sides send what they like; Request and its answer are
// joined by ID.
package wire
