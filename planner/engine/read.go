package engine

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// maxParents is up to how many parents their children are listed by parent
// instead of all at once.
const maxParents = 500

// The ways to read a kind, as planner.ReadSummary.How has them.
const (
	howList     = "list"
	howByID     = "by id"
	howByParent = "by parent"
	howChanged  = "changed"
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
	// LiveMoved reports whether the live object of a desired one is not as it
	// was last written, or is not in the picture.
	LiveMoved(d *planner.Desired) bool
}

// reader reads the kinds of one run.
type reader struct {
	refresh Refresh
	// begun is when the run began to read.
	begun time.Time
	now   func() time.Time
	// state returns the state as it is now.
	state func() *state.Snapshot
	// blocks of the files, imports by the address that adopts, and whether all
	// is to be destroyed.
	blocks  []*eval.Block
	imports map[schema.Address]string
	destroy bool
	// referenced reports whether another block refers to the objects of one.
	referenced func(*eval.Block) bool
	// unplanned reports whether a block is still to be planned.
	unplanned func(*eval.Block) bool
	progress  func(Progress)
}

// reading is how far one kind of one account has been read into the picture.
type reading struct {
	*reader
	source source
	kind   *schema.Kind
	live   *planner.Live
	// records of the state by the sealed address that they have now.
	records map[schema.Address]*state.Record
	wants   wants
	summary planner.ReadSummary
	// listed is set once the picture is complete, or all that may have changed is
	// in it; trusted when the state vouches for the rest.
	listed, trusted bool
	// broken is set once reading has failed.
	broken bool
	// whole is set when no read by id or natural key finds what is looked for.
	whole bool
	// parents whose children were read, and ids that were asked for.
	parents, asked map[string]bool
	// total is how many live objects there are when only some were read, and
	// pages how many pages a list of them has.
	total, pages int
}

// newReader makes the reader of a run whose blocks are known.
func (e *Engine) newReader(r *run) *reader {
	return &reader{
		refresh: e.Refresh, begun: r.begun, now: e.Now, state: e.Store.Snapshot, progress: e.progress,
		blocks: r.order, imports: r.imports, destroy: r.destroy, referenced: e.Evaluator.Referenced,
		unplanned: func(b *eval.Block) bool {
			bs := r.blocks[b]
			return bs != nil && bs.kind == nil && !bs.failed
		},
	}
}

// start begins to read a kind of an account into a picture.
func (r *reader) start(a *account, kind *schema.Kind, live *planner.Live, records map[schema.Address]*state.Record, w wants) *reading {
	return &reading{
		reader: r, source: a, kind: kind, live: live, records: records, wants: w,
		summary: planner.ReadSummary{Provider: a.name, Kind: kind.Name},
		parents: map[string]bool{}, asked: map[string]bool{},
	}
}

// readFor reads what the objects of a block need. It reports whether that worked.
func (e *Engine) readFor(ctx context.Context, ks *kindState, desired []planner.Desired) bool {
	diags, ok := ks.reading.ensure(ctx, desired)
	ks.matcher.Trust = ks.reading.trusted
	e.run.diags = append(e.run.diags, diags...)
	return ok
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
	if err == nil {
		err = r.confirm(ctx, desired)
	}
	if err == nil {
		err = r.readUnlisted(ctx, desired)
	}
	r.count(before)
	if err != nil {
		return r.fail(ctx, err), false
	}
	r.progress(Progress{Phase: "Reading", Kind: r.kind.Plural, Done: r.summary.Objects, Total: r.summary.Objects})
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
	return hcl.Diagnostics{failure("Cannot read "+r.kind.Plural+" from "+r.summary.Provider, err, nil)}
}

func (r *reading) read(ctx context.Context, desired []planner.Desired) error {
	switch {
	case r.listed:
		return nil
	case r.kind.Parent != "":
		return r.readByParent(ctx, desired)
	}
	if m, ok := r.mark(); ok && desired != nil {
		err := r.readChanged(ctx, desired, m)
		if !errors.Is(err, errDistrust) {
			return err
		}
	}
	return r.readKind(ctx, desired)
}

// readByParent lists the children of the parents that matter, or all children
// when that takes fewer calls.
func (r *reading) readByParent(ctx context.Context, desired []planner.Desired) error {
	var parents []string
	add := func(id string) {
		if id != "" && !r.parents[id] {
			r.parents[id] = true
			parents = append(parents, id)
		}
	}
	for _, known := range r.records {
		add(known.Parent)
	}
	for i := range desired {
		add(desired[i].Fields.Value(r.kind.Parent).Text())
	}
	if len(parents) == 0 {
		return nil
	}
	slices.Sort(parents)
	r.summary.How = howByParent
	if !r.kind.Listing.PerParent && len(parents) > maxParents {
		parents = nil
		r.listed, r.summary.How = true, howList
	}
	return r.list(ctx, providers.Query{Kind: r.kind.Name, Parents: parents, Attributes: r.attributes()}, nil)
}

// readKind lists a kind. The first page tells how many there are: when reading
// the managed ones by id takes fewer calls than the other pages, it does that.
func (r *reading) readKind(ctx context.Context, desired []planner.Desired) error {
	if r.summary.How == howByID && !r.whole && r.withoutRecord(desired) < r.pages {
		return r.lookUp(ctx, desired)
	}
	if len(r.records)+len(desired) == 0 && !r.whole {
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
		r.listed = r.whole || others <= len(r.records) || others <= len(r.records)+r.withoutRecord(desired)
		return !r.listed
	}
	err := r.list(ctx, providers.Query{Kind: r.kind.Name, Attributes: r.attributes()}, enough)
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
	err := r.list(ctx, providers.Query{Kind: r.kind.Name}, nil)
	r.count(before)
	return err
}

