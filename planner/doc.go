// Package planner compares what the files want with what is live and what was
// last applied, and makes a Plan of it: plain data that can be shown, counted,
// saved and carried out later.
//
// The package is pure. It has no clock, no network, no randomness and no
// goroutines: the same input gives the same bytes. Around it, planner/state
// keeps the log of what was applied, planner/engine reads, evaluates and
// carries out, and planner/planfile saves a plan.
//
// What goes in and what comes out:
//
//	desired.go     an object as the files want it
//	plan.go        the plan
//	change.go      one change of it (mask.go, digest.go)
//	invocation.go  one run of an action
//
// Between them are three floors, and nothing runs back from one to the one before.
//
//	who is who     live.go      the picture: one Subject for each live object (ids.go)
//	               pages.go     taking a list into it, page by page (outlines.go)
//	               subject.go   an object, live or to be made, and its authors
//	               past.go      what the state remembers
//	               roster.go    all of one kind in one account
//	               keyring.go   no two objects have one natural key
//	               resource.go  whom an object of a resource block is about (reorder.go, also.go)
//	               mapping.go   whom an instance of a mapping is about (target.go)
//	               leftover.go  what nothing declares any more
//	               stranger.go  what is not managed
//	               mirror.go    what the API keeps equal in two objects
//	what differs   compare.go   three sides of one object: base, file, live (items.go)
//	               agree.go     two sides of a mapping, field by field (sides.go)
//	               narrow.go    what the plan is not about
//	what is done   decide.go    one pass over the subjects: at most one Change each
//	               newcomer.go  what no object is made without (lingering.go)
//	               replace.go   what is not replaced
//	               turns.go     who waits for whom, when natural keys are handed on
//	               shared.go    warnings of keys that two objects would have
//	               called.go    what people call an object whose key nobody can read
//	               keep.go      leaving conflicts to the CRM
//	               unrecorded.go  what no call can tell of
//	               cascade.go   what the CRM deletes along (dependents.go)
//	               values.go    values that go with what their keys name
//	               waves.go     changes to calls, in waves (split.go)
//	               guard.go     stopping what would destroy too much
//
// An object may have several authors: the resource block that declares it, and
// mappings. Each is compared by itself; Decide joins what they want into one
// Change, with the author of each field noted, and so into one call per channel.
package planner
