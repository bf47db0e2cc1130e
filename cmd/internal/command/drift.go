package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/drift"
	"lockstep/cmd/internal/drift/render"
	"lockstep/cmd/internal/view"
	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/schema/files"
)

func driftCommand(s *session) *cli.Command {
	formats := append([]string{"text"}, render.Formats()...)
	return &cli.Command{
		Name: "drift", Usage: "report what moved since the last apply, and on which side",
		Description: "Exits 0 when nothing moved and 2 when something did. Writes neither CRM nor files, unless -accept writes the files. " +
			"A file .lockstepignore leaves out objects and fields.",
		Flags: append(append(planFlags(), acceptDriftFlags()...),
			choice("format", "`FORMAT` is "+strings.Join(formats, ", ")+"; markdown, html and github hide personal data unless -redact=false is given, and github writes annotations, a step summary and outputs beside its markdown", formats...),
			outputFile("out", "write the report to a `FILE`, which only you can read, instead of stdout"),
			&cli.BoolFlag{Name: "unmanaged", Usage: "list what is live and not managed as well"},
			&cli.StringFlag{Name: "fail-on", Usage: "exit 2 only for these `CLASSES`, with commas: " + classNames()},
			&cli.StringFlag{Name: "since", Usage: "tell what is new since an earlier `REPORT`, which -format=json wrote"}),
		Metadata: examples(
			"lockstep drift", "who moved what, on the terminal",
			"lockstep drift -format=html -out=drift.html", "one page, without personal data, to be opened in a browser",
			"lockstep drift -accept", "take what was edited in the CRM into the files",
			"lockstep drift -format=junit -out=drift.xml -fail-on=changed_in_crm,deleted_in_crm", "for a pipeline that shows test results"),
		Action: func(ctx context.Context, c *cli.Command) error { return drifting{s}.run(ctx, c) },
	}
}

// drifting makes drift reports.
type drifting struct{ *session }

// driftFlags are what the flags ask for.
type driftFlags struct {
	format  string
	earlier *drift.Report
	fails   []drift.Class
}

func (d drifting) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	flags, err := d.flags(c)
	if err != nil {
		return err
	}
	accepting := accepting{d.session, c}
	if err := accepting.possible(); err != nil {
		return err
	}
	how, err := planOptions(c, false)
	if err != nil {
		return err
	}
	p, err := d.load(c)
	if err != nil {
		return err
	}
	ignore, err := ignoreFile(p.config.Files)
	if err != nil {
		return err
	}
	if err := deliverable(c.String("out")); err != nil {
		return err
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	how.Unmanaged = c.Bool("unmanaged")
	plan, err := p.makePlan(ctx, e, how)
	if err != nil {
		return err
	}
	plan, ignored := ignore.Apply(plan)
	if c.Bool("accept") {
		return accepting.run(ctx, p, e, plan)
	}
	shown := d.seen(plan)
	r := drift.Build(drift.Input{Plan: plan, Shown: shown, Values: view.DriftValues(d.shown(c)), Link: engine.PagesOf(e).Page,
		Ignored: ignored, Earlier: flags.earlier, Made: d.env.Now()})
	if err := d.write(c, p, shown, r, flags); err != nil {
		return err
	}
	if c.String("fail-on") == "" && r.Drifted || c.String("fail-on") != "" && slices.ContainsFunc(flags.fails, r.Has) {
		return exit(ExitChanges)
	}
	return nil
}

// flags reads what can be wrong before anything is read.
func (d drifting) flags(c *cli.Command) (f driftFlags, err error) {
	f.format = c.String("format")
	if d.json {
		if c.IsSet("format") && f.format != "json" {
			return f, usage("-json is -format=json; give one of -json and -format=%s.", f.format)
		}
		f.format = "json"
	}
	f.fails, err = failClasses(c.String("fail-on"))
	if err != nil {
		return f, err
	}
	f.earlier, err = earlierReport(c.String("since"))
	return f, err
}

func classNames() string {
	var names []string
	for _, class := range drift.Classes() {
		names = append(names, string(class))
	}
	return strings.Join(names, ", ")
}

