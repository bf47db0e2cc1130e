package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/gather"
	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// gather reads what the report is about, and tells on stderr what that took.
func (r reporting) gather(ctx context.Context, p *project, e *engine.Engine, in gather.Input) (report.Facts, error) {
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
	var field *gather.UnknownFieldError
	switch {
	case ctx.Err() != nil:
		return facts, notReported()
	case errors.As(err, &unknown):
		if r.redact {
			unknown.Near = "" // it names another person
		}
		return facts, usage("-contact: %s", err)
	case errors.As(err, &field):
		return facts, failed(unknownField(&p.config.Settings.Report, field, p.settings.Report))
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

// unknownField points at the line that names a custom field which no location has.
func unknownField(written *config.Report, unknown *gather.UnknownFieldError, named eval.Report) hcl.Diagnostics {
	diags := problem("Unknown custom field", "%s Declare it as a ghl_custom_field and apply, or take it out of the report block.", capital(unknown.Error()))
	for key, expr := range map[string]hclsyntax.Expression{
		named.GoalField: written.GoalField, named.RaceField: written.RaceField, named.RaceDateField: written.RaceDateField,
	} {
		if key == unknown.Key && expr != nil {
			at := expr.Range()
			diags[0].Subject = &at
		}
	}
	return diags
}
