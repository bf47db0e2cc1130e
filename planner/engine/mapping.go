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

// mappingBlocks are the mappings of a plan.
type mappingBlocks struct{ planning }

// planMapping joins the instances of a mapping with their targets. It comes
// after all resource blocks, which may create them.
func (e mappingBlocks) planMapping(ctx context.Context, b *eval.Block) {
	if ctx.Err() != nil || e.blocked(b) {
		return
	}
	bs := e.run.blocks[b]
	bs.failed = true
	instances, diags, ok := e.expand(b)
	e.run.diags = append(e.run.diags, diags...)
	if !ok {
		return
	}
	ks := e.kind(b.Resource.Provider.String(), b.Resource.Kind)
	if ks == nil {
		return
	}
	bs.kind, bs.failed = ks, false
	bs.desired = e.desire(ctx, bs, instances)
	if bs.failed {
		return
	}
	mapped := e.mapped(ctx, bs, instances)
	if bs.failed = bs.failed || !losses(e).prepare(ctx, ks) || !e.readMapped(ctx, ks, mapped); bs.failed {
		return
	}
	before := len(ks.roster.Problems)
	joined := ks.roster.Join(mapped)
	for i := range joined {
		e.giveBack(ctx, bs, &mapped[i], &joined[i])
	}
	e.problems(hcl.DiagError, ks.roster.Problems[before:])
	e.missing(bs, joined)
	bs.links(mapped, instances, joined)
}

// mapped are the instances with what finds their targets, as accounts spell it.
func (e mappingBlocks) mapped(ctx context.Context, bs *blockState, instances []eval.Instance) []planner.Instance {
	r := bs.block.Resource
	mapped := make([]planner.Instance, len(instances))
	bs.matched = make([]schema.Fields, len(instances))
	for i := range instances {
		d := &mapped[i]
		d.Desired, d.Mapping = bs.desired[i], r.Mapping
		var err error
		if d.Match, err = bs.kind.spelt(ctx, instances[i].Match); err != nil {
			bs.failed = true
			e.run.diags = append(e.run.diags, e.objectFailure("Invalid match", d.Address, bs.block, err))
			if len(e.run.diags) > 2*maxSame {
				return mapped
			}
		}
		bs.matched[i] = d.Match
		if r.Mapping.Back() && instances[i].Source != "" {
			e.sourceOf(bs, d, instances[i].Source)
		}
	}
	return mapped
}

// sourceOf finds the object that an instance is made of, and refuses one that
// can only be read.
func (e mappingBlocks) sourceOf(bs *blockState, d *planner.Instance, id string) {
	source := bs.block.Resource.Mapping.Source
	d.Source = e.run.blocks[e.block(source)].live(id)
	a := e.accounts[source.Provider.String()]
	if d.Source == nil || a == nil {
		return
	}
	var field *providers.FieldError
	if err := a.writable(source.Kind.Name, d.Source.Fields); errors.As(err, &field) {
		bs.failed = true
		back := d.Mapping.Fields[slices.IndexFunc(d.Mapping.Fields, (*config.MappedField).Back)]
		e.run.diags = append(e.run.diags, e.objectFailure("No way back", d.Address, bs.block, &providers.FieldError{
			Path: back.Path, Problem: "it writes " + back.Source + " of its source, and " + field.Problem,
			Advice: fmt.Sprintf("Write direction = %q, or leave it out of for_each.", config.ToTarget),
		}))
	}
}

// spelt are fields as the account spells them. What it does not know, an id,
// stays as it is.
func (ks *kindState) spelt(ctx context.Context, fields schema.Fields) (schema.Fields, error) {
	if len(fields) == 0 {
		return fields, nil
	}
	id, named := fields.Find("id")
	fields = slices.DeleteFunc(slices.Clone(fields), func(f schema.Field) bool { return f.Path == "id" })
	fields, err := Normal(ctx, ks.account.provider, ks.kind, fields)
	if named {
		fields = append(slices.Clone(fields), id)
		fields.Sort()
	}
	return fields, err
}

