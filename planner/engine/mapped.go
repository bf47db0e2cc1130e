package engine

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// objectRef names a live object.
type objectRef struct {
	kind kindRef
	id   string
}

// mappedChanges finds the changes that mappings have to do with; one that is no
// longer in the plan is at -1.
func mappedChanges(p *planner.Plan) map[schema.Address]int {
	var mapped map[schema.Address]int
	for i := range p.Changes {
		if !p.Changes[i].Address.Mapping() {
			continue
		}
		if mapped == nil {
			mapped = map[schema.Address]int{}
		}
		mapped[p.Changes[i].Address] = i
		if of := p.Changes[i].Of; of != nil {
			mapped[*of] = -1
		}
		for _, need := range p.Changes[i].Needs() {
			mapped[need] = -1
		}
	}
	for i := range p.Changes {
		if n, wanted := mapped[p.Changes[i].Address]; wanted && n < 0 {
			mapped[p.Changes[i].Address] = i
		}
	}
	return mapped
}

// keepLive takes the fields in conflict out of a plan, and warns of what mappings
// do not write because of that.
func (e *Engine) keepLive(p *planner.Plan) (diags hcl.Diagnostics) {
	for _, a := range p.KeepLive() {
		d := &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "Left out because of a conflict", Extra: &Detail{Address: a.String()},
			Detail: fmt.Sprintf("%s was planned as if the files had won a conflict about whom it is mapped to. The CRM keeps its value, so nothing is written here. Settle the conflict in the files or in the CRM, and apply again.", a)}
		if bs := e.run.declared[blockOf(a)]; bs != nil {
			d.Subject = place(bs.block.Resource.Range)
		}
		diags = append(diags, d)
	}
	e.arrange(p)
	return diags
}

// withKnown fills in the values that were not known.
func withKnown(fields, now schema.Fields) schema.Fields {
	fields = slices.Clone(fields)
	for i := range fields {
		if !fields[i].Value.IsKnown() {
			fields[i].Value = now.Value(fields[i].Path)
		}
	}
	return fields
}

func objectOf(c *planner.Change, id string) objectRef {
	return objectRef{kindRef{c.Provider, c.Kind.Name}, id}
}

// pairs is what mappings have to do with the changes of a plan.
type pairs struct {
	// mapped has the index of each change of a mapping, and of each create that
	// a mapping waits for, by its address; nil when there is none.
	mapped map[schema.Address]int
	// current are the objects that mappings write to, as they are now.
	current map[objectRef]*schema.Object
}

// find notes the id of an object that another change has created.
func (p *pairs) find(l *ledger, ref int) {
	if of := l.plan.Changes[ref].Of; of != nil && l.states[ref].id == "" {
		l.states[ref].id = l.states[p.mapped[*of]].id
	}
}

// renew gives the write of a mapping the object as it is now.
func (p *pairs) renew(c *planner.Change, write *providers.Write) {
	if !c.Address.Mapping() {
		return
	}
	if now := p.current[objectOf(c, write.ID)]; now != nil {
		write.Live = now
	}
}

// unmet reports whether a change failed that a mapping needs to come to its
// target.
func (p *pairs) unmet(l *ledger, c *planner.Change) bool {
	return slices.ContainsFunc(c.Needs(), func(need schema.Address) bool {
		i := p.mapped[need]
		return i < 0 || l.states[i].stage.fell() || l.states[i].stage.over()
	})
}

// follow keeps an object up to date that others may write to as well, so that
// they do not send what it was before.
func (p *pairs) follow(c *planner.Change, change *providers.Write, live *schema.Object) {
	if p.mapped == nil {
		return
	}
	ref := objectOf(c, live.ID)
	now := p.current[ref]
	if now == nil {
		now = &schema.Object{Kind: live.Kind, ID: live.ID}
		if change.Live != nil {
			now.Fields = change.Live.Fields
		}
	}
	next := *now
	next.Version = live.Version
	next.Fields = slices.DeleteFunc(slices.Clone(now.Fields), func(f schema.Field) bool {
		_, written := change.Fields.Find(f.Path)
		return written
	})
	for _, f := range change.Fields {
		next.Fields = append(next.Fields, schema.Field{Path: f.Path, Value: f.Value, Sensitive: f.Sensitive})
	}
	next.Fields.Sort()
	p.current[ref] = &next
}

// rememberBack notes that both sides of a mapping are in step again in what was
// written back to the source: the base is in the record of the target.
func (a *recorder) rememberBack(c *planner.Change, s *changeState, batch *state.Batch) error {
	if s.left > 0 || s.stage.over() {
		return nil
	}
	settled := func(path string) bool {
		return slices.ContainsFunc(c.Fields, func(f planner.FieldChange) bool { return f.Mapped == path && !s.bad[f.Path] })
	}
	to := c.Address
	to.Source = false
	if ref, ok := a.pairs.mapped[to]; ok {
		pair := &a.plan.Changes[ref]
		pair.Kept = slices.DeleteFunc(pair.Kept, settled)
		if a.states[ref].left > 0 {
			return nil // its own answer writes the record
		}
		return a.remember(ref, batch)
	}
	pair := a.e.run.rebased(to)
	if pair == nil {
		return nil
	}
	pair.Kept = slices.DeleteFunc(pair.Kept, settled)
	r, err := a.e.newRecord(pair, &changeState{id: pair.ID, live: pair.Live})
	if err == nil {
		batch.Put = append(batch.Put, r)
	}
	return err
}

// rebased finds a change that only the state needs.
func (r *run) rebased(at schema.Address) *planner.Change {
	for _, ks := range r.kinds {
		for i := range ks.matcher.Rebased {
			if ks.matcher.Rebased[i].Address == at {
				return &ks.matcher.Rebased[i]
			}
		}
	}
	return nil
}
