package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

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
func (e *Engine) confirm(ctx context.Context, ks *kindState, desired []planner.Desired) error {
	var open, absent, late []providers.Key
	s, now := e.Store.Snapshot(), e.Now().Unix()
	if len(s.Intents) == 0 && !s.Incomplete() && len(e.run.imports) == 0 && !ks.kind.Listing.Partial && !ks.anyDoubtful(now) {
		return nil
	}
	for i := range desired {
		d := &desired[i]
		// A create may be unfinished in the place of an object that the state
		// still knows.
		open = append(open, e.unrecorded(ks, d)...)
		r := ks.matcher.Records[d.Sealed]
		switch {
		case r == nil:
		case !ks.doubtful(r, now) || ks.asked[r.ID]:
		case ks.matcher.Live.ID(r.ID) == nil && ks.matcher.Vouched(d, r):
		case ks.matcher.Live.ID(r.ID) == nil:
			absent = append(absent, ks.ask(r))
		case len(late) < maxConfirm && ks.matcher.LiveMoved(d):
			late = append(late, ks.ask(r))
		}
	}
	if len(absent) > maxConfirm {
		return e.massAbsence(ks, len(absent))
	}
	// An absent object that nobody asked for would be made a second time.
	return e.get(ctx, ks, slices.Concat(open, absent, late))
}

// anyDoubtful says that a list may show some object of the state wrongly.
func (ks *kindState) anyDoubtful(now int64) bool {
	for _, r := range ks.matcher.Records {
		if ks.doubtful(r, now) {
			return true
		}
	}
	return false
}

// doubtful says that a list may show an object wrongly: it does not show it, or
// it was written lately. The state may not know of a write that it has lost, or
// that another program made, but the version that it has seen does.
func (ks *kindState) doubtful(r *state.Record, now int64) bool {
	if ks.matcher.Live.ID(r.ID) == nil {
		return true
	}
	return ks.kind.Listing.Page > 0 && (now-r.Written < lag || now-versionTime(r.Version) < lag)
}

// versionTime is when a version was made, in Unix seconds, where versions are
// times; else 0.
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

func (ks *kindState) ask(r *state.Record) providers.Key {
	ks.asked[r.ID] = true
	return providers.Key{ID: r.ID, Parent: r.Parent}
}

func (e *Engine) massAbsence(ks *kindState, n int) error {
	return fmt.Errorf("%d of the %d %s in the state are missing from what %s lists: that is taken for a fault, not for deletions. Check the account, or take them out with `lockstep state rm`",
		n, len(ks.matcher.Records), ks.kind.Plural, ks.account.name)
}

// unrecorded are the keys of an object that the state does not know, and that
// a list may not show yet: an import, or an unfinished create, which may be one
// in the place of an object that the state knew.
func (e *Engine) unrecorded(ks *kindState, d *planner.Desired) []providers.Key {
	_, open := e.Store.Snapshot().Intents[d.Sealed]
	// What a state that was cut off has lost may be too new to be listed, and
	// without natural key it would be made a second time.
	open = open || e.Store.Snapshot().Incomplete() && ks.kind.Listing.Page > 0 && len(ks.kind.Content) > 0
	// So it would be when the list leaves it out.
	open = open || ks.kind.Listing.Partial && ks.matcher.Records[d.Sealed] == nil
	imported := d.ImportID != "" && ks.matcher.Records[d.Sealed] == nil && !ks.asked[d.ImportID] && ks.matcher.Live.ID(d.ImportID) == nil
	if !open && !imported {
		return nil
	}
	if imported {
		ks.asked[d.ImportID] = true
	}
	return naturalKeys(ks.kind, *d)
}

// match joins desired objects with live ones. Those whose create was not
// finished come first, so that what it made is not taken for somebody else's
// by an equal sibling.
func (e *Engine) match(ks *kindState, desired []planner.Desired) []planner.Match {
	intents := e.Store.Snapshot().Intents
	if len(intents) == 0 {
		return ks.matcher.Match(desired)
	}
	order := make([]int, 0, len(desired))
	for _, first := range []bool{true, false} {
		for i := range desired {
			if _, open := intents[desired[i].Sealed]; open == first {
				order = append(order, i)
			}
		}
	}
	batch := make([]planner.Desired, len(desired))
	for n, i := range order {
		batch[n] = desired[i]
	}
	matches := make([]planner.Match, len(desired))
	for n, m := range ks.matcher.Match(batch) {
		matches[order[n]] = m
	}
	return matches
}

// confirmOrphans reads the objects that are about to be deleted by id, so that
// what somebody deleted already is not planned to be deleted, and nothing that
// a list only does not show yet is forgotten.
func (e *Engine) confirmOrphans(ctx context.Context, ks *kindState) {
	var absent, present []providers.Key
	for _, r := range ks.matcher.Orphans() {
		switch {
		case ks.asked[r.ID]:
		case ks.matcher.Live.ID(r.ID) == nil:
			absent = append(absent, ks.ask(r))
		case ks.kind.Listing.Page > 0 && len(present) < maxConfirm:
			present = append(present, ks.ask(r))
		}
	}
	if len(absent)+len(present) == 0 {
		return
	}
	before := ks.account.calls()
	err := e.confirmGone(ctx, ks, absent, present)
	ks.read.Calls += ks.account.calls() - before
	if err != nil && ctx.Err() == nil {
		e.run.diags = append(e.run.diags, failure("Cannot confirm "+ks.kind.Plural+" before deleting them", err, nil))
	}
}

func (e *Engine) confirmGone(ctx context.Context, ks *kindState, absent, present []providers.Key) error {
	if len(absent) > maxConfirm {
		return e.massAbsence(ks, len(absent))
	}
	for chunk := range slices.Chunk(slices.Concat(absent, present), 50) {
		found, err := ks.account.provider.Get(ctx, ks.kind.Name, chunk)
		if err != nil {
			return err
		}
		for _, k := range chunk {
			if !slices.ContainsFunc(found, func(o schema.Object) bool { return o.ID == k.ID }) {
				ks.matcher.Live.Remove(k.ID)
			}
		}
		ks.matcher.Live.Add(found)
	}
	return nil
}