// failClasses are the classes of -fail-on; without it, all but what is not managed and
// what cannot be known.
func failClasses(text string) ([]drift.Class, error) {
	if text == "" {
		return []drift.Class{drift.InCRM, drift.InBoth, drift.Gone, drift.InFiles}, nil
	}
	var all []drift.Class
	for name := range strings.SplitSeq(text, ",") {
		class := drift.Class(strings.TrimSpace(name))
		if !slices.Contains(drift.Classes(), class) {
			return nil, usage("-fail-on: there is no class %q. The classes are %s.", string(class), classNames())
		}
		all = append(all, class)
	}
	return all, nil
}

func earlierReport(path string) (*drift.Report, error) {
	if path == "" {
		return nil, nil
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, failed(problem("Cannot read the earlier report", "-since=%s: %s.", path, reason(err)))
	}
	defer in.Close()
	r, err := drift.Read(in)
	if err != nil {
		return nil, failed(problem("Cannot read the earlier report", "-since=%s: %s.", path, err))
	}
	return r, nil
}

// ignoreFile reads what the report leaves out. The file is one of the project, which may
// come from a foreign pull request.
func ignoreFile(project *files.Project) (*drift.Ignore, error) {
	text, err := project.ReadText(drift.IgnoreFile)
	if errors.Is(err, fs.ErrNotExist) {
		return &drift.Ignore{}, nil
	}
	if err != nil {
		return nil, failed(problem("Cannot read "+drift.IgnoreFile, "%s.", err))
	}
	ignore, err := drift.ParseIgnore(strings.NewReader(text))
	if err != nil {
		return nil, failed(problem("Invalid "+drift.IgnoreFile, "%s, %s.", drift.IgnoreFile, err))
	}
	return ignore, nil
}

// write writes the report in its format, to stdout or to a file.
func (d drifting) write(c *cli.Command, p *project, plan *planner.Plan, r *drift.Report, f driftFlags) error {
	var b bytes.Buffer
	visible := view.NewVisible(&b, f.format == "json" || f.format == "sarif")
	var err error
	switch write := render.Find(f.format); {
	case write == nil:
		o := d.shown(c)
		o.Color = o.Color && c.String("out") == ""
		err = view.Drift(visible, plan, r, d.nouns(), o)
	case f.format == formatHTML:
		err = write(&b, r, d.rendering(p, f)) // its texts are isolated one by one
	default:
		err = write(visible, r, d.rendering(p, f))
	}
	if err != nil {
		return failed(problem("Cannot write the report", "%s.", err))
	}
	out := c.String("out")
	if f.format == formatGitHub {
		if err := d.tellRunner(r, b.String(), out); err != nil {
			return err
		}
	}
	if out == "" {
		_, err := d.exact.Write(b.Bytes())
		return err
	}
	if err := files.ReplaceBytes(out, files.Private, b.Bytes()); err != nil {
		return failed(problem("Cannot write the report", "%s: %s.", out, reason(err)))
	}
	d.note("Wrote %s, which only you can read.", filepath.ToSlash(out))
	return nil
}

// tellRunner tells GitHub's runner what drifted: beside the lines of files, as a summary
// of the step, and as outputs for later steps.
func (d drifting) tellRunner(r *drift.Report, text, out string) error {
	if strings.ContainsAny(out, "\r\n") {
		return usage("-out=%q: the name of a report has one line.", out)
	}
	d.annotations().Drift(r)
	err := d.appendTo("GITHUB_STEP_SUMMARY", func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
	if err != nil {
		return err
	}
	return d.appendTo("GITHUB_OUTPUT", func(w io.Writer) error {
		fmt.Fprintf(w, "drifted=%t\nreport_file=%s\n", r.Drifted, out)
		for _, class := range drift.Classes() {
			if _, err := fmt.Fprintf(w, "%s=%d\n", class, r.Count(class)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d drifting) rendering(p *project, f driftFlags) render.Options {
	title := "Drift"
	if name := p.folder(); name != "" && !d.redact {
		title += " of " + name
	}
	return render.Options{Version: Version, Title: title, Fails: f.fails}
}
