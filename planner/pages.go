package planner

import (
	"lockstep/planner/state"
	"lockstep/schema"
)

// Pages takes a list of live objects into the picture, page by page. Of an object
// that is in step it keeps only what other objects may ask of it: its id, its
// version, its natural keys, and the values that go with what their keys name. A
// plan that keeps all of a hundred thousand objects takes twice the memory. What
// is kept is copied, so that the next page may use the memory of the one before.
type Pages struct {
	*outlines
	roster *Roster
	// room is for the fields of one desired object after the other.
	room schema.Fields
}

// Pages prepares for the first list of the live objects, for a batch that Pair is
// given next as it is. It returns nil when objects must be kept whole: instances
// with a number may take each other's place, and children are told apart by all
// that they have.
func (r *Roster) Pages(batch []Desired) *Pages {
	if len(batch) == 0 || batch[0].Address().Key.Type == schema.IntKey || r.Kind.Parent != "" || len(r.Kind.Content) > 0 || r.Live.Len() > 0 {
		return nil
	}
	r.Live.await(batch, r.Records)
	return &Pages{outlines: newOutlines(r.Kind), roster: r}
}

// Add puts the objects of a page into the picture.
func (p *Pages) Add(page []schema.Object) {
	live := p.roster.Live
	for i := range page {
		o := &page[i]
		s := live.ids.get(o.ID)
		if s == nil || s.live != nil || !p.sees(s, o) {
			live.put(p.keep(*o, o.Fields))
			continue
		}
		kept := p.keep(*o, nil)
		kept.ID, kept.Fields = s.record.ID, p.asked(o.Fields, s.inStep)
		if kept.Version == s.record.Version {
			kept.Version = s.record.Version
		}
		s.live = kept
		live.subjects = append(live.subjects, s)
	}
	live.forgetIndexes()
}

// sees reports whether a live object is in step with the desired one that is
// expected to be it, so that neither it nor its record is written.
func (p *Pages) sees(s *Subject, o *schema.Object) bool {
	r, d := p.roster, s.inStep
	if _, moved := r.Previous[d.Sealed()]; moved || d.forced() || !remembers(s.record, d) || !r.Unchanged(d, s.record) {
		return false
	}
	p.room = d.fields.Append(p.room[:0])
	df := r.planned(d.Block.Ignore)
	df.same = true
	fields, _, err := df.diff(p.room, o, s.record)
	return err == nil && len(fields) == 0
}

// await makes a subject for each desired object that has a record, before the
// live ones are listed.
func (l *Live) await(batch []Desired, records *state.Records) {
	l.ids.grow(len(batch))
	l.awaited = make([]Subject, 0, len(batch))
	for i := range batch {
		rec := batch[i].Record(records)
		if rec == nil || l.ids.get(rec.ID) != nil {
			continue
		}
		l.awaited = append(l.awaited, Subject{inStep: &batch[i], record: rec})
		l.ids.add(&l.awaited[len(l.awaited)-1])
	}
}
