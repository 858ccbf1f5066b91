// Package state keeps what outlives a run: for each site its port, whether the user trusts it and its signing
// key; the sites and settings of the window; and which process serves which site now.
//
// Everything lies in one folder of the user's (HUYGENS_STATE, else the system's place for state), mode 0700,
// files 0600. A site is known by the absolute path of its folder with links resolved, and where the system does
// not mind case, folded; its files are named by a hash of that path.
//
// # Writing
//
// A file is written into a temporary one beside it, flushed, and renamed over the old one, whose last version
// stays as .bak; then the folder is flushed. So a reader, at any moment and after any crash, sees the old or the
// new file, whole. Processes that change the same file take turns by a lock of the system's.
//
// A file that cannot be read is never overwritten by defaults. If its .bak can be read, that is used and
// Store.Tell says so once; if not, reading and changing it are errors, and it is left as it is.
//
// # Trust
//
// Trust is given to a folder, not to a path: device and inode must be the same too, so that another folder put
// at the same path is not trusted (design.md, 5).
//
// # Who serves a site
//
// Claim makes this process the one that serves a site, by a lock that the system takes back when the process
// ends, however it ends. So a stale claim needs no guessing from process ids, which may be given to another
// process. What the holder has published is believed only if it stands beside the id in the lock's file.
package state
