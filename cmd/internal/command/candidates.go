package command

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/complete"
	"lockstep/schema"
	"lockstep/schema/config"
)

// maxCandidates is how many addresses are offered: nobody reads more.
const maxCandidates = 500

// candidates finds what may stand at the end of a command line. What stands there
// is told by the declarations of commands and flags: the words of ArgsUsage, the
// marked word in the usage of a flag, and the choices of a flag.
type candidates struct {
	*session
	// flags are those of the completing command itself, which has none: variables
	// get their values from files and environment.
	flags *cli.Command
	// cfg is nil until it is loaded.
	cfg *config.Config
}

// typed is a command line as far as it is typed.
type typed struct {
	command *cli.Command
	// arguments counts the words before the last that are no flags.
	arguments int
	// flag takes the last word as its value; nil when it is no value.
	flag cli.Flag
	// dir is where -chdir leads.
	dir string
	// ended is set after the word --.
	ended bool
}

// of returns what may replace the last of the words.
func (k *candidates) of(ctx context.Context, words []string) []complete.Candidate {
	last := words[len(words)-1]
	line := k.read(words[:len(words)-1])
	name, value, valued := strings.Cut(last, "=")
	flag := line.flagOf(name)
	var list []complete.Candidate
	prefix := ""
	switch {
	case line.flag != nil:
		list = k.values(ctx, line, line.flag, last)
	case !line.ended && flag != nil && valued:
		prefix = name + "="
		list = k.values(ctx, line, flag, value)
	case !line.ended && strings.HasPrefix(last, "-"):
		list = flagNames(line.command, last)
	default:
		list = k.arguments(ctx, line, last)
	}
	var found []complete.Candidate
	for _, c := range list {
		c.Value = prefix + c.Value
		if strings.HasPrefix(c.Value, last) && !strings.ContainsFunc(c.Value, hidden) && len(found) < maxCandidates {
			found = append(found, c)
		}
	}
	return found
}

// read goes through the words that are complete.
func (k *candidates) read(words []string) *typed {
	root := k.flags.Root()
	line := &typed{command: root}
	for i := 0; i < len(words); i++ {
		word := words[i]
		name, value, valued := strings.Cut(word, "=")
		flag := line.flagOf(name)
		switch {
		case line.ended || !strings.HasPrefix(word, "-") || word == "-":
			if sub := line.command.Command(word); sub != nil && line.arguments == 0 {
				line.command = sub
			} else {
				line.arguments++
			}
			continue
		case word == "--":
			line.ended = true
			continue
		case flag == nil || !takesValue(flag):
			continue
		case !valued && i+1 == len(words):
			line.flag = flag
			continue
		case !valued:
			i++
			value = words[i]
		}
		if slices.Contains(flag.Names(), "chdir") {
			line.dir = value
		}
	}
	return line
}

// flagOf finds the flag that a word names: of the command, or of all.
func (t *typed) flagOf(word string) cli.Flag {
	name := strings.TrimLeft(word, "-")
	if name == word {
		return nil
	}
	for _, f := range slices.Concat(t.command.Flags, t.command.Root().Flags) {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}

// flagNames are the flags of a command, with as many dashes as are typed.
func flagNames(c *cli.Command, last string) []complete.Candidate {
	dashes := "-"
	if strings.HasPrefix(last, "--") {
		dashes = "--"
	}
	var list []complete.Candidate
	for _, f := range c.Flags {
		d, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		usage, _ := placeholder(d.GetUsage())
		name := dashes + f.Names()[0]
		if d.TakesValue() {
			name += "="
		}
		list = append(list, complete.Candidate{Value: name, Text: usage})
	}
	return list
}

// values are what a flag takes.
func (k *candidates) values(ctx context.Context, line *typed, f cli.Flag, typed string) []complete.Candidate {
	if f, ok := f.(*choiceFlag); ok {
		return plain(f.choices)
	}
	d, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return nil
	}
	if !d.TakesValue() {
		return plain([]string{"true", "false"})
	}
	_, word := placeholder(d.GetUsage())
	dir := line.dir
	if line.command.Root() == line.command || slices.Contains(f.Names(), "allow-read") {
		// The flags before the command are about where the program was started.
		dir = ""
	}
	if word == "NAME" {
		word = "ACCOUNT"
	}
	return k.word(ctx, word, dir, typed)
}

// arguments are the subcommands, or what the next argument of a command may be.
func (k *candidates) arguments(ctx context.Context, line *typed, last string) []complete.Candidate {
	var list []complete.Candidate
	if line.arguments == 0 {
		for _, sub := range line.command.Commands {
			if !sub.Hidden {
				list = append(list, complete.Candidate{Value: sub.Name, Text: sub.Usage})
			}
		}
	}
	words := strings.Fields(line.command.ArgsUsage)
	if len(words) == 0 {
		return list
	}
	at := min(line.arguments, len(words)-1)
	if at < line.arguments && !strings.HasSuffix(words[at], "...") {
		return list
	}
	return append(list, k.word(ctx, strings.Trim(words[at], "[]."), line.dir, last)...)
}

