package command

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner"
	"lockstep/planner/engine"
)

func applyCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "apply", Usage: "make the CRM what the files say", ArgsUsage: "[FILE]",
		Description: "Plans, asks, and applies. With a FILE that `lockstep plan -out=FILE` wrote, applies that plan without asking, unless something moved since.",
		Flags: append(applyFlags(s), &cli.BoolFlag{Name: "destroy", Usage: "destroy everything that is managed"},
			outputFile("report", "write the report to a `FILE` in the end, such as report.html; see `lockstep report`")),
		Metadata: examples(
			"lockstep apply", "show the plan, ask, and apply it",
			"lockstep apply next.plan", "apply the plan that `lockstep plan -out=next.plan` saved",
			"lockstep apply -auto-approve -on-conflict=live", "apply from a schedule, and leave what people changed in the CRM"),
		Action: func(ctx context.Context, c *cli.Command) error {
			a := applying{session: s, flags: c, destroy: c.Bool("destroy")}
			return a.run(ctx)
		},
	}
}

func destroyCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "destroy", Usage: "delete what lockstep created and forget what it adopted",
		Description: "Shows what goes, and asks. What lockstep found in the CRM and adopted stays there, unless its block says on_destroy = \"delete\".",
		Flags:       applyFlags(s),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := positional(c, 0, 0, ""); err != nil {
				return err
			}
			a := applying{session: s, flags: c, destroy: true}
			return a.run(ctx)
		},
	}
}

func applyFlags(s *session) []cli.Flag {
	return append(append(planFlags(), acceptFlags()...), invokeFlag(), eventsFlag(s),
		&cli.BoolFlag{Name: "auto-approve", Usage: "do not ask"},
		choice("on-conflict", "what wins where files and CRM both moved: `SIDE` is config or live", "", "config", "live"),
		choice("on-unrecorded", "what to do where no call tells whether something exists: `WHAT` is enroll or assume", "", "enroll", "assume"),
		&cli.StringFlag{Name: "expect", Usage: "apply only the plan that has this `DIGEST`, which plan prints"},
		lockTimeoutFlag(),
		&cli.IntFlag{Name: "parallelism", Usage: "make at most `N` writing calls at once; the rate limit is kept anyway"},
		inputFlag())
}

func lockTimeoutFlag() cli.Flag {
	return &cli.DurationFlag{
		Name: "lock-timeout", Usage: "wait for the lock of the state for a `DURATION`, such as 3m",
		Validator: func(d time.Duration) error {
			if d < 0 {
				return errors.New("it is below zero")
			}
			return nil
		},
	}
}

// expected refuses a plan other than the one that was reviewed.
func (a *applying) expected(plan *planner.Plan) error {
	want := a.flags.String("expect")
	if want == "" || want == plan.Digest {
		return nil
	}
	return &outcome{code: ExitStale, diags: problem("Not the plan that was reviewed",
		"The plan has the digest %s now, and %s was expected: the files, the state or the CRM have moved since. Nothing was written. Plan again, and review what it shows.", plan.Digest, want)}
}

// acceptFlags lift the refusals of the guard.
func acceptFlags() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "accept-deletes", Usage: "let the guard pass exactly `N` deletes"},
		&cli.IntFlag{Name: "accept-changes", Usage: "let the guard pass exactly `N` changed objects"},
	}
}

func applyOptions(c *cli.Command) (engine.ApplyOptions, error) {
	o, err := acceptOptions(c)
	if err != nil {
		return o, err
	}
	o.OnConflict, o.OnUnrecorded = c.String("on-conflict"), c.String("on-unrecorded")
	// Somebody looked at the plan that has the digest.
	o.Saved = c.String("expect") != ""
	if o.Parallelism = c.Int("parallelism"); o.Parallelism < 0 || c.IsSet("parallelism") && o.Parallelism == 0 {
		return o, usage("-parallelism is a number of calls from 1 on.")
	}
	return o, nil
}

// acceptOptions are what the guard is to pass.
func acceptOptions(c *cli.Command) (engine.ApplyOptions, error) {
	o := engine.ApplyOptions{AcceptDeletes: c.Int("accept-deletes"), AcceptChanges: c.Int("accept-changes")}
	if o.AcceptDeletes < 0 || o.AcceptChanges < 0 {
		return o, usage("-accept-deletes and -accept-changes name a number of objects; they cannot be negative.")
	}
	return o, nil
}

// applying is one run of apply or destroy.
type applying struct {
	*session
	flags   *cli.Command
	destroy bool
	options engine.ApplyOptions
	// reported is true once the final report was written, or its error was told.
	reported bool
}

func (a *applying) run(ctx context.Context) error {
	if err := positional(a.flags, 0, 1, "at most one FILE"); err != nil {
		return err
	}
	var err error
	if a.options, err = applyOptions(a.flags); err != nil {
		return err
	}
	path := a.flags.String("report")
	if err := mayReport(path, a.destroy); err != nil {
		return err
	}
	switch file := a.flags.Args().First(); {
	case file == "":
		err = a.applyFiles(ctx)
	case a.destroy:
		return usage("A saved plan says itself whether it destroys: give either the FILE or -destroy.")
	case len(a.flags.StringSlice("invoke")) > 0:
		return usage("A saved plan says itself which actions it invokes: give either the FILE or -invoke.")
	case selected(a.flags).Narrows() || len(a.flags.StringSlice("replace")) > 0:
		return usage("A saved plan says itself what it is about: give either the FILE or -target, -exclude and -replace.")
	default:
		err = a.applySaved(ctx, file)
	}
	if path != "" && err != nil && !a.reported {
		a.tell(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "No report was written", Detail: path + " was left alone. `lockstep report` makes a report without an apply."}})
	}
	return err
}

