package engine

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// invocations finds the actions that a plan runs.
type invocations struct {
	planning
	plan    *planner.Plan
	actions *eval.Actions
	// blocks are the action blocks by address, without keys.
	blocks map[schema.Address]*eval.Block
	// instances of the blocks that were asked for, by address.
	instances map[*eval.Block]map[schema.Address]schema.Fields
	// planned names what is run already.
	planned map[state.Run]bool
	diags   hcl.Diagnostics
}

func newInvocations(e planning, p *planner.Plan) *invocations {
	v := &invocations{planning: e, plan: p, actions: eval.NewActions(e.Evaluator), blocks: map[schema.Address]*eval.Block{},
		instances: map[*eval.Block]map[schema.Address]schema.Fields{}, planned: map[state.Run]bool{}}
	for _, b := range v.actions.Blocks() {
		v.blocks[b.Address()] = b
	}
	return v
}

// triggered adds the actions that the changes of a plan run, and those that an
// earlier apply did not come to.
func (v *invocations) triggered() hcl.Diagnostics {
	if len(v.blocks) > 0 && !v.run.destroy {
		for i := range v.plan.Changes {
			v.change(&v.plan.Changes[i])
		}
	}
	for _, d := range v.Store.Snapshot().SortedDue() {
		if v.run.scope != nil && !v.run.scope.Planned(scoping{v.planning}.shown(d.For)) {
			continue
		}
		if !v.planned[d.Run] && !v.again(d) {
			v.run.dropped = append(v.run.dropped, d.Run)
		}
	}
	return v.diags
}

// change adds what the change of one resource runs.
func (v *invocations) change(c *planner.Change) {
	events, b := c.Events(), v.run.blocks.declaring(c.Address)
	if b == nil || len(events) == 0 {
		return
	}
	for n, t := range b.block.Resource.Lifecycle.Triggers {
		for _, event := range events {
			if slices.Contains(t.Events, event) {
				v.trigger(b, planner.Trigger{Address: c.Address, Event: event, Block: n})
			}
		}
	}
}

// trigger adds the actions of one action_trigger block at one event.
func (v *invocations) trigger(b *authorBlock, t planner.Trigger) {
	found, diags := v.actions.Triggered(b.block, t.Address, t.Block)
	if v.diags = append(v.diags, diags...); diags.HasErrors() || found.Holds.IsKnown() && found.Holds.False() {
		return
	}
	for n, action := range found.Actions {
		one := t
		one.Index, one.Unsure = n, !found.Holds.IsKnown()
		v.add(action, &one)
	}
}

// add adds one run of an action; t is nil for one by name.
func (v *invocations) add(at schema.Address, t *planner.Trigger) {
	b, fields, ok := v.instance(at)
	if !ok {
		return
	}
	i := planner.Invocation{Address: at, Action: b.Resource.Action, Provider: b.Resource.Provider.String(), Place: b.Resource.Range, Fields: fields, Trigger: t}
	run := v.runOf(&i)
	if due, open := v.Store.Snapshot().Due[run]; open && due.Sent && i.Before() && !i.Action.Repeatable {
		v.diags = append(v.diags, mayHaveRun(at, due))
		v.planned[run] = true
		return // the state knows of it until the change is made
	}
	if !v.planned[run] {
		v.planned[run] = true
		v.plan.Invocations = append(v.plan.Invocations, i)
	}
}

// runOf names a run as the state does.
func (e *Engine) runOf(i *planner.Invocation) state.Run {
	r := state.Run{Action: e.Store.Sealer().Address(i.Address)}
	if i.Trigger != nil {
		r.For, r.Event = e.Store.Sealer().Address(i.Trigger.Address), string(i.Trigger.Event)
	}
	return r
}

// instance finds an instance of an action and its arguments.
func (v *invocations) instance(at schema.Address) (*eval.Block, schema.Fields, bool) {
	b := v.blocks[blockOf(at)]
	if b == nil || v.accounts[b.Resource.Provider.String()] == nil {
		return nil, nil, false // which was told
	}
	fields, ok := v.expanded(b)[at]
	if !ok {
		v.diags = append(v.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "No such action", Subject: &b.Resource.Range,
			Detail: fmt.Sprintf("The block has no instance %s.", at)})
	}
	return b, fields, ok
}

