package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
	"lockstep/schema/eval"
)

// expand evaluates a block into its instances. ok is false when it cannot; the
// diagnostics tell why.
func (e planning) expand(b *eval.Block) (instances []eval.Instance, diags hcl.Diagnostics, ok bool) {
	instances, diags = e.Evaluator.Expand(b)
	if e.run.looking && e.run.blocks.lacks(b) {
		e.run.blocks.states[b].lacking = true
		return e.expandPartly(b, instances, diags)
	}
	return instances, diags, !diags.HasErrors()
}

// expandPartly is expand for a block that needs what was not read. What is wrong
// may only be so because of that: then the block has the instances that do not
// depend on it, or none. Unknown fields are dropped, so that they are not
// compared.
func (e planning) expandPartly(b *eval.Block, instances []eval.Instance, diags hcl.Diagnostics) ([]eval.Instance, hcl.Diagnostics, bool) {
	if diags.HasErrors() {
		e.hideUnread(true)
		instances, diags = e.Evaluator.Expand(b)
		e.hideUnread(false)
	}
	if diags.HasErrors() {
		return nil, hcl.Diagnostics{{
			Severity: hcl.DiagWarning, Summary: b.Address().String() + " is left out",
			Detail: "What it is about depends on an account that could not be read.", Subject: &b.Resource.Range,
		}}, false
	}
	if b.Resource.Data {
		return instances, diags, true
	}
	for i := range instances {
		instances[i].Fields = slices.DeleteFunc(slices.Clone(instances[i].Fields), func(f schema.Field) bool { return !f.Value.IsKnown() })
	}
	return instances, diags, true
}
