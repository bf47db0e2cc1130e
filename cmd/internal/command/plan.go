package command

import (
	"context"
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner"
	"lockstep/planner/engine"
)

func (a *app) planCommand() *cli.Command {
	return &cli.Command{
		Name: "plan", Usage: "show what apply would do",
		Flags: append(planFlags(),
			&cli.StringFlag{Name: "out", Usage: "save the plan to a `FILE` for apply"},
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 0 without changes, 2 with changes, 1 on errors"},
			&cli.BoolFlag{Name: "destroy", Usage: "plan to destroy everything that is managed"},
			inputFlag()),
		Action: a.plan,
	}
}

// planFlags say how a plan is made and shown.
func planFlags() []cli.Flag {
	return append(variableFlags(),
		&cli.BoolFlag{Name: "json", Usage: "print events as JSON lines"},
		fullFlag(), redactFlag(),
		&cli.StringFlag{Name: "refresh", Value: string(engine.RefreshAll),
			Usage: "what to read: `WHICH` is all, or changed for the objects that changed since all was in step"})
}

func fullFlag() cli.Flag {
	return &cli.BoolFlag{Name: "full", Usage: "list every object and whole texts instead of folding equal changes"}
}

func redactFlag() cli.Flag { return &cli.BoolFlag{Name: "redact", Usage: "mask personal data"} }

// inputFlag is known from Terraform; automation sets it to false.
func inputFlag() cli.Flag {
	return &cli.BoolFlag{Name: "input", Value: true, Usage: "ask on a terminal; -input=false never asks"}
}

// shown are the options of a plan's view.
func (a *app) shown(c *cli.Command) view.Options {
	o := a.options()
	o.Full, o.Redact = c.Bool("full"), c.Bool("redact")
	return o
}

func (a *app) plan(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := a.load(c)
	if err != nil {
		return err
	}
	e, err := a.open(ctx, p)
	if err != nil {
		return err
	}
	defer e.Close()
	plan, err := a.makePlan(ctx, e, c.Bool("destroy"))
	if err != nil {
		return err
	}
	if err := a.showPlan(plan, a.shown(c), "plan"); err != nil {
		return err
	}
	if file := c.String("out"); file != "" {
		if err := a.savePlan(file, p, e, plan); err != nil {
			return err
		}
	}
	if c.Bool("detailed-exitcode") && !plan.Empty() {
		return exit(ExitChanges)
	}
	return nil
}

// makePlan plans, and tells on stderr what was read.
func (a *app) makePlan(ctx context.Context, e *engine.Engine, destroy bool) (*planner.Plan, error) {
	plan, diags := e.Plan(ctx, engine.PlanOptions{Destroy: destroy})
	a.progress().Clear()
	if plan == nil || diags.HasErrors() {
		return nil, interrupted(ctx, diags)
	}
	a.report(diags)
	if line := view.ReadLine(plan, a.nouns(), a.full); line != "" {
		a.note("%s", line)
	}
	return plan, nil
}

// interrupted is a failure, or the end of a run that was told to stop.
func interrupted(ctx context.Context, diags hcl.Diagnostics) error {
	code := ExitError
	if ctx.Err() != nil {
		code = ExitInterrupted
	}
	return &outcome{code: code, diags: diags}
}

// refused gives the exit code of a refusal to an error that a protection is
// the only reason of.
func refused(err error) error {
	var end *outcome
	if !errors.As(err, &end) || end.code != ExitError {
		return err
	}
	for _, d := range end.diags {
		detail, _ := d.Extra.(*engine.Detail)
		if d.Severity == hcl.DiagError && (detail == nil || !detail.Protected) {
			return err
		}
	}
	return &outcome{code: ExitRefused, diags: end.diags}
}

// showPlan writes the plan in the form that was asked for.
func (a *app) showPlan(plan *planner.Plan, o view.Options, operation string) error {
	if a.json {
		a.stream().Plan(plan, o, operation)
		return nil
	}
	if plan.Empty() {
		return view.Plan(a.env.Stdout, plan, o)
	}
	a.say("lockstep will perform the following actions:\n")
	return view.Plan(a.env.Stdout, plan, o)
}
