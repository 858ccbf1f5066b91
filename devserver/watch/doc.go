// Package watch tells what changed in the folder of a site, so that browsers can be told.
//
// The system's file events are only the bell: they say that something happened, and where. A scan decides
// what: size, time, inode and mode of each file are compared with the last snapshot, and where only those
// differ and the file is small, its bytes. So a save is told once, whatever an editor does to make it, and
// a touch tells nothing. Nothing depends on a change being told: whether a page is fresh is checked when it
// is asked for.
//
// # When a batch is told
//
// After 8 ms of quiet, at most 100 ms after the first event. While one batch follows another the wait
// doubles, up to 200 ms; a lone save after quiet is told after 8 ms again. Events decide what is scanned: the
// named files and folders, and everything when the system lost events, when the folder is back, after the
// machine slept, and every 30 s, lest events of a whole part of the folder never arrive.
//
// # What is watched
//
// Folders, never single files, since editors save by rename. New folders are walked, and looked at again a
// second later. Links are not followed. Left out are node_modules, App_Data (pages write there), folders
// that begin with a dot (but .well-known), databases with their journals, temporary files of editors, and
// what Options.Ignore names. At most Options.MaxFiles files are kept in mind.
//
// # When events do not come
//
// Network folders bring no events, and the system's limits may be used up. Then the folder is scanned every
// 2 s (less often if a scan takes longer than 100 ms), and Health says why and what helps. If a scan finds
// what no event announced, the folder is scanned so from then on.
//
// A folder that was removed, renamed or made anew is noticed within a second by device and inode of its
// path. It is told as Batch.Root, and told again when a folder is back at the path, with what differs.
package watch
