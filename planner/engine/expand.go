package engine

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
	"lockstep/schema/eval"
)

// expand evaluates a block into its instances. ok is false when it cannot; the
// diagnostics tell why.
func (e planning) expand(b *eval.Block) (instances []eval.Instance, diags hcl.Diagnostics, ok bool) {
	instances, diags = e.Evaluator.Expand(b)
	if !e.run.blocks.lacks(b) {
		return instances, diags, !diags.HasErrors()
	}
	e.run.blocks.states[b].lacking = true
	if e.run.looking {
		return e.expandPartly(b, instances, diags)
	}
	return e.expandKnown(b, instances, diags)
}

// expandKnown is expand in a plan, for a block that needs what was not read. It
// keeps the instances that are known all the same. The others stay as they are, and
// so do all if it cannot be told which there are, or if the block needs another one
// of which instances are missing: what it would say of all of them would be wrong.
func (e planning) expandKnown(b *eval.Block, instances []eval.Instance, diags hcl.Diagnostics) ([]eval.Instance, hcl.Diagnostics, bool) {
	known := slices.DeleteFunc(slices.Clone(instances), func(i eval.Instance) bool { return !i.Fields.Known() || !i.Match.Known() })
	left := len(instances) - len(known)
	if left == 0 && !diags.HasErrors() && !e.run.blocks.partial(b) {
		return known, diags, true
	}
	stays := &hcl.Diagnostic{
		Severity: hcl.DiagWarning, Summary: b.Address().String() + " stays as it is",
		Detail: "What it is about depends on an account that could not be read.", Subject: &b.Resource.Range,
	}
	if diags.HasErrors() || e.run.blocks.partial(b) || b.Resource.Data {
		return nil, hcl.Diagnostics{stays}, false
	}
	stays.Summary = fmt.Sprintf("%s: %s of %s stay as they are", b.Address(), schema.Thousands(left), schema.Thousands(len(instances)))
	stays.Detail = "What they are about depends on an account that could not be read."
	return known, append(diags, stays), true
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
