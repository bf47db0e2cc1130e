// Package files finds the file that a path leads to, replaces files at once, and makes
// those that hold what was read elsewhere.
//
// It lies on the lowest floor because every room that writes a file needs it:
// the state, saved plans, reports, credentials and what fmt lays out. A path may
// lead over links; Resolve follows them once, and refuses those that git tracks,
// because whoever sends a pull request chooses where such a link points.
package files
