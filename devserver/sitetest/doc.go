// Package sitetest runs tests that are files: a txtar archive whose files are a site and whose comment is a
// script of requests, edits and expectations. One feature, one file; each runs in every hosting mode.
//
//	# an edit is seen by the next request, and browsers are told
//	get /
//	  body contains Hello
//	  trace Init Load PreRender Render Unload
//	write index.gohtml
//	  <h1>Bye</h1>
//	expect reload /
//	get /
//	  body contains Bye
//	-- index.gohtml --
//	<h1>Hello</h1>
//
// # Commands
//
// A command begins its line; what belongs to it is indented below it. Lines that begin with # are comments.
//
//	get PATH, head PATH, post PATH, put PATH, patch PATH, delete PATH, options PATH
//	request METHOD PATH     any method
//	visit PATH              get, as a browser does that navigates there: only then is the page in its hands,
//	                        so that it is told of changes of what the page was made from
//	write FILE              writes the indented lines below into the file, in place
//	save FILE               the same by a temporary file that is renamed, as many editors do
//	remove FILE             removes a file, or a folder with all that is in it
//	rename OLD NEW
//	expect reload EVENT [TEXT]
//	                        waits until browsers are told of an event since the last one that was expected:
//	                        its name (full-reload, css-update, …), or a path for the page-update of that page;
//	                        TEXT must be in its data
//
// Below a request, what it sends:
//
//	with NAME: VALUE        a header line
//	form NAME=VALUE         a field of a form (urlencoded); several are joined
//	send TEXT               a line of the body; several are joined
//
// and what its answer must be. Without status it must be 200.
//
//	status CODE
//	header NAME: VALUE      the header is VALUE; header NAME contains TEXT; header NAME missing
//	body contains TEXT, body not contains TEXT, body equals TEXT, body matches REGEXP, body empty
//	trace NAME…             the trace has these spans in this order, others may stand between them
//	trace not NAME…         it has none of them
//	why TEXT                the why line contains TEXT
//
// TEXT goes to the end of the line; in double quotes it is a Go string. body equals ignores white space at
// both ends.
//
// Redirects are not followed. Cookies are kept from request to request, as in one browser.
package sitetest
