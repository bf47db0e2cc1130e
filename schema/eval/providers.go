package eval

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// ProviderConfigs are the provider configurations that blocks and imports use,
// and those that have a block of their own, sorted by name.
func (e *Evaluator) ProviderConfigs() []config.ProviderRef {
	seen := map[config.ProviderRef]bool{}
	for _, b := range e.blocks {
		seen[b.Resource.Provider] = true
	}
	for _, r := range e.cfg.AllActions() {
		seen[r.Provider] = true
	}
	for _, i := range e.cfg.AllImports() {
		seen[i.Provider] = true
	}
	for _, p := range e.cfg.Root.Providers {
		seen[p.Ref] = true
	}
	refs := make([]config.ProviderRef, 0, len(seen))
	for ref := range seen {
		if ref.Name != "" {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, func(a, b config.ProviderRef) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Alias, b.Alias))
	})
	return refs
}

// ProviderConfig evaluates the arguments of a provider configuration: an
// object of all that the provider declares, null for what is neither written
// nor set in the environment. It may contain secrets. Its marks are
// schema.WrittenAddress and schema.OutsideSecret only.
func (e *Evaluator) ProviderConfig(ref config.ProviderRef) (cty.Value, hcl.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	declared, block := e.provider(ref)
	if declared == nil {
		return cty.EmptyObjectVal, hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Unknown provider", Detail: fmt.Sprintf("There is no provider %q.", ref.Name),
		}}
	}
	p := &providerReader{root: e.root, block: block, env: e.in.Env, outside: outside{e}}
	values := make(map[string]cty.Value, len(declared.Config))
	var diags hcl.Diagnostics
	for i := range declared.Config {
		a := &declared.Config[i]
		v, more := p.argument(a)
		diags = append(diags, more...)
		values[a.Name] = v
		if a.Required && v.IsNull() && !more.HasErrors() {
			diags = append(diags, missingArgument(ref, block, a))
		}
	}
	return cty.ObjectVal(values), dedupe(diags)
}

// ProviderRange is where a provider is configured; nil when it has no block.
func (e *Evaluator) ProviderRange(ref config.ProviderRef) *hcl.Range {
	if _, block := e.provider(ref); block != nil {
		return &block.Range
	}
	return nil
}

func (e *Evaluator) provider(ref config.ProviderRef) (*schema.Provider, *config.ProviderBlock) {
	for _, p := range e.cfg.Root.Providers {
		if p.Ref == ref {
			return p.Provider, p
		}
	}
	for _, p := range e.cfg.Catalog {
		if p.Name == ref.Name {
			return p, nil
		}
	}
	return nil, nil
}

// providerReader evaluates the arguments of one provider configuration.
type providerReader struct {
	root *scope
	// block is nil when the configuration has none.
	block   *config.ProviderBlock
	env     func(name string) string
	outside outside
}

// argument evaluates one argument: the block first, then the environment.
func (p *providerReader) argument(a *schema.ProviderArgument) (cty.Value, hcl.Diagnostics) {
	want := a.Type.WithoutOptionalAttributesDeep()
	v, at, diags := p.written(a)
	if diags.HasErrors() {
		return cty.NullVal(want), diags
	}
	marks := p.marks(a, v)
	if v.IsNull() && a.Env != "" {
		if text := p.env(a.Env); text != "" {
			v = cty.StringVal(text)
		}
	}
	if v.IsNull() {
		return cty.NullVal(want), diags
	}
	if !v.IsWhollyKnown() {
		return cty.NullVal(want), append(diags, errorAt(at, "Value is not known in time", "The argument %q of a provider cannot wait for other blocks.", a.Name)...)
	}
	sensitive := isSensitive(v) || a.Sensitive
	v, _ = v.UnmarkDeep()
	converted, err := config.ConvertValue(a.Attribute(), v)
	if err == nil {
		return converted.WithMarks(marks), diags
	}
	detail := config.Sentence(err)
	if sensitive {
		detail = fmt.Sprintf("The argument %q takes a %s.", a.Name, a.Type.FriendlyName())
	}
	return cty.NullVal(want), append(diags, errorAt(at, "Invalid value", "%s", detail)...)
}

// written is the value in the block, null when there is none.
func (p *providerReader) written(a *schema.ProviderArgument) (cty.Value, hcl.Range, hcl.Diagnostics) {
	null := cty.NullVal(cty.DynamicPseudoType)
	if p.block == nil {
		return null, hcl.Range{}, nil
	}
	if attr := p.block.Attributes[a.Name]; attr != nil {
		v, diags := p.root.eval(attr.Expr, nil)
		return v, attr.Expr.Range(), diags
	}
	entries := map[string]cty.Value{}
	var diags hcl.Diagnostics
	for _, b := range p.block.Blocks {
		if b.Type != a.Name {
			continue
		}
		v, more := p.entry(b)
		entries[b.Labels[0]] = v
		diags = append(diags, more...)
	}
	if len(entries) == 0 {
		return null, p.block.Range, diags
	}
	return cty.ObjectVal(entries), p.block.Range, diags
}

// entry is a labelled block as an object.
func (p *providerReader) entry(b *hclsyntax.Block) (cty.Value, hcl.Diagnostics) {
	values := map[string]cty.Value{}
	var diags hcl.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
		v, more := p.root.eval(b.Body.Attributes[name].Expr, nil)
		values[name] = v
		diags = append(diags, more...)
	}
	return cty.ObjectVal(values), diags
}

func missingArgument(ref config.ProviderRef, block *config.ProviderBlock, a *schema.ProviderArgument) *hcl.Diagnostic {
	d := &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Missing provider argument",
		Detail: fmt.Sprintf("The provider %s needs %q: %s", ref, a.Name, a.Doc),
	}
	if a.Env != "" {
		d.Detail += fmt.Sprintf(" Set the environment variable %s, or write it in the provider block.", a.Env)
	}
	if block != nil {
		d.Subject = block.Range.Ptr()
	}
	return d
}
