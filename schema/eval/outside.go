package eval

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// outside tells what was given outside the files of the project: by the
// environment and the command line, which a pull request cannot change.
type outside struct{ e *Evaluator }

// gave reports whether a variable's value is certain to be the one that the
// environment or a flag gave.
func (o outside) gave(name string) bool {
	declared := o.e.cfg.Root.Variables[name]
	if declared == nil {
		return false
	}
	var last Assignment
	for _, a := range o.e.in.Vars {
		if a.Name == name && (a.From == FromFlag || a.From == FromEnvironment) {
			last = a
		}
	}
	if last.Name == "" {
		return false
	}
	v, diags := assigned(declared, last, true)
	return !diags.HasErrors() && v.RawEquals(o.e.vars[name])
}

// feeds names the last source outside the files that gave a value, even one that
// was overruled, to a variable that an expression depends on; "" when none did. A
// file outside the project may have given a value to any expression.
func (o outside) feeds(expr hclsyntax.Expression) string {
	if name := o.e.library.ReadOutside(); name != "" {
		return name
	}
	names := o.e.cfg.VariablesOf(expr)
	for _, a := range slices.Backward(o.e.in.Vars) {
		if a.From != FromFile && slices.Contains(names, a.Name) {
			return a.Source
		}
	}
	return ""
}

// names reports whether an expression is no more than a variable whose value comes
// from outside. Whatever is made of such a value within the files is theirs.
func (o outside) names(expr hclsyntax.Expression) bool {
	t, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(t.Traversal) != 2 {
		return false
	}
	ref := config.TraversalReference(t.Traversal)
	return ref.Kind == config.RefVariable && o.gave(ref.Name)
}

// marks are what a provider must know of where the value of an argument comes
// from. written is the value in the block, null when there is none.
func (p *providerReader) marks(a *schema.ProviderArgument, written cty.Value) cty.ValueMarks {
	switch {
	case a.Address && !written.IsNull() && !p.sameAddress(a, written) && !p.outside.names(p.block.Attributes[a.Name].Expr):
		return cty.NewValueMarks(schema.WrittenAddress{})
	case !a.Secret():
		return nil
	case written.IsNull() && a.Env != "":
		return cty.NewValueMarks(schema.OutsideSecret{Source: a.Env})
	}
	for _, expr := range p.secrets(a) {
		if source := p.outside.feeds(expr); source != "" {
			return cty.NewValueMarks(schema.OutsideSecret{Source: source})
		}
	}
	return nil
}

// sameAddress reports whether the environment names the address that is written.
func (p *providerReader) sameAddress(a *schema.ProviderArgument, written cty.Value) bool {
	v, _ := written.Unmark()
	return a.Env != "" && v.IsKnown() && v.Type() == cty.String &&
		strings.TrimSuffix(v.AsString(), "/") == strings.TrimSuffix(p.env(a.Env), "/")
}

// secrets are the expressions of the block that may give a secret to an argument.
func (p *providerReader) secrets(a *schema.ProviderArgument) []hclsyntax.Expression {
	if p.block == nil {
		return nil
	}
	if attr := p.block.Attributes[a.Name]; attr != nil {
		return []hclsyntax.Expression{attr.Expr}
	}
	var found []hclsyntax.Expression
	for _, b := range p.block.Blocks {
		if b.Type != a.Name {
			continue
		}
		for _, name := range a.SecretEntries {
			if attr := b.Body.Attributes[name]; attr != nil {
				found = append(found, attr.Expr)
			}
		}
	}
	return found
}
