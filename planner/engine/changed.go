package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// Refresh says how much of the live objects a plan reads.
type Refresh string

// The ways to refresh.
const (
	// RefreshAll lists every kind.
	RefreshAll Refresh = "all"
	// RefreshChanged lists what the API says has changed since the last time
	// everything was in step, and trusts the state for the rest. Where that
	// cannot be trusted it lists the kind.
	RefreshChanged Refresh = "changed"
)

// lookBack is by how much a changed refresh overlaps with the read before it,
// because a list may show an older picture.
const lookBack = 10 * time.Minute

// errDistrust says that only a full list gives the truth.
var errDistrust = errors.New("the totals disagree")

// markName is the name of a kind's mark. It tells the account: another one may
// happen to have as many objects.
func (ks *kindState) markName() string { return ks.account.identity() + "/" + ks.kind.Name }

// mark is where a changed refresh of a kind goes on from; ok is false when it
// cannot.
func (e *Engine) mark(ks *kindState) (m state.Mark, ok bool) {
	m, ok = e.Store.Snapshot().Marks[ks.markName()]
	if e.Refresh != RefreshChanged || !ok || ks.kind.Listing.Changed == "" || ks.kind.Listing.Added == "" {
		return m, false
	}
	if e.wanted(ks) == nil {
		// Other blocks refer to attributes that the state does not have.
		return m, false
	}
	return m, len(e.fresh(ks)) == 0
}

// fresh are the blocks of a kind that are still to be planned and so may have
// objects that the state does not know. None is left when the first one is
// read, unless a kind has several blocks.
func (e *Engine) fresh(ks *kindState) []*blockState {
	var later []*blockState
	for _, b := range e.run.order {
		bs := e.run.blocks[b]
		if b.Resource.Mapping != nil && b.Resource.Kind == ks.kind && b.Resource.Provider.String() == ks.account.name {
			// It looks for objects that the state may not know.
			later = append(later, bs)
			continue
		}
		if !b.Resource.Data && bs != nil && bs.kind == nil && !bs.failed && b.Resource.Kind == ks.kind && b.Resource.Provider.String() == ks.account.name {
			later = append(later, bs)
		}
	}
	return later
}

// readChanged lists what changed since the mark. It returns errDistrust when
// objects are missing that nobody told about, or when reading the rest one by
// one would take more calls than a list.
func (e *Engine) readChanged(ctx context.Context, ks *kindState, desired []planner.Desired, m state.Mark) error {
	at, err := time.Parse(time.RFC3339, m.At)
	if err != nil {
		return fmt.Errorf("%w: the state has no time of the last refresh", errDistrust)
	}
	since := refreshFrom(m, at)
	q := providers.Query{Kind: ks.kind.Name, Attributes: append(e.wanted(ks), ks.kind.Listing.Added),
		Where: schema.Fields{{Path: ks.kind.Listing.Changed, Value: schema.StringValue(since)}}}
	if err := e.list(ctx, ks, q, nil); err != nil {
		return err
	}
	added := 0
	for o := range ks.matcher.Live.All() {
		if t, err := time.Parse(time.RFC3339, o.Value(ks.kind.Listing.Added).Text()); err == nil && t.After(at) {
			added++
		}
	}
	total, err := e.total(ctx, ks)
	if err != nil {
		return err
	}
	if total != m.Total+added {
		return errDistrust
	}
	ks.read.How, ks.total = "changed", total
	return e.readDoubtful(ctx, ks, desired, (total+ks.kind.Listing.Page-1)/ks.kind.Listing.Page)
}

// refreshFrom returns the time from which on a changed refresh lists: that of
// the mark, or a little before it where a list may not have shown all of that.
func refreshFrom(m state.Mark, at time.Time) string {
	if !m.Settled {
		at = at.Add(-lookBack)
	}
	return at.UTC().Format(time.RFC3339)
}

