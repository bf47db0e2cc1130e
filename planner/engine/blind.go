package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// blind reads a kind that no call shows: its picture is made of what the state has,
// of what imports name, and of the evidence that some objects have.
type blind struct{ *reading }

// read makes the picture for a batch of desired objects. Without evidence it takes no
// call.
func (r blind) read(ctx context.Context, desired []planner.Desired) error {
	if !r.listed {
		r.listed, r.summary.How = true, howEvidence
		if err := r.recorded(); err != nil {
			return err
		}
	}
	for i := range desired {
		if o, ok := r.kind.Identified(desired[i].ImportID); ok && r.live.ID(o.ID) == nil {
			r.live.Add([]schema.Object{o})
		}
	}
	for _, g := range r.groups(desired) {
		if err := r.evident(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// recorded puts what the state has into the picture. Evidence that was written a
// moment ago counts as there: searches lag.
func (r blind) recorded() error {
	objects := make([]schema.Object, 0, r.records.Len())
	now := r.now().Unix()
	for _, known := range r.records.All() {
		o, ok := r.kind.Identified(known.ID)
		if !ok {
			return fmt.Errorf("the state has the id %q for a %s, which is none: take it out with `lockstep state rm`", known.ID, r.kind.Noun)
		}
		if r.kind.Listing.Evidence != "" && now-known.Written < lag {
			if err := r.evidence(&o, known); err != nil {
				return err
			}
		}
		objects = append(objects, o)
	}
	r.live.Add(objects)
	return nil
}

// evidence gives an object the evidence that was last written for it.
func (r blind) evidence(o *schema.Object, known *state.Record) error {
	base, err := known.Base()
	for i := range base {
		if base[i].Path == r.kind.Listing.Evidence && !base[i].Hidden() {
			o.Fields = append(o.Fields, schema.Field{Path: base[i].Path, Value: base[i].Value})
			o.Fields.Sort()
		}
	}
	return err
}

// evidenceOf are desired objects that have one evidence, and their natural key in
// common but for the parent.
type evidenceOf struct {
	where schema.Fields
	ids   []string
}

// groups are the desired objects whose evidence is to be looked for.
func (r blind) groups(desired []planner.Desired) []evidenceOf {
	var groups []evidenceOf
	at := map[string]int{}
	for i := range desired {
		d := &desired[i]
		id, known := r.kind.Identity(d.Value)
		if r.kind.Listing.Evidence == "" || !known || r.asked[id] || d.Value(r.kind.Listing.Evidence).Text() == "" {
			continue
		}
		if o := r.live.ID(id); o != nil && r.kind.Evident(o) {
			continue
		}
		r.asked[id] = true
		where := r.common(d)
		name := where.Value(r.kind.Listing.Evidence).Text() + "\x00" + strings.Join(textsOf(where), "\x00")
		n, known := at[name]
		if !known {
			n = len(groups)
			at[name], groups = n, append(groups, evidenceOf{where: where})
		}
		groups[n].ids = append(groups[n].ids, id)
	}
	return groups
}

// common are the evidence of an object and its natural key without the parent.
func (r blind) common(d *planner.Desired) schema.Fields {
	var where schema.Fields
	for _, path := range append(slices.Clone(r.kind.Keys[0]), r.kind.Listing.Evidence) {
		if path != r.kind.Parent {
			where = append(where, schema.Field{Path: path, Value: d.Value(path)})
		}
	}
	where.Sort()
	return where
}

func textsOf(fields schema.Fields) []string {
	texts := make([]string, len(fields))
	for i := range fields {
		texts[i] = fields[i].Value.Text()
	}
	return texts
}

// evident adds the objects that have an evidence. It lists them until all that are
// looked for are found, or reading the others one by one takes no more calls than the
// list took so far: many may have the evidence of which the files name a few.
func (r blind) evident(ctx context.Context, g evidenceOf) error {
	missing := g.ids
	if len(missing) > 1 {
		var err error
		if missing, err = r.search(ctx, g); err != nil {
			return err
		}
	}
	keys := make([]providers.Key, len(missing))
	for i, id := range missing {
		keys[i] = providers.Key{ID: id, Fields: g.where}
	}
	return r.get(ctx, keys)
}

// search lists the objects that have an evidence, and returns what is left to be read
// one by one.
func (r blind) search(ctx context.Context, g evidenceOf) (missing []string, err error) {
	missing, pages := slices.Clone(g.ids), 0
	for page, err := range r.source.List(ctx, providers.Query{Kind: r.kind.Name, Where: g.where}) {
		if err != nil {
			return nil, err
		}
		r.live.Add(page.Objects)
		pages++
		missing = slices.DeleteFunc(missing, func(id string) bool { o := r.live.ID(id); return o != nil && r.kind.Evident(o) })
		if len(missing) <= pages {
			return missing, nil
		}
	}
	// The list was complete.
	return nil, ctx.Err()
}

// leave prepares what nothing declares any more: objects whose parents are known to be
// gone are gone, and the others have the evidence that was last written for them.
func (r blind) leave(parents *reading, left []*state.Record) error {
	complete := parents != nil && parents.listed && !parents.trusted && parents.summary.How == howList
	for _, known := range left {
		o := r.live.ID(known.ID)
		switch {
		case o == nil:
		case complete && parents.live.ID(known.Parent) == nil:
			r.live.Remove(known.ID)
		case r.kind.Evident(o):
		default:
			if err := r.evidence(o, known); err != nil {
				return err
			}
		}
	}
	return nil
}

// leaveBlind prepares the leftovers of a kind that no call shows.
func (e planning) leaveBlind(ks *kindState) hcl.Diagnostics {
	var parents *reading
	if of := e.run.kinds[kindRef{ks.account.name, ks.kind.Attribute(ks.kind.Parent).Refers}]; of != nil {
		parents = of.reading
	}
	if err := (blind{ks.reading}).leave(parents, ks.roster.Leftovers()); err != nil {
		return hcl.Diagnostics{e.failure(ks.account.name, "Unreadable state", err)}
	}
	return nil
}

// maker is one object of a kind that an apply made.
type maker struct {
	kindRef
	id string
}

// sure keeps an object of a Blind kind from being made a second time, where the plan
// did not know what it belongs to: only what belongs to an object that this apply made
// for certain cannot exist.
func (f *filler) sure(ref int, write *providers.Write) error {
	c := &f.plan.Changes[ref]
	if !c.Kind.Listing.Blind || write.Action != providers.Create {
		return nil
	}
	id, known := c.Kind.Identity(write.Fields.Value)
	if !known {
		return errDependency
	}
	at := maker{kindRef{c.Provider, c.Kind.Name}, id}
	if other, twice := f.sent[at]; twice && other != ref {
		return fmt.Errorf("%s is the same %s, so it is not made a second time: remove one of the two blocks", f.plan.Changes[other].Address, c.Kind.Noun)
	}
	if f.isRecorded(at) {
		return fmt.Errorf("the state has this %s already, so it is not made a second time. Run the command again: the next plan finds it", c.Kind.Noun)
	}
	f.sent[at] = ref
	parent := maker{kindRef{c.Provider, c.Kind.Attribute(c.Kind.Parent).Refers}, write.Parent}
	if c.Unrecorded || f.created[parent] {
		return nil
	}
	return fmt.Errorf("what it belongs to may have existed before this apply, and no call tells whether there is such a %s already. Run the command again: the next plan asks", c.Kind.Noun)
}

// isRecorded reports whether the state had an object before this apply made the first
// of a Blind kind.
func (f *filler) isRecorded(at maker) bool {
	if f.recorded == nil {
		f.recorded = map[maker]bool{}
		for a, r := range f.e.Store.Snapshot().Records.All() {
			if account := f.e.accounts[r.Provider]; account != nil {
				if k := account.schema.Kind(a.Kind); k != nil && k.Listing.Blind {
					f.recorded[maker{refOf(a, r), r.ID}] = true
				}
			}
		}
	}
	return f.recorded[at]
}

// createdBy returns room for what an apply makes, when objects of a Blind kind may
// belong to it; else nil.
func createdBy(p *planner.Plan) map[maker]bool {
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Kind != nil && c.Kind.Listing.Blind {
			return map[maker]bool{}
		}
	}
	return nil
}
