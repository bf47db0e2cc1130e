package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// checker looks at blocks that can be evaluated without any account: those that
// need no data and no mapping. What only a server knows of an object is unknown.
type checker struct {
	evaluator *eval.Evaluator
	factories map[string]func() providers.Provider
	// made are the providers so far, one for all blocks of a provider block.
	made map[string]providers.Provider
	// checked are the resource blocks without errors.
	checked map[*eval.Block]*checkedBlock
	// order has the checked blocks as they were checked.
	order []*checkedBlock
	// rings hold the natural keys of each kind of each provider.
	rings map[string]*planner.Keyring
}

// checkedBlock is a resource block whose values are right, as far as that can be
// told. It is the eval.Source of references to its objects.
type checkedBlock struct {
	block     *eval.Block
	provider  providers.Provider
	instances []eval.Instance
}

func newChecker(e *eval.Evaluator, factories map[string]func() providers.Provider) *checker {
	return &checker{evaluator: e, factories: factories, made: map[string]providers.Provider{}, checked: map[*eval.Block]*checkedBlock{}, rings: map[string]*planner.Keyring{}}
}

// provider is what looks at the values of a resource block; nil when there is none.
func (k *checker) provider(r *config.Resource) providers.Provider {
	name := r.Provider.String()
	if factory := k.factories[r.Provider.Name]; factory != nil && k.made[name] == nil {
		k.made[name] = factory()
	}
	return k.made[name]
}

// all checks all blocks, in the order in which they need each other.
func (k *checker) all(ctx context.Context) (diags hcl.Diagnostics) {
	for _, b := range k.evaluator.Blocks() {
		if d := k.outOfReach(b); d != nil {
			diags = append(diags, d)
			continue
		}
		if k.ready(b) {
			diags = append(diags, k.block(ctx, b)...)
		}
		if m := b.Resource.Mapping; m != nil && m.Back() {
			diags = append(diags, k.back(b)...)
		}
	}
	for _, b := range eval.NewActions(k.evaluator).Blocks() {
		if k.ready(b) {
			_, wrong := k.evaluator.Expand(b)
			diags = append(diags, wrong...)
		}
	}
	return append(diags, k.keys()...)
}

// outOfReach refuses a block whose provider does not reach its objects.
func (k *checker) outOfReach(b *eval.Block) *hcl.Diagnostic {
	config, diags := k.evaluator.ProviderConfig(b.Resource.Provider)
	if p := k.provider(b.Resource); p != nil && !diags.HasErrors() {
		return engine.OutOfReach(b, p, config)
	}
	return nil
}

// ready reports whether a block needs checked blocks only.
func (k *checker) ready(b *eval.Block) bool {
	return !slices.ContainsFunc(b.Needs, func(n *eval.Block) bool { return k.checked[n] == nil })
}

// block evaluates a block and lets its provider look at the values.
func (k *checker) block(ctx context.Context, b *eval.Block) hcl.Diagnostics {
	instances, diags := k.evaluator.Expand(b)
	if len(b.Needs) > 0 {
		// What is live may tell what is not known here.
		diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
			return strings.Contains(d.Summary+d.Detail, "not known") || strings.Contains(d.Detail, "only after apply")
		})
	}
	provider := k.provider(b.Resource)
	if diags.HasErrors() || b.Resource.Data || b.Resource.Kind == nil || provider == nil {
		return diags
	}
	c := &checkedBlock{block: b, provider: provider, instances: instances}
	looks := k.looksOf(ctx, c.provider, b)
	var wrong engine.Alike
	for i := range instances {
		fields, err := looks(instances[i].Fields)
		if err != nil {
			wrong.Add(func() *hcl.Diagnostic { return k.wrongValue(b, instances[i].Address, err) })
			continue
		}
		instances[i].Fields = fields
	}
	if len(wrong.All()) > 0 {
		return append(diags, wrong.All()...)
	}
	if b.Resource.Mapping == nil {
		diags = append(diags, k.claim(c)...)
		k.checked[b] = c
		k.evaluator.Provide(b, c)
	}
	k.order = append(k.order, c)
	return diags
}

