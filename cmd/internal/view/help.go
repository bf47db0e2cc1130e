package view

import (
	"fmt"
	"strings"
)

// helpWidth is how many columns a line of help takes at most.
const helpWidth = 80

// widestName is how wide a name may be to have its text on the same line.
const widestName = 22

// Help is what -help prints of one command.
type Help struct {
	// Usage is the form of the command line, and Summary one sentence.
	Usage, Summary string
	// Description are paragraphs, separated by empty lines.
	Description string
	// Commands and Options have their names and what they do; Global are the
	// options of every command, as one line below the others.
	Commands, Options []Entry
	Global            string
	// Examples are command lines, with what they do.
	Examples []Entry
}

// Entry is a name with a text about it.
type Entry struct{ Name, Text string }

// String is the help, wrapped to 80 columns.
func (h *Help) String() string {
	var b strings.Builder
	b.WriteString("Usage: " + h.Usage + "\n\n" + Wrap(h.Summary, 2) + "\n")
	if h.Description != "" {
		b.WriteString("\n" + Wrap(h.Description, 2) + "\n")
	}
	entries(&b, "Commands", h.Commands)
	entries(&b, "Options", h.Options)
	if h.Global != "" {
		b.WriteString("\n" + Wrap(h.Global, 0) + "\n")
	}
	if len(h.Examples) > 0 {
		b.WriteString("\nExamples:\n")
	}
	for _, e := range h.Examples {
		b.WriteString("\n  " + e.Name + "\n" + Wrap(e.Text, 6) + "\n")
	}
	return b.String()
}

// entries writes a list of names with their texts beside them.
func entries(b *strings.Builder, title string, list []Entry) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n", title)
	width := 0
	for _, e := range list {
		if n := columns(e.Name); n <= widestName {
			width = max(width, n)
		}
	}
	for _, e := range list {
		text := Wrap(e.Text, width+4)
		if columns(e.Name) > width {
			b.WriteString("  " + e.Name + "\n" + text + "\n")
			continue
		}
		b.WriteString("  " + pad(e.Name, width) + "  " + strings.TrimLeft(text, " ") + "\n")
	}
}

// Wrap breaks the lines of a text so that none is wider than 80 columns, and
// indents them. Words, and lines that are indented already, stay whole.
func Wrap(text string, indent int) string {
	margin := strings.Repeat(" ", indent)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		switch {
		case line == "":
		case strings.HasPrefix(line, " "):
			lines[i] = margin + line
		default:
			lines[i] = margin + strings.ReplaceAll(Fit(line, helpWidth-indent), "\n", "\n"+margin)
		}
	}
	return strings.Join(lines, "\n")
}
