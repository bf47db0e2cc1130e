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

// Unwrap returns the error of the system below.
func (e *Error) Unwrap() error { return e.Err }

const (
	adviceAgain = "Ask for a new export on runkeeper.com (Account Settings, Export Data), and do not save its files with a spreadsheet program."
	adviceWhole = "Give the ZIP that Runkeeper sent, or the folder it was unpacked to."
)
