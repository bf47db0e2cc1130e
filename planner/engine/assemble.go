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
func (e assembly) assemble() *planner.Plan {
	p := &planner.Plan{Destroy: e.run.destroy, Instances: map[schema.Address]int{}}
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		for i := range ks.decision.Changes {
			if e.takenBack(&ks.decision.Changes[i]) {
				continue
			}
			p.Changes = append(p.Changes, ks.decision.Changes[i])
			c := &p.Changes[len(p.Changes)-1]
			if c.Action == planner.Delete {
				c.Level = depth(ks.account.schema, ks.kind)
			}
			c.Unfinished = c.ID != "" && e.unfinishedObject(c)
		}
		if ks.decision.Summary.Managed > 0 || len(ks.roster.Records) > 0 {
			p.Kinds = append(p.Kinds, ks.decision.Summary)
		}
		if ks.reading.summary.Calls > 0 {
			p.Reads = append(p.Reads, ks.reading.summary)
		}
		if ks.kind.Listing.PerParent {
			p.Cost.ParentReads += ks.reading.summary.Calls
		}
	}
	for _, bs := range e.run.deferred {
		for _, inst := range bs.pending {
			p.Changes = append(p.Changes, planner.Change{Author: planner.Author{Address: inst.Address, Place: bs.block.Resource.Range}, Action: planner.Read,
				Provider: bs.block.Resource.Provider.String(), Reason: "its arguments are known only after apply"})
		}
	}
	for _, bs := range e.run.blocks {
		for i := range bs.desired {
			p.Instances[bs.desired[i].Address.Block()]++
		}
	}
	p.Unmatched = e.run.unmatched
	e.arrange(p)
	if !e.run.destroy {
		p.Outputs = e.changedOutputs()
		e.checks()
	} else {
		p.Outputs = droppedOutputs(e.Store.Snapshot().Outputs)
	}
	p.Cascade(e.children())
	p.CountValues(losses(e).holders())
	p.Refusals = planner.Guard{
		MaxDeletes: planner.Limit(e.Settings.Guard.MaxDeletes), MaxChanges: planner.Limit(e.Settings.Guard.MaxChanges),
	}.Check(p)
	return p
}

// takenBack says, and warns, that a change would make again what the API cannot
// delete: a person has taken it back, such as who declined an invitation, and
// must not be asked at each apply.
func (e assembly) takenBack(c *planner.Change) bool {
	if c.Action != planner.Create || !c.Gone || !c.Kind.Permanent {
		return false
	}
	e.run.diags = append(e.run.diags, &hcl.Diagnostic{
		Severity: hcl.DiagWarning, Summary: "Taken back by somebody", Subject: place(c.Place),
		Detail: fmt.Sprintf("The %s %s is gone, and no program can have deleted it: a person has. It is not made again. Take it out of the files, or make it again after `lockstep state rm '%s'`.",
			c.Kind.Noun, c.Address, c.Address),
		Extra: &Detail{Address: c.Address.String()},
	})
	return true
}

// unfinishedObject reports whether an earlier apply made the object of a change, or may
// have made it, and did not come to write all of it.
func (e assembly) unfinishedObject(c *planner.Change) bool {
	s := e.Store.Snapshot()
	for _, a := range c.Authors() {
		at := a.StateAddress(e.Store.Sealer(), c.Kind)
		if _, open := s.Intents[at]; open {
			return true
		}
		if r := s.Record(at); r != nil && r.ID == c.ID && r.Flags.Unfinished {
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
	for _, b := range e.run.order {
		from := at{b.Resource.Provider.String(), e.run.levels[b]}
		for _, n := range b.Needs {
			other := n.Resource.Provider.String()
			if other == from.provider {
				continue
			}
			if needs[from] == nil {
				needs[from] = map[string]int{}
			}
			level, ok := needs[from][other]
			if !ok || e.run.levels[n] > level {
				needs[from][other] = e.run.levels[n]
			}
		}
	}
	return func(provider string, level int) map[string]int { return needs[at{provider, level}] }
}

// checks reports the check blocks that fail, as warnings.
func (e *Engine) checks() {
	for _, c := range e.Evaluator.Checks() {
		e.run.diags = append(e.run.diags, c.Diagnostics...)
	}
}

// changedOutputs compares the outputs with those in the state.
func (e assembly) changedOutputs() []planner.OutputChange {
	outputs, diags := e.Evaluator.Outputs()
	e.run.diags = append(e.run.diags, diags...)
	was := e.Store.Snapshot().Outputs
	var changes []planner.OutputChange
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		o := outputs[name]
		now := storedOutput(o)
		before, had := was[name]
		c := planner.OutputChange{Name: name, Before: string(before.Value), After: string(now.Value), Sensitive: o.Sensitive}
		c.Unknown = !o.Value.IsWhollyKnown()
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
	return changes
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

// planned finds the desired object of a change, by block and address.
func (r *run) planned(a schema.Address) (*blockState, int, bool) {
	bs := r.declared[blockOf(a)]
	if bs == nil {
		return nil, 0, false
	}
	i, ok := bs.find(a)
	return bs, i, ok
}