// applyFiles plans, asks, and applies.
func (a *applying) applyFiles(ctx context.Context) error {
	if err := a.mayAsk(); err != nil {
		return err
	}
	p, err := a.load(a.flags)
	if err != nil {
		return err
	}
	e, release, err := p.openLocked(ctx, "apply")
	if err != nil {
		return err
	}
	defer release()
	options, err := planOptions(a.flags, a.destroy)
	if err != nil {
		return err
	}
	plan, err := p.makePlan(ctx, e, options)
	if err != nil {
		return err
	}
	e.Place(ctx, plan)
	if err := a.showPlan(plan, a.shown(a.flags), ""); err != nil {
		return err
	}
	if err := a.expected(plan); err != nil {
		return err
	}
	if !plan.Empty() && !a.flags.Bool("auto-approve") {
		a.options.Saved = true // it is shown and approved, as a saved plan is
		if err := a.options.Refuses(plan); err != nil {
			return a.notDone(nil, nil, err) // before the question
		}
		if err := a.approve(ctx, plan); err != nil {
			return err
		}
	}
	return a.carryOut(ctx, p, e, plan)
}

func operation(destroy bool) string {
	if destroy {
		return "destroy"
	}
	return "apply"
}

// mayAsk refuses at once to run where no person could approve.
func (a *applying) mayAsk() error {
	if a.flags.Bool("auto-approve") || a.env.StdinTerminal && a.flags.Bool("input") && !a.json {
		return nil
	}
	return failed(problem("Cannot ask for approval", "Without a terminal, apply cannot ask whether to go on. Pass -auto-approve, or a plan that `lockstep plan -out=FILE` saved."))
}

// approve asks for the word yes.
func (a *applying) approve(ctx context.Context, plan *planner.Plan) error {
	what := "Do you want to perform these actions" + view.In(a.seen(plan)) + "?"
	if a.destroy {
		what = "Do you really want to destroy what lockstep created" + view.In(a.seen(plan)) + "?"
	}
	yes, err := a.ask(ctx, what)
	switch {
	case err != nil:
		return &outcome{code: ExitInterrupted, diags: problem("Interrupted", "Nothing was applied.")}
	case !yes:
		return failed(problem("Not approved", "Nothing was applied."))
	}
	return nil
}

// carryOut applies a plan and tells truthfully what was done.
func (a *applying) carryOut(ctx context.Context, p *project, e *engine.Engine, plan *planner.Plan) error {
	if a.streams() {
		a.stream().Applying(plan, a.shown(a.flags))
	}
	a.stages.writing.Store(true)
	report, diags, err := e.Apply(ctx, plan, a.options)
	a.line.Clear()
	end := a.ended(e, report, diags, err)
	path := a.flags.String("report")
	if path == "" || end != nil && endOf(end) != ExitPartial {
		return end
	}
	a.reported = true
	return reporting{a.session}.after(ctx, p, e, path, end)
}

// ended tells how an apply ended.
func (a *applying) ended(e *engine.Engine, report *engine.Report, diags hcl.Diagnostics, err error) error {
	if err != nil {
		return a.notDone(report, diags, err)
	}
	if derr := failed(diags); derr != nil {
		a.counted(report)
		return derr
	}
	a.tell(diags)
	return a.done(e, report)
}

// counted tells what was done.
func (a *applying) counted(report *engine.Report) {
	for _, name := range report.Files {
		a.note("Made the file %s.", name)
	}
	if a.streams() {
		a.stream().Summary(a.completed(report), operation(a.destroy), report.Counts, report.Actions.Invoked)
	}
	a.print("\n%s", a.completed(report))
}

// completed is the line of an apply that did everything.
func (a *applying) completed(report *engine.Report) string {
	if a.command == "destroy" {
		return view.DestroyedLine(report.Counts)
	}
	return view.AppliedLine(report)
}

// done ends an apply that was completed.
func (a *applying) done(e *engine.Engine, report *engine.Report) error {
	outputs := a.shownOutputs(e.Store)
	a.counted(report)
	if a.streams() {
		a.stream().Outputs(outputs)
	}
	if a.json || len(outputs) == 0 {
		return nil
	}
	a.print("\nOutputs:\n")
	return view.Outputs(a.env.Stdout, outputs)
}

// notDone ends an apply that was refused, interrupted or done in part.
func (a *applying) notDone(report *engine.Report, diags hcl.Diagnostics, err error) error {
	code := codeOf(err)
	if code == ExitRefused {
		return &outcome{code: code, diags: append(diags, view.Refused("Apply refused", err)...)}
	}
	a.tell(diags)
	if report == nil {
		return &outcome{code: code, diags: view.FromError("Apply failed", err)}
	}
	return &outcome{code: code, diags: view.Incomplete(report, code == ExitInterrupted)}
}
