// Package command is the command line: one file per command, and what they
// share.
//
// A command line is read in run.go. Each command gets a session: the printer,
// which tells people and programs what a command finds, and the installed
// providers. Session.load makes a project of the folder, with its state, lock
// and engine. A command reads flags, calls the engine and gives what it found
// to package view.
//
// Run is called in-process by main and by tests: it takes its streams and
// environment as values, and returns the exit code.
package command
