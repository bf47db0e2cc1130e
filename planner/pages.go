package planner

import (
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Pages takes a list of live objects into the picture, page by page. Of an object
// that is in step it keeps only what other objects may ask of it: its id, its
// version, its natural keys, and the values that go with what their keys name. A
// plan that keeps all of a hundred thousand objects takes twice the memory. What
// is kept is copied, so that the next page may use the memory of the one before.
type Pages struct {
	roster *Roster
	// kept are the attributes that are kept of an object in step.
	kept []string
	// fields and objects hold what is kept of many objects in few allocations.
	fields  schema.Fields
	objects []schema.Object
}

// pageRoom is for how many objects, or fields, room is made at a time.
const pageRoom = 1024

// Pages prepares for the first list of the live objects, for a batch that Pair is
// given next as it is. It returns nil when objects must be kept whole: instances
// with a number may take each other's place, and children are told apart by all
// that they have.
func (r *Roster) Pages(batch []Desired) *Pages {
	if len(batch) == 0 || batch[0].Address.Key.Type == schema.IntKey || r.Kind.Parent != "" || len(r.Kind.Content) > 0 || r.Live.Len() > 0 {
		return nil
	}
	p := &Pages{roster: r}
	keys := slices.Concat(r.Kind.Keys...)
	for i := range r.Kind.Attributes {
		switch a := &r.Kind.Attributes[i]; {
		case slices.Contains(keys, a.Name):
			p.kept = append(p.kept, a.Name, a.Also)
		case a.KeysOf != nil:
			p.kept = append(p.kept, a.Name)
		}
	}
	r.Live.await(batch, r.Records)
	return p
}

// Add puts the objects of a page into the picture.
func (p *Pages) Add(page []schema.Object) {
	live := p.roster.Live
	for i := range page {
		o := &page[i]
		s := live.byID[o.ID]
		if s == nil || s.live != nil || !p.sees(s, o) {
			live.put(p.keep(*o, o.Fields))
			continue
		}
		kept := p.keep(*o, nil)
		kept.ID, kept.Fields = s.record.ID, p.asked(o.Fields, s.inStep.Fields)
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
	if _, moved := r.Previous[d.Sealed]; moved || !remembers(s.record, d) || !r.Unchanged(d, s.record) {
		return false
	}
	fields, _, err := r.planned(d.Block.Ignore).diff(d.Fields, o, s.record)
	return err == nil && len(fields) == 0
}

// keep copies an object with other fields.
func (p *Pages) keep(o schema.Object, fields schema.Fields) *schema.Object {
	if len(p.objects) == cap(p.objects) {
		p.objects = make([]schema.Object, 0, pageRoom)
	}
	begin := p.begin(len(fields))
	p.fields = append(p.fields, fields...)
	o.Fields = p.since(begin)
	p.objects = append(p.objects, o)
	return &p.objects[len(p.objects)-1]
}

// asked copies the fields that are kept of an object in step. Where the files have
// the same text, it is not held twice.
func (p *Pages) asked(live, desired schema.Fields) schema.Fields {
	begin := p.begin(len(live))
	for _, f := range live {
		if !slices.Contains(p.kept, schema.PathAttribute(f.Path)) {
			continue
		}
		if want := desired.Value(f.Path); want.Equal(f.Value) && want.Written() == f.Value.Written() {
			f.Value = want
		}
		p.fields = append(p.fields, f)
	}
	return p.since(begin)
}

// begin makes room for some fields, and returns where they begin.
func (p *Pages) begin(n int) int {
	if cap(p.fields)-len(p.fields) < n {
		p.fields = make(schema.Fields, 0, max(n, pageRoom))
	}
	return len(p.fields)
}

func (p *Pages) since(begin int) schema.Fields {
	return p.fields[begin:len(p.fields):len(p.fields)]
}

// await makes a subject for each desired object that has a record, before the
// live ones are listed.
func (l *Live) await(batch []Desired, records *state.Records) {
	l.byID = make(map[string]*Subject, len(batch))
	l.awaited = make([]Subject, 0, len(batch))
	for i := range batch {
		rec := batch[i].Record(records)
		if rec == nil || l.byID[rec.ID] != nil {
			continue
		}
		l.awaited = append(l.awaited, Subject{inStep: &batch[i], record: rec})
		l.byID[rec.ID] = &l.awaited[len(l.awaited)-1]
	}
}
