package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/accept"
	"lockstep/cmd/internal/view"
	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/schema"
	"lockstep/schema/eval"
	"lockstep/schema/files"
)

// acceptDriftFlags are those of `drift -accept`.
func acceptDriftFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "accept", Usage: "write the values of the CRM into the files, where they are literals or cells of a CSV file, after showing how the files change"},
		&cli.BoolFlag{Name: "auto-approve", Usage: "with -accept, do not ask"},
		inputFlag(),
	}
}

// accepting takes what was edited in the CRM into the files.
type accepting struct {
	*session
	flags *cli.Command
}

// possible refuses flags that do not go together, and a run that no terminal can approve.
func (a accepting) possible() error {
	c := a.flags
	if !c.Bool("accept") {
		if c.Bool("auto-approve") {
			return usage("-auto-approve goes with -accept: without it, drift writes nothing.")
		}
		return nil
	}
	for _, name := range []string{"format", "json", "out", "since", "fail-on", "unmanaged", "redact"} {
		if c.IsSet(name) {
			return usage("-accept shows how the files change and writes them, so it does not go with -%s.", name)
		}
	}
	if c.Bool("auto-approve") || a.env.StdinTerminal && c.Bool("input") {
		return nil
	}
	return failed(problem("Cannot ask for approval", "Without a terminal, drift -accept cannot ask whether to write the files. Pass -auto-approve."))
}

// run shows how the files change, asks, and writes them.
func (a accepting) run(ctx context.Context, p *project, e *engine.Engine, plan *planner.Plan) error {
	result := accept.Decide(accept.Input{
		Changes: plan.Changes, Sources: eval.NewSources(p.eval), Row: p.eval.Origin, Texts: a.text,
		Spell: func(provider string, kind *schema.Kind, fields schema.Fields) (schema.Fields, error) {
			return engine.Spell(ctx, e, provider, kind, fields)
		},
	})
	for _, f := range result.Files {
		name := filepath.ToSlash(f.Name)
		fmt.Fprintf(a.env.Stdout, "%s\n", diff.Diff("old/"+name, []byte(f.Old), "new/"+name, []byte(f.New)))
	}
	if err := view.NotAccepted(a.env.Stdout, result.Left); err != nil {
		return failed(problem("Cannot write the report", "%s.", err))
	}
	switch {
	case len(result.Files) > 0:
	case len(result.Left) > 0:
		a.say("There is nothing to accept: no value that moved in the CRM can be taken into the files.")
		return a.ended(plan, result)
	default:
		a.say("There is nothing to accept: no value moved in the CRM.")
		return a.ended(plan, result)
	}
	if err := a.approved(ctx, result); err != nil {
		return err
	}
	if err := rewrite(result.Files); err != nil {
		return err
	}
	a.say("Accepted %s in %s. `lockstep plan` shows what still differs.",
		view.Count(len(result.Taken), "value", "values"), view.Count(len(result.Files), "file", "files"))
	return a.ended(plan, result)
}

// approved asks whether the files may be written.
func (a accepting) approved(ctx context.Context, r accept.Result) error {
	if a.flags.Bool("auto-approve") {
		return nil
	}
	yes, err := a.ask(ctx, "Do you want to write "+view.Count(len(r.Files), "file", "files")+" as shown?")
	switch {
	case err != nil:
		return &outcome{code: ExitInterrupted, diags: problem("Interrupted", "No file was written.")}
	case !yes:
		return failed(problem("Not approved", "No file was written."))
	}
	return nil
}

// ended tells by the exit code whether something still differs.
func (a accepting) ended(plan *planner.Plan, r accept.Result) error {
	fields := 0
	for i := range plan.Changes {
		fields += max(len(plan.Changes[i].Fields), 1)
	}
	if fields > len(r.Taken) {
		return exit(ExitChanges)
	}
	return nil
}

// text reads a file that is to be written again.
func (a accepting) text(name string) (string, error) {
	if !a.project.Own(name) {
		return "", fmt.Errorf("%s lies outside of the project, and lockstep writes no file there", filepath.ToSlash(name))
	}
	if strings.HasSuffix(name, ".json") {
		return "", fmt.Errorf("%s is JSON, which lockstep does not edit", filepath.ToSlash(name))
	}
	to, err := os.OpenFile(name, os.O_WRONLY, 0) // whether it may be written
	if err != nil {
		return "", fmt.Errorf("%s cannot be written: %s", filepath.ToSlash(name), reason(err))
	}
	if err := errors.Join(to.Close(), files.Replaceable(name)); err != nil {
		return "", fmt.Errorf("%s cannot be written: %s", filepath.ToSlash(name), reason(err))
	}
	return a.project.ReadText(name)
}

// rewrite writes the files with the modes that they have, all or none.
func rewrite(all []accept.File) error {
	for i, f := range all {
		now, err := os.ReadFile(f.Name)
		if err == nil && string(now) != f.Old {
			err = errors.New("it was changed in the meantime")
		}
		if err == nil {
			err = layOut(f.Name, []byte(f.New))
		}
		if err == nil {
			continue
		}
		var diags hcl.Diagnostics
		for _, done := range all[:i] {
			if undo := layOut(done.Name, []byte(done.Old)); undo != nil {
				diags = append(diags, problem("Cannot restore a file", "%s has the values of the CRM already, and is not as it was: %s.", done.Name, reason(undo))...)
			}
		}
		return failed(append(problem("Cannot write the files", "%s: %s. No file was changed.", f.Name, reason(err)), diags...))
	}
	return nil
}
