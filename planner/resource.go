package planner

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Pair finds for each desired object of a batch the subject that it is: a live
// object, or one to be made. The result has nil where that was refused.
func (r *Roster) Pair(batch []Desired) []*Subject {
	p := &pairing{Roster: r, batch: batch, subjects: make([]*Subject, len(batch)), refused: make([]bool, len(batch)), gone: make([]bool, len(batch))}
	p.reorder()
	// Objects of the state come first, so that none of them is adopted by
	// another address in the same batch. Then come those that an import names,
	// siblings by what they have in common, and those that a key finds.
	for i := range batch {
		rec := r.placeOf(&batch[i])
		if p.refused[i] = !p.reserve(&batch[i]); !p.refused[i] && rec != nil {
			p.fromState(i, rec)
		}
	}
	p.each(func(i int) {
		if batch[i].ImportID != "" {
			p.fromLive(i)
		}
	})
	p.nearSiblings()
	p.each(p.fromLive)
	p.fromLeaving()
	p.each(func(i int) { p.subjects[i] = r.create(&batch[i], p.gone[i]) })
	return p.subjects
}

// pairing is one batch under way.
type pairing struct {
	*Roster
	*outlines
	batch    []Desired
	subjects []*Subject
	// refused objects are not paired, and gone ones were in the state and are
	// not live any more.
	refused, gone []bool
}

// each goes through the objects that have no subject yet. Those whose create was
// not finished come first, so that what it made is not taken for somebody
// else's by an equal sibling.
func (p *pairing) each(do func(i int)) {
	var later []int
	for i := range p.batch {
		switch {
		case p.subjects[i] != nil || p.refused[i]:
		case p.ours(p.batch[i].Sealed()):
			do(i)
		default:
			later = append(later, i)
		}
	}
	for _, i := range later {
		do(i)
	}
}

// settle notes whom an object turned out to be; ok is false when that was
// refused.
func (p *pairing) settle(i int, s *Subject, ok bool) {
	p.refused[i], s.refused = !ok, !ok
	if ok {
		p.subjects[i] = s
	}
}

// reserve refuses two desired objects with the same strongest natural key.
func (r *Roster) reserve(d *Desired) bool {
	if r.keys.Kind == nil {
		r.keys.Kind, r.keys.Room = r.Kind, r.Records.Len()
	}
	problem := r.keys.Claim(d)
	if problem != nil {
		r.Problems = append(r.Problems, *problem)
	}
	return problem == nil
}

// fromState pairs an object with the record under its address.
func (p *pairing) fromState(i int, rec *state.Record) {
	d := &p.batch[i]
	s := p.Live.find(rec.ID)
	switch {
	case s == nil && p.Vouched(d, rec):
		if p.outlines == nil {
			p.outlines = newOutlines(p.Kind)
		}
		p.subjects[i] = p.vouched(p.Kind, d, rec)
		p.take(d, p.subjects[i], rec)
	case p.isAnother(d, rec.ID):
		// What that one was is forgotten.
	case s == nil:
		p.gone[i] = true
	case !p.take(d, s, rec):
		p.refused[i] = true
	default:
		p.settle(i, s, p.compare(s, NoOp, ""))
	}
}

// fromLive pairs an object with the live one that its import, its natural key or
// its content names.
func (p *pairing) fromLive(i int) {
	found, problem := p.find(&p.batch[i])
	if problem != nil {
		p.Problems = append(p.Problems, *problem)
		p.refused[i] = true
		return
	}
	if found != nil {
		p.become(i, found)
	}
}

