package engine

import (
	"time"

	"lockstep/planner"
)

// Progress is a picture of long work, given to Options.OnProgress whenever it
// moves. It is aggregated: one line for people, never one for each object.
type Progress struct {
	// Phase is "Reading" or "Writing".
	Phase string
	// Kind is what is read or written now, in the plural: "contacts".
	Kind string
	// Done of Total objects; Total is -1 when it is not known. An object with several
	// writes counts once, with the first that is answered.
	Done, Total int
	// Calls made so far in the phase and, when writing, CallsTotal that the plan has.
	Calls, CallsTotal int
	// Failed changes so far.
	Failed int
}

// Settled is a change that has no call left, given to Options.OnSettled.
type Settled struct {
	Change *planner.Change
	// ID is the remote id, empty when there is no object.
	ID string
	// Took is how long the last call took.
	Took time.Duration
	// Failed is set when not all of it is in effect.
	Failed bool
}
