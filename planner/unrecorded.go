package planner

import (
	"fmt"
	"slices"

	"lockstep/providers"
	"lockstep/schema"
)

// Unrecorded are the indexes of changes that make an object of a Blind kind that may
// exist already.
func (p *Plan) Unrecorded() []int {
	var found []int
	for i := range p.Changes {
		if p.Changes[i].Unrecorded {
			found = append(found, i)
		}
	}
	return found
}

// Why an object of a Blind kind is made or asked about, as Change.Reason has it.
const (
	reasonUnrecorded = "nothing is recorded, and no call tells whether it exists: enrol, or assume"
	reasonMaybe      = "an earlier apply may have made it, as its answer was lost: enrol, or assume"
	reasonAnother    = "what is recorded here is of another one, and no call tells whether this exists: enrol, or assume"
	reasonAnew       = "what it belonged to is gone, and its record with it"
)

// why tells why an object of a Blind kind is made, and that it is asked about.
func (d *decider) why(w *Desired, unrecorded bool) string {
	another := d.Records.Get(w.Sealed()) != nil
	switch {
	case unrecorded && d.ours(w.Sealed()):
		return reasonMaybe
	case unrecorded && another:
		return reasonAnother
	case unrecorded:
		return reasonUnrecorded
	case another:
		return reasonAnew
	default:
		return ""
	}
}

// Assume takes the objects of Blind kinds that may exist for existing ones: they are
// recorded, and no call makes them.
func (p *Plan) Assume() {
	for _, i := range p.Unrecorded() {
		c := &p.Changes[i]
		id, known := c.Kind.Identity(c.Desired.Value)
		o, ok := c.Kind.Identified(id)
		if !known || !ok || c.Action != Create {
			continue
		}
		c.Action, c.ID, c.Live, c.Unrecorded, c.Reason = Adopt, id, &o, false, "it is assumed to exist"
		c.Keep.Adopted = true
		c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f FieldChange) bool { return f.Path != c.Kind.Listing.Evidence })
	}
}

// UnrecordedRefusals lists what may exist already, one refusal for each kind of an
// account.
func UnrecordedRefusals(p *Plan) []Refusal {
	var refusals []Refusal
	at := map[objectsOf]int{}
	for _, i := range p.Unrecorded() {
		c := &p.Changes[i]
		k := objectsOf{c.Provider, c.Kind.Name}
		n, known := at[k]
		if !known {
			n = len(refusals)
			at[k], refusals = n, append(refusals, Refusal{Rule: RuleUnrecorded, Provider: c.Provider, Kind: c.Kind.Name, Message: Called(c.Address, c.Kind, c.Live)})
		}
		refusals[n].Count++
	}
	for i := range refusals {
		r := &refusals[i]
		if r.Count > 1 {
			r.Message = fmt.Sprintf("%s of %s, such as %s", schema.Thousands(r.Count), r.Kind, r.Message)
		}
		r.Message += ": " + unrecordedAdvice
	}
	return refusals
}

const unrecordedAdvice = "nothing is recorded, and no call tells whether it exists already. Give -on-unrecorded=enroll to make it, which may start everything a second time, -on-unrecorded=assume to record it as it is without a call, or apply a saved plan that was looked at."

// unassumable lists what cannot be assumed to exist: another object is deleted for it,
// or what it is is known only after apply.
func unassumable(p *Plan) []Refusal {
	var refusals []Refusal
	for _, i := range p.Unrecorded() {
		c := &p.Changes[i]
		_, known := c.Kind.Identity(c.Desired.Value)
		problem := ""
		switch {
		case c.Action == Replace:
			problem = "takes the place of another " + c.Kind.Noun + ", so it cannot be assumed to exist. Give it a block of its own, or -on-unrecorded=enroll."
		case !known:
			problem = "is known only after apply, so it cannot be assumed to exist. Apply first what it depends on."
		default:
			continue
		}
		refusals = append(refusals, Refusal{Rule: RuleUnrecorded, Provider: c.Provider, Kind: c.Kind.Name, Count: 1, Message: Called(c.Address, c.Kind, c.Live) + " " + problem})
	}
	return refusals
}

// UnrecordedBy returns why an apply refuses what may exist already, by the word of
// -on-unrecorded. seen reports that somebody looked at the plan.
func UnrecordedBy(p *Plan, word string, seen bool) []Refusal {
	switch {
	case word == "assume":
		return unassumable(p)
	case word == "" && !seen:
		return UnrecordedRefusals(p)
	default:
		return nil
	}
}

// rests counts an object that needs nothing: as in step, or as recorded where no call
// tells whether it is.
func (d *decider) rests(s *Subject, recorded int64) {
	if !d.Kind.Listing.Blind || s.live != nil && d.Kind.Evident(s.live) {
		d.Summary.InStep++
		return
	}
	n := &d.Summary.Unknowable
	n.Count++
	if recorded == 0 {
		return
	}
	if n.First == 0 || recorded < n.First {
		n.First = recorded
	}
	n.Last = max(n.Last, recorded)
}

// isAnother reports whether a record is of another object than the one of a Blind
// kind that its address has now: its identity cannot be changed, and what is recorded
// of the other one tells nothing of this.
func (p *pairing) isAnother(d *Desired, id string) bool {
	if !p.Kind.Listing.Blind {
		return false
	}
	now, known := p.Kind.Identity(d.Value)
	if known && now == id {
		return false
	}
	// Only a replacement deletes the other one.
	return !known || d.Block.OnDestroy != "delete" || p.Live.find(now) != nil
}

// retract takes the evidence of an object away before the object is deleted: it would
// tell of one that is no longer there.
func (c *Change) retract(gone providers.Write, ref int, waves batches, key waveKey) {
	a := c.Kind.Attribute(c.Kind.Listing.Evidence)
	if a == nil || c.Live == nil || !c.Kind.Evident(c.Live) {
		return
	}
	gone.Action, gone.Channel, gone.Remove = providers.Update, a.Channel, []string{c.Live.Value(a.Name).Text()}
	key.turn = ahead
	waves.add(key, gone, ref)
}
