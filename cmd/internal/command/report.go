package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/gather"
	"lockstep/cmd/internal/report/render"
	"lockstep/planner/engine"
	"lockstep/schema/files"
)

func reportCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "report", Usage: "put what people ran, notes, tasks and appointments on one page",
		Description: "People are the contacts that the files manage and the accounts of runkeeper. A contact and an account are one person " +
			"when a mapping joins them, or when the contact's custom field runkeeper_user_id is the account's user id. " +
			"Reads only, and writes neither CRM nor state.",
		Flags: append(variableFlags(),
			choice("format", "`FORMAT` is "+strings.Join(render.Formats(), ", "), render.Formats()...),
			outputFile("out", "write the report to a `FILE`, which only you can read, instead of stdout"),
			&cli.StringFlag{Name: "since", Usage: "begin timelines and charts on a `DAY` such as 2026-01-31; when not given, half a year before the data end"},
			&cli.StringFlag{Name: "title", Usage: "head the report with a `TEXT`; the name of the location when not given, or else of the folder"},
			choice("units", "`UNITS` of the page and of Markdown are metric, or imperial", report.Metric, report.Imperial),
			&cli.StringSliceFlag{Name: "contact", Usage: "report this person only: the `EMAIL`, id or address of a contact, or the name of an account; may be repeated"},
			&cli.BoolFlag{Name: "redact", Usage: "mask names, addresses and texts, for sharing: a report shows personal data otherwise"}),
		Metadata: examples(
			"lockstep report -out=report.html", "one page about everybody, to be opened in a browser",
			"lockstep report -contact=ann@example.com -format=markdown -redact", "one person, without personal data, for a pull request"),
		Action: reporting{s}.run,
	}
}

// reporting makes reports.
type reporting struct{ *session }

func (r reporting) run(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	write := render.Find(c.String("format"))
	options, err := r.options(c)
	if err != nil {
		return err
	}
	p, err := r.load(c)
	if err != nil {
		return err
	}
	options.Otherwise, options.Fields = p.folder(), aims(p)
	if err := deliverable(c.String("out")); err != nil {
		return err
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	out, err := r.rendered(ctx, p, e, write, options, c.StringSlice("contact"))
	if err != nil {
		return err
	}
	return r.deliver(c.String("out"), out)
}

// options are what the flags ask for.
func (r reporting) options(c *cli.Command) (report.Options, error) {
	o := report.Options{Now: r.env.Now(), Redact: c.Bool("redact"), Title: c.String("title"), Units: c.String("units")}
	if format := c.String("format"); o.Units == report.Imperial && (format == "json" || format == "csv") {
		return o, usage("-units=%s goes with html and markdown: the names in json and csv tell their units, such as distance_km.", o.Units)
	}
	var err error
	o.Since, err = since(c.String("since"), o.Now)
	return o, err
}

// aims are the custom fields that the files name for a report.
func aims(p *project) report.Fields {
	named := p.settings.Report
	return report.Fields{Goal: named.GoalField, Race: named.RaceField, RaceDate: named.RaceDateField}
}

// folder names the folder of a project; empty when it has no name.
func (p *project) folder() string {
	path, err := filepath.Abs(p.config.Dir)
	if name := filepath.Base(path); err == nil && name != string(filepath.Separator) {
		return name
	}
	return ""
}

// rendered gathers and writes a report about some people, or about all.
func (r reporting) rendered(ctx context.Context, p *project, e *engine.Engine, write render.Writer, options report.Options, only []string) ([]byte, error) {
	facts, err := r.gather(ctx, p, e, gather.Input{Only: only, Fields: options.Fields.Keys()})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := write(&out, report.Build(facts, options)); err != nil {
		return nil, failed(problem("Cannot write the report", "%s.", capital(err.Error())))
	}
	return out.Bytes(), nil
}

// mayReport refuses before an apply what could not be written after it.
func mayReport(path string, destroy bool) error {
	switch {
	case path == "":
		return nil
	case destroy || render.ByName(path) == nil:
		return usage("-report takes a file that ends in .html, .md, .json or .csv, and does not go with -destroy.")
	default:
		return deliverable(path)
	}
}

// after writes the report that an apply ends with. end is how the apply
// itself ended: nil when it is complete, else it was done in part.
func (r reporting) after(ctx context.Context, p *project, e *engine.Engine, path string, end error) error {
	options := report.Options{Now: r.env.Now(), Redact: r.redact, Otherwise: p.folder(), Fields: aims(p)}
	out, err := r.rendered(ctx, p, e, render.ByName(path), options, nil)
	if err == nil {
		err = r.deliver(path, out)
	}
	var missing, applied *outcome
	switch {
	case !errors.As(err, &missing):
		return cmp.Or(err, end)
	case errors.As(end, &applied):
		return &outcome{code: applied.code, diags: append(missing.diags, applied.diags...)}
	default:
		last := missing.diags[len(missing.diags)-1]
		last.Detail = strings.TrimSpace(last.Detail + "\n\nThe apply itself is complete: only its report is missing. `lockstep report` makes it.")
		return missing
	}
}

// links are the people that mappings join: an athlete on one side and a contact
// on the other.
func links(joined []engine.Link) []gather.Link {
	var found []gather.Link
	for _, l := range joined {
		switch {
		case l.SourceKind == "runkeeper_athlete" && l.TargetKind == "ghl_contact":
			found = append(found, gather.Link{Contact: gather.Contact{Provider: l.TargetProvider, ID: l.TargetID}, Provider: l.SourceProvider, Account: l.SourceID})
		case l.SourceKind == "ghl_contact" && l.TargetKind == "runkeeper_athlete":
			found = append(found, gather.Link{Contact: gather.Contact{Provider: l.SourceProvider, ID: l.SourceID}, Provider: l.TargetProvider, Account: l.TargetID})
		}
	}
	return found
}

// since is the first day of a report; zero when none is asked for.
func since(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, usage("-since=%s is not a day. Write it as 2026-01-31.", text)
	}
	if day.After(now) {
		return day, usage("-since=%s lies ahead. Give a day that is over.", text)
	}
	return day, nil
}

// deliver writes a report to stdout or to a file.
func (r reporting) deliver(path string, text []byte) error {
	if path == "" {
		_, err := r.exact.Write(text)
		return err
	}
	if err := files.ReplaceBytes(path, files.Private, text); err != nil {
		return failed(problem("Cannot write the report", "%s: %s.", path, reason(err)))
	}
	r.note("Wrote %s (%d KB), which only you can read.", path, (len(text)+1023)/1024)
	return nil
}

// deliverable refuses a path that a file cannot be written to, before what goes
// into it is read.
func deliverable(path string) error {
	if path == "" {
		return nil
	}
	if err := files.Replaceable(path); err != nil {
		return failed(problem("Cannot write the report", "%s: %s.", path, reason(err)))
	}
	return nil
}