// become makes a live object that has no record under the address that of a
// desired one: it is adopted, unless the state knows it under an address that is
// no longer declared.
func (p *pairing) become(i int, s *Subject) {
	d := &p.batch[i]
	if a, known := p.of(s.live.ID); known && a != d.Sealed() {
		if !p.take(d, s, p.Records.Get(a)) {
			p.refused[i] = true
			return
		}
		p.succeed(a, d.Sealed())
		p.settle(i, s, p.compare(s, NoOp, ""))
		return
	}
	if !p.take(d, s, nil) {
		p.refused[i] = true
		return
	}
	if d.Block.OnExists == "error" && d.ImportID == "" && !p.ours(d.Sealed()) {
		p.refuse(d, "", "The object exists already", fmt.Sprintf(
			"A live %s (id %s) has the same natural key, and on_exists = \"error\" forbids to adopt it. Remove on_exists to adopt it, or delete it in the CRM.", p.Kind.Noun, s.live.ID))
		p.settle(i, s, false)
		return
	}
	reason := ""
	if p.gone[i] {
		reason = "the object that was managed is gone; this one has its natural key"
	}
	p.settle(i, s, p.compare(s, Adopt, reason))
}

// find looks for the live object that a desired one without record is.
func (p *pairing) find(d *Desired) (*Subject, *Problem) {
	if d.ImportID != "" {
		return p.imported(d)
	}
	// An object is found by its own values before it is by others.
	for _, candidates := range []func(int, string) []*Subject{p.Live.key, p.Live.further, p.Live.otherCase} {
		for _, rank := range p.ranks(d) {
			if found, problem := p.findBy(d, rank, candidates); found != nil || problem != nil {
				return found, problem
			}
		}
	}
	return nil, nil
}

// findBy finds the one object that a natural key finds, nil when there is none.
func (p *pairing) findBy(d *Desired, rank int, candidates func(int, string) []*Subject) (*Subject, *Problem) {
	key := p.Kind.Keys[rank]
	text := keyText(key, d.Value)
	if text == "" {
		return nil, nil
	}
	found := slices.DeleteFunc(slices.Clone(candidates(rank, text)), func(s *Subject) bool {
		// Who has another owner and gives the key up is another object.
		return p.contradicts(rank, d, s.live) || s.owner != nil && keyText(key, s.becomes) != text
	})
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	default:
		return nil, p.ambiguous(d, key, found)
	}
}

func (p *pairing) imported(d *Desired) (*Subject, *Problem) {
	if s := p.Live.find(d.ImportID); s != nil {
		return s, nil
	}
	return nil, &Problem{
		Address: d.Address(), Place: d.Block.Place, Summary: "Nothing to import",
		Detail: fmt.Sprintf("There is no live %s with the id %s. Check the id and the account (%s).", p.Kind.Noun, d.ImportID, p.Provider),
	}
}

// ranks are the natural keys of a desired object by their places, strongest
// first: what the files say counts more than what is derived from it.
func (p *pairing) ranks(d *Desired) []int {
	ranks := make([]int, len(p.Kind.Keys))
	derived := make([]int, len(p.Kind.Keys))
	for rank, key := range p.Kind.Keys {
		ranks[rank] = rank
		for _, path := range key {
			if f, _ := d.Find(path); f.Derived {
				derived[rank]++
			}
		}
	}
	slices.SortStableFunc(ranks, func(a, b int) int { return cmp.Compare(derived[a], derived[b]) })
	return ranks
}

// contradicts reports whether a weaker key fits but a stronger one tells the
// objects apart: two people may share a phone, and not an e-mail address. What
// is derived tells nothing apart: live objects may be older than their names.
func (r *Roster) contradicts(rank int, d *Desired, o *schema.Object) bool {
	return slices.ContainsFunc(r.Kind.Keys[:rank], func(stronger schema.NaturalKey) bool {
		want, has := keyText(stronger, d.Value), keyText(stronger, o.Value)
		return want != "" && has != "" && slices.ContainsFunc(stronger, func(path string) bool {
			f, _ := d.Find(path)
			return !f.Derived && f.Value.Text() != o.Value(path).Text() && !answersTo(r.Kind.Attribute(path), o, f.Value)
		})
	})
}

func (p *pairing) ambiguous(d *Desired, key schema.NaturalKey, found []*Subject) *Problem {
	return &Problem{
		Address: d.Address(), Place: d.Block.Place, Path: key[0], Summary: "More than one live object fits",
		Detail: fmt.Sprintf("%s live %s have %s: %s. Merge them in the CRM, or say which one is meant with an import block.",
			schema.Thousands(len(found)), p.Kind.Plural, describeKey(key, d.Fields()), subjectIDs(found)),
	}
}

