package engine

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// The ways to read a kind, as planner.ReadSummary.How has them.
const (
	howList     = "list"
	howByID     = "by id"
	howByParent = "by parent"
	howChanged  = "changed"
	howEvidence = "by evidence"
)

// source is what reading needs of an account. Nothing in it writes.
type source interface {
	List(ctx context.Context, query providers.Query) iter.Seq2[providers.Page, error]
	Get(ctx context.Context, kind string, keys []providers.Key) ([]schema.Object, error)
	// identity names the account itself, as markName has it.
	identity() string
	// calls returns the number of API calls made so far.
	calls() int
}

// wants is what the planner knows of the objects of a kind that the files want.
type wants interface {
	// Candidates returns the live objects that a desired one may be joined with.
	Candidates(d *planner.Desired) []*schema.Object
	// Unchanged reports whether the files want an object as it was last applied.
	Unchanged(d *planner.Desired, r *state.Record) bool
	// Drifted reports whether the live object of a desired one is not as it
	// was last written, or is not in the picture.
	Drifted(d *planner.Desired) bool
	// Pages prepares for a list of the live objects, of which only what is not in
	// step with a batch is kept whole; nil when all is.
	Pages(batch []planner.Desired) *planner.Pages
}

// reading is how far one kind of one account has been read into the picture.
type reading struct {
	*reader
	source source
	kind   *schema.Kind
	live   *planner.Live
	// records of the state by the sealed address that they have now.
	records *state.Records
	wants   wants
	summary planner.ReadSummary
	// listed is set once the picture is complete, or all that may have changed is
	// in it; trusted when the state vouches for the rest.
	listed, trusted bool
	// broken is set once reading has failed.
	broken bool
	// whole is set when all objects must be read with all their attributes: no
	// read by id or natural key finds what is looked for, or values go that the
	// plan counts.
	whole bool
	// parents are the ids of the objects whose children were read.
	parents map[string]bool
	// known are the ids that the state has, and of objects that the list shows for
	// what it does not have; nil until they are asked for.
	known map[string]bool
	byID
	extent
}

// byID are the ids of objects that were asked for, and of those that the list shows
// and that are gone.
type byID struct {
	asked map[string]bool
	stale []string
}

// extent is how many live objects there are when only some were read, and how many
// calls a list of them takes, less those made for single ones.
type extent struct{ total, pages int }

// start begins to read a kind of an account into a picture.
func (r *reader) start(a *account, kind *schema.Kind, live *planner.Live, records *state.Records, w wants) *reading {
	return &reading{
		reader: r, source: a, kind: kind, live: live, records: records, wants: w,
		summary: planner.ReadSummary{Provider: a.name, Kind: kind.Name},
		parents: map[string]bool{}, byID: byID{asked: map[string]bool{}},
	}
}

// readFor reads what the objects of a block need. It reports whether that worked.
func (e planning) readFor(ctx context.Context, ks *kindState, desired []planner.Desired) (diags hcl.Diagnostics, ok bool) {
	diags, ok = ks.reading.ensure(ctx, desired)
	ks.roster.Trust = ks.reading.trusted
	return diags, ok
}

// ensure reads until the live objects that a batch of desired ones may be
// joined with are in the picture. ok is false when that failed, now or before;
// only the first failure is told.
func (r *reading) ensure(ctx context.Context, desired []planner.Desired) (diags hcl.Diagnostics, ok bool) {
	if r.broken {
		return nil, false
	}
	before := r.source.calls()
	err := r.read(ctx, desired)
	if err == nil && !r.kind.Listing.Blind {
		err = r.confirm(ctx, desired)
	}
	if err == nil {
		err = r.readUnlisted(ctx, desired)
	}
	r.count(before)
	if err != nil {
		return r.fail(ctx, err), false
	}
	r.progress(Progress{Kind: r.kind.Plural, Done: r.summary.Objects, Total: r.summary.Objects})
	return nil, true
}

