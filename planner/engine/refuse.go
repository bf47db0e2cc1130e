package engine

import "lockstep/planner"

// Refuses returns a *RefusedError that says why an apply with these options
// refuses a plan; nil when it does not.
func (o ApplyOptions) Refuses(p *planner.Plan) error {
	left := planner.Accepted(p.Refusals, o.AcceptDeletes, o.AcceptChanges)
	if o.OnConflict == "" && !o.Saved {
		left = append(left, planner.ConflictRefusals(p)...)
	}
	if o.OnConflict == "live" {
		left = append(left, planner.LostConflicts(p)...)
	}
	left = append(left, planner.UnrecordedBy(p, o.OnUnrecorded, o.Saved)...)
	if len(left) == 0 {
		return nil
	}
	reasons := make([]string, len(left))
	for i, r := range left {
		reasons[i] = r.Message
	}
	return &RefusedError{Reasons: reasons}
}
