package engine

import (
	"lockstep/planner"
)

// Report is what an apply did: the truth of the answers, not of the plan.
type Report struct {
	// Counts of what is in effect. An object whose create is done is added, even
	// if another of its calls failed or was not made.
	Counts planner.Counts
	// Failed changes had a call refused; Uncertain ones had one whose answer was
	// lost. Skipped ones were not tried, and of Unfinished ones only some calls
	// were made. Each change is in at most one of the four.
	Failed, Uncertain, Skipped, Unfinished int
	// Unknowable are the Uncertain ones that no call tells of: the next plan asks.
	Unknowable int
	// Invalid instances of mappings have a value that cannot be used, so that not all
	// of them was planned.
	Invalid int
	// Actions is what became of the actions.
	Actions Actions
	// Files are the paths of those that were made.
	Files []string
	// Calls that were made.
	Calls int
	// Interrupted is set when the user stopped it.
	Interrupted bool
	// Unrecorded is set when the state could not be written, so that it lacks
	// some of what was done.
	Unrecorded bool
}

// complete reports whether every change is in effect.
func (r *Report) complete() bool {
	return r.Failed+r.Uncertain+r.Skipped+r.Unfinished+r.Actions.Missing() == 0 && !r.Interrupted
}

// Actions counts what became of the actions of a plan.
type Actions struct {
	// Invoked ones ran. Failed ones were refused, Uncertain ones lost their answer,
	// and Skipped ones were not tried.
	Invoked, Failed, Uncertain, Skipped int
}

// Missing counts those that did not run, as far as is known.
func (n Actions) Missing() int { return n.Failed + n.Uncertain + n.Skipped }

// count counts the outcomes of invocations.
func (v *invoker) count() (n Actions) {
	for _, o := range v.outcomes {
		switch o {
		case invoked:
			n.Invoked++
		case notInvoked:
			n.Failed++
		case unclear:
			n.Uncertain++
		case passedOver:
		default:
			n.Skipped++
		}
	}
	return n
}

// report counts what the answers told.
func (a *application) report() *Report {
	r := &Report{Invalid: a.e.run.blocks.invalid(), Actions: a.invoker.count(), Files: a.e.run.downloads.made}
	unread := a.e.run.blocks.deferredReads()
	for i := range a.plan.Changes {
		c, s := &a.plan.Changes[i], &a.states[i]
		switch {
		case c.Action == planner.Read && unread[c.Address], !c.Writes() && !a.recorder.recorded:
			r.Skipped++
		case s.stage == done:
			r.Counts.Count(c)
		default:
			r.count(s.stage)
			r.Unknowable += one(s.stage.unanswered() && s.id == "" && c.Kind.Listing.Blind)
			a.inEffect(&r.Counts, i)
		}
	}
	return r
}

// count counts a change that is not done.
func (r *Report) count(s stage) {
	switch s {
	case waiting, skipped:
		r.Skipped++
	case writing, stopped:
		r.Unfinished++
	case partly, failed:
		r.Failed++
	case lost, unknown:
		r.Uncertain++
	case done:
	}
}

// inEffect counts what is in effect of a change that is not done.
func (a *application) inEffect(n *planner.Counts, ref int) {
	c, s := &a.plan.Changes[ref], &a.states[ref]
	at := a.e.Store.Snapshot().Record(a.e.Store.Sealer().Address(c.Address))
	recorded := at != nil && at.ID == s.id
	switch c.Action {
	case planner.Create:
		n.Add += one(s.id != "")
	case planner.Replace:
		n.Destroy += one(s.id != c.ID)
		n.Add += one(s.id != c.ID && s.id != "")
	case planner.Adopt:
		n.Import += one(recorded)
		n.Change += one(s.made > 0)
	case planner.Update:
		n.Change += one(s.made > 0)
	case planner.Delete, planner.Forget, planner.Move, planner.Read, planner.NoOp:
		// These are one call or none, so nothing of them is in effect.
	}
	n.Move += one(c.Previous != nil && recorded)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
