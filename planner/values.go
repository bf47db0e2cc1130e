package planner

import (
	"fmt"
	"iter"
	"slices"

	"lockstep/schema"
)

// Losing returns the paths of the values of a map that go with what their keys
// name: with the address of the object when it is replaced, and an empty text
// when it is deleted. keys is the roster of these objects.
func Losing(a *schema.Attribute, keys *Roster) map[string]string {
	losing := map[string]string{}
	for _, s := range keys.Live.subjects {
		path := a.KeyPath(s.live.Value)
		switch {
		case path == "":
		case s.replaced():
			losing[path] = s.owner.Address().String()
		case s.owner == nil && keys.leaves(s.live):
			losing[path] = ""
		}
	}
	return losing
}

// Going returns the changes that delete or replace live objects, by the ids of
// these.
func (d *Decision) Going() map[string]*Change {
	going := map[string]*Change{}
	for i := range d.Changes {
		if c := &d.Changes[i]; c.Action == Delete || c.Action == Replace {
			going[c.ID] = c
		}
	}
	return going
}

// lost returns what a desired field's live value goes with; empty when it stays,
// or is not there.
func (d *differ) lost(f *schema.Field, has schema.Value) string {
	if len(d.losing) == 0 || has.IsEmpty() || f.Value.IsEmpty() {
		return ""
	}
	return d.losing[f.Path]
}

// lose marks a field as one whose live value goes. That is the files' doing.
func (c *FieldChange) lose(with string) {
	c.LostWith = with
	c.FileMoved = c.FileMoved || with != "" && c.HasBase && !c.LiveMoved
}

// restores reports whether a change does nothing but write again what goes.
func (c *Change) restores() bool {
	return len(c.Fields) > 0 && !slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.LostWith == "" || !f.Desired.Equal(f.Live) })
}

// Lost returns the paths of an author's fields whose live values go before they
// are written.
func (c *Change) Lost(author int) []string {
	var paths []string
	for i := range c.Fields {
		if f := &c.Fields[i]; f.By == author && f.LostWith != "" {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// Holders are the live objects of a kind in one account, which has maps with keys
// that name other objects.
type Holders struct {
	Provider string
	Kind     *schema.Kind
	All      iter.Seq[*schema.Object]
}

// CountValues notes at the deletes and replacements of a plan how many live
// values go along, because their key names the object. Values of objects that go
// themselves are not among them.
func (p *Plan) CountValues(all []Holders) {
	going := p.going()
	for _, h := range all {
		for i := range h.Kind.Attributes {
			if a := &h.Kind.Attributes[i]; a.KeysOf != nil {
				p.countValues(h, a, going)
			}
		}
	}
}

func (p *Plan) countValues(h Holders, a *schema.Attribute, going map[member]int) {
	with := p.keysOf(h.Provider, a)
	if len(with) == 0 {
		return
	}
	count, again := map[int]int{}, map[int]int{}
	for o := range h.All {
		if _, goes := going[member{objectsOf{h.Provider, h.Kind.Name}, o.ID}]; goes {
			continue
		}
		for path, i := range with {
			if !o.Value(path).IsEmpty() {
				count[i]++
			}
		}
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Kind != h.Kind || c.Provider != h.Provider {
			continue
		}
		for j := range c.Fields {
			if n, named := with[c.Fields[j].Path]; named && c.Fields[j].LostWith != "" {
				again[n]++
			}
		}
	}
	for i, n := range count {
		p.Changes[i].Along = append(p.Changes[i].Along, Along{Kind: h.Kind, Attribute: a.Name, Count: n, Again: again[i]})
		slices.SortFunc(p.Changes[i].Along, compareAlong)
	}
}

// keysOf finds, by the path of its values, the changes that delete or replace
// what a key of a map names.
func (p *Plan) keysOf(provider string, a *schema.Attribute) map[string]int {
	with := map[string]int{}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Action != Delete && c.Action != Replace || c.Provider != provider || c.Kind.Name != a.KeysOf.Kind || c.Live == nil {
			continue
		}
		if path := a.KeyPath(c.Live.Value); path != "" {
			with[path] = i
		}
	}
	return with
}

// valuesOf are the values of one map of a kind in one account.
type valuesOf struct {
	objectsOf
	attribute string
}

// values refuses to lose more values than deletes are allowed: all that a key
// has go, so that no share of them is small.
func (g Guard) values(p *Plan) []Refusal {
	lost, with := map[valuesOf]Along{}, map[valuesOf]*schema.Kind{}
	var order []valuesOf
	for c := range p.Deleting() {
		for _, a := range c.Along {
			if a.Attribute == "" {
				continue
			}
			of := valuesOf{objectsOf{c.Provider, a.Kind.Name}, a.Attribute}
			if _, known := lost[of]; !known {
				order = append(order, of)
				with[of] = c.Kind
			}
			sum := lost[of]
			lost[of] = Along{Count: sum.Count + a.Count, Again: sum.Again + a.Again}
		}
	}
	var refusals []Refusal
	for _, of := range order {
		n := lost[of].Count
		if n <= g.MaxDeletes.Count || !above(n, n, g.MaxDeletes.Percent) {
			continue
		}
		refusals = append(refusals, Refusal{
			Rule: RuleDeletes, Provider: of.provider, Kind: of.kind, Count: n, Of: n,
			Message: fmt.Sprintf("%s values of %s in %s would be lost with their %s, and %s written again (the guard allows %s, or %g %%).",
				schema.Thousands(n), of.attribute, of.kind, with[of].Plural, schema.Thousands(lost[of].Again), schema.Thousands(g.MaxDeletes.Count), g.MaxDeletes.Percent),
		})
	}
	return refusals
}

// LostConflicts lists the conflicts about values that go with what their keys
// name, so that they cannot be kept as the CRM has them.
func LostConflicts(p *Plan) []Refusal {
	var refusals []Refusal
	for _, i := range p.Conflicts() {
		c := &p.Changes[i]
		for j := range c.Fields {
			f := &c.Fields[j]
			if !f.Conflict || f.LostWith == "" {
				continue
			}
			refusals = append(refusals, Refusal{
				Rule: RuleConflict, Provider: c.Provider, Kind: c.Kind.Name, Count: 1,
				Message: fmt.Sprintf("%s: the CRM's value of %s goes with %s, which is replaced, so -on-conflict=live cannot keep it. Write it into the files, or give -on-conflict=config.",
					c.By(f).Address, f.Path, f.LostWith),
			})
		}
	}
	return refusals
}
