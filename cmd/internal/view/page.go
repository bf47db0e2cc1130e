package view

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// page is a text for people that is written line by line.
type page struct {
	out   io.Writer
	o     Options
	paint palette
}

func (p *page) line(format string, a ...any) { fmt.Fprintf(p.out, format+"\n", a...) }

// paragraph writes a text that may be broken.
func (p *page) paragraph(text string) { p.line("%s", Fit(text, p.o.Width)) }

// upTo writes the parts 0 to n-1 and returns how many it wrote: it stops before a
// part that does not fit in the room, in characters, unless it is the first. With
// -full there is room for all.
func (p *page) upTo(room, n int, write func(i int)) int {
	out := p.out
	defer func() { p.out = out }()
	var b bytes.Buffer
	p.out = &b
	for i := range n {
		write(i)
		if room -= utf8.RuneCount(b.Bytes()); room < 0 && i > 0 && !p.o.Full {
			return i
		}
		_, _ = b.WriteTo(out) // the writer keeps its first error until it is flushed
	}
	return n
}

// aligned pads the cells of rows to columns, except for the last ones.
func aligned(rows [][]string) [][]string {
	if len(rows) == 0 {
		return rows
	}
	width := make([]int, len(rows[0])-1)
	for _, r := range rows {
		for i := range width {
			width[i] = max(width[i], columns(r[i]))
		}
	}
	for _, r := range rows {
		for i, n := range width {
			r[i] = pad(r[i], n)
		}
	}
	return rows
}

// list writes names on lines of one width, and how many more than the given ones exist.
func (p *page) list(indent string, given []string, of int) {
	line, width := indent, keysWidth
	if p.o.Width > 0 {
		width = min(width, p.o.Width)
	}
	for i, name := range given {
		if i < len(given)-1 {
			name += ","
		}
		if line != indent && columns(line)+1+columns(name) > width {
			p.line("%s", line)
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += name
	}
	if more := of - len(given); more > 0 {
		line += " and " + thousands(more) + " more"
	}
	p.line("%s", line)
}

// names lists names, and how many more than the given ones exist.
func names(given []string, of int) string {
	text := strings.Join(given, ", ")
	if more := of - len(given); more > 0 {
		text += " and " + thousands(more) + " more"
	}
	return text
}

// firstOf returns the first lines of a list, and how many more there are.
func firstOf(lines []string, n int) []string {
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n:n], "… and "+thousands(len(lines)-n)+" more")
}
