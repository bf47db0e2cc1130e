package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

const (
	// maxParents is up to how many parents their children are listed by
	// parent instead of all at once.
	maxParents = 500
)

// readFor makes sure that the live objects that a batch of desired ones may be
// joined with are in the picture. It says whether that worked.
func (e *Engine) readFor(ctx context.Context, ks *kindState, desired []planner.Desired) bool {
	if ks.broken {
		return false
	}
	before := ks.account.calls()
	err := e.read(ctx, ks, desired)
	if err == nil {
		err = e.confirm(ctx, ks, desired)
	}
	if err == nil {
		err = e.readUnlisted(ctx, ks, desired)
	}
	ks.read.Calls += ks.account.calls() - before
	ks.read.Objects = ks.matcher.Live.Len()
	if err != nil {
		ks.broken = true
		if ctx.Err() == nil {
			e.run.diags = append(e.run.diags, failure("Cannot read "+ks.kind.Plural+" from "+ks.account.name, err, nil))
		}
		return false
	}
	e.progress(Progress{Phase: "Reading", Kind: ks.kind.Plural, Done: ks.read.Objects, Total: ks.read.Objects})
	return true
}

func (e *Engine) read(ctx context.Context, ks *kindState, desired []planner.Desired) error {
	switch {
	case ks.listed:
		return nil
	case ks.kind.Parent != "":
		return e.readByParent(ctx, ks, desired)
	}
	if m, ok := e.mark(ks); ok && desired != nil {
		err := e.readChanged(ctx, ks, desired, m)
		if !errors.Is(err, errDistrust) {
			return err
		}
	}
	return e.readKind(ctx, ks, desired)
}

// readByParent lists the children of the parents that matter, or all children
// when that takes fewer calls.
func (e *Engine) readByParent(ctx context.Context, ks *kindState, desired []planner.Desired) error {
	var parents []string
	add := func(id string) {
		if id != "" && !ks.parents[id] {
			ks.parents[id] = true
			parents = append(parents, id)
		}
	}
	for _, r := range ks.matcher.Records {
		add(r.Parent)
	}
	for i := range desired {
		add(desired[i].Fields.Value(ks.kind.Parent).Text())
	}
	if len(parents) == 0 {
		return nil
	}
	slices.Sort(parents)
	ks.read.How = "by parent"
	if !ks.kind.Listing.PerParent && len(parents) > maxParents {
		parents = nil
		ks.listed, ks.read.How = true, "list"
	}
	return e.list(ctx, ks, providers.Query{Kind: ks.kind.Name, Parents: parents, Attributes: e.wanted(ks)}, nil)
}

// readKind lists a kind. The first page tells how many there are: when reading
// the managed ones by id takes fewer calls than the other pages, it does that.
func (e *Engine) readKind(ctx context.Context, ks *kindState, desired []planner.Desired) error {
	if ks.read.How == "by id" && !ks.mapped && withoutRecord(ks, desired) < ks.pages {
		return e.lookUp(ctx, ks, desired)
	}
	if len(ks.matcher.Records)+len(desired) == 0 && !ks.mapped {
		return nil
	}
	ks.read.How = "list"
	ks.listed = true
	enough := func(page providers.Page) bool {
		if ks.kind.Listing.Page == 0 || page.Total < 0 {
			return false
		}
		ks.pages = (page.Total + ks.kind.Listing.Page - 1) / ks.kind.Listing.Page
		others := ks.pages - 1
		ks.listed = ks.mapped || others <= len(ks.matcher.Records) || others <= len(ks.matcher.Records)+withoutRecord(ks, desired)
		return !ks.listed
	}
	err := e.list(ctx, ks, providers.Query{Kind: ks.kind.Name, Attributes: e.wanted(ks)}, enough)
	if err != nil || ks.listed {
		return err
	}
	ks.read.How = "by id"
	return e.lookUp(ctx, ks, desired)
}

// withoutRecord counts the desired objects that have no record.
func withoutRecord(ks *kindState, desired []planner.Desired) int {
	n := 0
	for i := range desired {
		if ks.matcher.Records[desired[i].Sealed] == nil {
			n++
		}
	}
	return n
}

