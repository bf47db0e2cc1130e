package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Why an object is deleted, as Change.Reason has it.
const (
	ReasonNoBlock = "it is no longer in the files"
	ReasonNoKey   = "its key is no longer in the files"
)

// Leftovers returns the records that no desired object was paired with, in the
// order of their addresses.
func (r *Roster) Leftovers() []*state.Record {
	addresses := r.leftovers(staying(r))
	records := make([]*state.Record, len(addresses))
	for i, a := range addresses {
		records[i] = r.Records.Get(a)
	}
	return records
}

// fate is what becomes of a record that nothing declares, and why. live is its
// object. NoOp means that it is protected and must be declared.
func (r *Roster) fate(a schema.Address, rec *state.Record, live *schema.Object) (Action, string) {
	destroy, removed := r.Removals[a]
	if !removed {
		destroy, removed = r.Removals[a.Block()]
	}
	by := ""
	if live != nil {
		by = r.elsewhere(live.ID)
	}
	switch {
	case a.Mapping() && r.goes(live):
		return Forget, "what it is mapped to is destroyed"
	case a.Mapping():
		return Forget, "nothing is mapped to it any more; what was written stays"
	case live == nil:
		return Forget, "it is already deleted in the CRM"
	case by != "":
		return Forget, "the provider " + by + " has it now"
	case removed && !destroy:
		return Forget, "a removed block says so"
	case rec.Flags().Protected && !removed:
		return NoOp, ""
	case retires(r.Kind, rec) && r.Kind.Retired(live.Value):
		return Forget, "it is retired already"
	case retires(r.Kind, rec):
		return Delete, "its on_destroy was \"retire\", so it stays with " + retirement(r.Kind)
	case r.Kind.Lasting == schema.Permanent:
		return Forget, r.Kind.Plural + " cannot be deleted"
	case r.Kind.Listing.Blind && rec.Flags().OnDestroy != "delete" && !destroy:
		return Forget, "what it began goes on; on_destroy = \"delete\" would end it"
	case rec.Flags().OnDestroy == "forget":
		return Forget, "its on_destroy was \"forget\""
	case r.Kind.Lasting == schema.Kept && rec.Flags().OnDestroy != "delete" && !destroy:
		return Forget, r.Kind.Plural + " outlive their block, unless its on_destroy is \"delete\""
	case rec.Flags().Adopted && rec.Flags().OnDestroy != "delete" && !destroy:
		return Forget, "it existed before lockstep managed it"
	case r.Destroy:
		return Delete, ""
	case a.Key != (schema.Key{}) && r.Repeated(a):
		return Delete, ReasonNoKey
	default:
		return Delete, ReasonNoBlock
	}
}

// retires reports whether an object is retired rather than deleted.
func retires(kind *schema.Kind, rec *state.Record) bool {
	return rec.Flags().OnDestroy == "retire" && len(kind.Retire) > 0
}

// retirement tells what retiring an object writes.
func retirement(kind *schema.Kind) string {
	texts := make([]string, len(kind.Retire))
	for i, f := range kind.Retire {
		texts[i] = f.Path + " = " + f.Value.String()
	}
	return strings.Join(texts, ", ")
}

// goes reports whether a live object is deleted because its block is gone.
func (r *Roster) goes(live *schema.Object) bool {
	if live == nil {
		return false
	}
	a, managed := r.of(live.ID)
	rec := r.Records.Get(a)
	if !managed || r.isPlaced(a) || staying(r)(a) {
		return false
	}
	action, _ := r.fate(a, rec, live)
	return action == Delete
}

