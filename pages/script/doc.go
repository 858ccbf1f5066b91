// Package script compiles the server code of pages, TypeScript or JavaScript, and runs it.
//
// # Compiling
//
// Compile takes one file, the code of a page, and everything it imports, and makes a Program: immutable, shared by
// all requests, safe for any number of goroutines. Imports are resolved and read through Files only; the compiler
// never touches the file system by itself, so that every file and every miss can be an input of the page, and
// nothing outside the site can be read:
//
//	./name ../name   relative to the importing file, with or without extension, index files of folders
//	~/name           from the root of the site
//	name, @scope/name, name/sub   an npm package of the nearest node_modules, upward to the root
//	#name            as the package.json of the importing package says
//
// The faults of a compilation are Errors, each with its place in the author's file.
//
// A function at the top level of the file can be called by its name, exported or not. Code is a module: strict, its
// variables its own.
//
// # Running
//
// Start gives a Runtime: one request's own world, made anew each time and never used again. It is used by one
// goroutine at a time; only Interrupt may come from others. Call calls a function by its name and, if that returns a
// promise, waits until it is settled: timers and completions of asynchronous work run on the calling goroutine.
// Close ends what is still under way and waits for it.
//
// What the script sees is described by Host, without a word of the engine: Go values, functions func(*Call) (any,
// error), and objects with Members. What comes back is
//
//	nil, bool, int64, float64, string, time.Time, []byte    plain values
//	in-place values    objects and arrays of the script, read where they are: they have Field, Names and Export, or
//	                   Len, At and Export; strings and numbers may have String and Export instead of being Go values
//	*Function          a function of the script
//	Go values          what a host gave by reference ([]any, map[string]any, structs, Members) comes back as it was given
//
// In-place values are valid until Close, on the goroutine that runs the Runtime.
//
// # Errors
//
// An error of the author's code is an *Error with file, line, column and stack in the author's files. An error that a
// host function returned, the cause with which a context ended, and what was given to Interrupt are found by
// errors.Is and errors.As. Stop makes an error that ends the script so that neither catch nor finally runs.
//
// # What is contained
//
// Endless loops, promise chains and recursion; JSON.parse of deep text; String repeat and pad, ArrayBuffer, typed
// arrays and Array of absurd length; backtracking regular expressions (500 ms a match); source text nested so deeply
// that the compilers would exhaust their stack. These throw, are interrupted, or are faults. One native call that grows
// and grows, and deeply nested text given to eval, are not contained: that is what the worker process, its memory limit
// and the deadline that ends in a kill are for. Watchdog interrupts long-running scripts when the heap passes a limit.
package script
