package state

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Remote names an object of an account.
type Remote struct {
	// Provider is the reference of the account.
	Provider string
	// Kind is the name of the object's kind, and ID its remote id.
	Kind, ID string
}

// Lingering is an object that was deleted, and that lists may still show.
type Lingering struct {
	Remote
	// Until is when they show it no longer, in Unix seconds.
	Until int64
	// Unsure is set when the answer to the delete was lost: it may be alive.
	Unsure bool
}

// lingeringLine is a Lingering in the log.
type lingeringLine struct {
	Provider string `json:"provider"`
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Until    int64  `json:"until"`
	Unsure   bool   `json:"unsure,omitempty"`
}

func newLingeringLine(l Lingering) lingeringLine {
	return lingeringLine{l.Provider, l.Kind, l.ID, l.Until, l.Unsure}
}

// linger notes an object that was deleted.
func (s *Snapshot) linger(l Lingering) { s.Lingering[l.Remote] = l }

// returns notes that the object of a record is managed, and so is not deleted.
func (s *Snapshot) returns(r *Record) {
	if len(s.Lingering) == 0 {
		return // as nearly always
	}
	kind := cmp.Or(r.Target, r.Address().Kind)
	delete(s.Lingering, Remote{r.Provider, kind, r.ID})
}

// SortedLingering are the objects that were deleted and may still be listed, in the
// order of their names.
func (s *Snapshot) SortedLingering() []Lingering {
	all := slices.Collect(maps.Values(s.Lingering))
	slices.SortFunc(all, func(a, b Lingering) int {
		return cmp.Or(strings.Compare(a.Provider, b.Provider), strings.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID))
	})
	return all
}

// Pass forgets what is listed no longer at an instant, in Unix seconds. The log that is
// written next has no trace of it.
func (s *Store) Pass(now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.snap.Lingering, func(_ Remote, l Lingering) bool { return l.Until <= now })
}