// leftover decides about a record that nothing declares.
func (d *decider) leftover(a schema.Address) {
	rec := d.Records.Get(a)
	s := d.Live.find(rec.ID)
	live := s.Live()
	c := Change{
		Author: Author{Address: d.shown(a, live), Keep: rec.Flags()},
		Kind:   d.Kind, Provider: d.Provider, ID: rec.ID, Live: live,
	}
	c.Action, c.Reason = d.fate(a, rec, live)
	switch {
	case c.Action == NoOp:
		d.protect(c.Address)
		return
	case live == nil && !a.Mapping():
		c.Gone = true
		d.Summary.Gone++
	}
	if c.Address != rec.Address() {
		sealed := rec.Address()
		c.sealed = &sealed
	}
	if a != rec.Address() {
		from := d.shown(rec.Address(), live)
		c.Previous = &from
	}
	if !a.Mapping() || (s == nil || !s.counted) && !d.goes(live) {
		d.Summary.Managed++
		if live != nil {
			d.Summary.FileMoved++
			d.counted(s)
		}
	}
	if c.Action == Delete {
		d.delete(&c, rec)
	}
	d.mask(&c)
	d.Changes = append(double(d.Changes), c)
}

// delete fills in what goes with an object.
func (d *decider) delete(c *Change, rec *state.Record) {
	c.Fields = d.written(c.Live)
	base := &baseline{record: rec}
	if err := base.load(); err != nil {
		d.Problems = append(d.Problems, Problem{Address: c.Address, Summary: "Unreadable state", Detail: err.Error()})
		return
	}
	if !d.Destroy && d.edited(c, base.fields, strings.Split(rec.Flags().Ignored, ",")) {
		d.Summary.FileMoved--
		d.Summary.BothMoved++
	}
}

// written are the fields of an object that somebody may have written.
func (d *decider) written(live *schema.Object) []FieldChange {
	var fields []FieldChange
	for _, f := range live.Fields {
		a := d.Kind.Attribute(schema.PathAttribute(f.Path))
		if a == nil || !a.Writable() || f.Derived {
			continue
		}
		fields = append(fields, FieldChange{Path: f.Path, Live: f.Value, Sensitive: a.Sensitive, Personal: a.Personal})
	}
	return fields
}

// edited marks the fields of an object to be deleted that the CRM changed since
// the last apply, and reports whether there are any: somebody still works with
// it.
func (d *decider) edited(c *Change, base []state.BaseField, ignore []string) bool {
	df := d.differ(ignore)
	moved := false
	for _, was := range base {
		a, live := d.Kind.Attribute(schema.PathAttribute(was.Path)), c.Live.Value(was.Path)
		if was.Claim != schema.ClaimValue || a == nil || was.Path == d.Kind.Listing.Evidence || a.WriteOnly || a.CreateOnly || Ignored(df.ignore, was.Path) || df.isBase(a, was, live) || df.stillHas(a, was, c.Live) {
			continue
		}
		moved = true
		i := slices.IndexFunc(c.Fields, func(f FieldChange) bool { return f.Path == was.Path })
		if i < 0 {
			i = len(c.Fields)
			c.Fields = append(c.Fields, FieldChange{Path: was.Path, Live: live, Sensitive: a.Sensitive, Personal: a.Personal})
		}
		c.Fields[i].Sides = Sides{Base: was.Value, HasBase: true, BaseHidden: was.Hidden(), FileMoved: true, LiveMoved: true, Conflict: true}
	}
	slices.SortFunc(c.Fields, func(a, b FieldChange) int { return strings.Compare(a.Path, b.Path) })
	return moved
}

func (d *decider) protect(a schema.Address) {
	p := Problem{
		Address: a, Protected: true, Summary: "Protected object would be destroyed",
		Detail: "It was declared with prevent_destroy, and its block is gone. Put the block back, or write a removed block for it.",
	}
	switch {
	case d.Kind.Protected:
		p.Detail = fmt.Sprintf("With one of the %s goes more than itself, so they are protected. If that is meant, write lifecycle { prevent_destroy = false } in its block and apply that first, or take it out of the state with `lockstep state rm`.", d.Kind.Plural)
	case d.Destroy:
		p.Detail = "It is declared with prevent_destroy. Remove that and apply, or take the object out of the state with `lockstep state rm`."
	}
	d.Problems = append(d.Problems, p)
}