// count adds the calls since before to the summary.
func (r *reading) count(before int) {
	r.summary.Calls += r.source.calls() - before
	r.summary.Objects = r.live.Len()
}

// fail notes that the kind cannot be read, and tells why unless the run was
// stopped.
func (r *reading) fail(ctx context.Context, err error) hcl.Diagnostics {
	r.broken = true
	if ctx.Err() != nil {
		return nil
	}
	return hcl.Diagnostics{r.failure(r.summary.Provider, "Cannot read "+r.kind.Plural+" from "+r.summary.Provider, err)}
}

func (r *reading) read(ctx context.Context, desired []planner.Desired) error {
	switch {
	case r.kind.Listing.Blind:
		return blind{r}.read(ctx, desired)
	case r.listed:
		return nil
	case r.kind.Parent != "":
		return family{r}.managed(ctx, desired)
	}
	if m, ok := r.mark(); ok && desired != nil {
		err := r.readChanged(ctx, desired, m)
		if !errors.Is(err, errDistrust) {
			return err
		}
	}
	return r.readKind(ctx, desired)
}

// attributes returns the names of the attributes to read, nil for all.
func (r *reading) attributes() []string {
	if r.whole {
		return nil
	}
	return r.compared(r.summary.Provider, r.kind)
}

// readKind lists a kind. The first page tells how many there are: when reading
// the managed ones by id takes fewer calls than the other pages, it does that, until
// further blocks have taken as many calls as the list.
func (r *reading) readKind(ctx context.Context, desired []planner.Desired) error {
	singly := r.summary.How == howByID
	if n := r.withoutRecord(desired); singly && !r.whole && n < r.pages {
		// Many blocks of one object each end in a list as well.
		r.pages -= n
		return r.lookUp(ctx, desired)
	}
	if r.records.Len()+len(desired) == 0 && !r.whole {
		return nil
	}
	r.summary.How = howList
	r.listed = true
	enough := func(page providers.Page) bool {
		if r.kind.Listing.Page == 0 || page.Total < 0 {
			return false
		}
		r.pages = (page.Total + r.kind.Listing.Page - 1) / r.kind.Listing.Page
		others := r.pages - 1
		r.listed = singly || r.whole || others <= r.records.Len() || others <= r.records.Len()+r.withoutRecord(desired)
		return !r.listed
	}
	q := providers.Query{Kind: r.kind.Name, Attributes: r.attributes()}
	add := r.live.Add
	if q.Attributes != nil {
		// An object that is in step is not looked at again.
		if pages := r.wants.Pages(desired); pages != nil {
			add, q.Passing = pages.Add, true
		}
	}
	err := r.list(ctx, q, add, enough)
	if err != nil || r.listed {
		return err
	}
	r.summary.How = howByID
	return r.lookUp(ctx, desired)
}

// listAll lists a kind completely, whatever else was read of it.
func (r *reading) listAll(ctx context.Context) error {
	if r.listed {
		return nil
	}
	r.listed, r.summary.How = true, howList
	before := r.source.calls()
	err := r.list(ctx, providers.Query{Kind: r.kind.Name}, r.live.Add, nil)
	r.count(before)
	return err
}

// withoutRecord counts the desired objects that have no record.
func (r *reading) withoutRecord(desired []planner.Desired) int {
	n := 0
	for i := range desired {
		if desired[i].Record(r.records) == nil {
			n++
		}
	}
	return n
}

// list adds all pages of a query, or only the first one when enough reports true
// for it.
func (r *reading) list(ctx context.Context, q providers.Query, add func([]schema.Object), enough func(providers.Page) bool) error {
	for page, err := range r.source.List(ctx, q) {
		if err != nil {
			return err
		}
		r.live.Expect(page.Total)
		add(page.Objects)
		r.progress(Progress{Kind: r.kind.Plural, Done: r.live.Len(), Total: page.Total})
		if enough != nil && enough(page) {
			return nil
		}
		enough = nil
	}
	return ctx.Err()
}
