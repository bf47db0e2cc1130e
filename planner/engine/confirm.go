package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

const (
	// maxConfirm is how many objects are confirmed by id in one plan.
	maxConfirm = 500
	// lag is how many seconds a list may show an older picture than a read by
	// id.
	lag = 5 * 60
)

// confirm asks by id for what a list may show wrongly: objects of the state
// that are absent, and objects written lately that are not shown as they were
// written. It also looks up what an unfinished create may have made, and what
// is to be imported.
func (r *reading) confirm(ctx context.Context, desired []planner.Desired) error {
	var open, absent, late []providers.Key
	s, now := r.state(), moment(r.now())
	if len(s.Intents) == 0 && !s.Incomplete() && len(r.imports) == 0 && !r.kind.Listing.Partial && !r.anyDoubtful(now) {
		return nil
	}
	for i := range desired {
		d := &desired[i]
		// A create may be unfinished in the place of an object that the state
		// still knows.
		open = append(open, r.unrecorded(d)...)
		known := d.Record(r.records)
		switch {
		case known == nil || r.vouched(d, known) && !lately(r.kind, known, now):
		case !r.doubtful(known, now) || r.asked[known.ID]:
		case r.live.ID(known.ID) == nil && r.vouched(d, known):
		case r.live.ID(known.ID) == nil:
			absent = append(absent, r.ask(known))
		case len(late) < maxConfirm && r.wants.Drifted(d):
			late = append(late, r.ask(known))
		}
	}
	if len(absent) > maxConfirm {
		return r.massAbsence(len(absent))
	}
	// An absent object that is not asked for would be made a second time.
	if err := r.get(ctx, slices.Concat(open, absent)); err != nil {
		return err
	}
	return r.confirmGone(ctx, nil, late)
}

// anyDoubtful reports whether a list may show any object of the state wrongly.
func (r *reading) anyDoubtful(now instant) bool {
	// To look for each of them takes long, and nearly always the list has them all.
	all := r.live.Complete(r.records.Len())
	for _, known := range r.records.All() {
		if lately(r.kind, known, now) || !all && r.live.ID(known.ID) == nil {
			return true
		}
	}
	return false
}

// doubtful reports whether a list may show an object wrongly: it does not show
// it, or it was written lately. The state may not know of a write that it has
// lost, or that another program made, but the version that it has seen does.
func (r *reading) doubtful(known *state.Record, now instant) bool {
	return r.live.ID(known.ID) == nil || lately(r.kind, known, now)
}

// lately reports whether an object was written so lately that a list may be
// behind.
func lately(kind *schema.Kind, known *state.Record, now instant) bool {
	if kind.Listing.Page == 0 {
		return false
	}
	return now.seconds-known.Written < lag || !now.after(known.Version) && now.seconds-versionTime(known.Version) < lag
}

// instant is the time of a plan, in Unix seconds, and begins as texts of times do
// that are just not late.
type instant struct {
	seconds int64
	late    string
}

func moment(now time.Time) instant {
	return instant{now.Unix(), time.Unix(now.Unix()-lag, 0).UTC().Format("2006-01-02T15:04:05")}
}

// after reports whether a version is seen at a glance to be no late time. Most are,
// and reading times takes long.
func (i instant) after(version string) bool {
	n := len(version)
	return n > len(i.late) && version[n-1] == 'Z' && version[:len(i.late)] < i.late
}

// vouched reports whether the state alone tells that an object is in step: the
// API says that nothing changed, and the files want it as it was last applied.
func (r *reading) vouched(d *planner.Desired, known *state.Record) bool {
	return r.trusted && known != nil && r.wants.Unchanged(d, known)
}

// versionTime returns when a version was made, in Unix seconds, where versions
// are times; else 0.
func versionTime(version string) int64 {
	if len(version) < len("2006-01-02T15:04:05Z") || version[4] != '-' || version[10] != 'T' {
		return 0
	}
	t, err := time.Parse(time.RFC3339, version)
	if err != nil {
		return 0
	}
	return t.Unix()
}

func (r *reading) massAbsence(n int) error {
	return fmt.Errorf("%s of the %s %s in the state are missing from what %s lists: that is taken for a fault, not for deletions. Check the account, or take them out with `lockstep state rm`",
		schema.Thousands(n), schema.Thousands(r.records.Len()), r.kind.Plural, r.summary.Provider)
}

// unrecorded returns the keys of an object that the state does not know, and
// that a list may not show yet: an import, or an unfinished create, which may
// take the place of an object that the state knew.
func (r *reading) unrecorded(d *planner.Desired) []providers.Key {
	_, open := r.state().Intents[d.Sealed()]
	// What a state that was cut off has lost may be too new to be listed, and
	// without natural key it would be made a second time.
	open = open || r.state().Incomplete() && r.kind.Listing.Page > 0 && len(r.kind.Content) > 0
	// So it would be when the list leaves it out.
	open = open || r.kind.Listing.Partial && d.Record(r.records) == nil && !r.shown(d)
	imported := d.ImportID != "" && d.Record(r.records) == nil && !r.asked[d.ImportID] && r.live.ID(d.ImportID) == nil
	if !open && !imported {
		return nil
	}
	if imported {
		r.asked[d.ImportID] = true
	}
	return naturalKeys(r.kind, d)
}

// shown reports whether the list shows an object that a desired one without record can
// be, which no record has. Of equal desired ones, each needs an object of its own.
func (r *reading) shown(d *planner.Desired) bool {
	if r.known == nil {
		r.known = make(map[string]bool, r.records.Len())
		for _, known := range r.records.All() {
			r.known[known.ID] = true
		}
	}
	for _, o := range r.wants.Candidates(d) {
		if !r.known[o.ID] {
			r.known[o.ID] = true
			return true
		}
	}
	return false
}

// confirmLeftovers reads the objects that are about to be deleted by id, so that
// what is deleted already is not planned to be deleted, nothing is forgotten
// because a list does not show it yet, and what a list never shows does not look
// edited.
func (r *reading) confirmLeftovers(ctx context.Context, leftovers []*state.Record) hcl.Diagnostics {
	var absent, present []providers.Key
	for _, known := range leftovers {
		switch {
		case r.asked[known.ID]:
		case r.live.ID(known.ID) == nil:
			absent = append(absent, r.ask(known))
		case (r.kind.Listing.Page > 0 || leavesOut(r.kind, nil)) && len(present) < maxConfirm:
			present = append(present, r.ask(known))
		}
	}
	if len(absent)+len(present) == 0 {
		return nil
	}
	before := r.source.calls()
	err := r.confirmGone(ctx, absent, present)
	r.summary.Calls += r.source.calls() - before
	if err != nil && ctx.Err() == nil {
		return hcl.Diagnostics{r.failure(r.summary.Provider, "Cannot confirm "+r.kind.Plural+" before deleting them", err)}
	}
	return nil
}

// confirmGone reads objects by id, and takes those that are gone out of the
// picture.
func (r *reading) confirmGone(ctx context.Context, absent, present []providers.Key) error {
	if len(absent) > maxConfirm {
		return r.massAbsence(len(absent))
	}
	for chunk := range slices.Chunk(slices.Concat(absent, present), 50) {
		found, err := r.source.Get(ctx, r.kind.Name, chunk)
		if err != nil {
			return err
		}
		for _, k := range chunk {
			if slices.ContainsFunc(found, func(o schema.Object) bool { return o.ID == k.ID }) {
				continue
			}
			if r.live.ID(k.ID) != nil {
				r.stale = append(r.stale, k.ID)
			}
			r.live.Remove(k.ID)
		}
		r.live.Add(found)
	}
	return nil
}
