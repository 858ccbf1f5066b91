// Package resolve is the one place where an address becomes a file.
//
// Static files, pages, answers of workers that name a file, and error pages all come through a Resolver. Its
// Answer can be made by nothing else, and only an Answer can be opened, so a name that was never checked
// cannot be served.
//
// # Rules
//
// The path of the target is decoded once. It must be UTF-8 of at most 2 kB without encoded slash or backslash,
// backslash, control characters, and dot segments. Then it is walked, name by name, through listings of the
// real folders: only a name that stands there in exactly these letters leads on, on every system. So all
// rules are about names that exist; there is no spelling of an address that slips by them. Links are refused
// inside the site too, as is whatever is no regular file or folder.
//
// Never served, in any case of letters: names that begin with "." (but .well-known), "_" or "#", or end in ".",
// " " or "~"; names with \ : ; # %; device names of Windows; App_Data, App_Code; at the root of an application
// modules and global.*; databases, logs, backups, keys, lock and configuration files; code: see kind.go.
// Denied and missing look alike.
//
// # Order
//
// [[rewrite]], then [[handlers]] (first match wins), then the built-in map: page, Markdown page, handler,
// service, static file or client script, folder. [[rewrite]] with missing = true comes last.
//
// # Fresh
//
// A listing is kept and checked by one stat for each folder on the way, so a new, removed or renamed file is
// seen by the next request. A listing that was read within 20 ms of the folder's change is read again.
package resolve
