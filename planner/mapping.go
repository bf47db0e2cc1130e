package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// Instance is what one instance of a mapping wants. The Fields of its Desired
// are what the source gives, in the spelling of the target.
type Instance struct {
	Desired
	// Mapping says how each field travels.
	Mapping *config.Mapping
	// Match is by what the target is found; empty finds nothing.
	Match schema.Fields
	// Source is the object that the instance is made of; nil when nothing of it
	// can be written.
	Source *schema.Object
	// Held are the paths of the target that stay as they are, because the source has
	// no usable value for them.
	Held []string
	// Echoes reports whether the source has a value of the target in its own
	// spelling. Nil where nothing goes back.
	Echoes func(rule *config.MappedField, value schema.Value) bool
}

// Joined is the target that an instance of a mapping was joined with.
type Joined struct {
	// Target is nil when there is none, or it was refused.
	Target *Subject
	// Missing reports that nothing fits, and that nothing is created.
	Missing bool
	// Back are the fields that the target gives to the source.
	Back []FieldChange
	// Gives are the rules by which the target gives, also where the source has
	// its values already.
	Gives []*config.MappedField
	// Stale are the paths of the target with values that the source no longer has.
	Stale []string

	part  *part
	needs []schema.Address
}

// Join finds the targets of the instances of a mapping, after all resource
// blocks of the kind were paired.
func (r *Roster) Join(batch []Instance) []Joined {
	j := &joining{Roster: r, batch: batch}
	joined := make([]Joined, len(batch))
	for i := range batch {
		j.join(&batch[i], &joined[i])
	}
	return joined
}

// joining is one mapping under way.
type joining struct {
	*Roster
	batch []Instance
	// sought are the digests of what the instances match by, once somebody asks.
	sought map[state.Digest]bool
}

func (j *joining) join(d *Instance, out *Joined) {
	if j.Records.Get(d.Sealed()) != nil {
		// If the record is left over, its address still is known.
		j.learn(d.Sealed().Key.Text, d.Address().Key.Text)
	}
	to, how, problem := j.target(d)
	switch {
	case problem != nil:
		j.Problems = append(j.Problems, *problem)
		j.place(d.Sealed())
	case to == nil && len(d.Match) > 0 && d.Mapping.Missing == config.MissingCreate && len(d.Held) == 0:
		j.make(d, out)
	case to == nil && d.Mapping.Missing == config.MissingError:
		j.refuse(&d.Desired, "", "Nothing to map to", fmt.Sprintf("There is no live %s with %s, and missing = %q wants one. Create it, or write missing = %q or %q.",
			j.Kind.Noun, matchWords(d.Match), config.MissingError, config.MissingSkip, config.MissingCreate))
	case to == nil:
		out.Missing = true
	case to.live != nil && j.leaves(to.live) && to.owner == nil:
		j.bereave(d, to)
	case to.live == nil && to.maker().Block == d.Block:
		j.place(d.Sealed())
		j.refuse(&d.Desired, matchPath(d.Match), "Two instances with one target", fmt.Sprintf("%s is about to create a %s with %s, and %s would find it. Let one instance be about it.",
			to.maker().Address(), j.Kind.Noun, matchWords(d.Match), d.Address()))
	case to.made():
		j.writeMade(d, to, out)
	default:
		j.writeLive(d, to, how, out)
	}
}

// bereave leaves an instance without its target, which is to be destroyed: its
// record goes as well. One that wants a target is refused.
func (j *joining) bereave(d *Instance, target *Subject) {
	would := "would create it again, without what belongs to it"
	switch d.Mapping.Missing {
	case config.MissingSkip:
		return
	case config.MissingError:
		would = "wants it"
	}
	j.place(d.Sealed())
	a, _ := j.of(target.live.ID)
	_, reason := j.fate(a, j.Records.Get(a), target.live)
	j.refuse(&d.Desired, "", "The target would be destroyed", fmt.Sprintf(
		"%s would be destroyed (%s), and %s, which has missing = %q, %s. Put the block back, or write a removed block with destroy = false.",
		Called(j.shown(a, target.live), j.Kind, target.live), reason, d.Address(), d.Mapping.Missing, would))
}

