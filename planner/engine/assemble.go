package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// assembly makes a plan of what was decided.
type assembly struct{ planning }

// assemble makes the plan of what was decided.
func (e assembly) assemble() (p *planner.Plan, diags hcl.Diagnostics) {
	p = &planner.Plan{Destroy: e.run.destroy, Instances: map[schema.Address]int{}}
	for _, ref := range e.run.sortedKinds() {
		diags = append(diags, e.add(p, e.run.kinds[ref])...)
	}
	for d := range e.run.blocks.deferred() {
		for _, inst := range d.pending {
			if e.run.scope != nil && !e.run.scope.Planned(inst.Address) {
				continue
			}
			p.Changes = append(p.Changes, planner.Change{Author: planner.Author{Address: inst.Address, Place: d.block.Resource.Range}, Action: planner.Read,
				Provider: d.block.Resource.Provider.String(), Reason: "its arguments are known only after apply"})
		}
	}
	for b := range e.run.blocks.authors() {
		for i := range b.desired {
			p.Instances[b.desired[i].Address().Block()]++
		}
	}
	p.Unmatched = e.run.blocks.unmatched()
	diags = append(diags, newInvocations(e.planning, p).triggered()...)
	e.arrange(p)
	switch {
	case e.run.scope != nil:
		// What outputs are made of may stay as it is, and so do they.
	case e.run.destroy:
		p.Outputs = droppedOutputs(e.Store.Snapshot().Outputs)
	default:
		var wrong hcl.Diagnostics
		p.Outputs, wrong = e.changedOutputs()
		diags = append(append(diags, wrong...), e.checks()...)
	}
	diags = append(diags, e.problems(hcl.DiagError, p.Cascade(e.children()))...)
	p.CountValues(losses(e).holders())
	p.Refusals = planner.Guard{
		MaxDeletes: planner.Limit(e.Settings.Guard.MaxDeletes), MaxChanges: planner.Limit(e.Settings.Guard.MaxChanges),
	}.Check(p)
	return p, diags
}

// add takes what was decided about a kind into a plan.
func (e assembly) add(p *planner.Plan, ks *kindState) (diags hcl.Diagnostics) {
	for i := range ks.decision.Changes {
		c := &ks.decision.Changes[i]
		if takenBack(c) {
			diags = append(diags, takenBackWarning(c))
			continue
		}
		if c.Action == planner.Delete {
			c.Level = depth(ks.account.schema, ks.kind)
		}
		c.Unfinished = c.ID != "" && e.unfinishedObject(c)
		p.Changes = append(p.Changes, *c)
	}
	if ks.decision.Summary.Managed > 0 || ks.roster.Records.Len() > 0 {
		p.Kinds = append(p.Kinds, ks.decision.Summary)
		if e.run.unmanaged {
			p.Unmanaged = append(p.Unmanaged, ks.decision.Strangers()...)
		}
	}
	if ks.reading.summary.Calls > 0 {
		p.Reads = append(p.Reads, ks.reading.summary)
	}
	if ks.kind.Listing.PerParent {
		p.Cost.ParentReads += ks.reading.summary.Calls
	}
	return diags
}

// unmatched tells of the instances of mappings that nothing was found for.
func (bs *blocks) unmatched() (all []planner.Unmatched) {
	for _, b := range bs.byLevel() {
		if m := bs.mappings[b]; m != nil && len(m.missing) > 0 {
			all = append(all, planner.Unmatched{Mapping: m.block.Address(), Kind: m.kind.kind, Place: m.block.Resource.Range, Of: len(m.desired), Addresses: m.missing})
		}
	}
	return all
}

// takenBack reports whether a change would make again what the API cannot delete: a
// person has taken it back, such as who declined an invitation, and must not be
// asked at each apply.
func takenBack(c *planner.Change) bool {
	return c.Action == planner.Create && c.Gone && c.Kind.Lasting == schema.Permanent
}

func takenBackWarning(c *planner.Change) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagWarning, Summary: "Taken back by somebody", Subject: place(c.Place),
		Detail: fmt.Sprintf("The %s %s is gone, and no program can have deleted it: a person has. It is not made again. Take it out of the files, or make it again after `lockstep state rm '%s'`.",
			c.Kind.Noun, c.Address, c.Address),
		Extra: &Detail{Address: c.Address.String()},
	}
}