// block finds the evaluator's block of a declaration.
func (e planning) block(r *config.Resource) *eval.Block {
	for _, b := range e.run.order {
		if b.Resource == r {
			return b
		}
	}
	return nil
}

// live finds an object of a block by its remote id; nil when the block has
// none of that id, or it does not exist yet.
func (bs *blockState) live(id string) *schema.Object {
	if bs == nil {
		return nil
	}
	if bs.byID == nil {
		bs.byID = make(map[string]*schema.Object, len(bs.subjects)+len(bs.read))
		for _, subject := range bs.subjects {
			if o := subject.Stays(); o != nil {
				bs.byID[o.ID] = o
			}
		}
		for i := range bs.read {
			bs.byID[bs.read[i].ID] = &bs.read[i]
		}
	}
	return bs.byID[id]
}

// mapsBack reports whether a mapping writes to the objects of a block, so that they
// must be kept as they were read.
func (e planning) mapsBack(b *eval.Block) bool {
	return slices.ContainsFunc(e.run.order, func(o *eval.Block) bool {
		m := o.Resource.Mapping
		return m != nil && m.Source == b.Resource && m.Back()
	})
}

// readMapped makes sure that all targets are in the picture.
func (e mappingBlocks) readMapped(ctx context.Context, ks *kindState, mapped []planner.Instance) bool {
	wanted := make([]planner.Desired, len(mapped))
	all := false
	for i := range mapped {
		wanted[i] = mapped[i].Desired
		wanted[i].Fields = mapped[i].Match
		all = all || len(mapped[i].Match) > 0 && len(naturalKeys(ks.kind, wanted[i])) == 0
		if mapped[i].Mapping.Missing == config.MissingCreate {
			wanted[i].Fields = alsoKeys(ks.kind, wanted[i].Fields, mapped[i].Fields)
		}
	}
	ks.reading.whole = ks.reading.whole || all
	if !e.readFor(ctx, ks, wanted) {
		return false
	}
	if ks.reading.summary.How != howByID {
		return true
	}
	// Those that no longer are who the instance is about are looked for.
	var keys []providers.Key
	for i := range mapped {
		if r := ks.roster.Records[mapped[i].Sealed]; r != nil && !fits(ks.roster.Live.ID(r.ID), mapped[i].Match) {
			keys = append(keys, naturalKeys(ks.kind, wanted[i])...)
		}
	}
	if err := ks.reading.get(ctx, keys); err != nil {
		e.run.diags = append(e.run.diags, ks.reading.fail(ctx, err)...)
		return false
	}
	return true
}

// alsoKeys adds to what finds a target the natural keys that it would be created
// with: nobody else may have them.
func alsoKeys(kind *schema.Kind, match, given schema.Fields) schema.Fields {
	all := slices.Clone(match)
	for _, key := range kind.Keys {
		for _, path := range key {
			f, found := given.Find(path)
			if _, matched := match.Find(path); found && !matched {
				all = append(all, f)
			}
		}
	}
	all.Sort()
	return all
}

func fits(o *schema.Object, match schema.Fields) bool {
	return o != nil && !slices.ContainsFunc(match, func(f schema.Field) bool {
		return !f.Derived && o.Value(f.Path).Text() != f.Value.Text()
	})
}

