package planner

import (
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// differ compares one object three ways: base, file and live.
type differ struct {
	kind   *schema.Kind
	sealer *state.Sealer
	ignore []string
	// same is set when it is known that the files want what they wanted at the last
	// apply: to find out takes a hash.
	same bool
	// losing are the paths of live values that go, and what with.
	losing map[string]string
}

// baseline is the base of one object, decoded only when it is needed.
type baseline struct {
	record *state.Record
	fields []state.BaseField
	loaded bool
	// same is true when the files want what they wanted at the last apply.
	same bool
	// idless reports that live items have ids that the record does not have.
	idless bool
}

func (b *baseline) find(path string, claim schema.Claim) (state.BaseField, bool) {
	i := slices.IndexFunc(b.fields, func(f state.BaseField) bool { return f.Path == path && f.Claim == claim })
	if i < 0 {
		return state.BaseField{}, false
	}
	return b.fields[i], true
}

func (b *baseline) load() error {
	if b.loaded || b.record == nil {
		return nil
	}
	b.loaded = true
	var err error
	b.fields, err = b.record.Base()
	return err
}

// diff says what must be written to make a live object what the files want.
// rebase is set when nothing must, but the state no longer tells what the
// files want.
func (d *differ) diff(desired schema.Fields, live *schema.Object, record *state.Record) (changes []FieldChange, rebase bool, err error) {
	base := &baseline{record: record}
	base.same = d.same || record != nil && record.Sum == d.sealer.DesiredSum(desired)
	if !base.same {
		if err := base.load(); err != nil {
			return nil, false, err
		}
	}
	for i := 0; i < len(desired); {
		end := i + 1
		for end < len(desired) && desired[end].Path == desired[i].Path {
			end++
		}
		change, err := d.field(desired[i:end], live, base)
		if err != nil {
			return nil, false, err
		}
		if change != nil {
			changes = append(changes, *change)
		}
		i = end
	}
	changes = append(changes, d.dropped(desired, live, base)...)
	slices.SortFunc(changes, func(a, b FieldChange) int { return strings.Compare(a.Path, b.Path) })
	return changes, record != nil && (!base.same || base.idless), nil
}

// field compares one path; a set may have several claims on it. It is nil when
// nothing differs, which is nearly always and must cost nearly nothing.
func (d *differ) field(claims []schema.Field, live *schema.Object, base *baseline) (*FieldChange, error) {
	f := &claims[0]
	a := d.kind.Attribute(schema.PathAttribute(f.Path))
	if f.Derived || a == nil || a.CreateOnly || Ignored(d.ignore, f.Path) {
		return nil, nil
	}
	if a.Own == schema.OwnItems {
		return d.items(a, f, live, base)
	}
	if f.Claim != schema.ClaimValue {
		return d.set(a, claims, live, base)
	}
	if a.WriteOnly && base.same {
		return nil, nil
	}
	has := live.Value(f.Path)
	lost := d.lost(f, has)
	if lost == "" && !a.WriteOnly && (sameValue(a, f.Value, has) || answersTo(a, live, f.Value)) {
		return nil, nil
	}
	c := &FieldChange{Path: f.Path, Desired: f.Value, Live: has, Sensitive: f.Sensitive || a.Sensitive, Personal: a.Personal}
	err := d.sides(c, base)
	c.lose(lost)
	if a.WriteOnly && c.HasBase && !c.FileMoved || a.WriteOnly && a.Immutable && !c.HasBase {
		// It is as it was written, or nobody can tell and it cannot be changed.
		return nil, err
	}
	if err == nil && a.Immutable && a.Computed && c.HasBase && !c.FileMoved {
		// It cannot have changed live: the server spells it in its own way.
		return nil, nil
	}
	c.Replaces = a.Immutable
	return c, err
}

// sides fills in who moved.
func (d *differ) sides(c *FieldChange, base *baseline) error {
	if err := base.load(); err != nil {
		return err
	}
	was, ok := base.find(c.Path, schema.ClaimValue)
	if !ok {
		return nil
	}
	c.HasBase, c.Base, c.BaseHidden = true, was.Value, was.Hidden()
	a := d.kind.Attribute(schema.PathAttribute(c.Path))
	c.FileMoved = !d.isBase(a, was, c.Desired)
	c.LiveMoved = !a.WriteOnly && !d.isBase(a, was, c.Live)
	switch {
	case c.BaseHidden && !c.FileMoved:
		c.Base, c.BaseHidden = c.Desired, false
	case c.BaseHidden && !c.LiveMoved && !a.WriteOnly:
		c.Base, c.BaseHidden = c.Live, false
	}
	c.Conflict = c.FileMoved && c.LiveMoved
	return nil
}

// isBase reports whether a value is the base, in whichever spelling of no value.
func (d *differ) isBase(a *schema.Attribute, was state.BaseField, v schema.Value) bool {
	if was.Hash == "" {
		return sameValue(a, v, was.Value)
	}
	if was.Hash == d.sealer.Value(was.Path, v) {
		return true
	}
	unset := []schema.Value{{}, schema.StringValue(""), a.Default}
	return isUnset(a, v) && slices.ContainsFunc(unset, func(u schema.Value) bool { return was.Hash == d.sealer.Value(was.Path, u) })
}

// Ignored reports whether an ignore_changes names a path, its attribute or
// everything.
func Ignored(ignore []string, path string) bool {
	attribute := schema.PathAttribute(path)
	return slices.ContainsFunc(ignore, func(i string) bool { return i == "all" || i == path || i == attribute })
}

// set compares the members that the files name with the live ones.
func (d *differ) set(a *schema.Attribute, claims []schema.Field, live *schema.Object, base *baseline) (*FieldChange, error) {
	if base.same && satisfied(claims, live.Value(claims[0].Path).Items()) {
		return nil, nil
	}
	c := &FieldChange{Path: claims[0].Path, Claim: claims[0].Claim, Sensitive: a.Sensitive, Personal: a.Personal, Sides: Sides{HasBase: base.record != nil}}
	c.Sensitive = c.Sensitive || slices.ContainsFunc(claims, func(f schema.Field) bool { return f.Sensitive })
	if slices.ContainsFunc(claims, func(f schema.Field) bool { return !f.Value.IsKnown() }) {
		c.Desired = schema.UnknownValue()
		return c, nil
	}
	want := claimed(claims)
	c.Live = live.Value(c.Path)
	has := c.Live.Strings()
	if err := d.members(c, want, has, base); err != nil || len(c.Add)+len(c.Remove) == 0 {
		return nil, err
	}
	c.Desired = schema.SetOf(slices.DeleteFunc(append(slices.Clone(has), c.Add...), func(m string) bool { return slices.Contains(c.Remove, m) }))
	return c, nil
}

// satisfied reports whether a set of members is as all claims want it.
func satisfied(claims []schema.Field, has []schema.Value) bool {
	for i := range claims {
		f := &claims[i]
		if !f.Value.IsKnown() || f.Claim == schema.ClaimExactly && len(has) != len(f.Value.Items()) {
			return false
		}
		for _, member := range f.Value.Items() {
			if slices.ContainsFunc(has, member.Equal) == (f.Claim == schema.ClaimExcludes) {
				return false
			}
		}
	}
	return true
}

// claims of one set, by kind of claim.
type setClaims struct {
	named, excluded []string
	exactly         bool
}

func claimed(fields []schema.Field) setClaims {
	var s setClaims
	for _, f := range fields {
		switch f.Claim {
		case schema.ClaimExactly:
			s.exactly = true
			s.named = append(s.named, f.Value.Strings()...)
		case schema.ClaimExcludes:
			s.excluded = append(s.excluded, f.Value.Strings()...)
		case schema.ClaimIncludes, schema.ClaimValue:
			s.named = append(s.named, f.Value.Strings()...)
		}
	}
	return s
}

// members fills in Add and Remove, and which side made them necessary.
func (d *differ) members(c *FieldChange, want setClaims, has []string, base *baseline) error {
	was := want
	if !base.same {
		if err := base.load(); err != nil {
			return err
		}
		was = base.claims(d.sealer, c.Path, want.named, want.excluded, has)
	}
	for _, m := range want.named {
		if slices.Contains(has, m) {
			continue
		}
		c.Add = append(c.Add, m)
		c.note(m, slices.Contains(was.named, m))
	}
	for _, m := range has {
		if slices.Contains(want.named, m) {
			continue
		}
		switch {
		case slices.Contains(was.named, m):
			// The files named it once and no longer do.
			c.Remove = append(c.Remove, m)
			c.note(m, false)
		case want.exactly:
			c.Remove = append(c.Remove, m)
			c.note(m, was.exactly)
		case slices.Contains(want.excluded, m):
			c.Remove = append(c.Remove, m)
			c.note(m, slices.Contains(was.excluded, m))
		}
	}
	slices.Sort(c.Add)
	slices.Sort(c.Remove)
	return nil
}

// note tells which side made the change of a member necessary.
func (c *FieldChange) note(member string, live bool) {
	if !c.HasBase {
		return
	}
	if live {
		c.Edited = append(c.Edited, member)
	}
	c.LiveMoved = c.LiveMoved || live
	c.FileMoved = c.FileMoved || !live
}

// claims returns the claims on a set. Members that are kept as hashes are found
// among texts.
func (b *baseline) claims(s *state.Sealer, path string, among ...[]string) setClaims {
	var fields []schema.Field
	for i := range b.fields {
		if f := &b.fields[i]; f.Path == path {
			fields = append(fields, schema.Field{Path: path, Claim: f.Claim, Value: schema.SetOf(f.Members(s, among...))})
		}
	}
	return claimed(fields)
}

// dropped finds set members of attributes that the files no longer write at
// all: what they once named is removed, as if an empty set were written.
func (d *differ) dropped(desired schema.Fields, live *schema.Object, base *baseline) []FieldChange {
	var changes []FieldChange
	for i, f := range base.fields {
		a := d.kind.Attribute(schema.PathAttribute(f.Path))
		if f.Claim == schema.ClaimValue || a == nil || a.Own == schema.OwnItems || Ignored(d.ignore, f.Path) || i > 0 && base.fields[i-1].Path == f.Path {
			continue
		}
		if _, still := desired.Find(f.Path); still {
			continue
		}
		named := base.claims(d.sealer, f.Path, live.Value(f.Path).Strings()).named
		c := FieldChange{Path: f.Path, Claim: f.Claim, Live: live.Value(f.Path), Sensitive: a.Sensitive, Personal: a.Personal, Sides: Sides{HasBase: true, FileMoved: true}}
		for _, m := range c.Live.Strings() {
			if slices.Contains(named, m) {
				c.Remove = append(c.Remove, m)
			}
		}
		c.Desired = schema.SetOf(slices.DeleteFunc(c.Live.Strings(), func(m string) bool { return slices.Contains(c.Remove, m) }))
		if len(c.Remove) > 0 {
			changes = append(changes, c)
		}
	}
	return changes
}

// Same reports whether two values of an attribute do not differ: empty, absent and
// the server's default are the same.
func Same(a *schema.Attribute, desired, live schema.Value) bool { return sameValue(a, desired, live) }

// sameValue compares a desired with a live value. Empty, absent and the
// server's default are the same.
func sameValue(a *schema.Attribute, desired, live schema.Value) bool {
	return desired.Equal(live) || isUnset(a, desired) && isUnset(a, live)
}

func isUnset(a *schema.Attribute, v schema.Value) bool { return v.IsEmpty() || v.Equal(a.Default) }

// drifted reports whether the live object is no longer as one field of the base
// has it.
func (d *differ) drifted(was state.BaseField, live *schema.Object) bool {
	a := d.kind.Attribute(schema.PathAttribute(was.Path))
	if a == nil || a.WriteOnly || a.CreateOnly || Ignored(d.ignore, was.Path) {
		return false
	}
	value := live.Value(was.Path)
	if a.Own == schema.OwnItems {
		return itemsDrifted(a.Items, was, value)
	}
	if was.Claim == schema.ClaimValue {
		return !d.isBase(a, was, value) && !d.stillHas(a, was, live)
	}
	has := value.Strings()
	named := was.Members(d.sealer, has)
	isThere := func(member string) bool { return slices.Contains(has, member) }
	switch was.Claim {
	case schema.ClaimExcludes:
		return slices.ContainsFunc(named, isThere)
	case schema.ClaimExactly:
		return !schema.SetOf(has).Equal(schema.SetOf(named))
	default:
		return slices.ContainsFunc(named, func(member string) bool { return !isThere(member) })
	}
}