// unfinishedObject reports whether an earlier apply made the object of a change, or may
// have made it, and did not come to write all of it.
func (e assembly) unfinishedObject(c *planner.Change) bool {
	s := e.Store.Snapshot()
	for _, a := range c.Authors() {
		at := a.StateAddress(e.Store.Sealer())
		if _, open := s.Intents[at]; open {
			return true
		}
		if r := s.Record(at); r != nil && r.ID == c.ID && r.Flags().Unfinished {
			return true
		}
	}
	return false
}

func place(r hcl.Range) *hcl.Range {
	if r.Filename == "" {
		return nil
	}
	return &r
}

// arrange makes operations, waves and cost.
func (e *Engine) arrange(p *planner.Plan) {
	groupers := map[string]planner.Grouper{}
	for name, a := range e.accounts {
		groupers[name] = a.provider
	}
	p.Arrange(groupers, e.crossLevels())
	p.Price(func(name string) (u providers.Usage, ok bool) {
		if a := e.accounts[name]; a != nil {
			return a.usage()
		}
		return u, false
	})
}

// crossLevels says which levels of other providers a level of one needs,
// because a block of it refers to a block of theirs.
func (e *Engine) crossLevels() func(string, int) map[string]int {
	type at struct {
		provider string
		level    int
	}
	needs := map[at]map[string]int{}
	for _, b := range e.run.blocks.order {
		from := at{b.Resource.Provider.String(), e.run.blocks.levels[b]}
		for _, n := range b.Needs {
			other := n.Resource.Provider.String()
			if other == from.provider {
				continue
			}
			if needs[from] == nil {
				needs[from] = map[string]int{}
			}
			level, ok := needs[from][other]
			if !ok || e.run.blocks.levels[n] > level {
				needs[from][other] = e.run.blocks.levels[n]
			}
		}
	}
	return func(provider string, level int) map[string]int { return needs[at{provider, level}] }
}

// checks returns warnings of the check blocks that fail.
func (e *Engine) checks() (diags hcl.Diagnostics) {
	for _, c := range e.Evaluator.Checks() {
		diags = append(diags, c.Diagnostics...)
	}
	return diags
}

// changedOutputs compares the outputs with those in the state.
func (e assembly) changedOutputs() ([]planner.OutputChange, hcl.Diagnostics) {
	outputs, diags := e.Evaluator.Outputs()
	was := e.Store.Snapshot().Outputs
	var changes []planner.OutputChange
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		o := outputs[name]
		now := storedOutput(o)
		before, had := was[name]
		// What was sensitive stays so until that it is not is applied.
		c := planner.OutputChange{Name: name, Before: string(before.Value), After: string(now.Value), Sensitive: o.Sensitive || before.Sensitive}
		if c.Unknown = !o.Value.IsWhollyKnown(); c.Unknown && e.run.blocks.skipping() {
			// It stays as it is.
			continue
		}
		if had && !c.Unknown && c.Before == c.After && before.Sensitive == now.Sensitive {
			continue
		}
		changes = append(changes, c)
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if _, still := outputs[name]; !still {
			changes = append(changes, planner.OutputChange{Name: name, Before: string(was[name].Value), Sensitive: was[name].Sensitive})
		}
	}
	return changes, diags
}

func droppedOutputs(was map[string]state.Output) []planner.OutputChange {
	var changes []planner.OutputChange
	for _, name := range slices.Sorted(maps.Keys(was)) {
		changes = append(changes, planner.OutputChange{Name: name, Before: string(was[name].Value), Sensitive: was[name].Sensitive})
	}
	return changes
}

// storedOutput is an output as the state keeps it: a sensitive value is not
// kept, and one that is not known has no text.
func storedOutput(o eval.Output) state.Output {
	if o.Sensitive {
		return state.Output{Sensitive: true}
	}
	value, _ := o.Value.UnmarkDeep()
	if !value.IsWhollyKnown() {
		return state.Output{}
	}
	data, err := ctyjson.Marshal(value, value.Type())
	if err != nil || !json.Valid(data) {
		return state.Output{}
	}
	return state.Output{Value: data}
}