// claim refuses objects with the natural key of another one.
func (k *checker) claim(c *checkedBlock) hcl.Diagnostics {
	r := c.block.Resource
	name := r.Provider.String() + " " + r.Kind.Name
	if k.rings[name] == nil {
		k.rings[name] = &planner.Keyring{Kind: r.Kind}
	}
	shared := &planner.Block{Place: r.Range}
	var packer schema.Packer
	var at *planner.Site
	var wrong engine.Alike
	for i := range c.instances {
		a := c.instances[i].Address
		if at == nil || at.Address != a.Block() {
			at = &planner.Site{Address: a.Block()}
		}
		d := planner.NewDesired(shared, at, a.Key, "", packer.Pack(c.instances[i].Fields))
		if p := k.rings[name].Claim(&d); p != nil {
			wrong.Add(func() *hcl.Diagnostic {
				return k.problem(c.block, a, p.Path, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: p.Summary, Detail: p.Detail})
			})
		}
	}
	return wrong.All()
}

// Keys are the keys of the instances within one module instance.
func (c *checkedBlock) Keys(module string) []schema.Key {
	var keys []schema.Key
	for i := range c.instances {
		if a := c.instances[i].Address; a.Module == module {
			keys = append(keys, a.Key)
		}
	}
	return keys
}

// Value is the object under an address as the files want it.
func (c *checkedBlock) Value(a schema.Address) (cty.Value, bool) {
	i, found := slices.BinarySearchFunc(c.instances, a, func(i eval.Instance, a schema.Address) int { return i.Address.Compare(a) })
	if !found {
		return cty.NilVal, false
	}
	return engine.DeclaredValue(c.block.Resource.Kind, c.instances[i].Fields), true
}

// looksOf are what a provider can say about the fields of a block's instances
// without any account. It returns them as the provider spells them.
func (k *checker) looksOf(ctx context.Context, p providers.Provider, b *eval.Block) func(schema.Fields) (schema.Fields, error) {
	kind := b.Resource.Kind
	restricted, restricts := p.(providers.Restricted)
	block, diags := k.evaluator.ProviderConfig(b.Resource.Provider)
	restricts = restricts && !diags.HasErrors()
	if previewer, ok := p.(providers.Previewer); ok && !diags.HasErrors() {
		previewer.Preview(block)
	}
	return func(fields schema.Fields) (schema.Fields, error) {
		fields, err := engine.Normal(ctx, p, kind, fields)
		if err == nil && restricts {
			err = restricted.CanWrite(block, kind.Name, fields)
		}
		return fields, err
	}
}

func (k *checker) wrongValue(b *eval.Block, a schema.Address, err error) *hcl.Diagnostic {
	var field *providers.FieldError
	if errors.As(err, &field) {
		return k.problem(b, a, field.Path, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid value", Detail: capital(field.Problem) + ". " + field.Advice})
	}
	return k.problem(b, a, "", &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid value", Detail: capital(err.Error()) + "."})
}

// problem adds to a diagnostic which attribute of which object it is about.
func (k *checker) problem(b *eval.Block, a schema.Address, path string, d *hcl.Diagnostic) *hcl.Diagnostic {
	place := b.Resource.Range
	if path != "" {
		place = b.Resource.AttributeRange(path)
	}
	d.Subject, d.Extra = &place, &engine.Detail{Address: a.String(), Path: path, Origin: k.evaluator.Origin(a)}
	return d
}

// back refuses a mapping that writes to sources which can only be read, as
// far as that can be told without any account: when it maps all objects of a
// block that needs no other.
func (k *checker) back(b *eval.Block) hcl.Diagnostics {
	if _, all := b.Resource.ForEach.(*hclsyntax.ScopeTraversalExpr); !all {
		return nil
	}
	source := b.Needs[slices.IndexFunc(b.Needs, func(n *eval.Block) bool { return n.Resource == b.Resource.Mapping.Source })]
	provider := k.provider(source.Resource)
	if len(source.Needs) > 0 || provider == nil {
		return nil
	}
	restricted, ok := provider.(providers.Restricted)
	block, diags := k.evaluator.ProviderConfig(source.Resource.Provider)
	instances, more := k.evaluator.Expand(source)
	if !ok || diags.HasErrors() || more.HasErrors() {
		return nil // it is reported where the block itself is checked
	}
	for i := range instances {
		err := restricted.CanWrite(block, source.Resource.Kind.Name, instances[i].Fields)
		if err == nil {
			continue
		}
		d := k.wrongValue(source, instances[i].Address, err)
		at := b.Resource.Mapping.Fields[slices.IndexFunc(b.Resource.Mapping.Fields, (*config.MappedField).Back)]
		d.Summary, d.Subject = "No way back", &at.Range
		d.Detail = fmt.Sprintf("%s writes %s of %s. %s Write direction = %q, or leave it out of for_each.", b.Address(), at.Source, instances[i].Address, d.Detail, config.ToTarget)
		return append(diags, d)
	}
	return nil
}
