// Package pool runs requests in workers: the queue, the workers' lives, and what happens when one dies. It plays
// the parts of http.sys's queue, WAS and w3wp.
//
// A Pool is a pages.Runner. Requests wait in the pool's own queue, in the order in which they came, and a worker
// is only given what it may start at once: at most Concurrency at a time. A worker is another process, the
// program of Config.Program, or the runner itself in this process (Hosting); both behave the same, which one test
// suite keeps, but a worker in this process can be neither limited nor killed.
//
// # What a request may expect
//
//   - Begun means: the request's frame was written to a worker. If that worker dies the request fails with 502 and
//     the reason at once; GET and HEAD are begun once more where Config.Repeat says so. What was not begun waits for
//     the next worker, which is started immediately.
//   - Request.Timeout counts the time in which a request computes. It stands still while the request waits for its
//     client, its session or at a breakpoint, and starts anew with each streamed part. When it is over, the runner's
//     context ends with the cause pages.ErrTimeout. The worker gets no new requests then and its successor is
//     started; if there is no answer 2 s later the worker is killed and the request fails with 504.
//   - A worker that does not answer its ping is killed; its requests fail with 504.
//   - A worker that sends what no worker would send is killed; its requests fail with 502.
//   - A full queue, and a pool that is stopped or failed, refuse with 503 at once.
//   - When the context of a request ends, Run returns at once (a request that has run less than 20 ms: then); a
//     worker process is told, and the request's place in it stays taken until it has ended there too. In this
//     process Run returns when the runner does.
//
// # Lives
//
// A worker is starting, then warm (it waits for its first request), serving, draining (no new requests) and dead.
// Recycle is overlapped: the successor is started and warmed first, then gets the new requests, and the old worker
// drains. If the successor cannot be started, the old worker stays in service.
//
// A crash is a death before the first answer, or one that the worker's own code caused; a signal from outside is
// none. After a crash the next start waits 0, 1, 2, then 4 seconds; too many crashes (RapidFail) make the pool
// failed, until Reset or Start.
//
// # The worker process
//
// Child is its whole life. It gets a secret and the configuration on its standard input, listens on a socket in a
// folder that only this user can enter, and says so in one line on its standard output. Everything else it prints
// goes to Config.Output. It ends when its standard input ends, and on Linux also with the thread that started it,
// so that no worker outlives the app. It limits its own memory before the site is loaded, and sees only those
// environment variables that Config.Env and a short list name.
//
// # Time
//
// All times in Result.Spans, Result.Log and Failure.Spans count from the call of Run: a span Queue, then for a
// worker process a span Hop with the worker's spans inside it; in this process the worker's spans follow Queue.
package pool
