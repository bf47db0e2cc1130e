package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// invoke plans to run actions by their names, and to change nothing. Only what their
// arguments refer to is read.
func (v *invocations) invoke(ctx context.Context, names []schema.Address) (*planner.Plan, hcl.Diagnostics) {
	v.run.invoking = true
	named := v.named(names)
	if v.diags.HasErrors() {
		return nil, v.diags
	}
	v.run.blocks.keep(needing(named))
	diags := v.planBlocks(ctx)
	diags = append(diags, v.checkBindings()...)
	if diags.HasErrors() || ctx.Err() != nil {
		return nil, finish(ctx, append(v.diags, diags...))
	}
	for _, at := range names {
		v.byName(at)
	}
	diags = finish(ctx, append(diags, v.diags...))
	if diags.HasErrors() {
		return nil, diags
	}
	v.arrange(v.plan)
	return v.plan, diags
}

// named returns the blocks of actions.
func (v *invocations) named(names []schema.Address) []*eval.Block {
	var found []*eval.Block
	for _, at := range names {
		if b := v.blocks[blockOf(at)]; b != nil {
			found = append(found, b)
			continue
		}
		var declared []string
		for a := range v.blocks {
			declared = append(declared, a.String())
		}
		slices.Sort(declared)
		advice := schema.DidYouMean(blockOf(at).String(), declared)
		if advice == "" {
			advice = fmt.Sprintf(" Declare it with a block: action %q %q { config { … } }.", at.Action(), at.Name)
		}
		v.diags = append(v.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "No such action", Detail: fmt.Sprintf("%s is not declared.%s", at, advice)})
	}
	return found
}

// needing are the blocks that some blocks need, themselves or by others.
func needing(blocks []*eval.Block) map[*eval.Block]bool {
	needed := map[*eval.Block]bool{}
	queue := slices.Clone(blocks)
	for len(queue) > 0 {
		for _, n := range queue[0].Needs {
			if !needed[n] {
				needed[n] = true
				queue = append(queue, n)
			}
		}
		queue = queue[1:]
	}
	return needed
}

// keep leaves out of the run all blocks but some.
func (bs *blocks) keep(some map[*eval.Block]bool) {
	bs.order = slices.DeleteFunc(slices.Clone(bs.order), func(b *eval.Block) bool { return !some[b] })
}

// byName adds an action by its address, or all instances of its block.
func (v *invocations) byName(at schema.Address) {
	b := v.blocks[blockOf(at)]
	all := v.expanded(b)
	addresses := []schema.Address{at}
	if _, one := all[at]; !one && at == b.Address() && len(all) > 0 {
		addresses = slices.SortedFunc(maps.Keys(all), schema.Address.Compare)
	}
	for _, a := range addresses {
		for _, f := range all[a] {
			if f.Value.IsKnown() {
				continue
			}
			place := b.Resource.AttributeRange(f.Path)
			v.diags = append(v.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Argument is not known", Subject: &place,
				Detail: fmt.Sprintf("%s of %s depends on an object that does not exist yet. Apply first.", f.Path, a), Extra: &Detail{Address: a.String(), Path: f.Path}})
		}
		v.add(a, nil)
	}
}
