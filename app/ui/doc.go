//go:build cgo || !darwin

// Package ui is the window of Huygens: the sites on the left, the requests on the right and below them the
// stages of the chosen request.
//
// NewWindow builds it from a Server, which the program adapts to the front, and Options. The package knows
// no listener, no process and no file: it shows what Server tells and hands on what the user wants. It never
// imports Fyne's driver (fyne.io/fyne/v2/app), so it builds and is tested without a display and without cgo.
//
// # Who touches what
//
// Everything that is seen belongs to the goroutine of the window. No panel starts a goroutine or takes a lock.
// The pump is the only way in: it pulls traces and changes from the Server at its own pace, at most every
// 100 ms, and hands each batch over with fyne.Do, the next one only after the last was shown. Commands of the user
// (start, stop, add …) run in goroutines of the pump, so that a slow front never freezes the window; their
// errors come back the same way. Window.Close stops the pump and waits for it; it must be called before the
// application ends, and NewWindow arranges that it is: closing the window, Quit and the end of the
// application's run loop all come to it.
//
// # What is hostile
//
// Every text of a trace comes from the network or from a site: addresses, headers, bodies, span names, errors.
// It is shown with control characters, directional marks and broken UTF-8 written out, cut to its cell,
// and copied to the clipboard in the same form. A copied curl command is quoted for POSIX shells.
//
// # Bounds
//
// The list keeps what the front keeps (Status.TracesKept, Status.ClearedTo), so that the window holds no
// trace alive. Rows are drawn only where they are visible; so are the spans of a request. Bodies are shown up
// to 200 lines; the whole text can be copied.
package ui
