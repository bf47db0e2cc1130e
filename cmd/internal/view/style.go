package view

import (
	"strings"

	"github.com/fatih/color"
	"github.com/rivo/uniseg"

	"lockstep/schema"
)

// Options say how to render.
type Options struct {
	// Color adds terminal colours.
	Color bool
	// Full lists every object and every value whole; otherwise equal changes
	// fold and long texts are cut.
	Full bool
	// Redact masks personal data, instance keys included.
	Redact bool
	// ForTools adds the lines by which programs for Terraform read a plan, beside our
	// own.
	ForTools bool
	// Width is where long paragraphs wrap, in columns; 0 never wraps.
	Width int
}

// palette colours texts, or leaves them alone.
type palette struct {
	red, green, yellow, cyan, bold, faint func(a ...any) string
}

func newPalette(on bool) palette {
	paint := func(attributes ...color.Attribute) func(a ...any) string {
		c := color.New(attributes...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return palette{
		red: paint(color.FgRed), green: paint(color.FgGreen), yellow: paint(color.FgYellow),
		cyan: paint(color.FgCyan), bold: paint(color.Bold), faint: paint(color.Faint),
	}
}

// sign paints the symbol of a line by what it stands for.
func (p palette) sign(sign string) string {
	switch sign {
	case "+":
		return p.green(sign)
	case "-", ".", "!":
		return p.red(sign)
	case "~", "-/+":
		return p.yellow(sign)
	case "<=":
		return p.cyan(sign)
	default:
		return sign
	}
}

// thousands writes a whole number in groups of three. Lines that other tools
// parse never use it.
func thousands(n int) string { return schema.Thousands(n) }

// plural writes a number with its noun: "1 call", "2 calls".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// Count writes a number with its noun: "1 call", "2,000 calls".
func Count(n int, one, many string) string { return plural(n, one, many) }

// columns is how many columns of a terminal a text takes.
func columns(s string) int { return uniseg.StringWidth(s) }

// UsualColumns is how wide a terminal is that does not tell.
const UsualColumns = 80

func terminalColumns(n int) int {
	if n <= 0 {
		return UsualColumns
	}
	return n
}

// cutTo shortens a text to a width, in columns.
func cutTo(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	var b strings.Builder
	taken := 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if taken += g.Width(); taken >= width {
			break
		}
		b.WriteString(g.Str())
	}
	if width > 0 {
		b.WriteString("…")
	}
	return b.String()
}

func pad(s string, width int) string {
	if n := width - columns(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}
