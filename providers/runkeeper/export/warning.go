package export

import (
	"fmt"
	"strings"

	"lockstep/schema"
)

// Warning reports what is odd in an export that was read all the same. It holds
// no value of the export.
type Warning struct {
	// Path of the ZIP, folder or file as it was given.
	Path string
	// File within it, empty when the whole is meant.
	File string
	// Lines of the file that it is about, from 1; empty when the whole is meant.
	Lines []int
	// Problem is a sentence part that says what is odd and what is made of it.
	Problem string
}

// String renders place, problem and lines on one line.
func (w Warning) String() string {
	place := w.Path
	if w.File != "" {
		place += ": " + w.File
	}
	if len(w.Lines) == 0 {
		return place + ": " + w.Problem
	}
	return place + ": " + w.Problem + " (" + rowsAt(w.Lines) + ")"
}

// rowsAt counts lines and names the first of them: "3 rows: lines 2, 5 and 9".
func rowsAt(lines []int) string {
	const most = 5
	if len(lines) == 1 {
		return fmt.Sprintf("1 row: line %d", lines[0])
	}
	named, last := lines[:min(most, len(lines))], ""
	if more := len(lines) - len(named); more > 0 {
		last = " and " + schema.Thousands(more) + " more"
	} else {
		last = fmt.Sprintf(" and %d", named[len(named)-1])
		named = named[:len(named)-1]
	}
	words := make([]string, len(named))
	for i, line := range named {
		words[i] = fmt.Sprint(line)
	}
	return fmt.Sprintf("%s rows: lines %s%s", schema.Thousands(len(lines)), strings.Join(words, ", "), last)
}

// oddities collects the lines of a file by what is odd about them, in the order
// in which each was first met.
type oddities struct {
	problems []string
	lines    map[string][]int
}

func (o *oddities) add(problem string, line int) {
	if o.lines == nil {
		o.lines = map[string][]int{}
	}
	if o.lines[problem] == nil {
		o.problems = append(o.problems, problem)
	}
	o.lines[problem] = append(o.lines[problem], line)
}

// warnings are the oddities of a file of an archive.
func (o *oddities) warnings(path, file string) []Warning {
	var all []Warning
	for _, problem := range o.problems {
		all = append(all, Warning{Path: path, File: file, Lines: o.lines[problem], Problem: problem})
	}
	return all
}

// unreadable is the problem of cells that are taken as unknown.
func unreadable(column string) string {
	return fmt.Sprintf("the column %q has cells that cannot be read, which count as unknown", column)
}

const twice = "rows are there twice, and count once"
