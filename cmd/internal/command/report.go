package command

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/gather"
	"lockstep/cmd/internal/report/render"
	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/schema"
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
			&cli.StringFlag{Name: "out", Usage: "write the report to a `FILE`, which only you can read, instead of stdout"},
			&cli.StringFlag{Name: "since", Usage: "begin timelines and charts on a `DAY` such as 2026-01-31; half a year ago when not given"},
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
	options := report.Options{Now: r.env.Now(), Redact: c.Bool("redact")}
	var err error
	if options.Since, err = since(c.String("since"), options.Now); err != nil {
		return err
	}
	p, err := r.load(c)
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
	out, err := r.rendered(ctx, e, write, options, c.StringSlice("contact"))
	if err != nil {
		return err
	}
	return r.deliver(c.String("out"), out)
}

// rendered gathers and writes a report about some people, or about all.
func (r reporting) rendered(ctx context.Context, e *engine.Engine, write render.Writer, options report.Options, only []string) ([]byte, error) {
	facts, err := r.gather(ctx, e, gather.Input{Only: only, From: report.From(options.Now, options.Since)})
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
func (r reporting) after(ctx context.Context, e *engine.Engine, path string, end error) error {
	now := r.env.Now()
	out, err := r.rendered(ctx, e, render.ByName(path), report.Options{Now: now, Since: report.DefaultSince(now), Redact: r.redact}, nil)
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

// since is the first day of a report.
func since(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return report.DefaultSince(now), nil
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

// gather reads what the report is about, and tells on stderr what that took.
func (r reporting) gather(ctx context.Context, e *engine.Engine, in gather.Input) (report.Facts, error) {
	before := e.Calls()
	diags := e.Look(ctx)
	r.line.Clear()
	if ctx.Err() != nil {
		return report.Facts{}, notReported()
	}
	diags, fatal := readOn(diags)
	if fatal {
		return report.Facts{}, failed(diags)
	}
	missing := r.known(e, &in)
	facts, err := gather.Read(ctx, in)
	r.line.Clear()
	r.tellOdd(e)
	var unknown *gather.UnknownPersonError
	switch {
	case ctx.Err() != nil:
		return facts, notReported()
	case errors.As(err, &unknown):
		if r.redact {
			unknown.Near = "" // it names another person
		}
		return facts, usage("-contact: %s", err)
	case err != nil:
		return facts, failed(append(diags, unread("Cannot gather the report", capital(err.Error()), err)))
	}
	lacking := unreadAccounts(facts)
	if len(lacking) > 0 && !knowsAnybody(facts) {
		for _, d := range lacking {
			d.Severity = hcl.DiagError
		}
		return facts, failed(lacking)
	}
	r.tell(append(once(diags, facts), lacking...))
	r.note("Read %s.", readings(facts, e.Calls()-before))
	if missing > 0 {
		r.note("Of the files, %s not in the CRM yet: `lockstep apply` brings them there.", view.Count(missing, "contact is", "contacts are"))
	}
	return facts, nil
}

// known takes over what the files and their mappings say. missing is how many
// contacts of the files do not exist yet.
func (r reporting) known(e *engine.Engine, in *gather.Input) (missing int) {
	managed, missing := e.Managed("ghl_contact")
	for _, m := range managed {
		in.Contacts = append(in.Contacts, gather.Contact{Provider: m.Provider, ID: m.ID, Address: m.Address.String()})
	}
	in.Links = links(e.Links())
	in.Providers = e.Providers()
	in.Progress = func(kind *schema.Kind, done int) {
		r.progress(engine.Progress{Phase: "Reading", Kind: kind.Plural, Done: done, Total: -1, Calls: e.Calls()})
	}
	in.Tell = func(sentence string) { r.note("%s", sentence) }
	return missing
}

// notReported ends a report that was told to stop.
func notReported() error {
	return &outcome{code: ExitInterrupted, diags: problem("Interrupted", "No report was written.")}
}

// readOn makes warnings of the errors about accounts that cannot be read: a
// report about the others is better than no report. fatal reports whether there
// are other errors.
func readOn(diags hcl.Diagnostics) (on hcl.Diagnostics, fatal bool) {
	for _, d := range diags {
		detail, ok := d.Extra.(*engine.Detail)
		if d.Severity == hcl.DiagError && (!ok || detail.Account == "") {
			return diags, true
		}
		w := *d
		w.Severity = hcl.DiagWarning
		on = append(on, &w)
	}
	return on, false
}

// once leaves out what would tell of an account again: several blocks may ask it,
// and the report tells of its own.
func once(diags hcl.Diagnostics, f report.Facts) hcl.Diagnostics {
	seen := map[string]bool{}
	for i := range f.People {
		for _, u := range f.People[i].Unread {
			seen[u.Account] = true
		}
	}
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
		detail, _ := d.Extra.(*engine.Detail)
		if detail == nil || detail.Account == "" {
			return false
		}
		again := seen[detail.Account]
		seen[detail.Account] = true
		return again
	})
}

// mostUnread is how many accounts are told one by one on stderr.
const mostUnread = 10

// unreadAccounts warns of each account that the report lacks.
func unreadAccounts(f report.Facts) hcl.Diagnostics {
	var diags hcl.Diagnostics
	more := 0
	for i := range f.People {
		for _, u := range f.People[i].Unread {
			if len(diags) == mostUnread {
				more++
				continue
			}
			d := unread(fmt.Sprintf("The report lacks the account %q", u.Account), u.Err.Error(), u.Err)
			detail, _ := d.Extra.(*engine.Detail)
			d.Severity, detail.Account = hcl.DiagWarning, u.Account
			diags = append(diags, d)
		}
	}
	if more > 0 {
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "The report lacks more accounts",
			Detail: fmt.Sprintf("%s could not be read either. The report says of each person why.", view.Count(more, "account", "accounts"))})
	}
	return diags
}

// knowsAnybody reports whether the report has something to tell.
func knowsAnybody(f report.Facts) bool {
	return slices.ContainsFunc(f.People, func(p report.PersonFacts) bool { return p.Contact != nil || len(p.Athletes) > 0 })
}

// unread makes a diagnostic of an error that a provider returned, whose text
// may begin with a path.
func unread(summary, text string, err error) *hcl.Diagnostic {
	detail := &engine.Detail{}
	d := problem(summary, "%s.", strings.TrimSuffix(text, "."))[0]
	d.Extra = detail
	if errors.As(err, &detail.API) && detail.API.Advice != "" {
		d.Detail += " " + detail.API.Advice
	}
	return d
}

// readings say what was read for a report.
func readings(f report.Facts, calls int) string {
	var activities, tasks, notes, appointments int
	for i := range f.People {
		p := &f.People[i]
		activities += len(p.Activities)
		tasks += len(p.Tasks)
		notes += len(p.Notes)
		appointments += len(p.Appointments)
	}
	return strings.Join([]string{
		view.Count(len(f.People), "person", "people"), view.Count(activities, "activity", "activities"), view.Count(tasks, "task", "tasks"),
		view.Count(notes, "note", "notes"), view.Count(appointments, "appointment", "appointments"),
	}, ", ") + " in " + view.Count(calls, "call", "calls")
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
