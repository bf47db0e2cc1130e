package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// sourceOf finds the object that an instance is made of, and refuses one that
// can only be read.
func (e mappingBlocks) sourceOf(m *mappingBlock, d *planner.Instance, id string) hcl.Diagnostics {
	source := m.block.Resource.Mapping.Source
	if holder := e.run.blocks.holder(source); holder != nil {
		d.Source = holder.live(id)
	}
	a := e.accounts[source.Provider.String()]
	if d.Source == nil || a == nil {
		return nil
	}
	var field *providers.FieldError
	if err := a.writable(source.Kind.Name, d.Source.Fields); !errors.As(err, &field) {
		return nil
	}
	back := d.Mapping.Fields[slices.IndexFunc(d.Mapping.Fields, (*config.MappedField).Back)]
	return hcl.Diagnostics{e.objectFailure("No way back", d.Address(), m.block, &providers.FieldError{
		Path: back.Path, Problem: "it writes " + back.Source + " of its source, and " + field.Problem,
		Advice: fmt.Sprintf("Write direction = %q, or leave it out of for_each.", config.ToTarget),
	})}
}

// echoes returns what tells whether the source of an instance has a value in its
// own spelling; nil without a source.
func (e mappingBlocks) echoes(ctx context.Context, m *mappingBlock, d *planner.Instance) func(*config.MappedField, schema.Value) bool {
	source := m.block.Resource.Mapping.Source
	ks := e.kind(source.Provider.String(), source.Kind)
	if d.Source == nil || ks == nil {
		return nil
	}
	return func(rule *config.MappedField, has schema.Value) bool {
		a := fieldOf(ks.kind, rule.Source)
		value, err := ks.value(ctx, a, rule.Source, has)
		return err == nil && planner.Same(a, value, d.Source.Value(rule.Source))
	}
}

// holder is a block with objects that a mapping is made of.
type holder interface {
	// live finds an object by its remote id; nil without one.
	live(id string) *schema.Object
}

// holder finds the block of a declaration; nil when it has no objects.
func (bs *blocks) holder(r *config.Resource) holder {
	for _, b := range bs.order {
		switch {
		case b.Resource != r:
		case bs.data[b] != nil:
			return bs.data[b]
		case bs.resources[b] != nil:
			return bs.resources[b]
		}
	}
	return nil
}

// mapsBack reports whether a mapping writes to the objects of a block, so that
// they must be kept as they were read.
func (bs *blocks) mapsBack(b *eval.Block) bool {
	for _, m := range bs.mappings {
		if r := m.block.Resource.Mapping; r.Source == b.Resource && r.Back() {
			return true
		}
	}
	return false
}

// giveBack plans what the targets of a mapping give to their sources.
func (e mappingBlocks) giveBack(ctx context.Context, m *mappingBlock, instances []planner.Instance, joined []planner.Joined) (diags hcl.Diagnostics) {
	source := m.block.Resource.Mapping.Source
	if source == nil {
		return nil
	}
	ks := e.kind(source.Provider.String(), source.Kind)
	if ks == nil {
		return nil
	}
	for i := range joined {
		if instances[i].Source != nil {
			diags = append(diags, e.giveSource(ctx, m, ks, &instances[i], &joined[i])...)
		}
	}
	if ks != m.kind {
		diags = append(diags, e.refused(ks)...)
	}
	return diags
}

// giveSource plans what the target of an instance gives to its source, an object
// of the kind.
func (e mappingBlocks) giveSource(ctx context.Context, m *mappingBlock, ks *kindState, d *planner.Instance, j *planner.Joined) (diags hcl.Diagnostics) {
	var inStep []string
	var fields []planner.FieldChange
	for _, f := range j.Back {
		a := fieldOf(ks.kind, f.Path)
		value, err := ks.value(ctx, a, f.Path, f.Desired)
		if problem := e.cannotGiveBack(m, d, f, err); problem != nil {
			if d.Mapping.Field(f.From).Invalid == config.InvalidSkip {
				e.hold(m, d.Address(), f.From, problem)
			} else {
				diags = append(diags, problem)
			}
			continue
		}
		if planner.Same(a, value, f.Live) {
			inStep = append(inStep, f.From)
			continue
		}
		f.Desired, f.Sensitive, f.Personal = value, f.Sensitive || a.Sensitive, f.Personal || a.Personal
		fields = append(fields, f)
	}
	j.InStep(inStep)
	slices.SortFunc(fields, func(a, b planner.FieldChange) int { return strings.Compare(a.Path, b.Path) })
	ks.roster.WriteBack(d, j, fields)
	return diags
}

// fieldOf is the attribute of a path on its own.
func fieldOf(kind *schema.Kind, path string) *schema.Attribute {
	r := config.Resource{Kind: kind, Mapping: &config.Mapping{}}
	return r.Attribute(path)
}

// value is a target's value as the source spells it under a path.
func (ks *kindState) value(ctx context.Context, a *schema.Attribute, path string, has schema.Value) (schema.Value, error) {
	v, err := has.ToCty(cty.DynamicPseudoType)
	if err == nil {
		v, err = config.ConvertValue(a, v)
	}
	if err != nil {
		return schema.Value{}, err
	}
	value, err := schema.FromCty(v)
	if err != nil {
		return value, err
	}
	fields, err := ks.spelt(ctx, schema.Fields{{Path: path, Value: value}})
	if err != nil {
		return value, err
	}
	return fields.Value(path), nil
}

// cannotGiveBack tells why the source cannot have a value of the target; nil
// without an error.
func (e mappingBlocks) cannotGiveBack(m *mappingBlock, d *planner.Instance, f planner.FieldChange, err error) *hcl.Diagnostic {
	if err == nil {
		return nil
	}
	problem := err.Error()
	var field *providers.FieldError
	if errors.As(err, &field) {
		problem = field.Problem
	}
	return e.objectFailure("A value that the source cannot have", d.Address(), m.block, &providers.FieldError{
		Path: f.From, Problem: fmt.Sprintf("%s of %s cannot be written back to %s: %s", f.From, d.Address(), f.Path, problem),
		Advice: "Correct the value in the CRM.",
	})
}
