package planner

import (
	"slices"

	"lockstep/schema"
)

// narrow takes out of a subject what the plan is not about, so that the others see
// the object as it stays: what its owner wants, and what mappings want.
func (s *Subject) narrow(f *Files) {
	if f.Planned == nil {
		return
	}
	made := s.made()
	s.apart = s.owner != nil && !f.about(s.owner.Address())
	for _, p := range s.mappings {
		// What nothing makes cannot be written to.
		p.apart = !f.about(p.Address()) || s.apart && made
		if p.apart && p.action != Create {
			p.fields = nil
		}
	}
	if s.apart && s.own != nil && s.live != nil {
		s.own = nil
	}
}

// planless reports whether the plan is about nothing that anybody wants of a subject.
func (s *Subject) planless() bool {
	return (s.owner == nil || s.apart) && !slices.ContainsFunc(s.mappings, func(p *part) bool { return !p.apart })
}

// staying reports whether the record of a sealed address is left as it is: its block
// lacks what tells its instances, or the plan is not about it.
func staying(r *Roster) func(sealed schema.Address) bool {
	return func(sealed schema.Address) bool {
		if r.held(sealed) {
			return true
		}
		return r.Planned != nil && !r.about(r.shown(sealed, r.Live.ID(r.Records.Get(sealed).ID)))
	}
}
