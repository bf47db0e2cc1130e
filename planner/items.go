package planner

import (
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// items compares a list item by item. What is written is the whole list, in which
// the items and properties that the files do not claim are as they are live.
func (d *differ) items(a *schema.Attribute, f *schema.Field, live *schema.Object, base *baseline) (*FieldChange, error) {
	if err := base.load(); err != nil {
		return nil, err
	}
	was, known := base.of(f.Path)
	c := &FieldChange{Path: f.Path, Sensitive: f.Sensitive || a.Sensitive, Personal: a.Personal}
	c.Live = a.Items.Labelled(live.Value(f.Path), a.Items.IDs(was.Value), f.Value)
	c.Desired = a.Items.Merged(c.Live, schema.ItemClaim{Wanted: f.Value, Exactly: f.Claim == schema.ClaimExactly, Was: was.Value})
	base.idless = base.idless || known && !was.Hidden() && !a.Items.WithIDs(was.Value, c.Live).Equal(was.Value)
	if c.Desired.Equal(c.Live) || c.Desired.IsEmpty() && c.Live.IsEmpty() {
		return nil, nil
	}
	c.Replaces = a.Immutable
	d.itemSides(a.Items, c, f, was, known)
	return c, nil
}

// itemSides fills in who moved. Of two hashes nothing can be told item by item.
func (d *differ) itemSides(items *schema.Items, c *FieldChange, f *schema.Field, was state.BaseField, known bool) {
	if !known {
		return
	}
	c.HasBase, c.BaseHidden = true, was.Hidden()
	if c.BaseHidden {
		c.FileMoved = was.Hash != d.sealer.Value(f.Path, f.Value)
		c.LiveMoved = !c.FileMoved
		return
	}
	c.Base = items.Bare(was.Value)
	c.FileMoved = was.Claim != f.Claim || !c.Base.Equal(f.Value)
	c.LiveMoved = itemsDrifted(items, was, c.Live)
	c.Conflict = c.FileMoved && c.LiveMoved && slices.ContainsFunc(items.Changes(c.Live, c.Desired), func(change schema.ItemChange) bool {
		return contested(items, change, c.Base, f.Value)
	})
}

// contested reports whether both sides gave a property of one item another value
// than it had, and not the same.
func contested(items *schema.Items, change schema.ItemChange, base, wanted schema.Value) bool {
	was, had := items.Find(base, change.Name)
	want, named := items.Find(wanted, change.Name)
	if !had || !named || change.Property == "" {
		return false
	}
	before := was.Entry(change.Property)
	return !before.IsAbsent() && !before.Equal(change.From) && !before.Equal(want.Entry(change.Property))
}

// itemsDrifted reports whether a live list is no longer as the base has its items.
// One of which only a hash is kept does not tell.
func itemsDrifted(items *schema.Items, was state.BaseField, live schema.Value) bool {
	if was.Hidden() {
		return false
	}
	claimed := items.Bare(was.Value)
	live = items.Labelled(live, items.IDs(was.Value), claimed)
	return !items.Merged(live, schema.ItemClaim{Wanted: claimed, Exactly: was.Claim == schema.ClaimExactly}).Equal(live)
}

// of returns what the base has of a list, whichever claim was made of it.
func (b *baseline) of(path string) (state.BaseField, bool) {
	i := slices.IndexFunc(b.fields, func(f state.BaseField) bool { return f.Path == path })
	if i < 0 {
		return state.BaseField{}, false
	}
	return b.fields[i], true
}

// labels are the attributes of a kind with items that only files have keys for.
type labels struct {
	// sought is set once the kind was looked through.
	sought     bool
	attributes []*schema.Attribute
}

// label gives the items of a live object the keys that its owner has for them.
func (l *labels) label(kind *schema.Kind, s *Subject) error {
	if !l.sought {
		l.sought, l.attributes = true, keyedByFiles(kind)
	}
	if len(l.attributes) == 0 {
		return nil
	}
	base := &baseline{record: s.record}
	if err := base.load(); err != nil {
		return err
	}
	live := *s.live
	for _, a := range l.attributes {
		was, _ := base.of(a.Name)
		live.Fields = labelled(a, live.Fields, s.owner.Value(a.Name), a.Items.IDs(was.Value))
	}
	s.live = &live
	return nil
}

func keyedByFiles(kind *schema.Kind) []*schema.Attribute {
	var found []*schema.Attribute
	for i := range kind.Attributes {
		if a := &kind.Attributes[i]; a.Own == schema.OwnItems && a.Items.Match != "" {
			found = append(found, a)
		}
	}
	return found
}

// Labelled gives items of an object that was just read the keys of the files:
// before is the object as the plan has it, nil for a new one.
func Labelled(kind *schema.Kind, fields, desired schema.Fields, before *schema.Object) schema.Fields {
	for _, a := range keyedByFiles(kind) {
		var ids map[string]string
		if before != nil {
			ids = a.Items.IDs(before.Value(a.Name))
		}
		fields = labelled(a, fields, desired.Value(a.Name), ids)
	}
	return fields
}

func labelled(a *schema.Attribute, fields schema.Fields, wanted schema.Value, ids map[string]string) schema.Fields {
	i, found := slices.BinarySearchFunc(fields, a.Name, func(f schema.Field, path string) int { return strings.Compare(f.Path, path) })
	if !found {
		return fields
	}
	fields = slices.Clone(fields)
	fields[i].Value = a.Items.Labelled(fields[i].Value, ids, wanted)
	return fields
}

// ResolvedItems is what is written of a list, some of which was not known when the
// plan was made: planned is the field as the plan has it, and wanted as the files
// want it now. live may be nil.
func ResolvedItems(items *schema.Items, planned, wanted schema.Field, live *schema.Object) schema.Value {
	if planned.Value.Type() == schema.List {
		return items.Filled(planned.Value, wanted.Value)
	}
	var has schema.Value
	if live != nil {
		has = live.Value(wanted.Path)
	}
	return items.Merged(has, schema.ItemClaim{Wanted: wanted.Value, Exactly: wanted.Claim == schema.ClaimExactly})
}
