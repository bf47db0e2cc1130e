package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/schema"
)

func planCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "plan", Usage: "show what apply would do",
		Description: "Exits 3 when apply would refuse the plan. Where that is meant, give the number that the plan names to plan and apply: -accept-deletes=N, -accept-changes=N.",
		Flags: append(append(planFlags(), acceptFlags()...), invokeFlag(),
			outputFile("out", "save the plan to a `FILE` for apply"),
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 0 without changes, 2 with changes, 1 on errors"},
			&cli.BoolFlag{Name: "destroy", Usage: "plan to destroy everything that is managed"},
			generateFlag(), eventsFlag(s), formatFlag(), inputFlag()),
		Metadata: examples(
			"lockstep plan", "show what differs from the CRM",
			"lockstep plan -out=next.plan", "save the plan; `lockstep apply next.plan` carries out this one and no other",
			"lockstep plan -refresh=changed", "read only what changed in the CRM since the last run"),
		Action: s.does(plan),
	}
}

// planFlags say how a plan is made and shown.
func planFlags() []cli.Flag {
	return append(append(variableFlags(), selectionFlags()...),
		&cli.BoolFlag{Name: "json", Usage: "print events as JSON lines"},
		fullFlag(), redactFlag(),
		choice("refresh", "what to read: `WHICH` is all, or changed for the objects that changed since all was in step",
			string(engine.RefreshAll), string(engine.RefreshChanged)))
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
func (s *session) shown(c *cli.Command) view.Options {
	o := s.options()
	o.Full, o.Redact = c.Bool("full"), s.redact
	return o
}

// seen is a plan as the command may show it.
func (s *session) seen(p *planner.Plan) *planner.Plan {
	if s.redact {
		return view.RedactedPlan(p)
	}
	return p
}

func plan(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	options, err := acceptOptions(c)
	if err != nil {
		return err
	}
	if err := (generating{s, c}).run(ctx); err != nil {
		return err
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	how, err := planOptions(c, c.Bool("destroy"))
	if err != nil {
		return err
	}
	plan, err := p.makePlan(ctx, e, how)
	if err != nil {
		return err
	}
	e.Place(ctx, plan)
	if err := s.showPlan(plan, s.shown(c), c.String("out")); err != nil {
		return err
	}
	if file := c.String("out"); file != "" {
		if err := p.savePlan(file, e, plan); err != nil {
			return err
		}
	}
	options.Saved = true // conflicts are shown, and asked about
	if err := options.Refuses(plan); err != nil {
		return &outcome{code: ExitRefused, diags: view.Refused("Apply would refuse this plan", err)}
	}
	if c.Bool("detailed-exitcode") && !plan.Empty() {
		return exit(ExitChanges)
	}
	return nil
}

// invokeFlag names actions to run in place of everything else.
func invokeFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "invoke", Usage: "run an `ACTION` by its address, such as action.ghl_typing.hello and change nothing else; may be repeated"}
}

// planOptions are what the command line says of a plan.
func planOptions(c *cli.Command, destroy bool) (engine.PlanOptions, error) {
	o := engine.PlanOptions{Destroy: destroy, Selection: selected(c)}
	if err := mayNarrow(c, o.Selection); err != nil {
		return o, err
	}
	for _, text := range c.StringSlice("invoke") {
		a, err := schema.ParseAddress(text)
		switch {
		case err != nil:
			return o, usage("-invoke: %s.", err)
		case a.Action() == "":
			return o, usage("-invoke names an action, as in action.ghl_typing.hello, not %s.", a)
		case destroy:
			return o, usage("-invoke changes nothing, so it does not go with -destroy.")
		}
		o.Invoke = append(o.Invoke, a)
	}
	return o, nil
}

// makePlan plans, and tells on stderr what was read.
func (p *project) makePlan(ctx context.Context, e *engine.Engine, o engine.PlanOptions) (*planner.Plan, error) {
	plan, diags := e.Plan(ctx, o)
	p.line.Clear()
	p.tellOdd(e)
	if plan == nil || diags.HasErrors() {
		return nil, refused(interrupted(ctx, diags))
	}
	p.tell(diags)
	if line := view.ReadLine(plan, p.nouns(), p.full); line != "" {
		p.note("%s", line)
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

// showPlan writes the plan in the form that was asked for. saved is the file it is saved
// to, if any.
func (s *session) showPlan(plan *planner.Plan, o view.Options, saved string) error {
	s.line.Clear() // asking for names may have waited for the rate limit
	plan = s.seen(plan)
	if s.streams() {
		s.stream().Plan(plan, o)
	}
	if s.json {
		return nil
	}
	if s.reviews() {
		return s.review(s.format, plan, o, saved)
	}
	if s.warned && o.ForTools {
		fmt.Fprintln(s.env.Stderr, view.Rule) // programs take what is above it for the warnings
	}
	return view.Plan(s.env.Stdout, plan, o)
}
