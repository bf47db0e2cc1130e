package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema/eval"
)

// foresight asks providers what comes of a plan.
type foresight struct{ planning }

// foreseen are the writes of one account that its provider is asked about.
type foreseen struct {
	writes []providers.Write
	// refs are the changes of the plan that they belong to.
	refs []int
}

// foresee asks the providers what comes of the writes of a plan. Errors are returned
// with what is only told; what they refuse is added to the refusals of the plan.
func (e foresight) foresee(ctx context.Context, p *planner.Plan) hcl.Diagnostics {
	var diags hcl.Diagnostics
	asked := foreseenWrites(p)
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		provider, ok := e.accounts[name].provider.(providers.Foreseer)
		if !ok {
			continue
		}
		found, err := provider.Foresee(ctx, asked[name].writes)
		if err != nil {
			return append(diags, e.failure(name, "Cannot tell what comes of the plan", err))
		}
		diags = append(diags, e.findings(p, asked[name], found)...)
	}
	return diags
}

// foreseenWrites are the writes of kinds of which providers foresee what comes, by
// account.
func foreseenWrites(p *planner.Plan) map[string]*foreseen {
	asked := map[string]*foreseen{}
	for i := range p.Waves {
		w := &p.Waves[i]
		for _, op := range w.Operations {
			for n, ref := range op.Refs {
				if !p.Changes[ref].Kind.Foreseen {
					continue
				}
				if asked[w.Provider] == nil {
					asked[w.Provider] = &foreseen{}
				}
				f := asked[w.Provider]
				f.writes, f.refs = append(f.writes, op.Writes[n]), append(f.refs, ref)
			}
		}
	}
	return asked
}

// findings puts what was found where people see it.
func (e foresight) findings(p *planner.Plan, of *foreseen, found []providers.Finding) hcl.Diagnostics {
	var told, wrong Alike
	for i := range found {
		f := &found[i]
		c := &p.Changes[of.refs[f.Write]]
		switch f.Severity {
		case providers.Refused:
			p.Refusals = append(p.Refusals, planner.Refusal{Rule: planner.RuleForeseen, Provider: c.Provider, Kind: c.Kind.Name, Count: 1, Of: 1,
				Message: fmt.Sprintf("%s: %s. %s", planner.Called(c.Address, c.Kind, c.Live), f.Problem, f.Advice)})
		case providers.Wrong:
			wrong.Add(func() *hcl.Diagnostic { return e.finding(c, f, hcl.DiagError) })
		case providers.Told:
			told.Add(func() *hcl.Diagnostic { return e.finding(c, f, hcl.DiagWarning) })
		}
	}
	return append(told.All(), wrong.All()...)
}

// finding makes a diagnostic of what was found about a change.
func (e foresight) finding(c *planner.Change, f *providers.Finding, severity hcl.DiagnosticSeverity) *hcl.Diagnostic {
	var block *eval.Block
	if b := e.run.blocks.declaring(c.Address); b != nil {
		block = b.block
	}
	d := e.objectFailure(cmp.Or(f.Summary, "Foreseen"), c.Address, block, Quiet(&f.FieldError, c.Kind, c.Desired))
	d.Severity = severity
	return d
}
