package engine

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema/eval"
)

// OutOfReach returns what is wrong with a block whose objects its provider does not
// reach, because they are those of another level than the account; nil when nothing
// is. config is the provider block.
func OutOfReach(b *eval.Block, p providers.Provider, config cty.Value) *hcl.Diagnostic {
	leveled, ok := p.(providers.Leveled)
	r := b.Resource
	if !ok || r.Kind == nil {
		return nil
	}
	name, level := r.Kind.Name, r.Kind.Scopes.Level
	if r.DataSource != nil {
		name, level = r.DataSource.Name, r.DataSource.Level
	}
	err := leveled.Reach(config, name, level)
	if err == nil {
		return nil
	}
	d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "The provider does not reach it", Detail: sentence(err.Error()), Subject: &r.Range}
	var field *providers.FieldError
	if errors.As(err, &field) {
		d.Detail = sentence(field.Problem) + " " + field.Advice
	}
	d.Extra = &Detail{Address: b.Address().String()}
	return d
}

// reached refuses the blocks of a run whose provider does not reach their objects.
func reached(e *Engine) (diags hcl.Diagnostics) {
	for _, b := range e.Evaluator.Blocks() {
		a := e.accounts[b.Resource.Provider.String()]
		if a == nil {
			continue
		}
		if d := OutOfReach(b, a.provider, a.config); d != nil {
			diags = append(diags, d)
		}
	}
	return diags
}
