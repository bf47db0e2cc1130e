package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/console"
	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/schema/eval"
)

func consoleCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "console", Usage: "evaluate expressions",
		Description: "Knows variables, local values, functions, and of resources what the state has: ids and the values last applied. With -plan it reads what is live, " +
			"data blocks as well, and makes a plan first: then all is known as it will be after an apply. It writes neither CRM nor state.\n\n" +
			"At a terminal Tab completes names, an open bracket or heredoc goes on in the next line, Ctrl-C gives a line up, and Ctrl-D or exit ends. " +
			"Lines are remembered, in a file that only you can read; not one that begins with a space. " +
			"Without a terminal it reads expressions from stdin, and stops at the first error.",
		Flags: append(variableFlags(), &cli.BoolFlag{Name: "plan", Usage: "plan first, and evaluate what is planned"}),
		Metadata: examples(
			"echo 'length(local.members)' | lockstep console", "one expression, from a script",
			"lockstep console -plan", "with what is live, such as data.ghl_contacts.all.contacts"),
		Action: s.does(runConsole),
	}
}

func runConsole(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	if err := p.know(ctx, c.Bool("plan")); err != nil {
		return err
	}
	loop := asking{project: p, planned: c.Bool("plan")}
	in, terminal := s.env.Stdin.(*os.File)
	if !terminal || !s.env.StdinTerminal {
		return loop.script(ctx)
	}
	history, err := console.OpenHistory(historyFile(s.env))
	if err != nil {
		s.note("Warning: the history cannot be read, and is not kept: %s", reason(err))
	}
	// The editor's own signs go to the terminal as they are.
	out := s.terminal
	if !s.env.StderrTerminal {
		out = in
	}
	editor := console.NewEditor(in, out, history, loop.complete)
	defer editor.Close()
	err = loop.talk(ctx, editor)
	if err := history.Save(); err != nil {
		s.note("Warning: the history could not be kept: %s", reason(err))
	}
	return err
}

// know makes the objects of blocks known: as planned, or as in the state.
func (p *project) know(ctx context.Context, planned bool) error {
	if !planned {
		store, err := p.store(ctx)
		if err != nil {
			return err
		}
		engine.Recall(ctx, p.eval, store, p.factories())
		return nil
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	_, err = p.makePlan(ctx, e, engine.PlanOptions{})
	return err
}

// historyFile is where the lines of the console are kept; "" for nowhere.
func historyFile(env *Env) string {
	dir := env.getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "lockstep", "console_history")
}

// asking is one run of the console.
type asking struct {
	*project
	planned bool
}

// script evaluates what stdin holds, up to the first error.
func (a asking) script(ctx context.Context) error {
	lines := bufio.NewScanner(a.env.Stdin)
	lines.Buffer(nil, 1<<20)
	expr := ""
	for ctx.Err() == nil {
		more := lines.Scan()
		expr += lines.Text()
		if more && eval.Unfinished(expr) {
			expr += "\n"
			continue
		}
		if ends(expr) {
			return nil
		}
		if diags := a.answer(expr); diags.HasErrors() {
			return failed(diags)
		}
		if expr = ""; !more {
			return lines.Err()
		}
	}
	return exit(ExitInterrupted)
}

// talk evaluates what is typed until it ends.
func (a asking) talk(ctx context.Context, editor *console.Editor) error {
	expr := ""
	for ctx.Err() == nil {
		line, err := editor.ReadLine(expr != "")
		switch {
		case errors.Is(err, console.ErrInterrupted):
			expr = ""
			continue
		case errors.Is(err, io.EOF):
			fmt.Fprintln(a.env.Stderr)
			return nil
		case err != nil:
			return err
		}
		if expr += line; eval.Unfinished(expr) {
			expr += "\n"
			continue
		}
		if ends(expr) {
			return nil
		}
		a.tell(a.answer(expr))
		expr = ""
	}
	return exit(ExitInterrupted)
}

func ends(expr string) bool {
	word := strings.TrimSpace(expr)
	return word == "exit" || word == "quit"
}

// answer shows the value of an expression, if there is one.
func (a asking) answer(expr string) hcl.Diagnostics {
	if strings.TrimSpace(expr) == "" {
		return nil
	}
	v, unread, diags := a.eval.Evaluate(expr + "\n") // a heredoc ends with its line
	if diags.HasErrors() {
		return diags
	}
	fmt.Fprintln(a.env.Stdout, view.Evaluated(v))
	plain, _ := v.UnmarkDeep()
	switch {
	case a.planned || plain.IsWhollyKnown():
	case len(unread) > 0:
		a.note("%s is known when it was read: `lockstep console -plan` reads it.", unread[0])
	default:
		a.note("The state has only what the files manage, and personal data as hashes: `lockstep console -plan` knows more.")
	}
	return diags
}

// complete returns what may follow the name at the end of a text.
func (a asking) complete(text string) []string {
	word := console.Word(text)
	names := slices.DeleteFunc(a.eval.Names(word), func(name string) bool {
		return strings.ContainsFunc(name, hidden)
	})
	return console.Next(word, names)
}
