package planner

import "lockstep/planner/index"

// ids find subjects by the remote ids of their objects, or of their records as long
// as no list has them. The zero value is empty.
type ids struct {
	index index.Index
	// all are the subjects by number; nil for one that was dropped.
	all []*Subject
}

// grow makes room for a number of subjects.
func (x *ids) grow(n int) {
	x.index.Grow(n)
	if cap(x.all) < n {
		x.all = append(make([]*Subject, 0, n), x.all...)
	}
}

// number returns the number of an id, -1 when there is none.
func (x *ids) number(id string) int {
	for n := range x.index.Find(x.index.Hash(id)) {
		if s := x.all[n]; s != nil && s.id() == id {
			return n
		}
	}
	return -1
}

// get returns the subject with an id, nil when there is none.
func (x *ids) get(id string) *Subject {
	if n := x.number(id); n >= 0 {
		return x.all[n]
	}
	return nil
}

// add adds a subject, whose id no other one has.
func (x *ids) add(s *Subject) {
	if len(x.all) == 0 {
		x.index.Grow(1)
	}
	x.index.Add(x.index.Hash(s.id()), len(x.all))
	x.all = append(double(x.all), s)
}

func (x *ids) drop(id string) {
	if n := x.number(id); n >= 0 {
		x.all[n] = nil
	}
}

// id is the remote id of the object, or of the one that is expected.
func (s *Subject) id() string {
	if s.live != nil {
		return s.live.ID
	}
	return s.record.ID
}
