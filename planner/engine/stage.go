package engine

import (
	"lockstep/providers"
	"lockstep/schema"
)

// stage is how far a change has come while a plan is applied.
type stage uint8

// The stages of a change.
const (
	// waiting changes have calls left, and none is done.
	waiting stage = iota
	// writing changes have calls left, and some are done.
	writing
	// done changes are in effect.
	done
	// skipped changes made no call, because something that they need is missing.
	skipped
	// stopped changes are skipped after some of their calls were done.
	stopped
	// partly done changes had a call refused; their other calls are still made.
	partly
	// failed changes had a call refused without which the others make no sense.
	failed
	// lost changes had a call whose answer was lost; their others are still made.
	lost
	// unknown changes had the answer lost that tells whether the object exists.
	unknown
)

// event is what happened to one write of a change.
type event uint8

// The events of a write.
const (
	// wrote: it is done, and others of its change are left.
	wrote event = iota
	// wroteLast: it is done, as are all others of its change.
	wroteLast
	// refused: it is not in effect; others can be.
	refused
	// refusedWhole: it is not in effect, and without it no other can be.
	refusedWhole
	// unanswered: its answer was lost; others can be made.
	unanswered
	// unansweredWhole: its answer was lost, so no other can be made.
	unansweredWhole
	// dropped: it was not sent.
	dropped
)

// after returns the stage that an event leads to.
func (s stage) after(e event) stage {
	switch e {
	case wrote, wroteLast:
		return s.afterWrite(e == wroteLast)
	case refused:
		switch s {
		case waiting, writing:
			return partly
		case skipped, stopped:
			return failed
		}
	case refusedWhole:
		if s.unanswered() {
			return unknown
		}
		return failed
	case unanswered:
		if s.over() {
			return unknown
		}
		return lost
	case unansweredWhole:
		return unknown
	case dropped:
		return s.afterDrop()
	}
	return s
}

func (s stage) afterWrite(last bool) stage {
	switch s {
	case waiting, writing:
		if last {
			return done
		}
		return writing
	case skipped:
		return stopped
	default:
		return s
	}
}

func (s stage) afterDrop() stage {
	switch s {
	case waiting:
		return skipped
	case writing:
		return stopped
	case partly:
		return failed
	case lost:
		return unknown
	default:
		return s
	}
}

// over reports whether no other call of the change is to be made, although not
// all of it is in effect.
func (s stage) over() bool {
	return s == skipped || s == stopped || s == failed || s == unknown
}

// unanswered reports whether an answer was lost.
func (s stage) unanswered() bool { return s == lost || s == unknown }

// fell reports whether a call was refused or lost its answer.
func (s stage) fell() bool { return s == partly || s == failed || s.unanswered() }

// changeState is what the answers told of one change.
type changeState struct {
	stage stage
	// left are the writes without verdict, and made those that are done.
	left, made int
	// id, version and live object as the answers told.
	id, version string
	live        *schema.Object
	// bad are the paths that were not written.
	bad map[string]bool
	// added and removed are the members of sets as far as they are written.
	added, removed []string
	// out are the authors that were left out, by their numbers.
	out map[int]bool
	// open counts the calls that are still to carry a field, by its path. It is
	// nil where all fields travel in one call.
	open map[string]int
	// found is set when the object was looked up after its create lost the answer: it
	// may be older than that.
	found bool
	// now is the object as it was written so far, where several authors write it.
	now *schema.Object
}

// carry notes that a call is to carry the fields of a write.
func (s *changeState) carry(w *providers.Write) {
	if s.open == nil {
		s.open = map[string]int{}
	}
	for _, f := range w.Fields {
		s.open[f.Path]++
	}
}

// close notes that a write has its verdict.
func (s *changeState) close(w *providers.Write) {
	s.left--
	for _, f := range w.Fields {
		if s.open[f.Path] > 0 {
			s.open[f.Path]--
		}
	}
}

// lacks reports whether a field is not in effect, be it refused or not tried
// yet. A field that is emptied first is not in effect until it has its value.
func (s *changeState) lacks(path string) bool {
	return s.bad[path] || s.left > 0 && s.open[path] > 0
}

// lack notes that the fields of a write are not in effect.
func (s *changeState) lack(w *providers.Write) {
	if s.bad == nil {
		s.bad = map[string]bool{}
	}
	for _, f := range w.Fields {
		s.bad[f.Path] = true
	}
	if w.Channel != "" {
		s.bad[w.Channel] = true
	}
}

// gain notes that the fields of a write are in effect, which an earlier call may
// have been refused for.
func (s *changeState) gain(w *providers.Write) {
	for _, f := range w.Fields {
		delete(s.bad, f.Path)
	}
}
