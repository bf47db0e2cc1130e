package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

// helpFlag is a flag of every command.
const helpFlag = "help"

// examples are command lines with what they do, in turns, as a command carries
// them.
func examples(lines ...string) map[string]any {
	var list []view.Entry
	for i := 0; i+1 < len(lines); i += 2 {
		list = append(list, view.Entry{Name: lines[i], Text: lines[i+1]})
	}
	return map[string]any{"examples": list}
}

// helps makes a command print its help when it is asked for, or when it has no
// action of its own.
func helps(c *cli.Command) {
	act := c.Action
	c.HideHelp = true
	c.Action = func(ctx context.Context, c *cli.Command) error {
		if act == nil || c.Bool(helpFlag) {
			return showHelp(c)
		}
		return act(ctx, c)
	}
	// The library itself answers a -help before the command.
	if c.Metadata == nil {
		c.Metadata = map[string]any{}
	}
	c.Metadata["help"] = func() string { return helpOf(c).String() }
	c.CustomHelpTemplate = "{{call .Metadata.help}}"
	c.CustomRootCommandHelpTemplate = c.CustomHelpTemplate
}

// showHelp prints the help of a command on stdout.
func showHelp(c *cli.Command) error {
	_, err := io.WriteString(c.Root().Writer, helpOf(c).String())
	return err
}

// helpOf collects what there is to say about a command.
func helpOf(c *cli.Command) *view.Help {
	h := &view.Help{Usage: usageLine(c), Summary: capital(c.Usage) + ".", Description: paragraphs(c.Description)}
	for _, sub := range c.Commands {
		if !sub.Hidden {
			h.Commands = append(h.Commands, view.Entry{Name: sub.Name, Text: sub.Usage})
		}
	}
	for _, f := range c.Flags {
		if f, ok := f.(cli.DocGenerationFlag); ok {
			h.Options = append(h.Options, flagEntry(f, f.(cli.Flag).Names()))
		}
	}
	if c.Root() != c {
		h.Global = "The global options stand before the command; `lockstep -help` lists them."
	}
	h.Examples, _ = c.Metadata["examples"].([]view.Entry)
	return h
}

// paragraphs joins the lines of a text, except where an empty one is between them.
func paragraphs(text string) string {
	all := strings.Split(text, "\n\n")
	for i := range all {
		all[i] = strings.ReplaceAll(all[i], "\n", " ")
	}
	return strings.Join(all, "\n\n")
}

func usageLine(c *cli.Command) string {
	words := []string{c.FullName()}
	switch {
	case c.Root() == c:
		words = append(words, "[global options] COMMAND [options]")
	case len(c.Commands) > 0:
		words = append(words, "COMMAND [options]")
	case len(c.Flags) > 0:
		words = append(words, "[options]")
	}
	if c.ArgsUsage != "" {
		words = append(words, c.ArgsUsage)
	}
	return strings.Join(words, " ")
}

// flagEntry is a flag as it is typed, with what it does.
func flagEntry(f cli.DocGenerationFlag, names []string) view.Entry {
	usage, place := placeholder(f.GetUsage())
	entry := view.Entry{Name: "-" + strings.Join(names, ", -"), Text: usage}
	if f.TakesValue() {
		entry.Name += "=" + place
	}
	if standard := f.GetValue(); f.TakesValue() && !slices.Contains([]string{"", "[]", "0", "0s"}, standard) {
		entry.Text += fmt.Sprintf(" (default: %s)", strings.Trim(standard, `"`))
	}
	return entry
}

// placeholder takes the marks off the word in the usage of a flag that stands for
// its value, and returns that word.
func placeholder(usage string) (plain, word string) {
	before, rest, _ := strings.Cut(usage, "`")
	word, after, found := strings.Cut(rest, "`")
	if !found {
		return usage, "VALUE"
	}
	return before + word + after, word
}
