// Package console reads expressions at a terminal: an editor of lines, their
// history, and the completion of names.
package console
