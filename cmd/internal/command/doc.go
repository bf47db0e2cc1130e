// Package command is the command line: one file per command, and what they
// share. A command reads flags, calls the engine and gives what it found to
// package view; it prints nothing itself. Run is called in-process by main
// and by tests: it takes its streams and environment as values, and returns
// the exit code.
package command
