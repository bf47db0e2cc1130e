package planner

import (
	"fmt"
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// Mapped is what one instance of a mapping wants. The Fields of its Desired
// are what the source gives, in the spelling of the target.
type Mapped struct {
	Desired
	// Mapping says how each field travels.
	Mapping *config.Mapping
	// Match is by what the target is found; empty finds nobody.
	Match schema.Fields
	// Source is the object that the instance is made of; nil when nothing of it
	// can be written.
	Source *schema.Object

	// needs are the changes by which it comes to its target.
	needs []schema.Address
}

// Joined is what an instance of a mapping was joined with.
type Joined struct {
	// Live is the target; nil when there is none yet.
	Live *schema.Object
	// Change is the index in Changes, -1 for none.
	Change int
	// Missing says that nobody fits, and that nothing is created.
	Missing bool
	// Back are the fields that the target gives to the source.
	Back []FieldChange
	// Gives are the rules by which the target gives, also where the source has
	// its values already.
	Gives []*config.MappedField

	// how the target was found, when match does not find it now.
	how string
	// record is what the state alone needs; idle says that it needs it only
	// because of what goes back.
	record *Change
	idle   bool
}

// Map joins instances of a mapping with the live objects of a kind, after all
// resource blocks of the kind were matched.
func (m *Matcher) Map(batch []Mapped) []Joined {
	m.start()
	m.batch, m.sought = batch, nil
	joined := make([]Joined, len(batch))
	for i := range batch {
		joined[i].Change = -1
		m.join(&batch[i], &joined[i])
	}
	return joined
}

func (m *Matcher) join(d *Mapped, j *Joined) {
	if m.Records[d.Sealed] != nil {
		// If the record is left over, its address still is known.
		m.name(d.Sealed, d.Address)
	}
	to, how, problem := m.target(d)
	j.how = how
	switch {
	case problem != nil:
		m.Problems = append(m.Problems, *problem)
		m.keep(d)
	case to.live != nil:
		if deleted := m.destroyed(to.live); deleted != nil {
			m.bereave(d, deleted)
			return
		}
		m.mapLive(d, to, j)
	case to.made != nil && to.made.Block == d.Block:
		m.keep(d)
		m.refuse(&d.Desired, matchPath(d.Match), "Two instances with one target", fmt.Sprintf("%s is about to create a %s with %s, and %s would find it. Let one instance be about it.",
			to.made.Address, m.Kind.Noun, matchWords(d.Match), d.Address))
	case to.made != nil:
		m.mapMade(d, to, j)
	case len(d.Match) > 0 && d.Mapping.Missing == config.MissingCreate:
		m.mapCreate(d, j)
	case d.Mapping.Missing == config.MissingError:
		m.refuse(&d.Desired, "", "Nobody to map to", fmt.Sprintf("There is no live %s with %s, and missing = %q wants one. Create it, or write missing = %q or %q.",
			m.Kind.Noun, matchWords(d.Match), config.MissingError, config.MissingSkip, config.MissingCreate))
	default:
		j.Missing = true
	}
}

// keep spares the record of an instance that could not be planned.
func (m *Matcher) keep(d *Mapped) *state.Record {
	r := m.Records[d.Sealed]
	if r != nil {
		m.placed[r] = true
	}
	return r
}

// baseOf is the record that tells what an instance and its target were last in
// step in. It is that of another instance where the mapping has the target under
// another key now, and nil where the two never were.
func (m *Matcher) baseOf(d *Mapped, live *schema.Object) *state.Record {
	r := m.keep(d)
	if r != nil && r.ID == live.ID {
		return r
	}
	if m.bases == nil {
		m.bases = map[base]*state.Record{}
		for a, r := range m.Records {
			at := base{a.Block(), r.ID}
			if other := m.bases[at]; a.Mapping() && (other == nil || r.Address.Compare(other.Address) < 0) {
				m.bases[at] = r
			}
		}
	}
	return m.bases[base{d.Sealed.Block(), live.ID}]
}

// base names what a mapping wrote to an object.
type base struct {
	mapping schema.Address
	id      string
}

// bereave leaves an instance without its target, which is to be destroyed: its
// record goes as well. One that wants a target is refused.
func (m *Matcher) bereave(d *Mapped, deleted *Change) {
	would := "would create it again, without what belongs to it"
	switch d.Mapping.Missing {
	case config.MissingSkip:
		return
	case config.MissingError:
		would = "wants it"
	}
	m.keep(d)
	m.refuse(&d.Desired, "", "The target would be destroyed", fmt.Sprintf(
		"%s would be destroyed (%s), and %s, which has missing = %q, %s. Put the block back, or write a removed block with destroy = false.",
		deleted.Address, deleted.Reason, d.Address, d.Mapping.Missing, would))
}

// mapped is a change of what an instance writes to.
func (m *Matcher) mapped(d *Mapped, wanted *Desired, fields []FieldChange) Change {
	c := m.change(wanted, Update, fields)
	c.Join, c.Keep.Match = &Join{Match: d.Match, Needs: d.needs}, m.Sealer.Sum(d.Match)
	return c
}

// mapLive compares an instance with its target.
func (m *Matcher) mapLive(d *Mapped, to target, j *Joined) {
	j.Live = to.live
	r := m.baseOf(d, to.live)
	v := &verdict{m: m, d: d, live: to.live}
	if err := v.decide(r); err != nil {
		m.refuse(&d.Desired, "", "Unreadable state", err.Error())
		return
	}
	wanted := d.Desired
	wanted.Fields = v.desired
	if !m.claim(to, &wanted) {
		return
	}
	df := differ{kind: m.Kind, sealer: m.Sealer}
	fields, rebase, err := df.diff(wanted.Fields, to.live, r)
	if err != nil {
		m.refuse(&d.Desired, "", "Unreadable state", err.Error())
		return
	}
	fields = m.spare(to, &wanted, v.mark(fields))
	if m.impossible(&wanted, to.live, fields) || m.replacing(&wanted, fields) {
		return
	}
	j.Back, j.Gives, d.needs = v.back, v.gives, m.needs(d, to.live, fields)
	c := m.mapped(d, &wanted, fields)
	c.ID, c.Live, c.Kept = to.live.ID, to.live, v.kept
	if r != m.Records[d.Sealed] {
		c.Join.Base = r
	}
	c.Reason = m.named(to.live) + j.how
	m.countAuthor(&c)
	if m.moved(&c, &wanted) && len(fields) == 0 {
		c.Action = Move
	}
	if len(fields) > 0 || c.Action == Move {
		j.Change = m.add(c)
		return
	}
	c.Action = NoOp
	if j.idle = !rebase && r != nil && c.Join.Base == nil && r.Flags == c.Keep; !j.idle || len(v.kept) > 0 {
		j.record = &c
	}
}

// Settle ends the join of an instance: paths of the target need not go back,
// because the source has their values already, in its own spelling.
func (m *Matcher) Settle(j *Joined, paths []string) {
	left := func(kept []string) []string {
		return slices.DeleteFunc(kept, func(p string) bool { return slices.Contains(paths, p) })
	}
	j.Back = slices.DeleteFunc(j.Back, func(f FieldChange) bool { return slices.Contains(paths, f.Mapped) })
	if j.Change >= 0 {
		m.Changes[j.Change].Kept = left(m.Changes[j.Change].Kept)
	}
	if j.record == nil {
		return
	}
	if j.record.Kept = left(j.record.Kept); len(j.record.Kept) > 0 || !j.idle {
		m.Rebased = append(m.Rebased, *j.record)
	}
}

// WriteBack plans what goes to the source of an instance, by rules that give to
// it. The matcher is that of the source's kind.
func (m *Matcher) WriteBack(d *Mapped, gives []*config.MappedField, fields []FieldChange) {
	m.start()
	source := m.listed(d.Source)
	if m.destroyed(source) != nil || m.at(source).live == nil {
		return // nothing is written to who goes
	}
	if !m.claimBack(d, source, gives) {
		return
	}
	if len(fields) == 0 {
		m.countAuthor(&Change{Live: source})
		return
	}
	c := Change{
		Address: d.Address, Kind: m.Kind, Provider: m.Provider, Action: Update, ID: source.ID, Live: d.Source,
		Fields: fields, Place: d.Block.Place, Level: d.Block.Level, Reason: m.named(source), Join: &Join{Match: d.Match, Needs: d.needs},
	}
	c.Address.Source = true
	for _, f := range fields {
		c.Desired = append(c.Desired, schema.Field{Path: f.Path, Value: f.Desired, Sensitive: f.Sensitive})
	}
	c.Desired.Sort()
	m.countAuthor(&c)
	m.add(c)
}

// claimBack notes what an instance is the author of in its source.
func (m *Matcher) claimBack(d *Mapped, source *schema.Object, gives []*config.MappedField) bool {
	wanted := Desired{Block: d.Block, Address: d.Address}
	wanted.Address.Source = true
	for _, rule := range gives {
		wanted.Fields = append(wanted.Fields, schema.Field{Path: rule.Source})
	}
	if m.claim(target{live: source}, &wanted) {
		return true
	}
	// The place is that of the field which gives.
	p := &m.Problems[len(m.Problems)-1]
	p.Path = gives[slices.IndexFunc(gives, func(f *config.MappedField) bool { return f.Source == p.Path })].Path
	return false
}

// named names a live object to people.
func (m *Matcher) named(o *schema.Object) string { return fmt.Sprintf("%s %q", m.Kind.Noun, o.ID) }

// replacing refuses what could only be written to another object.
func (m *Matcher) replacing(d *Desired, fields []FieldChange) bool {
	for i := range fields {
		if fields[i].Replaces {
			m.refuse(d, fields[i].Path, "A mapping replaces nothing", fmt.Sprintf("%s, so it cannot be mapped to an object that has another value.", because(fields)))
			return true
		}
	}
	return false
}