// claim makes an author one of a subject's. It refuses a field that another one
// writes too.
func (r *Roster) claim(s *Subject, d *Desired) bool {
	other, path, problem := s.rival(d)
	if other == nil {
		return true
	}
	r.refuse(d, path, "Two authors of one field", fmt.Sprintf("%s and %s both write %s of one %s%s. %s. Let one of them do it.",
		d.Address(), other.Address(), path, r.Kind.Noun, problem, other.place()))
	return false
}

// add makes a part one of a subject's, once claim let it pass.
func (r *Roster) add(s *Subject, p *part) {
	if s.owner == nil && len(s.mappings) == 0 {
		r.subjects = append(r.subjects, s)
	}
	s.mappings = append(s.mappings, p)
	switch {
	case s.live == nil:
		r.made.put(s)
	case len(p.fields) > 0:
		r.touched.put(s)
	}
}

// writeLive compares an instance with its live target.
func (j *joining) writeLive(d *Instance, to *Subject, how string, out *Joined) {
	out.Target = to
	base := j.pair(d.Sealed(), to.live.ID)
	sides := &sides{roster: j.Roster, d: d, target: to.live}
	if err := sides.decide(base); err != nil {
		j.refuse(&d.Desired, "", "Unreadable state", err.Error())
		return
	}
	wanted := d.Wants(sides.desired)
	if !j.claim(to, &wanted) {
		return
	}
	fields, rebase, err := j.planned(d.Held).diff(sides.all(), to.live, base)
	if err != nil {
		j.refuse(&d.Desired, "", "Unreadable state", err.Error())
		return
	}
	p := &part{
		Desired: &wanted, action: Update, fields: sides.mark(fields), base: base, rebase: rebase,
		kept: sides.kept, stays: sides.stays, reason: j.named(to.live) + how, join: &Join{Match: d.Match, Needs: j.needs(d, to, fields)},
	}
	if base != j.Records.Get(d.Sealed()) {
		p.join.Base = base
	}
	j.add(to, p)
	out.part, out.needs, out.Back, out.Gives, out.Stale = p, p.join.Needs, sides.back, sides.gives, sides.stale
}

// writeMade adds an instance to what somebody else is about to create.
func (j *joining) writeMade(d *Instance, to *Subject, out *Joined) {
	j.place(d.Sealed())
	wanted := d.Desired
	if !j.claim(to, &wanted) {
		return
	}
	out.Target = to
	if fields := created(j.Kind, wanted.Fields()); len(fields) > 0 {
		j.add(to, &part{Desired: &wanted, action: Update, fields: fields, reason: to.maker().Address().String(), join: &Join{Match: d.Match}})
	}
}

// make creates the target of an instance, with what it is to be found by.
func (j *joining) make(d *Instance, out *Joined) {
	fields := slices.Clone(d.Fields())
	for _, f := range d.Match {
		a := j.Kind.Attribute(schema.PathAttribute(f.Path))
		if _, given := d.Find(f.Path); !given && a != nil && a.Writable() {
			fields = append(fields, f)
		}
	}
	fields.Sort()
	wanted := d.Wants(fields)
	r := j.place(d.Sealed())
	if !j.reserve(&wanted) || j.occupied(d, &wanted) {
		return
	}
	s := &Subject{}
	p := &part{
		Desired: &wanted, action: Create, fields: created(j.Kind, wanted.Fields()), gone: r != nil && j.Live.ID(r.ID) == nil,
		reason: "no " + j.Kind.Noun + " was found", join: &Join{Match: d.Match, Needs: j.vacating(d, &wanted)},
	}
	// What it is found by belongs to no author once it is there.
	fields = slices.Clone(fields)
	for i := range fields {
		_, mapped := d.Find(fields[i].Path)
		fields[i].Derived = fields[i].Derived || !mapped
	}
	wanted = wanted.Wants(fields)
	j.add(s, p)
	out.Target, out.part = s, p
}

