// Package assets holds the files that are built into the program, behind doors with types: the script of the
// reload tag (Client), the starters of `huygens new` (Starters), the icon (Icon, IconSVG), and the pages of
// the trace viewer. It imports nothing of ours, and nothing in it changes while the program runs.
package assets
