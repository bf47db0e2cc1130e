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
}

// lingers refuses to make an object while the API still shows a deleted one with one
// of its natural keys: it takes no second one, and the first is as good as gone.
func (n newcomer) lingers(w *Desired) bool {
	for i := range n.Lingering {
		l := &n.Lingering[i]
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
