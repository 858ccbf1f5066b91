// Package reload tells the browsers that show a site what changed, and brings the script into their pages
// that acts on it.
//
// # What is told
//
// A Hub belongs to one site. Its events are those of api.md, 6:
//
//	connected {run}                which run of the server this is
//	css-update {paths}             style sheets and images: swapped in the page, nothing is reloaded
//	page-update {path}             for whoever shows the page at this address: it is reloaded in place
//	full-reload {}                 for everybody
//	error {message, file, line}    something is wrong that no page of its own shows; sent again, with its old id,
//	                               to whoever connects while it stands
//	ok {}                          it is not any more
//
// A changed file that pages were made from gives one page-update for each of their addresses; the front
// tells the Hub what each answer was made from (Depends). Without that a page or Markdown file stands for its
// own address, and its code-behind with it. Files that no browser and no page can see (logs, lock files,
// what begins with a dot) tell nothing; everything else is a full-reload, and so is a change that concerns
// more than 32 addresses.
//
// # How it is told
//
// As server-sent events at Path, one stream per browser: the tabs choose a leader. Every event has an id,
// RUN-NUMBER. A page carries the id that was the newest when its making began (Position, Script.At), and a
// reader says which it has reached (Last-Event-ID, or after=ID): what came since is told at once. So a save
// is not missed while a page is on its way, a tab is hidden or a stream is broken. A page of an earlier run
// reloads. Beside the pings, which are comments, nothing is sent when nothing happens. The 51st stream of a
// site closes the oldest.
//
// # The tag
//
// Script.Bytes is put into navigations only (Navigation) at the place that Place finds: after <head…>, else
// before the first tag after the doctype and <html…>, else at the end. The script is a file, never inline;
// Nonce copies the nonce of a page's own policy.
package reload
