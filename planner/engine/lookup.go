package engine

import (
	"context"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// readUnlisted reads what lists do not show of the objects that desired ones
// may be paired or joined with.
func (r *reading) readUnlisted(ctx context.Context, desired []planner.Desired) error {
	wanted := r.attributes()
	var unlisted []string
	for i := range r.kind.Attributes {
		if a := &r.kind.Attributes[i]; a.Unlisted && (wanted == nil || slices.Contains(wanted, a.Name)) {
			unlisted = append(unlisted, a.Name)
		}
	}
	if len(unlisted) == 0 {
		return nil
	}
	var keys []providers.Key
	for i := range desired {
		if d := &desired[i]; wanted != nil && !writes(d, unlisted) && !recorded(d.Record(r.records), unlisted) {
			continue
		}
		for _, o := range r.wants.Candidates(&desired[i]) {
			if !r.asked[o.ID] {
				r.asked[o.ID] = true
				keys = append(keys, providers.Key{ID: o.ID, Parent: r.kind.ParentOf(o.Value).Text()})
			}
		}
	}
	return r.get(ctx, keys)
}

// writes reports whether the files give an object one of some attributes.
func writes(d *planner.Desired, attributes []string) bool {
	return slices.ContainsFunc(attributes, func(name string) bool { return len(d.Of(name)) > 0 })
}

// recorded reports whether the files gave an object one of some attributes at the last
// apply: what they named may have to go.
func recorded(r *state.Record, attributes []string) bool {
	if r == nil {
		return false
	}
	base, err := r.Base()
	return err != nil || slices.ContainsFunc(base, func(f state.BaseField) bool { return slices.Contains(attributes, schema.PathAttribute(f.Path)) })
}

// leavesOut reports whether lists of a kind leave out any of the wanted attributes, or
// any at all when wanted is nil.
func leavesOut(kind *schema.Kind, wanted []string) bool {
	return slices.ContainsFunc(kind.Attributes, func(a schema.Attribute) bool {
		return a.Unlisted && (wanted == nil || slices.Contains(wanted, a.Name))
	})
}

// lookUp reads the managed objects and the desired ones without record one by
// one, by id and by natural key.
func (r *reading) lookUp(ctx context.Context, desired []planner.Desired) error {
	var keys []providers.Key
	for _, known := range r.records.All() {
		if r.live.ID(known.ID) == nil && !r.asked[known.ID] {
			keys = append(keys, r.ask(known))
		}
	}
	slices.SortFunc(keys, func(a, b providers.Key) int { return strings.Compare(a.ID, b.ID) })
	for i := range desired {
		if desired[i].Record(r.records) == nil {
			keys = append(keys, naturalKeys(r.kind, &desired[i])...)
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
		r.progress(Progress{Kind: r.kind.Plural, Done: r.live.Len(), Total: -1})
	}
	return nil
}

// naturalKeys returns the ways to look a desired object up.
func naturalKeys(kind *schema.Kind, d *planner.Desired) []providers.Key {
	if d.ImportID != "" {
		return []providers.Key{{ID: d.ImportID}}
	}
	return keysOf(kind, d.Find)
}

// hasKey reports whether there is a way to look a desired object up.
func hasKey(kind *schema.Kind, d *planner.Desired) bool {
	if d.ImportID != "" {
		return true
	}
	if kind.Parent != "" {
		return len(naturalKeys(kind, d)) > 0
	}
	told := func(path string) bool {
		v := d.Value(path)
		return v.IsKnown() && v.Text() != ""
	}
	every := func(key []string) bool {
		return len(key) > 0 && !slices.ContainsFunc(key, func(path string) bool { return !told(path) })
	}
	return every(kind.Content) || slices.ContainsFunc(kind.Keys, func(key schema.NaturalKey) bool { return every(key) })
}

// keysOf returns the ways to look up an object in which find finds fields.
func keysOf(kind *schema.Kind, find func(path string) (schema.Field, bool)) []providers.Key {
	parent := kind.ParentOf(func(path string) schema.Value {
		f, _ := find(path)
		return f.Value
	})
	if kind.Parent != "" && (!parent.IsKnown() || parent.Text() == "") {
		return nil // nothing can be found below a parent that is yet to be made
	}
	var keys []providers.Key
	for _, names := range append(slices.Clone(kind.Keys), schema.NaturalKey(kind.Content)) {
		var fields schema.Fields
		for _, path := range names {
			if f, ok := find(path); ok && f.Value.IsKnown() && f.Value.Text() != "" {
				fields = append(fields, schema.Field{Path: path, Value: f.Value})
			}
		}
		if len(names) > 0 && len(fields) == len(names) {
			fields.Sort()
			keys = append(keys, providers.Key{Parent: parent.Text(), Fields: fields})
		}
	}
	return keys
}
