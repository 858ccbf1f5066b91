// Package source reads the files of a site and knows whether what was read is still what lies on disk.
//
// A file is opened only through the site's os.Root, which is kept open: no name and no link leads out of the
// folder. Names are site paths: slashes, no leading one, no dot segments ("pages/cart.gohtml"; "." is the
// folder itself).
//
// # Whole files only
//
// Editors save in place (truncate, write) or by rename. Read never returns half a file: it opens, asks for
// the file's state, reads, asks again, until both are equal and the file has been still for a moment: 5 ms if
// it was written in place (at most 20 ms in all), 1 ms if it is a new file (a rename), half a second
// if it has become empty: an emptied file is most likely in the middle of a save.
//
// # Freshness
//
// A Stamp is the state of a file when it was read: size, modification time, change time, inode. A file is
// unchanged if its Stamp is; if the Stamp differs, or the file was read within 20 ms of its modification (so
// that a second write may have left the same times), its bytes decide, by hash. So a touch changes nothing.
//
// Inputs is the list of what something was made from, misses included. It is checked when the thing is asked
// for: one stat for each file, nothing else as long as nothing changed.
package source