// withoutRecord counts the desired objects that have no record.
func (r *reading) withoutRecord(desired []planner.Desired) int {
	n := 0
	for i := range desired {
		if r.records[desired[i].Sealed] == nil {
			n++
		}
	}
	return n
}

// list adds all pages of a query to the picture, or only the first one when
// enough reports true for it.
func (r *reading) list(ctx context.Context, q providers.Query, enough func(providers.Page) bool) error {
	for page, err := range r.source.List(ctx, q) {
		if err != nil {
			return err
		}
		r.live.Expect(page.Total)
		r.live.Add(page.Objects)
		r.progress(Progress{Phase: "Reading", Kind: r.kind.Plural, Done: r.live.Len(), Total: page.Total})
		if enough != nil && enough(page) {
			return nil
		}
		enough = nil
	}
	return ctx.Err()
}

// attributes returns the names of the attributes that matter for comparing, or
// nil for all: when other blocks may refer to any of them, or when there are
// few objects.
func (r *reading) attributes() []string {
	if r.kind.Listing.Page == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, key := range r.kind.Keys {
		for _, path := range key {
			seen[path] = true
		}
	}
	for _, path := range append(slices.Clone(r.kind.Content), r.kind.Parent) {
		seen[path] = true
	}
	named, all := r.named(seen)
	if all || named == 0 || r.destroy {
		return nil
	}
	var names []string
	for _, a := range r.kind.Attributes {
		// A set may have to lose members that the files no longer name.
		if seen[a.Name] || a.Own == schema.OwnMembers {
			names = append(names, a.Name)
		}
	}
	return names
}

// named adds the attributes that the blocks of the kind name, and returns how
// many such blocks there are. all reports whether every attribute matters.
func (r *reading) named(seen map[string]bool) (blocks int, all bool) {
	for _, b := range r.blocks {
		if m := b.Resource.Mapping; m != nil && (b.Resource.Kind == r.kind || m.Source != nil && m.Source.Kind == r.kind) {
			return 0, true
		}
		if b.Resource.Data || !r.of(b) {
			continue
		}
		if r.referenced(b) || len(b.Resource.Lifecycle.Postconditions) > 0 {
			return 0, true
		}
		blocks++
		for name := range b.Resource.Attributes {
			seen[name] = true
		}
	}
	return blocks, false
}

// of reports whether a block declares objects of the kind in the account.
func (r *reading) of(b *eval.Block) bool {
	return b.Resource.Kind == r.kind && b.Resource.Provider.String() == r.summary.Provider
}

// readUnlisted reads what lists do not show of the objects that desired ones
// may be joined with.
func (r *reading) readUnlisted(ctx context.Context, desired []planner.Desired) error {
	wanted := r.attributes()
	if !slices.ContainsFunc(r.kind.Attributes, func(a schema.Attribute) bool {
		return a.Unlisted && (wanted == nil || slices.Contains(wanted, a.Name))
	}) {
		return nil
	}
	var keys []providers.Key
	for i := range desired {
		for _, o := range r.wants.Candidates(&desired[i]) {
			if !r.asked[o.ID] {
				r.asked[o.ID] = true
				keys = append(keys, providers.Key{ID: o.ID, Parent: o.Value(r.kind.Parent).Text()})
			}
		}
	}
	return r.get(ctx, keys)
}

// lookUp reads the managed objects and the desired ones without record one by
// one, by id and by natural key.
func (r *reading) lookUp(ctx context.Context, desired []planner.Desired) error {
	var keys []providers.Key
	for _, known := range r.records {
		if r.live.ID(known.ID) == nil && !r.asked[known.ID] {
			keys = append(keys, r.ask(known))
		}
	}
	slices.SortFunc(keys, func(a, b providers.Key) int { return strings.Compare(a.ID, b.ID) })
	for i := range desired {
		if r.records[desired[i].Sealed] == nil {
			keys = append(keys, naturalKeys(r.kind, desired[i])...)
		}
	}
	return r.get(ctx, keys)
}

// forget drops what only planning needs. What is left makes the next marks.
func (r *reading) forget() { r.records, r.parents, r.asked, r.wants = nil, nil, nil, nil }

// ask notes that an object is asked for by its id.
func (r *reading) ask(known *state.Record) providers.Key {
	r.asked[known.ID] = true
	return providers.Key{ID: known.ID, Parent: known.Parent}
}

func (r *reading) get(ctx context.Context, keys []providers.Key) error {
	for chunk := range slices.Chunk(keys, 50) {
		objects, err := r.source.Get(ctx, r.kind.Name, chunk)
		if err != nil {
			return err
		}
		r.live.Add(objects)
		r.progress(Progress{Phase: "Reading", Kind: r.kind.Plural, Done: r.live.Len(), Total: -1})
	}
	return nil
}

// naturalKeys returns the ways to look a desired object up.
func naturalKeys(kind *schema.Kind, d planner.Desired) []providers.Key {
	if d.ImportID != "" {
		return []providers.Key{{ID: d.ImportID}}
	}
	parent := d.Fields.Value(kind.Parent)
	if kind.Parent != "" && (!parent.IsKnown() || parent.Text() == "") {
		return nil // nothing can be found below a parent that is yet to be made
	}
	var keys []providers.Key
	for _, names := range append(slices.Clone(kind.Keys), schema.NaturalKey(kind.Content)) {
		var fields schema.Fields
		for _, path := range names {
			if f, ok := d.Fields.Find(path); ok && f.Value.IsKnown() && f.Value.Text() != "" {
				fields = append(fields, schema.Field{Path: path, Value: f.Value})
			}
		}
		if len(names) > 0 && len(fields) == len(names) {
			keys = append(keys, providers.Key{Parent: parent.Text(), Fields: fields})
		}
	}
	return keys
}
