package planner

import (
	"fmt"
	"time"

	"lockstep/schema"
)

// Lingering is a live object that lockstep deleted, and that the API still shows. It
// is not in the picture.
type Lingering struct {
	Object schema.Object
	// Until is when the API shows it no longer, in Unix seconds.
	Until int64
	// Unsure is set when the answer to the delete was lost: the object may be alive,
	// and is in the picture.
	Unsure bool
}

// lingers refuses to make an object while the API still shows a deleted one with one
// of its natural keys: it takes no second one, and the first is as good as gone.
func (n newcomer) lingers(w *Desired) bool {
	for i := range n.Lingering {
		l := &n.Lingering[i]
		if l.Unsure {
			continue
		}
		for _, key := range n.Kind.Keys {
			text := keyText(key, w.Value)
			if text == "" || text != keyText(key, l.Object.Value) {
				continue
			}
			n.refuse(w, key[0], "Deleted a moment ago", fmt.Sprintf(
				"lockstep deleted the %s with %s (id %s), and the API still shows it: it can neither be taken over nor be made again. That takes until %s at most: run the command again then.",
				n.Kind.Noun, describeKey(key, w.Fields()), l.Object.ID, time.Unix(l.Until, 0).UTC().Format(time.RFC3339)))
			return true
		}
	}
	return false
}

// leaves refuses to keep an object whose delete lost its answer while the API shows it
// in either case: whether it is alive is not known.
func (n newcomer) leaves(s *Subject) bool {
	for i := range n.Lingering {
		l := &n.Lingering[i]
		if !l.Unsure || s.owner == nil || s.live == nil || s.live.ID != l.Object.ID {
			continue
		}
		n.refuse(s.owner, "", "Deleted a moment ago", fmt.Sprintf(
			"lockstep sent a delete of this %s (id %s) and got no answer, and the API shows a deleted one for a while: it may be gone. That is known at %s: run the command again then.",
			n.Kind.Noun, l.Object.ID, time.Unix(l.Until, 0).UTC().Format(time.RFC3339)))
		return true
	}
	return false
}
