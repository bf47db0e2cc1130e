package command

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/schema"
)

// Run carries out one command line and returns its exit code. When ctx is
// canceled, an apply finishes the calls in flight and saves the state.
func Run(ctx context.Context, env Env) int {
	a := &app{
		env: env, json: wants(env.Args, "json"), redact: wants(env.Args, "redact"), command: commandName(env.Args),
		line: view.NewProgress(env.Stderr, env.StderrTerminal, env.Now),
	}
	if dir, err := os.Getwd(); err == nil {
		// -chdir must not outlive the command, for callers in this process.
		defer func() { _ = os.Chdir(dir) }()
	}
	root := a.root()
	err := root.Run(ctx, append([]string{"lockstep"}, env.Args...))
	if err == nil {
		return ExitOK
	}
	if a.command != "" && a.command != "help" && root.Command(a.command) == nil {
		// What the line says beside it was taken for something else.
		err = unknownCommand(root, a.command)
	}
	var end *outcome
	if !errors.As(err, &end) {
		end = &outcome{code: ExitError, diags: problem("Invalid command line", "%s.%s", capital(err.Error()), a.help())}
	}
	a.report(end.diags)
	return end.code
}

// app is one run: its environment, the global flags and the files whose lines
// diagnostics show.
type app struct {
	env    Env
	json   bool
	full   bool
	redact bool
	// reported says that the report of an apply was written, or why not.
	reported bool
	command  string
	color    string
	files    map[string]*hcl.File
	events   *view.Stream
	line     *view.Progress
	// told are the warnings that were reported.
	told map[string]bool
}

// root is the command line, built from one table of commands.
func (a *app) root() *cli.Command {
	root := &cli.Command{
		Name:  "lockstep",
		Usage: "plan and apply the records of a CRM from files",
		Description: "Write contacts, tags, tasks and fields in *.hcl files. `lockstep plan` shows what differs from the CRM,\n" +
			"`lockstep apply` makes it so, `lockstep drift` says what moved since.",
		Writer: a.env.Stdout, ErrWriter: a.env.Stderr, Reader: a.env.Stdin,
		HideVersion: true, HideHelpCommand: true, EnableShellCompletion: true,
		ExitErrHandler:                  func(context.Context, *cli.Command, error) {},
		ConfigureShellCompletionCommand: func(c *cli.Command) { c.Hidden, c.Usage = false, "print a completion script for a shell" },
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "chdir", Usage: "go to `DIR` first"},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "colours: `WHEN` is auto, always or never", Destination: &a.color},
			&cli.BoolFlag{Name: "no-color", Usage: "the same as -color=never"},
			&cli.BoolFlag{Name: "version", Usage: "print the version", Local: true},
		},
		Before: a.before,
		Action: a.noCommand,
		Commands: []*cli.Command{
			a.initCommand(), a.validateCommand(), a.fmtCommand(), a.planCommand(), a.applyCommand(), a.destroyCommand(),
			a.showCommand(), a.driftCommand(), a.importCommand(), a.stateCommand(), a.outputCommand(), a.graphCommand(),
			a.consoleCommand(), a.reportCommand(), a.loginCommand(), a.logoutCommand(), a.sandboxCommand(), a.versionCommand(),
		},
	}
	return a.wire(root)
}

// wire gives every command what all of them share.
func (a *app) wire(c *cli.Command) *cli.Command {
	c.DisableSliceFlagSeparator = true
	c.OnUsageError = func(_ context.Context, cmd *cli.Command, err error, _ bool) error {
		return usage("%s.%s%s", capital(badFlag(err)), suggestFlag(cmd, err), a.help())
	}
	for _, sub := range c.Commands {
		a.wire(sub)
	}
	return c
}

// badFlag is what is wrong with a flag, without the words of Go's packages.
func badFlag(err error) string {
	for said, want := range map[string]string{
		": strconv.":    "a whole number",
		": time: ":      "a duration, such as 5m",
		": parse error": "true or false",
	} {
		if flag, _, found := strings.Cut(err.Error(), said); found {
			return flag + ": it takes " + want
		}
	}
	return err.Error()
}

// before applies the global flags, once the whole line is understood.
func (a *app) before(ctx context.Context, c *cli.Command) (context.Context, error) {
	if !slices.Contains([]string{"auto", "always", "never"}, a.color) {
		return ctx, usage("-color is auto, always or never, not %q.", a.color)
	}
	if c.Bool("no-color") {
		a.color = "never"
	}
	if dir := c.String("chdir"); dir != "" {
		if err := os.Chdir(dir); err != nil {
			return ctx, failed(problem("Cannot change the folder", "-chdir=%s: %s.", dir, reason(err)))
		}
	}
	return ctx, nil
}

// noCommand answers a line without a command that is known.
func (a *app) noCommand(ctx context.Context, c *cli.Command) error {
	if c.Bool("version") {
		return a.printVersion(false)
	}
	name := c.Args().First()
	if name == "help" {
		name = c.Args().Get(1)
	}
	switch {
	case name == "":
		return cli.ShowRootCommandHelp(c)
	case c.Command(name) != nil:
		return cli.ShowCommandHelp(ctx, c, name)
	}
	return unknownCommand(c, name)
}

func unknownCommand(c *cli.Command, name string) error {
	var names []string
	for _, sub := range c.Commands {
		if !sub.Hidden {
			names = append(names, sub.Name)
		}
	}
	return usage("There is no command %q.%s\n\nThe commands are: %s.", name, schema.DidYouMean(name, names), strings.Join(names, ", "))
}

// help says where to read about the command in hand.
func (a *app) help() string {
	if a.command == "" {
		return "\n\n`lockstep -help` lists commands and flags."
	}
	return "\n\n`lockstep " + a.command + " -help` lists its flags."
}

func suggestFlag(c *cli.Command, err error) string {
	name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok {
		return ""
	}
	var names []string
	for _, f := range c.Flags {
		names = append(names, f.Names()...)
	}
	near := schema.Near(strings.TrimLeft(name, "-"), names)
	if near == "" {
		return ""
	}
	return " Did you mean -" + near + "?"
}

// positional checks how many arguments a command was given.
func positional(c *cli.Command, least, most int, form string) error {
	n := c.Args().Len()
	switch {
	case n < least:
		return usage("`%s` needs %s.", c.FullName(), form)
	case most >= 0 && n > most && most == 0:
		return usage("`%s` takes no argument, and was given %q.", c.FullName(), c.Args().First())
	case most >= 0 && n > most:
		return usage("`%s` takes %s, and was given %q as well.", c.FullName(), form, c.Args().Get(most))
	}
	return nil
}

// wants finds a flag out before any is parsed, because a wrong flag must be
// answered in JSON, or without personal data, as well.
func wants(args []string, flag string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
		return name != arg && (name == flag || name == flag+"=true")
	})
}

// commandName is the first argument that is no flag.
func commandName(args []string) string {
	for i := 0; i < len(args); i++ {
		name := strings.TrimLeft(args[i], "-")
		switch {
		case name == args[i]:
			return name
		case name == "chdir" || name == "color":
			i++
		}
	}
	return ""
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// reason is an error without the operation and path that callers name in
// their own words.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