func subjectIDs(found []*Subject) string {
	ids := make([]string, len(found))
	for i, s := range found {
		ids[i] = s.live.ID
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

// siblings are the children of an object's parent that have the same content, but
// for what was retired.
func (r *Roster) siblings(d *Desired) []*Subject {
	parent := r.Kind.ParentOf(d.Value)
	if len(r.Kind.Content) == 0 || parent.Type() != schema.String {
		return nil
	}
	content := contentText(r.Kind, parent.Text(), d.Value)
	found := r.Live.children(parent.Text(), strings.TrimPrefix(content, parent.Text()+"\x00"))
	if len(r.Kind.Retire) == 0 || r.Kind.Retired(d.Value) {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(s *Subject) bool { return r.Kind.Retired(s.live.Value) })
}

// free are the siblings that no other address has.
func (r *Roster) free(d *Desired) []*Subject {
	return slices.DeleteFunc(slices.Clone(r.siblings(d)), func(s *Subject) bool {
		a, managed := r.of(s.live.ID)
		return s.owner != nil || managed && r.Declared(a)
	})
}

// nearSiblings pairs objects with siblings, those that have the most in common
// first: what needs no write at all is not taken by another one for its title
// alone, and what needs one is not taken by one that needs two.
func (p *pairing) nearSiblings() {
	widest, open := -1, make([]bool, len(p.batch))
	p.each(func(i int) {
		if open[i] = len(p.free(&p.batch[i])) > 0; open[i] {
			widest = max(widest, p.batch[i].fields.Len())
		}
	})
	for limit := range widest + 1 {
		p.each(func(i int) {
			if !open[i] {
				return
			}
			if s := p.nearest(&p.batch[i]); s != nil && p.distance(&p.batch[i], s) <= limit {
				p.become(i, s)
			}
		})
	}
}

// nearest is the free sibling that has the most in common with an object; nil
// when there is none.
func (p *pairing) nearest(d *Desired) *Subject {
	free := p.free(d)
	if len(free) == 0 {
		return nil
	}
	return slices.MinFunc(free, func(a, b *Subject) int { return p.distance(d, a) - p.distance(d, b) })
}

// distance is how many fields of a live object would have to be written.
func (p *pairing) distance(d *Desired, s *Subject) int {
	fields, _, err := p.differ(d.Block.Ignore).diff(d.Fields(), s.live, nil)
	if err != nil {
		return d.fields.Len()
	}
	return len(fields)
}

// fromLeaving pairs new objects with live ones that are about to be deleted and
// have one of their natural keys: the account would refuse the new one, and then
// the old one would be gone for nothing.
func (p *pairing) fromLeaving() {
	heirs := map[*Subject]int{}
	p.each(func(i int) {
		s := p.leaving(&p.batch[i])
		if s == nil {
			return
		}
		if j, several := heirs[s]; !several || p.batch[i].Address().Compare(p.batch[j].Address()) < 0 {
			heirs[s] = i
		}
	})
	for _, i := range slices.Sorted(maps.Values(heirs)) {
		p.become(i, p.leaving(&p.batch[i]))
	}
}

// leaving is the one object that is about to be deleted and has a natural key of
// a new one; nil when there is none, or several.
func (p *pairing) leaving(d *Desired) *Subject {
	var found []*Subject
	for rank, key := range p.Kind.Keys {
		for _, s := range p.Live.key(rank, keyText(key, d.Value)) {
			if s.owner == nil && p.leaves(s.live) && !slices.Contains(found, s) {
				found = append(found, s)
			}
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// leaves reports whether a live object would be deleted, because nothing
// declares it any more.
func (r *Roster) leaves(o *schema.Object) bool {
	a, managed := r.of(o.ID)
	rec := r.Records.Get(a)
	if !managed || r.isPlaced(a) || r.Declared(a) {
		return false
	}
	action, _ := r.fate(a, rec, o)
	return action == Delete
}
