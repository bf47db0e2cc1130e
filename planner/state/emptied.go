package state

import "lockstep/schema"

// emptied is what tombstones took out of a snapshot since a batch last ended. A
// batch says first what is gone and then what there is: where it was cut off in
// between, a record that was to move would be nowhere.
type emptied struct {
	records map[object]*Record
	intents []Intent
}

// object is what a record is about, wherever it stands.
type object struct{ provider, id, target string }

func objectOf(r *Record) object { return object{r.Provider, r.ID, r.Target} }

// note remembers what an address has, before it is emptied.
func (e *emptied) note(s *Snapshot, a schema.Address) {
	if r := s.Record(a); r != nil {
		if e.records == nil {
			e.records = map[object]*Record{}
		}
		e.records[objectOf(r)] = r
	}
	if i, open := s.Intents[a]; open {
		e.intents = append(e.intents, i)
	}
}

// passed notes that an object has a record again, under whichever address: two
// records of one object would let one of them delete what the other one keeps.
func (e *emptied) passed(r *Record) {
	if len(e.records) > 0 {
		delete(e.records, objectOf(r))
	}
}

// undo puts back what a batch without an end took out, where nothing else stands by
// now. What was deleted in the CRM is then found to be gone.
func (e *emptied) undo(s *Snapshot) {
	for _, i := range e.intents {
		if s.Record(i.Address) == nil {
			s.Intents[i.Address] = i
		}
	}
	for _, r := range e.records {
		if s.Record(r.Address()) == nil {
			s.Records.Put(r.Address(), r)
		}
	}
}