// expanded evaluates an action block once.
func (v *invocations) expanded(b *eval.Block) map[schema.Address]schema.Fields {
	if known := v.instances[b]; known != nil {
		return known
	}
	all, diags := v.Evaluator.Expand(b)
	v.diags = append(v.diags, diags...)
	v.instances[b] = make(map[schema.Address]schema.Fields, len(all))
	for i := range all {
		v.instances[b][all[i].Address] = all[i].Fields
	}
	return v.instances[b]
}

// again adds an action that an earlier apply did not come to, or whose answer was
// lost, if running it twice is the same as once. It reports whether it was added.
func (v *invocations) again(d state.Due) bool {
	t, at, declared := v.declaredAs(d)
	if !declared && d.Event != "" {
		return false
	}
	if b := v.blocks[blockOf(d.Action)]; d.Event == "" || d.Sent && b != nil && !b.Resource.Action.Repeatable {
		if at == (schema.Address{}) {
			at = d.Action
		} else {
			d.For = t.Address
		}
		v.diags = append(v.diags, mayHaveRun(at, d))
		return false
	}
	if t.Event.Before() || !v.made(d) {
		return false // it is run with the change, if that is still to be made
	}
	t.Again = true
	v.add(at, &t)
	return true
}

// made reports whether the change of a run was made, as far as the plan can tell that
// does not make it: a create that may have been sent, or an update to what the files
// still want.
func (v *invocations) made(d state.Due) bool {
	if d.Wants == (state.Digest{}) {
		return true
	}
	if config.Event(d.Event) == config.AfterCreate {
		_, open := v.Store.Snapshot().Intents[d.For]
		return open
	}
	desired := v.desired(d.For)
	return desired != nil && v.Store.Sealer().DesiredSum(desired.Fields()) == d.Wants
}

// desired is what the files want at a sealed address; nil when they do not declare it.
func (v *invocations) desired(at schema.Address) *planner.Desired {
	b := v.run.blocks.declaring(at)
	if b == nil {
		return nil
	}
	i := slices.IndexFunc(b.desired, func(o planner.Desired) bool { return o.Sealed() == at })
	if i < 0 {
		return nil
	}
	return &b.desired[i]
}

// declaredAs finds what the files say of an action that is due; declared is false when
// they no longer say it.
func (v *invocations) declaredAs(d state.Due) (t planner.Trigger, at schema.Address, declared bool) {
	desired := v.desired(d.For)
	if desired == nil {
		return t, at, false
	}
	t.Address = desired.Address()
	b := v.run.blocks.declaring(t.Address)
	for n, trigger := range b.block.Resource.Lifecycle.Triggers {
		for _, event := range trigger.Events {
			if string(event) != d.Event {
				continue
			}
			found, diags := v.actions.Triggered(b.block, t.Address, n)
			if diags.HasErrors() {
				continue // which is told where the change is made
			}
			for index, action := range found.Actions {
				if v.Store.Sealer().Address(action) == d.Action {
					t.Event, t.Block, t.Index, t.Unsure = event, n, index, !found.Holds.IsKnown()
					return t, action, true
				}
			}
		}
	}
	return t, at, false
}

// mayHaveRun warns of an action that is not run again.
func mayHaveRun(at schema.Address, d state.Due) *hcl.Diagnostic {
	sent, forgets := "and has no answer", "The next apply forgets about it."
	if config.Event(d.Event).Before() {
		sent, forgets = "and did not record the change that it comes before", "It is forgotten once the change is made."
	}
	if d.Event != "" {
		sent = fmt.Sprintf("(%s of %s) %s", d.Event, d.For, sent)
	}
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "An action may have run",
		Detail: fmt.Sprintf("An earlier apply sent %s %s. It is not run again, because twice is not the same as once. Look in the CRM, and run it with -invoke='%s' where it is missing. %s", at, sent, at, forgets),
		Extra:  &Detail{Address: at.String()},
	}
}
