//go:build !linux

package watch

// exactNames is false where a name finds a file that is spelled with other capitals, or where events may name
// only the folder: it is listed whole then.
const exactNames = false
