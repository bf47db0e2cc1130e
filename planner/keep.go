package planner

import (
	"maps"
	"slices"

	"lockstep/schema"
)

// KeepLive takes the fields in conflict out of a plan, so that the CRM's values
// stay. Changes that have nothing left to write are dropped. It also drops, and
// returns, the mappings that relied on a value that is not written: the object
// does not become what they match, or is not replaced after all.
func (p *Plan) KeepLive() []schema.Address {
	k := keeper{kept: map[schema.Address][]string{}, out: map[schema.Address]bool{}, stuck: map[kindRef]bool{}, stay: map[string]bool{}}
	for i := range p.Changes {
		k.keepLive(&p.Changes[i])
	}
	for i := range p.Changes {
		k.spare(&p.Changes[i])
	}
	// An author that relies on one that is left out is left out as well.
	for out, stuck := -1, -1; out < len(k.out) || stuck < len(k.stuck); {
		out, stuck = len(k.out), len(k.stuck)
		for i := range p.Changes {
			k.relies(&p.Changes[i])
			k.holds(&p.Changes[i])
		}
		for i := range p.Changes {
			k.hold(&p.Changes[i])
		}
	}
	for i := range p.Changes {
		p.Changes[i].leaveOut(k.out)
		p.Changes[i].keepKeys()
	}
	p.Changes = slices.DeleteFunc(p.Changes, func(c Change) bool {
		return k.out[c.Address] || c.Action == Update && len(c.Fields) == 0
	})
	return slices.SortedFunc(maps.Keys(k.out), schema.Address.Compare)
}

// keeper is one KeepLive under way.
type keeper struct {
	// kept are the paths that authors leave as they are, and out the authors that
	// are left out.
	kept map[schema.Address][]string
	out  map[schema.Address]bool
	// stuck are the kinds of which an object keeps a natural key.
	stuck map[kindRef]bool
	// stay are the objects that are not replaced after all.
	stay map[string]bool
}

// kindRef names a kind in an account.
type kindRef struct{ provider, kind string }

// keepLive takes the conflicts out of one change.
func (k *keeper) keepLive(c *Change) {
	if c.Action == Delete && c.Conflicts() > 0 {
		c.Action, c.Reason, c.Fields, c.Along = Forget, "the CRM changed it since the last apply", nil, nil
		return
	}
	for i := range c.Fields {
		if f := &c.Fields[i]; f.Conflict {
			k.keep(c, f)
		}
	}
	stays := c.Action == Replace && !slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Replaces && !f.Conflict })
	if stays {
		// The object stays, and with it what only a new one would be given.
		c.Action, c.Reason, c.Fields, c.Along = Update, "", c.instead, nil
		k.stay[c.Address.String()] = true
		for i := range c.Others {
			k.out[c.Others[i].Address] = true
		}
	}
	c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f FieldChange) bool { return f.Conflict })
	c.Vacates = slices.DeleteFunc(slices.Clone(c.Vacates), func(path string) bool { return !c.writes(path) })
	c.settle()
}

// keep leaves a field as it is live.
func (k *keeper) keep(c *Change, f *FieldChange) {
	by := c.By(f)
	by.Kept = append(by.Kept, f.Path)
	k.kept[by.Address] = by.Kept
	if isKey(c.Kind, f.Path) {
		k.stuck[kindRef{c.Provider, c.Kind.Name}] = true
	}
}

// holds notes that a natural key stays because its author is left out.
func (k *keeper) holds(c *Change) {
	if slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return k.out[c.By(&f).Address] && isKey(c.Kind, f.Path) }) {
		k.stuck[kindRef{c.Provider, c.Kind.Name}] = true
	}
}

// hold lets an object keep what it would have been emptied of for another one,
// when keys of its kind are not handed on after all: it could lose its own and
// get no other.
func (k *keeper) hold(c *Change) {
	if len(c.Vacates) == 0 || !k.stuck[kindRef{c.Provider, c.Kind.Name}] {
		return
	}
	held := func(f *FieldChange) bool { return slices.Contains(c.Vacates, f.Path) }
	for i := range c.Fields {
		if held(&c.Fields[i]) {
			k.keep(c, &c.Fields[i])
		}
	}
	c.Fields = slices.DeleteFunc(c.Fields, func(f FieldChange) bool { return held(&f) })
	c.Vacates, c.Reason = nil, ""
	c.settle()
}

// settle makes a move of a change that has nothing to write any more.
func (c *Change) settle() {
	if c.Action == Update && len(c.Fields) == 0 && c.Previous != nil {
		c.Action = Move
	}
}

// writes reports whether the change writes a field.
func (c *Change) writes(path string) bool {
	return slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Path == path })
}

// isKey reports whether a natural key has a path.
func isKey(kind *schema.Kind, path string) bool {
	return slices.ContainsFunc(kind.Keys, func(key schema.NaturalKey) bool { return slices.Contains(key, path) })
}

// spare takes the values out of a change that stay with what their keys name.
func (k *keeper) spare(c *Change) {
	stays := func(f FieldChange) bool { return f.LostWith != "" && k.stay[f.LostWith] }
	if len(k.stay) == 0 || !slices.ContainsFunc(c.Fields, stays) {
		return
	}
	c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f FieldChange) bool { return stays(f) && f.Desired.Equal(f.Live) })
	for i := range c.Fields {
		if stays(c.Fields[i]) {
			c.Fields[i].LostWith = ""
		}
	}
}

// relies leaves out the mappings of a change that rely on what is not written:
// on a change that does not write what the object is found or known by, or that
// is left out itself.
func (k *keeper) relies(c *Change) {
	for n, a := range c.Authors() {
		made := n > 0 && c.Action == Create && k.out[c.Address]
		if made || slices.ContainsFunc(a.Needs(), func(need schema.Address) bool { return k.out[need] || k.unmet(c.Kind, a, need) }) {
			k.out[a.Address] = true
		}
	}
}

func (k *keeper) unmet(kind *schema.Kind, a *Author, need schema.Address) bool {
	return slices.ContainsFunc(k.kept[need], func(path string) bool {
		_, matched := a.Join.Match.Find(path)
		return matched || isKey(kind, path)
	})
}

// keepKeys lets a change empty only the keys that it writes again.
func (c *Change) keepKeys() {
	c.Vacates = slices.DeleteFunc(c.Vacates, func(path string) bool {
		return !slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Path == path })
	})
	if len(c.Vacates) == 0 {
		c.Vacates = nil
	}
}

// leaveOut takes authors and their fields out of a change. When the first one
// goes, the next one takes its place.
func (c *Change) leaveOut(out map[schema.Address]bool) {
	var left []Author
	by := map[int]int{}
	for n, a := range c.Authors() {
		if !out[a.Address] {
			by[n] = len(left)
			left = append(left, *a)
		}
	}
	if len(left) == 0 || len(left) == 1+len(c.Others) {
		return
	}
	c.Author, c.Others = left[0], left[1:]
	c.Author.Apart = false
	fields := c.Fields[:0:0]
	for _, f := range c.Fields {
		if n, stays := by[f.By]; stays {
			f.By = n
			fields = append(fields, f)
		}
	}
	c.Fields = fields
}
