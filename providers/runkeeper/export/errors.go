package export

import (
	"fmt"
	"strings"
)

// Error reports what is wrong with an export, and where.
type Error struct {
	// Path of the ZIP, folder or file as it was given.
	Path string
	// File within it, empty when the whole is meant.
	File string
	// Line of the file, from 1; 0 when the whole file is meant.
	Line int
	// Problem is a sentence part: `the date "1.2.24" is not one`.
	Problem string
	// Advice tells what to do, as a sentence; empty when there is nothing to
	// advise.
	Advice string
	// Err is the error of the system below, nil when there is none.
	Err error
}

// Error renders place, problem and advice on one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.File != "" {
		b.WriteString(": " + e.File)
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	b.WriteString(": " + e.Problem)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Advice != "" {
		b.WriteString(". " + e.Advice)
	}
	return b.String()
}

// warning tells the same of what can be done without; so says what is made of it.
func (e *Error) warning(so string) Warning {
	w := Warning{Path: e.Path, File: e.File, Problem: e.Problem}
	if e.Line > 0 {
		w.Problem = fmt.Sprintf("line %d: %s", e.Line, e.Problem)
	}
	if e.Err != nil {
		w.Problem += ": " + e.Err.Error()
	}
	w.Problem += "; " + so
	return w
}

// Unwrap returns the error of the system below.
func (e *Error) Unwrap() error { return e.Err }

const (
	adviceAgain     = "Ask for a new export on runkeeper.com (Account Settings, Export Data), and do not save its files with a spreadsheet program."
	adviceOnePerson = "One account of the provider is one person: write one account for each."
	adviceWhole     = "Give the ZIP that Runkeeper sent, or the folder it was unpacked to."
)