// word are the candidates for a word of a usage, in a folder.
func (k *candidates) word(ctx context.Context, word, dir, typed string) []complete.Candidate {
	switch word {
	case "FILE":
		return paths(dir, typed, true)
	case "DIR":
		return paths(dir, typed, false)
	case "KIND":
		return kinds(k.catalog(), typed)
	}
	if dir != "" && os.Chdir(dir) != nil {
		return nil
	}
	k.cfg, _ = k.loadConfig()
	if k.cfg == nil || k.cfg.Root == nil {
		return nil
	}
	switch word {
	case "ADDRESS":
		return k.addresses(ctx, typed)
	case "ACTION":
		return actions(k.cfg)
	case "NAME":
		return k.outputs(ctx)
	case "NAME=VALUE":
		return assignable(k.cfg)
	case "ACCOUNT":
		return accounts(k.cfg)
	}
	return nil
}

// paths are the files and folders that a path begins.
func paths(dir, typed string, alsoFiles bool) []complete.Candidate {
	parent, begun := filepath.Split(typed)
	from := filepath.Join(dir, parent)
	if filepath.IsAbs(typed) {
		from = parent
	}
	if from == "" {
		from = "."
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return nil
	}
	var list []complete.Candidate
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(begun, ".") {
			continue
		}
		info, err := os.Stat(filepath.Join(from, e.Name()))
		switch {
		case err != nil:
		case info.IsDir():
			list = append(list, complete.Candidate{Value: parent + e.Name() + "/"})
		case alsoFiles:
			list = append(list, complete.Candidate{Value: parent + e.Name()})
		}
	}
	return list
}

// addresses are those of the blocks, and of the objects in the state: the
// instances of a block once a key is begun.
func (k *candidates) addresses(ctx context.Context, typed string) []complete.Candidate {
	found := map[string]bool{}
	for _, r := range k.cfg.AllBlocks() {
		if !r.Data {
			found[r.Address().String()] = true
		}
	}
	keyed := strings.Contains(typed, "[")
	if o, err := k.openState(ctx, k.flags); err == nil {
		for _, a := range o.shown(o.Snapshot().Sorted()) {
			found[a.Block().String()] = true
			switch {
			case a.Key == (schema.Key{}):
			case keyed:
				found[a.String()] = true
			default:
				found[a.Block().String()+"["] = true
			}
		}
	}
	return plain(slices.Sorted(maps.Keys(found)))
}

// actions are the addresses of the action blocks.
func actions(cfg *config.Config) []complete.Candidate {
	var names []string
	for _, r := range cfg.AllActions() {
		names = append(names, r.Address().String())
	}
	slices.Sort(names)
	return plain(names)
}

// outputs are those that the files declare, and those of the last apply.
func (k *candidates) outputs(ctx context.Context) []complete.Candidate {
	found := map[string]bool{}
	for name := range k.cfg.Root.Outputs {
		found[name] = true
	}
	if o, err := k.openState(ctx, k.flags); err == nil {
		for name := range o.Snapshot().Outputs {
			found[name] = true
		}
	}
	return plain(slices.Sorted(maps.Keys(found)))
}

// kinds are what can be explained: attributes only of a kind that is typed.
func kinds(catalog []*schema.Provider, typed string) []complete.Candidate {
	names := slices.DeleteFunc(explainable(catalog), func(name string) bool {
		kind, _, attribute := strings.Cut(name, ".")
		return attribute && kind != "data" && !strings.HasPrefix(typed, kind)
	})
	slices.Sort(names)
	return plain(names)
}

// assignable are the variables that -var gives a value.
func assignable(cfg *config.Config) []complete.Candidate {
	var list []complete.Candidate
	for _, name := range slices.Sorted(maps.Keys(cfg.Root.Variables)) {
		list = append(list, complete.Candidate{Value: name + "=", Text: cfg.Root.Variables[name].Description})
	}
	return list
}

// accounts are the labels of blocks within provider blocks.
func accounts(cfg *config.Config) []complete.Candidate {
	var names []string
	for _, p := range cfg.Root.Providers {
		for _, b := range p.Blocks {
			names = append(names, b.Labels...)
		}
	}
	slices.Sort(names)
	return plain(names)
}

// hidden reports whether a character cannot be seen. A key or the name of a file may
// have some that would steer the terminal.
func hidden(r rune) bool { return !unicode.IsGraphic(r) }

// plain are candidates that need no text.
func plain(words []string) []complete.Candidate {
	list := make([]complete.Candidate, len(words))
	for i, word := range words {
		list[i].Value = word
	}
	return list
}