// list adds all pages of a query to the picture, or the first one only when
// enough says so.
func (e *Engine) list(ctx context.Context, ks *kindState, q providers.Query, enough func(providers.Page) bool) error {
	for page, err := range ks.account.provider.List(ctx, q) {
		if err != nil {
			return err
		}
		ks.matcher.Live.Expect(page.Total)
		ks.matcher.Live.Add(page.Objects)
		e.progress(Progress{Phase: "Reading", Kind: ks.kind.Plural, Done: ks.matcher.Live.Len(), Total: page.Total})
		if enough != nil && enough(page) {
			return nil
		}
		enough = nil
	}
	return ctx.Err()
}

// wanted are the attributes that matter for comparing, or nil for all: when
// other blocks may refer to any of them, or when there are few objects.
func (e *Engine) wanted(ks *kindState) []string {
	if ks.kind.Listing.Page == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, key := range ks.kind.Keys {
		for _, path := range key {
			seen[path] = true
		}
	}
	for _, path := range append(slices.Clone(ks.kind.Content), ks.kind.Parent) {
		seen[path] = true
	}
	blocks := 0
	for _, b := range e.run.order {
		if m := b.Resource.Mapping; m != nil && (b.Resource.Kind == ks.kind || m.Source != nil && m.Source.Kind == ks.kind) {
			return nil
		}
		if b.Resource.Data || b.Resource.Kind != ks.kind || b.Resource.Provider.String() != ks.account.name {
			continue
		}
		if e.Evaluator.Referenced(b) || len(b.Resource.Lifecycle.Postconditions) > 0 {
			return nil
		}
		blocks++
		for name := range b.Resource.Attributes {
			seen[name] = true
		}
	}
	if blocks == 0 || e.run.destroy {
		return nil
	}
	var names []string
	for _, a := range ks.kind.Attributes {
		// A set may have to lose members that the files no longer name.
		if seen[a.Name] || a.Own == schema.OwnMembers {
			names = append(names, a.Name)
		}
	}
	return names
}

// readUnlisted reads what lists do not show, of the objects that desired ones
// may be joined with.
func (e *Engine) readUnlisted(ctx context.Context, ks *kindState, desired []planner.Desired) error {
	wanted := e.wanted(ks)
	if !slices.ContainsFunc(ks.kind.Attributes, func(a schema.Attribute) bool {
		return a.Unlisted && (wanted == nil || slices.Contains(wanted, a.Name))
	}) {
		return nil
	}
	var keys []providers.Key
	for i := range desired {
		for _, o := range ks.matcher.Candidates(&desired[i]) {
			if !ks.asked[o.ID] {
				ks.asked[o.ID] = true
				keys = append(keys, providers.Key{ID: o.ID, Parent: o.Value(ks.kind.Parent).Text()})
			}
		}
	}
	return e.get(ctx, ks, keys)
}

// lookUp reads the managed objects and the desired ones without record one by
// one, by id and by natural key.
func (e *Engine) lookUp(ctx context.Context, ks *kindState, desired []planner.Desired) error {
	var keys []providers.Key
	for _, r := range ks.matcher.Records {
		if ks.matcher.Live.ID(r.ID) == nil && !ks.asked[r.ID] {
			ks.asked[r.ID] = true
			keys = append(keys, providers.Key{ID: r.ID, Parent: r.Parent})
		}
	}
	slices.SortFunc(keys, func(a, b providers.Key) int { return strings.Compare(a.ID, b.ID) })
	for i := range desired {
		if ks.matcher.Records[desired[i].Sealed] == nil {
			keys = append(keys, naturalKeys(ks.kind, desired[i])...)
		}
	}
	return e.get(ctx, ks, keys)
}

// naturalKeys are the ways to look a desired object up.
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

func (e *Engine) get(ctx context.Context, ks *kindState, keys []providers.Key) error {
	for chunk := range slices.Chunk(keys, 50) {
		objects, err := ks.account.provider.Get(ctx, ks.kind.Name, chunk)
		if err != nil {
			return err
		}
		ks.matcher.Live.Add(objects)
		e.progress(Progress{Phase: "Reading", Kind: ks.kind.Plural, Done: ks.matcher.Live.Len(), Total: -1})
	}
	return nil
}
