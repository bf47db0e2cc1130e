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

// errDistrust is returned when only a full list gives the truth.
var errDistrust = errors.New("the totals disagree")

// markName returns the name of the kind's mark. It tells the account: another
// one may happen to have as many objects.
func (r *reading) markName() string { return r.source.identity() + "/" + r.kind.Name }

// mark returns where a changed refresh goes on from; ok is false when it cannot.
func (r *reading) mark() (m state.Mark, ok bool) {
	m, ok = r.state().Marks[r.markName()]
	if r.refresh != RefreshChanged || !ok || r.kind.Listing.Changed == "" || r.kind.Listing.Added == "" {
		return m, false
	}
	if r.attributes() == nil {
		// Other blocks refer to attributes that the state does not have.
		return m, false
	}
	// A block that is still to be planned may have objects that the state does
	// not know. There is none when the first block is read, unless the kind has
	// several.
	return m, r.complete(r.summary.Provider, r.kind)
}

// readChanged lists what changed since the mark. It returns errDistrust when
// objects are missing without a trace, or when reading the rest one by one
// would take more calls than a list.
func (r *reading) readChanged(ctx context.Context, desired []planner.Desired, m state.Mark) error {
	at, err := time.Parse(time.RFC3339, m.At)
	if err != nil {
		return fmt.Errorf("%w: the state has no time of the last refresh", errDistrust)
	}
	since := refreshFrom(m, at)
	q := providers.Query{Kind: r.kind.Name, Attributes: append(r.attributes(), r.kind.Listing.Added),
		Where: schema.Fields{{Path: r.kind.Listing.Changed, Value: schema.StringValue(since)}}}
	if err := r.list(ctx, q, r.live.Add, nil); err != nil {
		return err
	}
	added := 0
	for o := range r.live.All() {
		if t, err := time.Parse(time.RFC3339, o.Value(r.kind.Listing.Added).Text()); err == nil && t.After(at) {
			added++
		}
	}
	total, err := r.readTotal(ctx)
	if err != nil {
		return err
	}
	if total != m.Total+added {
		return errDistrust
	}
	r.summary.How, r.total = howChanged, total
	return r.readDoubtful(ctx, desired, (total+r.kind.Listing.Page-1)/r.kind.Listing.Page)
}

// refreshFrom returns the time from which on a changed refresh lists: that just
// after a settled mark, or a little before it where a list may not have shown all
// of that.
func refreshFrom(m state.Mark, at time.Time) string {
	if m.Settled {
		at = at.Add(precision(m.At))
	} else {
		at = at.Add(-lookBack)
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// precision is what the last digit of the seconds stands for in a time.
func precision(at string) time.Duration {
	_, fraction, _ := strings.Cut(at, ".")
	step := time.Second
	for _, digit := range fraction {
		if digit < '0' || digit > '9' || step == 1 {
			break
		}
		step /= 10
	}
	return step
}

// readTotal returns how many objects of the kind there are: the first page tells.
func (r *reading) readTotal(ctx context.Context) (int, error) {
	for page, err := range r.source.List(ctx, providers.Query{Kind: r.kind.Name, Attributes: []string{r.kind.Listing.Added}, First: true}) {
		return page.Total, err
	}
	return 0, nil
}

// readDoubtful reads by id or natural key what the state cannot vouch for:
// objects that the files now want otherwise, new ones, and those that are no
// longer declared.
func (r *reading) readDoubtful(ctx context.Context, desired []planner.Desired, pages int) error {
	r.trusted = true
	var keys []providers.Key
	var doubted []*state.Record
	declared := make([]bool, r.records.Numbers())
	for i := range desired {
		d := &desired[i]
		known := d.Record(r.records)
		if known != nil {
			declared[d.Number(r.records)] = true
		}
		switch {
		case known == nil:
			keys = append(keys, naturalKeys(r.kind, d)...)
		case !r.vouched(d, known) && r.live.ID(known.ID) == nil:
			doubted = append(doubted, known)
		}
	}
	for n, is := range declared {
		if known := r.records.Record(n); !is && known != nil && r.live.ID(known.ID) == nil {
			doubted = append(doubted, known)
		}
	}
	if len(keys)+len(doubted) > pages {
		// None of them is asked for: the list that comes instead may lack them, and
		// what it lacks is.
		r.trusted = false
		return errDistrust
	}
	for _, known := range doubted {
		keys = append(keys, r.ask(known))
	}
	slices.SortStableFunc(keys, func(a, b providers.Key) int { return strings.Compare(a.ID, b.ID) })
	if err := r.get(ctx, keys); err != nil {
		return err
	}
	r.listed = true
	return nil
}

// nextMark returns where the next changed refresh of the kind goes on from,
// once everything is in step and a number of its objects are deleted. ok is
// false when it cannot go on from here.
func (r *reading) nextMark(deleted int) (m state.Mark, ok bool) {
	if r.kind.Listing.Changed == "" || !r.listed {
		return m, false
	}
	old := r.state().Marks[r.markName()]
	m = state.Mark{Total: r.live.Len(), At: old.At}
	if r.trusted {
		m.Total = r.total
	}
	m.Total -= deleted
	for o := range r.live.All() {
		m.At = max(m.At, o.Version)
	}
	return r.settling(m, old), m.At != ""
}

// settling notes when a mark's version was first seen, and whether this run read
// late enough after that for lists to show all that is as old. Both times are of
// this machine, so its clock need not agree with the server's.
func (r *reader) settling(m, old state.Mark) state.Mark {
	if m.At != old.At || old.Seen == "" {
		m.Seen = r.now().UTC().Format(time.RFC3339)
		return m
	}
	m.Seen = old.Seen
	seen, err := time.Parse(time.RFC3339, old.Seen)
	m.Settled = old.Settled || err == nil && !r.begun.Before(seen.Add(lookBack+time.Second))
	return m
}

// worthMarking reports whether going on from a new mark saves calls: there was
// none, a refresh from the old one reads a page or more, or objects are gone.
func (r *reading) worthMarking(m state.Mark) bool {
	old, had := r.state().Marks[r.markName()]
	if m == old {
		return false
	}
	at, err := time.Parse(time.RFC3339, old.At)
	if !had || err != nil || m.Total < old.Total {
		return true
	}
	from, reread := refreshFrom(old, at), 0
	for o := range r.live.All() {
		if o.Version >= from {
			reread++
		}
	}
	return reread >= r.kind.Listing.Page
}

// marks returns where the next changed refresh of each kind goes on from, after
// everything is in step.
func (r *run) marks(p *planner.Plan) map[string]state.Mark {
	deleted := map[kindRef]int{}
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Action == planner.Delete || c.Action == planner.Replace {
			deleted[kindRef{c.Provider, c.Kind.Name}]++
		}
	}
	marks := map[string]state.Mark{}
	for ref, ks := range r.kinds {
		if m, ok := ks.reading.nextMark(deleted[ref]); ok {
			marks[ks.reading.markName()] = m
		}
	}
	return marks
}

// worthMarking reports whether any of the new marks saves calls.
func (r *run) worthMarking(marks map[string]state.Mark) bool {
	for _, ks := range r.kinds {
		if m, ok := marks[ks.reading.markName()]; ok && ks.reading.worthMarking(m) {
			return true
		}
	}
	return false
}
