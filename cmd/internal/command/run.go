package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"
)

// Run carries out one command line and returns its exit code. When ctx is
// canceled, an apply finishes the calls in flight and saves the state, and an
// evaluation of files, which could go on for ever, is left where it is.
func Run(ctx context.Context, env Env) int {
	if dir, err := os.Getwd(); err == nil {
		// -chdir must not outlive the command, for callers in this process.
		defer func() { _ = os.Chdir(dir) }()
	}
	s := newSession(&env)
	ended := make(chan int, 1)
	go func() {
		defer func() {
			if fault := recover(); fault != nil {
				ended <- s.crashed(fault, debug.Stack())
			}
		}()
		ended <- s.carryOut(ctx)
	}()
	done, excess := make(chan struct{}), make(chan hcl.Diagnostics, 1)
	defer close(done)
	go newWatch(&s.stages).run(done, excess)
	select {
	case code := <-ended:
		return s.endEvents(code)
	case diags := <-excess:
		s.tell(diags)
		return ExitError
	case <-ctx.Done():
		return s.stopped(ended)
	}
}

// carryOut carries out the command line.
func (s *session) carryOut(ctx context.Context) int {
	line := commandLine{s}
	root := line.root()
	err := root.Run(ctx, append([]string{"lockstep"}, s.env.Args...))
	if err == nil {
		return ExitOK
	}
	if s.command != "" && s.command != "help" && root.Command(s.command) == nil {
		// The rest of the line was parsed as if it belonged to no command.
		err = unknownCommand(root, s.command)
	}
	var end *outcome
	if !errors.As(err, &end) {
		end = &outcome{code: ExitError, diags: problem("Invalid command line", "%s.%s", capital(err.Error()), line.help())}
	}
	s.tell(end.diags)
	return end.code
}

// commandLine knows every command, and the flags that all of them share.
type commandLine struct{ *session }

// root is the command line, built from one table of commands.
func (l commandLine) root() *cli.Command {
	color := choice("color", "colours: `WHEN` is auto, always or never", "auto", "always", "never")
	color.Destination = &l.color
	root := &cli.Command{
		Name:  "lockstep",
		Usage: "plan and apply the records of a CRM from files",
		Description: "Write contacts, tags, tasks and fields in *.hcl files. `lockstep plan` shows what differs from the CRM, " +
			"`lockstep apply` makes it so, `lockstep drift` reports what moved since.",
		Writer: l.env.Stdout, ErrWriter: l.env.Stderr, Reader: l.env.Stdin,
		HideVersion: true, HideHelpCommand: true,
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "chdir", Usage: "go to `DIR` first"},
			&cli.StringSliceFlag{Name: "allow-read", Destination: &l.allowed, Usage: "let the files read a `DIR` outside the project; may be repeated"},
			&cli.DurationFlag{Name: "max-wait", Value: time.Hour, Usage: "let a request wait for a server for at most a `DURATION`", Destination: &l.hooks.MaxWait},
			color,
			&cli.BoolFlag{Name: "no-color", Usage: "the same as -color=never"},
			&cli.BoolFlag{Name: "version", Usage: "print the version", Local: true},
			&cli.BoolFlag{Name: helpFlag, Aliases: []string{"h"}, Usage: "show help, also after a command"},
		},
		Before: l.before,
		Metadata: examples(
			"lockstep init -from-scratch", "write a first file, with an emulated location",
			"lockstep plan", "show what differs",
			"lockstep apply", "ask, and make it so"),
		Action: l.noCommand,
		Commands: []*cli.Command{
			initCommand(l.session), validateCommand(l.session), fmtCommand(l.session), testCommand(l.session), planCommand(l.session),
			applyCommand(l.session), destroyCommand(l.session), showCommand(l.session), driftCommand(l.session),
			importCommand(l.session), pullCommand(l.session), stateCommand(l.session), workspaceCommand(l.session), forceUnlockCommand(l.session), outputCommand(l.session), graphCommand(l.session), explainCommand(l.session), docsCommand(l.session), providersCommand(l.session),
			consoleCommand(l.session), reportCommand(l.session), loginCommand(l.session), logoutCommand(l.session),
			sandboxCommand(l.session), versionCommand(l.env.Stdout), completionCommand(l.session), completeCommand(l.session),
		},
	}
	return l.wire(root)
}

// wire gives every command what all of them share.
func (l commandLine) wire(c *cli.Command) *cli.Command {
	helps(c)
	refuseEmpty(c)
	c.DisableSliceFlagSeparator = true
	c.OnUsageError = func(_ context.Context, cmd *cli.Command, err error, _ bool) error {
		return usage("%s%s", wrongFlag(cmd, err), l.help())
	}
	for _, sub := range c.Commands {
		l.wire(sub)
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
func (l commandLine) before(ctx context.Context, c *cli.Command) (context.Context, error) {
	if c.Bool("no-color") {
		l.color = "never"
	}
	if err := l.allowReading(); err != nil {
		return ctx, err
	}
	if err := l.allowWaiting(c); err != nil {
		return ctx, err
	}
	if dir := c.String("chdir"); dir != "" {
		if err := os.Chdir(dir); err != nil {
			return ctx, failed(problem("Cannot change the folder", "-chdir=%s: %s.", dir, reason(err)))
		}
	}
	return ctx, nil
}

// allowReading takes in the folders of LOCKSTEP_ALLOW_READ and of -allow-read,
// which are relative to where the program was started.
func (l commandLine) allowReading() error {
	l.allowed = append(filepath.SplitList(l.env.getenv("LOCKSTEP_ALLOW_READ")), l.allowed...)
	for i, dir := range l.allowed {
		var err error
		if l.allowed[i], err = filepath.Abs(dir); err != nil {
			return failed(problem("Cannot find a folder", "-allow-read=%s: %s.", dir, reason(err)))
		}
	}
	return nil
}

// allowWaiting takes in LOCKSTEP_MAX_WAIT, unless -max-wait is given.
func (l commandLine) allowWaiting(c *cli.Command) error {
	name, given := "-max-wait", l.hooks.MaxWait.String()
	if text := l.env.getenv("LOCKSTEP_MAX_WAIT"); text != "" && !c.IsSet("max-wait") {
		name, given = "LOCKSTEP_MAX_WAIT", text
		// What is no duration is refused below, as 0 is.
		l.hooks.MaxWait, _ = time.ParseDuration(text)
	}
	if l.hooks.MaxWait < time.Second {
		return usage("%s is a duration of at least 1s, such as 5m, not %s.", name, given)
	}
	return nil
}

// noCommand answers a line without a command that is known.
func (l commandLine) noCommand(_ context.Context, c *cli.Command) error {
	if c.Bool("version") {
		return printVersion(l.env.Stdout, false)
	}
	name := c.Args().First()
	if name == "help" {
		name = c.Args().Get(1)
	}
	switch {
	case name == "":
		return showHelp(c)
	case c.Command(name) != nil:
		return showHelp(c.Command(name))
	}
	return unknownCommand(c, name)
}

// help tells where to read about the command in hand.
func (l commandLine) help() string {
	if l.command == "" {
		return "\n\n`lockstep -help` lists commands and flags."
	}
	return "\n\n`lockstep " + l.command + " -help` lists its flags."
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

// commandName is the first argument that is no flag.
func commandName(args []string) string {
	for i := 0; i < len(args); i++ {
		name := strings.TrimLeft(args[i], "-")
		switch {
		case name == args[i]:
			return name
		case slices.Contains([]string{"chdir", "color", "allow-read", "max-wait"}, name):
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
