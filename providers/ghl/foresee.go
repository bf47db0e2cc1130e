package ghl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

// Foresee tells what comes of the writes of a plan: whether the time of an appointment
// is offered, which appointments blocked time would cancel, and who is written to.
func (p *Provider) Foresee(ctx context.Context, writes []providers.Write) ([]providers.Finding, error) {
	var found []providers.Finding
	for i := range p.declared.Kinds {
		k := p.account.kinds[p.declared.Kinds[i].Name]
		found = append(found, k.invited(writes)...)
		if k.odd.foresee == nil || !slices.ContainsFunc(writes, func(w providers.Write) bool { return w.Kind == k.Name }) {
			continue
		}
		more, err := k.odd.foresee(ctx, p.account, writes)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	slices.SortStableFunc(found, func(a, b providers.Finding) int { return a.Write - b.Write })
	return found, nil
}

// invited finds the people that HighLevel writes to when objects of the kind are made.
func (k *kind) invited(writes []providers.Write) []providers.Finding {
	if k.create.invites == "" {
		return nil
	}
	var found []providers.Finding
	for i := range writes {
		w := &writes[i]
		if w.Kind != k.Name || w.Action != providers.Create {
			continue
		}
		who := "its address"
		if f, _ := w.Fields.Find(k.create.invites); f.Value.IsKnown() && !f.Sensitive && f.Value.Text() != "" {
			who = f.Value.Text()
		}
		found = append(found, writtenTo(i, k.create.invites, "HighLevel sends an invitation by e-mail to "+who, "Take the "+k.Noun+" out of the plan to send none."))
	}
	return found
}

// writtenTo is a finding about a person that HighLevel writes to.
func writtenTo(write int, path, problem, advice string) providers.Finding {
	return providers.Finding{Write: write, Severity: providers.Told, Summary: "Somebody will be told",
		FieldError: providers.FieldError{Path: path, Problem: problem, Advice: advice}}
}

// foresight reads what tells what comes of a write.
type foresight struct{ *account }

// period is the time that a write gives an object, or that it has.
type period struct {
	// write is the number of the write.
	write int
	// place is the calendar, or the user whose time it is, as schema.Kind.ParentOf
	// has it.
	place      string
	start, end time.Time
	// open is set when the calendar says how long it takes.
	open bool
}

// overlaps reports whether a time has an instant of another one.
func (p *period) overlaps(start, end time.Time) bool {
	return p.start.Before(end) && start.Before(p.end)
}

// becomes is the value of an attribute after a write.
func becomes(w *providers.Write, name string) schema.Value {
	if f, written := w.Fields.Find(name); written || w.Live == nil {
		return f.Value
	}
	return w.Live.Value(name)
}

// periodOf is the time that a write of a kind makes an object have; false when it does
// not tell.
func (k *kind) periodOf(n int, w *providers.Write) (period, bool) {
	place := k.ParentOf(func(path string) schema.Value { return becomes(w, path) })
	p := period{write: n, place: place.Text()}
	var err error
	if !place.IsKnown() || p.place == "" {
		return p, false
	}
	if p.start, err = instantOf(becomes(w, "start_time")); err != nil {
		return p, false
	}
	if p.end, err = k.endOf(w, p.start); err != nil || !p.start.Before(p.end) {
		// What it takes the calendar says. It takes some time.
		p.end, p.open = p.start.Add(time.Minute), true
	}
	return p, true
}

// endOf is when an object ends that a write makes begin at an instant. An end that is
// not written moves along with the beginning.
func (k *kind) endOf(w *providers.Write, start time.Time) (time.Time, error) {
	end, err := instantOf(becomes(w, "end_time"))
	if _, written := w.Fields.Find("end_time"); written || w.Live == nil || err != nil {
		return end, err
	}
	was, err := instantOf(w.Live.Value("start_time"))
	return start.Add(end.Sub(was)), err
}

// moves reports whether a write makes an object or gives it another time or place.
func (k *kind) moves(w *providers.Write) bool {
	return w.Kind == k.Name && (w.Action == providers.Create || w.Action == providers.Update && slices.ContainsFunc(w.Fields, func(f schema.Field) bool {
		return f.Path == "start_time" || f.Path == "end_time" || f.Path == k.Parent || f.Path == k.Within
	}))
}

// unasked reports whether a refusal only means that a look ahead is not possible: the
// token lacks a scope, or the calendar does not exist.
func unasked(err error) bool {
	api := apiError(err)
	return api != nil && api.Extent == providers.OneRequest && api.Status >= 400 && api.Status < 500 && api.Status != 429
}

// unforeseen tells that a look ahead was not possible.
func unforeseen(write int, what string, err error) providers.Finding {
	return providers.Finding{Write: write, Severity: providers.Told, Summary: "Not looked ahead",
		FieldError: providers.FieldError{Path: "start_time", Problem: what + " could not be read: " + err.Error(), Advice: "HighLevel decides at the apply."}}
}

// clockOf tells instants to people by the clock of the location, or in UTC.
func (a foresight) clockOf(ctx context.Context) (func(time.Time) string, error) {
	zone, err := a.zone(ctx)
	if err != nil {
		return nil, err
	}
	if zone == nil {
		zone = time.UTC
	}
	return func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }, nil
}

// within lists the objects of a kind that a data source finds from one instant to
// another.
func (a foresight) within(ctx context.Context, kind, source string, where schema.Fields, from, to time.Time) ([]schema.Object, error) {
	where = append(slices.Clone(where),
		schema.Field{Path: "from", Value: schema.StringValue(from.Format(time.RFC3339))}, schema.Field{Path: "to", Value: schema.StringValue(to.Format(time.RFC3339))})
	where.Sort()
	var out []schema.Object
	err := a.list(ctx, a.kinds[kind], providers.Query{Kind: kind, Source: source, Where: where}, func(page providers.Page) bool {
		out = append(out, page.Objects...)
		return true
	})
	return out, err
}

// someOf joins a few texts, and counts the rest.
func someOf(texts []string) string {
	const few = 5
	if len(texts) <= few {
		return strings.Join(texts, ", ")
	}
	return strings.Join(texts[:few], ", ") + fmt.Sprintf(" and %s more", schema.Thousands(len(texts)-few))
}