// vacating are the changes that take from live objects what a new one is found
// by, or its natural key: until then it would be there twice.
func (j *joining) vacating(d *Instance, wanted *Desired) []schema.Address {
	var changes []schema.Address
	paths, text := matchText(d.Match)
	for _, s := range j.Live.matching(paths, text) {
		changes = append(changes, s.changing(paths)...)
	}
	for rank, key := range j.Kind.Keys {
		for _, s := range j.Live.key(rank, keyText(key, wanted.Value)) {
			changes = append(changes, s.changing(key)...)
		}
	}
	return changes
}

// occupied refuses to create what exists: nothing has what the mapping looks
// for, but another object has the natural key that the new one would get, or is
// given it by another change.
func (j *joining) occupied(d *Instance, wanted *Desired) bool {
	for rank, key := range j.Kind.Keys {
		text := keyText(key, wanted.Value)
		for _, other := range j.keyed(rank, text) {
			if j.contradicts(rank, wanted, other.live) {
				continue
			}
			taken := "has " + describeKey(key, wanted.Fields()) + " already"
			if keyText(key, other.live.Value) != text {
				taken = "gets " + describeKey(key, wanted.Fields())
			}
			j.refuse(&d.Desired, key[0], "The natural key is taken", fmt.Sprintf(
				"No live %s has %s, so one would be created, but another live %s (id %s) %s. Match by %s, or give that one %s.",
				j.Kind.Noun, matchWords(d.Match), j.Kind.Noun, other.live.ID, taken, strings.Join(key, " and "), matchWords(d.Match)))
			return true
		}
	}
	return false
}

// needs lists the changes that make a live object match an instance, its own
// among them.
func (j *joining) needs(d *Instance, to *Subject, fields []FieldChange) []schema.Address {
	paths, _ := matchText(d.Match)
	needs := to.changing(paths)
	if slices.ContainsFunc(fields, func(f FieldChange) bool { return slices.Contains(paths, f.Path) }) {
		needs = append(needs, d.Address())
	}
	return needs
}

// InStep ends the join of an instance: paths of the target need not go back,
// because the source has their values already, in its own spelling.
func (out *Joined) InStep(paths []string) {
	named := func(path string) bool { return slices.Contains(paths, path) }
	out.Back = slices.DeleteFunc(out.Back, func(f FieldChange) bool { return named(f.From) })
	if out.part != nil {
		out.part.kept = slices.DeleteFunc(out.part.kept, named)
	}
}

// WriteBack plans what goes to the source of an instance. The roster is that of
// the source's kind.
func (r *Roster) WriteBack(d *Instance, out *Joined, fields []FieldChange) {
	source := r.subject(d.Source)
	if source.owner == nil && r.leaves(source.live) || source.replaced() {
		return // what goes is not written to
	}
	var gives schema.Fields
	for _, rule := range out.Gives {
		gives = append(gives, schema.Field{Path: rule.Source})
	}
	wanted := d.source(gives)
	if !r.claim(source, &wanted) {
		// The place is that of the field which gives.
		p := &r.Problems[len(r.Problems)-1]
		p.Path = out.Gives[slices.IndexFunc(out.Gives, func(f *config.MappedField) bool { return f.Source == p.Path })].Path
		return
	}
	for _, f := range fields {
		i := slices.IndexFunc(gives, func(w schema.Field) bool { return w.Path == f.Path })
		gives[i].Value, gives[i].Sensitive = f.Desired, f.Sensitive
	}
	gives.Sort()
	wanted = wanted.Wants(gives)
	r.add(source, &part{
		Desired: &wanted, action: Update, fields: fields, reason: r.named(source.live), join: &Join{Match: d.Match, Needs: out.needs},
	})
}

// named names a live object to people.
func (r *Roster) named(o *schema.Object) string { return fmt.Sprintf("%s %q", r.Kind.Noun, o.ID) }