// total is how many objects of a kind there are: the first page tells.
func (e *Engine) total(ctx context.Context, ks *kindState) (int, error) {
	for page, err := range ks.account.provider.List(ctx, providers.Query{Kind: ks.kind.Name, Attributes: []string{ks.kind.Listing.Added}, First: true}) {
		return page.Total, err
	}
	return 0, nil
}

// readDoubtful reads by id or natural key what the state cannot vouch for:
// objects that the files now want otherwise, new ones, and those that are no
// longer declared.
func (e *Engine) readDoubtful(ctx context.Context, ks *kindState, desired []planner.Desired, pages int) error {
	ks.matcher.Trust = true
	var keys []providers.Key
	declared := make(map[*state.Record]bool, len(desired))
	for i := range desired {
		d := &desired[i]
		r := ks.matcher.Records[d.Sealed]
		declared[r] = true
		switch {
		case r == nil:
			keys = append(keys, naturalKeys(ks.kind, *d)...)
		case ks.matcher.Live.ID(r.ID) == nil && !ks.matcher.Vouched(d, r):
			keys = append(keys, providers.Key{ID: r.ID, Parent: r.Parent})
			ks.asked[r.ID] = true
		}
	}
	for _, r := range ks.matcher.Records {
		if !declared[r] && ks.matcher.Live.ID(r.ID) == nil {
			keys = append(keys, providers.Key{ID: r.ID, Parent: r.Parent})
			ks.asked[r.ID] = true
		}
	}
	if len(keys) > pages {
		ks.matcher.Trust = false
		return errDistrust
	}
	slices.SortStableFunc(keys, func(a, b providers.Key) int { return strings.Compare(a.ID, b.ID) })
	if err := e.get(ctx, ks, keys); err != nil {
		return err
	}
	ks.listed = true
	return nil
}

// marks are where the next changed refresh goes on from, after everything is
// in step.
func (e *Engine) marks(p *planner.Plan) map[string]state.Mark {
	marks := map[string]state.Mark{}
	for ref, ks := range e.run.kinds {
		if ks.kind.Listing.Changed == "" || !ks.listed {
			continue
		}
		name := ks.markName()
		m := state.Mark{Total: ks.matcher.Live.Len(), At: e.Store.Snapshot().Marks[name].At}
		if ks.matcher.Trust {
			m.Total = ks.total
		}
		for o := range ks.matcher.Live.All() {
			m.At = max(m.At, o.Version)
		}
		for i := range p.Changes {
			c := &p.Changes[i]
			if (c.Action == planner.Delete || c.Action == planner.Replace) && c.Kind == ks.kind && c.Provider == ref.provider {
				m.Total--
			}
		}
		if m.At != "" {
			marks[name] = e.settling(m, e.Store.Snapshot().Marks[name])
		}
	}
	return marks
}

// settling notes when a mark's version was first seen, and whether this run read
// late enough after that for lists to show all that is as old. Both times are of
// this machine, so its clock need not agree with the server's.
func (e *Engine) settling(m, old state.Mark) state.Mark {
	if m.At != old.At || old.Seen == "" {
		m.Seen = e.Now().UTC().Format(time.RFC3339)
		return m
	}
	m.Seen = old.Seen
	seen, err := time.Parse(time.RFC3339, old.Seen)
	m.Settled = old.Settled || err == nil && !e.run.begun.Before(seen.Add(lookBack+time.Second))
	return m
}

// worthMarking reports whether going on from new marks saves calls: there was
// none, a refresh from the old one reads a page or more, or objects are gone.
func (e *Engine) worthMarking(marks map[string]state.Mark) bool {
	for _, ks := range e.run.kinds {
		name := ks.markName()
		m, marked := marks[name]
		old, had := e.Store.Snapshot().Marks[name]
		if !marked || m == old {
			continue
		}
		at, err := time.Parse(time.RFC3339, old.At)
		if !had || err != nil || m.Total < old.Total {
			return true
		}
		from, reread := refreshFrom(old, at), 0
		for o := range ks.matcher.Live.All() {
			if o.Version >= from {
				reread++
			}
		}
		if reread >= ks.kind.Listing.Page {
			return true
		}
	}
	return false
}
