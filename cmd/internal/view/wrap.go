package view

import (
	"strings"
)

// Fit breaks the lines of a text between words, so that none is wider than width, in
// columns; with 0 it breaks none. What is quoted stays whole: lines that begin with a
// space, keys of addresses, and commands in backquotes. So does a word that is wider.
func Fit(text string, width int) string { return wrap(text, width, "") }

// wrap is Fit with an indent for the lines that it begins.
func wrap(text string, width int, indent string) string {
	if width <= 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if columns(line) > width && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
			lines[i] = wrapLine(line, width, indent)
		}
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width int, indent string) string {
	var b strings.Builder
	taken := 0
	for _, word := range words(line) {
		n := columns(word)
		switch {
		case b.Len() == 0:
			taken = n
		case taken+1+n > width:
			b.WriteString("\n" + indent)
			taken = columns(indent) + n
		default:
			b.WriteByte(' ')
			taken += 1 + n
		}
		b.WriteString(word)
	}
	return b.String()
}

// quotes are what begins and ends a part of a line that is not broken.
var quotes = [][2]string{{`["`, `"]`}, {"`", "`"}}

// words splits a line at its spaces, except for those that are quoted.
func words(line string) []string {
	var found []string
	word := 0
	for i := 0; i < len(line); i++ {
		if line[i] == ' ' {
			found, word = append(found, line[word:i]), i+1
			continue
		}
		for _, q := range quotes {
			if !strings.HasPrefix(line[i:], q[0]) {
				continue
			}
			if end := strings.Index(line[i+len(q[0]):], q[1]); end >= 0 {
				i += len(q[0]) + end + len(q[1]) - 1
				break
			}
		}
	}
	return append(found, line[word:])
}
