package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema"
	"lockstep/schema/config"
)

// Actions are the action blocks of all modules, and the action_trigger blocks that
// run them. Expand and Resolve of the Evaluator evaluate their config blocks.
type Actions struct {
	e *Evaluator
	// blocks in the order of their addresses.
	blocks []*Block
}

// NewActions finds the action blocks, which no other block needs.
func NewActions(e *Evaluator) *Actions {
	byResource := make(map[*config.Resource]*Block, len(e.blocks))
	for _, b := range e.blocks {
		byResource[b.Resource] = b
	}
	x := &Actions{e: e}
	for _, r := range e.cfg.AllActions() {
		b := &Block{Resource: r, Module: r.Module.Address()}
		for _, need := range e.cfg.Needs(config.BlockNode(r)) {
			b.Needs = append(b.Needs, byResource[need])
		}
		x.blocks = append(x.blocks, b)
	}
	slices.SortFunc(x.blocks, func(a, b *Block) int { return a.Address().Compare(b.Address()) })
	return x
}

// Blocks are the action blocks, in the order of their addresses.
func (x *Actions) Blocks() []*Block { return x.blocks }

// Named returns the action blocks that an action_trigger block of a resource block
// names, without those that are not declared.
func (x *Actions) Named(b *Block, t *config.Trigger) []*Block {
	var named []*Block
	for _, ref := range t.Actions {
		r := b.Resource.Module.Action(ref.Action, ref.Name)
		if i := slices.IndexFunc(x.blocks, func(a *Block) bool { return a.Resource == r }); i >= 0 {
			named = append(named, x.blocks[i])
		}
	}
	return named
}

// Triggered is what an action_trigger block of one instance says.
type Triggered struct {
	// Holds is the condition: true without one, and unknown as long as it is.
	Holds cty.Value
	// Actions are the instances of actions to run, in their order.
	Actions []schema.Address
}

// Triggered evaluates the n-th action_trigger block of an instance. The actions are
// evaluated only where the condition may hold.
func (x *Actions) Triggered(b *Block, a schema.Address, n int) (Triggered, hcl.Diagnostics) {
	x.e.mu.Lock()
	defer x.e.mu.Unlock()
	t := b.Resource.Lifecycle.Triggers[n]
	out := Triggered{Holds: cty.True}
	s, item, diags := x.e.root.instance(b, a)
	if s == nil {
		return out, diags
	}
	extra := item.variables()
	if t.Condition != nil {
		v, more := s.eval(t.Condition, extra)
		if diags = append(diags, more...); more.HasErrors() {
			return out, diags
		}
		v, _ = v.UnmarkDeep()
		v, err := convert.Convert(v, cty.Bool)
		if err != nil || v.IsNull() {
			return out, append(diags, errorAt(t.Condition.Range(), "Invalid condition", "A condition is true or false.")...)
		}
		if out.Holds = v; v.IsKnown() && v.False() {
			return out, diags
		}
	}
	for _, ref := range t.Actions {
		address, more := s.actionAddress(ref, extra)
		if diags = append(diags, more...); !more.HasErrors() {
			out.Actions = append(out.Actions, address)
		}
	}
	return out, diags
}

// actionAddress is the instance that a trigger names.
func (s *scope) actionAddress(ref config.ActionRef, extra map[string]cty.Value) (schema.Address, hcl.Diagnostics) {
	r := s.module.Action(ref.Action, ref.Name)
	if r == nil {
		return schema.Address{}, errorAt(ref.Range, "Undeclared action", "%s is not declared.", ref)
	}
	if ref.Key == nil {
		return s.address(r, schema.Key{}), nil
	}
	v, diags := s.eval(ref.Key, extra)
	if diags.HasErrors() {
		return schema.Address{}, diags
	}
	v, _ = v.Unmark()
	if !v.IsKnown() {
		return schema.Address{}, append(diags, errorAt(ref.Range, "Key is not known yet", "Which instance of %s is meant depends on a value that is known only after apply. Use each.key.", ref)...)
	}
	key, ok := instanceKey(v, r.ForEach != nil)
	if !ok {
		return schema.Address{}, append(diags, errorAt(ref.Range, "Invalid key", "%s has no instance of such a key.", ref)...)
	}
	return s.address(r, key), diags
}