// giveBack plans what the target of an instance gives to its source.
func (e mappingBlocks) giveBack(ctx context.Context, bs *blockState, d *planner.Instance, j *planner.Joined) {
	m := bs.block.Resource.Mapping
	if d.Source == nil {
		return
	}
	sources := e.kind(m.Source.Provider.String(), m.Source.Kind)
	if sources == nil {
		return
	}
	var settled []string
	var fields []planner.FieldChange
	for _, f := range j.Back {
		a := fieldOf(sources.kind, f.Path)
		value, err := sources.value(ctx, a, f)
		if err != nil {
			bs.failed = true
			e.run.diags = append(e.run.diags, e.cannotGiveBack(bs, d, f, err))
			continue
		}
		if planner.Same(a, value, f.Live) {
			settled = append(settled, f.From)
			continue
		}
		f.Desired, f.Sensitive, f.Personal = value, f.Sensitive || a.Sensitive, f.Personal || a.Personal
		fields = append(fields, f)
	}
	j.Settle(settled)
	slices.SortFunc(fields, func(a, b planner.FieldChange) int { return strings.Compare(a.Path, b.Path) })
	before := len(sources.roster.Problems)
	sources.roster.WriteBack(d, j, fields)
	if sources != bs.kind {
		e.problems(hcl.DiagError, sources.roster.Problems[before:])
	}
}

// fieldOf is the attribute of a path on its own.
func fieldOf(kind *schema.Kind, path string) *schema.Attribute {
	r := config.Resource{Kind: kind, Mapping: &config.Mapping{}}
	return r.Attribute(path)
}

// value is a target's value as the source spells it.
func (ks *kindState) value(ctx context.Context, a *schema.Attribute, f planner.FieldChange) (schema.Value, error) {
	v, err := f.Desired.ToCty(cty.DynamicPseudoType)
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
	fields, err := ks.spelt(ctx, schema.Fields{{Path: f.Path, Value: value}})
	if err != nil {
		return value, err
	}
	return fields.Value(f.Path), nil
}

func (e mappingBlocks) cannotGiveBack(bs *blockState, d *planner.Instance, f planner.FieldChange, err error) *hcl.Diagnostic {
	problem := err.Error()
	var field *providers.FieldError
	if errors.As(err, &field) {
		problem = field.Problem
	}
	return e.objectFailure("A value that the source cannot have", d.Address, bs.block, &providers.FieldError{
		Path: f.From, Problem: fmt.Sprintf("%s of %s cannot be written back to %s: %s", f.From, d.Address, f.Path, problem),
		Advice: "Correct the value in the CRM.",
	})
}

// missing notes the instances that nobody was found for.
func (e mappingBlocks) missing(bs *blockState, joined []planner.Joined) {
	u := planner.Unmatched{Mapping: bs.block.Address(), Kind: bs.kind.kind, Place: bs.block.Resource.Range, Of: len(joined)}
	for i := range joined {
		if joined[i].Missing {
			u.Addresses = append(u.Addresses, bs.desired[i].Address)
		}
	}
	if len(u.Addresses) > 0 {
		e.run.unmatched = append(e.run.unmatched, u)
	}
}

// Link is a pair of objects that a mapping joined.
type Link struct {
	// Mapping is the address of the instance.
	Mapping schema.Address
	// SourceProvider, SourceKind and SourceID name the source; they are empty
	// when it is no object of a provider.
	SourceProvider, SourceKind, SourceID string
	// TargetProvider, TargetKind and TargetID name the target.
	TargetProvider, TargetKind, TargetID string
}

// links notes who was joined with whom.
func (bs *blockState) links(mapped []planner.Instance, instances []eval.Instance, joined []planner.Joined) {
	r := bs.block.Resource
	for i := range joined {
		target := joined[i].Target.Stays()
		if target == nil {
			continue
		}
		l := Link{Mapping: mapped[i].Address, TargetProvider: bs.kind.account.name, TargetKind: bs.kind.kind.Name, TargetID: target.ID}
		if source := r.Mapping.Source; source != nil && instances[i].Source != "" {
			l.SourceProvider, l.SourceKind, l.SourceID = source.Provider.String(), source.Kind.Name, instances[i].Source
		}
		bs.joined = append(bs.joined, l)
	}
}

// Links are the pairs of objects that mappings join, as the last plan or look
// found them, in the order of the blocks.
func (e *Engine) Links() []Link {
	var links []Link
	for _, b := range e.run.order {
		if bs := e.run.blocks[b]; bs != nil {
			links = append(links, bs.joined...)
		}
	}
	return links
}
