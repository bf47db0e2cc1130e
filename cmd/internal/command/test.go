package command

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/trial"
	"lockstep/cmd/internal/view"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/files"
)

func testCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "test", Usage: "run the tests in *.test.hcl against emulated accounts",
		Description: "Reads the test files of the folder and of tests/. Each file has emulated accounts and a state of its own, which begin empty or with sandbox_seed, and are thrown away: " +
			"no real account is reached, whatever the files say. Exits 1 when a run fails.",
		Flags: append(variableFlags(),
			&cli.StringSliceFlag{Name: "filter", Usage: "run only a `FILE`, such as tests/members.test.hcl; may be repeated"},
			outputFile("junit-xml", "write the results to a `FILE` as well, for a pipeline that shows test results"),
			&cli.BoolFlag{Name: "verbose", Usage: "show the plan of each run"}),
		Metadata: examples(
			"lockstep test", "run all tests",
			"lockstep test -filter=tests/members.test.hcl -verbose", "one file, with its plans"),
		Action: func(ctx context.Context, c *cli.Command) error { return tests{s}.run(ctx, c) },
	}
}

// tests is one run of test.
type tests struct{ *session }

func (t tests) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	out := c.String("junit-xml")
	if err := deliverable(out); err != nil {
		return err
	}
	cfg, err := t.loadFiles()
	if err != nil {
		return err
	}
	tests, diags := loadTests(t.session, cfg)
	if err := t.warn(diags); err != nil {
		return err
	}
	if tests, err = filtered(tests, c.StringSlice("filter")); err != nil {
		return err
	}
	if len(tests) == 0 {
		t.say("There are no test files: they end in .test.hcl, and lie in this folder or in tests/.")
		return nil
	}
	vars, diags := eval.LoadVars(cfg.Files, given(c), t.env.Environ)
	if err := t.warn(diags); err != nil {
		return err
	}
	var reports []trial.Report
	for _, file := range tests {
		reports = append(reports, t.file(ctx, c, t.options(cfg, vars), file))
	}
	if out != "" {
		if err := t.junit(out, reports); err != nil {
			return err
		}
	}
	return t.end(ctx, reports)
}

// loadTests reads the test files of the folder.
func loadTests(s *session, cfg *config.Config) ([]*config.TestFile, hcl.Diagnostics) {
	tests, diags := cfg.Tests()
	s.files = cfg.Shown()
	return tests, diags
}

// checkTests checks the test files of the folder.
func checkTests(s *session, cfg *config.Config) hcl.Diagnostics {
	tests, diags := loadTests(s, cfg)
	for _, file := range tests {
		diags = append(diags, trial.Check(trial.Options{Catalog: s.catalog(), Root: cfg, Allowed: s.allowed, Sources: s.files}, file)...)
	}
	return diags
}

// filtered are the test files that -filter names; all without it.
func filtered(tests []*config.TestFile, names []string) ([]*config.TestFile, error) {
	if len(names) == 0 {
		return tests, nil
	}
	var kept []*config.TestFile
	for _, name := range names {
		at := slices.IndexFunc(tests, func(f *config.TestFile) bool { return f.Name == filepath.ToSlash(filepath.Clean(name)) })
		if at < 0 {
			var all []string
			for _, f := range tests {
				all = append(all, f.Name)
			}
			return nil, usage("-filter=%s: there is no such test file. There are: %s.", name, strings.Join(all, ", "))
		}
		kept = append(kept, tests[at])
	}
	return kept, nil
}

func (t tests) options(cfg *config.Config, vars []eval.Assignment) trial.Options {
	return trial.Options{
		Catalog: t.catalog(), Factories: t.factories(), Root: cfg, Allowed: t.allowed, Vars: vars, Now: t.env.Now, Sources: t.files,
		InSandbox:  func(folder string) { t.sandboxFolder = folder },
		Loading:    t.stages.loading.Store,
		Evaluating: func(e *eval.Evaluator) { t.stages.evaluator.Store(e) }, OnTask: t.stages.task.Store,
	}
}

// file carries out one file, and shows how each run ends.
func (t tests) file(ctx context.Context, c *cli.Command, o trial.Options, file *config.TestFile) trial.Report {
	report := trial.Report{Name: file.Name}
	t.say("%s... in progress", file.Name)
	report.Cleaning = trial.File(ctx, o, file, func(r trial.Result) {
		t.line.Clear()
		report.Results = append(report.Results, r)
		t.say("  run %q... %s", r.Run.Name, r.Status)
		t.tell(r.Diagnostics)
		if c.Bool("verbose") && r.Plan != nil {
			_ = view.Plan(t.env.Stdout, r.Plan, t.shown(c))
		}
	})
	t.say("%s... tearing down", file.Name)
	t.tell(report.Cleaning)
	t.say("%s... %s", file.Name, report.Status())
	return report
}

// junit writes the results to a file.
func (t tests) junit(out string, reports []trial.Report) error {
	var b bytes.Buffer
	if err := trial.JUnit(reports, t.env.Now()).Write(&b); err != nil {
		return failed(problem("Cannot write the results", "%s.", err))
	}
	if err := files.ReplaceBytes(out, files.Private, b.Bytes()); err != nil {
		return failed(problem("Cannot write the results", "%s: %s.", out, reason(err)))
	}
	return nil
}

// end tells how all ended.
func (t tests) end(ctx context.Context, reports []trial.Report) error {
	passed, failures, skipped := trial.Count(reports)
	word := "Success!"
	if failures+skipped > 0 {
		word = "Failure!"
	}
	rest := ""
	if skipped > 0 {
		rest = ", " + view.Count(skipped, "skipped", "skipped")
	}
	t.say("\n%s %d passed, %d failed%s.", word, passed, failures, rest)
	switch {
	case ctx.Err() != nil:
		return exit(ExitInterrupted)
	case failures+skipped > 0:
		return exit(ExitError)
	}
	return nil
}
