package state

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"lockstep/schema"
)

// Due is an action that the change of a resource runs, or that a person runs by its
// name. It is open until it has an answer.
type Due struct {
	Run
	// Sent reports that it was sent, so that it may have run.
	Sent bool
	// Wants is what the files wanted of an object when its change was about to be sent:
	// whether that was made is not known. It is the zero Digest when it was made.
	Wants Digest
}

// Run names a run of an action: by sealed addresses, of which For is that of the
// resource, the zero one when it runs by name.
type Run struct {
	Action, For schema.Address
	// Event is that of the trigger, such as after_create; empty when it runs by name.
	Event string
}

// runLine is a Due in the log.
type runLine struct {
	Action string `json:"action"`
	For    string `json:"for,omitempty"`
	Event  string `json:"event,omitempty"`
	Sent   bool   `json:"sent,omitempty"`
	Wants  Digest `json:"wants,omitzero"`
}

func newRunLine(d Due) runLine {
	l := runLine{Action: d.Action.String(), Event: d.Event, Sent: d.Sent, Wants: d.Wants}
	if d.Event != "" {
		l.For = d.For.String()
	}
	return l
}

func (l *runLine) run() (r Run, err error) {
	if r.Action, err = schema.ParseAddress(l.Action); err != nil || l.Event == "" {
		return r, err
	}
	r.Event = l.Event
	r.For, err = schema.ParseAddress(l.For)
	return r, err
}

// run takes a line about a run of an action.
func (s *Snapshot) run(l *line) error {
	if l.Ran != nil {
		r, err := l.Ran.run()
		delete(s.Due, r)
		return err
	}
	r, err := l.Due.run()
	if err == nil {
		s.Due[r] = Due{Run: r, Sent: l.Due.Sent, Wants: l.Due.Wants}
	}
	return err
}

// SortedDue are the actions that are still to run, or may have run, in the order of
// what triggers them.
func (s *Snapshot) SortedDue() []Due {
	return slices.SortedFunc(maps.Values(s.Due), func(a, b Due) int {
		return cmp.Or(a.For.Compare(b.For), strings.Compare(a.Event, b.Event), a.Action.Compare(b.Action))
	})
}
