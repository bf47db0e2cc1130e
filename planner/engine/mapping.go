package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// mappingBlock is a mapping in a run.
type mappingBlock struct {
	authorBlock
	// match finds the target of each instance.
	match []schema.Fields
	// targets are the live objects that its instances are joined with, nil for none,
	// and sources the remote ids of what they are made of; nil when nothing is known
	// to be. missing are the instances that nothing was found for.
	targets []*schema.Object
	sources []string
	missing []schema.Address
	// invalid are the values that are left as they are.
	invalid []unusable
}

// mappingBlocks are the mappings of a plan.
type mappingBlocks struct{ planning }

// planMapping joins the instances of a mapping with their targets. It comes
// after all resource blocks, which may create them.
func (e mappingBlocks) planMapping(ctx context.Context, m *mappingBlock) hcl.Diagnostics {
	r := m.block.Resource
	m.failed = true
	expanded, diags, ok := e.expand(m.block)
	if !ok {
		return diags
	}
	ks := e.kind(r.Provider.String(), r.Kind)
	if ks == nil {
		return diags
	}
	m.kind = ks
	expanded, wrong := e.matched(ctx, m, expanded)
	if diags = append(diags, wrong...); wrong.HasErrors() {
		return diags
	}
	wanting := e.wanting(&m.authorBlock, func(i *eval.Instance) (schema.Fields, error) { return e.usable(ctx, m, i) })
	wanting.take(expanded)
	desired, wrong := wanting.all()
	m.desired = desired
	if diags = append(diags, wrong...); wrong.HasErrors() {
		return diags
	}
	unread, ok := losses(e).prepare(ctx, ks)
	if diags = append(diags, unread...); !ok {
		return diags
	}
	e.fitting(m, expanded)
	instances, wrong := e.instances(ctx, m, expanded)
	if diags = append(diags, wrong...); wrong.HasErrors() {
		return diags
	}
	unread, ok = e.readTargets(ctx, ks, instances)
	if diags = append(diags, unread...); !ok {
		return diags
	}
	joined := ks.roster.Join(instances)
	wrong = e.giveBack(ctx, m, instances, joined)
	m.failed = wrong.HasErrors()
	m.note(expanded, joined)
	if !e.run.looking {
		diags = append(diags, m.stale(joined)...)
	}
	return slices.Concat(diags, wrong, e.skipped(m), e.refused(ks))
}

// matched spells what finds the targets of the instances of a mapping as the
// account does. Instances whose own is wrong are left out and stay as they are,
// unless the file says otherwise.
func (e mappingBlocks) matched(ctx context.Context, m *mappingBlock, expanded []eval.Instance) (left []eval.Instance, _ hcl.Diagnostics) {
	skips := m.block.Resource.Mapping.Invalid == config.InvalidSkip && varies(m.block.Resource.Mapping.Match.Expr)
	left = expanded[:0:0]
	var wrong Alike
	for i := range expanded {
		inst := &expanded[i]
		match, err := m.kind.spelt(ctx, inst.Match)
		var field *providers.FieldError
		switch odd := slices.IndexFunc(inst.Invalid, func(v eval.Invalid) bool { return v.Path == "" }); {
		case odd >= 0:
			e.hold(m, inst.Address, "", inst.Invalid[odd].Problem)
			continue
		case err != nil && skips && errors.As(err, &field):
			e.hold(m, inst.Address, "", e.objectFailure("Invalid match", inst.Address, m.block, err))
			continue
		case err != nil:
			wrong.Add(func() *hcl.Diagnostic { return e.objectFailure("Invalid match", inst.Address, m.block, err) })
		}
		left, m.match = append(left, *inst), append(m.match, match)
	}
	return left, wrong.All()
}

// instances returns the instances of a mapping for the planner.
func (e mappingBlocks) instances(ctx context.Context, m *mappingBlock, expanded []eval.Instance) (instances []planner.Instance, diags hcl.Diagnostics) {
	rules := m.block.Resource.Mapping
	instances = make([]planner.Instance, len(expanded))
	for i := range expanded {
		d := &instances[i]
		d.Desired, d.Mapping, d.Match = m.desired[i], rules, m.match[i]
		for _, v := range expanded[i].Invalid {
			d.Held = append(d.Held, v.Path)
		}
		if rules.Back() && expanded[i].Source != "" {
			diags = append(diags, e.sourceOf(m, d, expanded[i].Source)...)
			d.Echoes = e.echoes(ctx, m, d)
		}
	}
	return instances, diags
}

// spelt are fields as the account spells them. What it does not know, an id,
// stays as it is.
func (ks *kindState) spelt(ctx context.Context, fields schema.Fields) (schema.Fields, error) {
	if len(fields) == 0 {
		return fields, nil
	}
	id, named := fields.Find("id")
	if named {
		fields = slices.DeleteFunc(slices.Clone(fields), func(f schema.Field) bool { return f.Path == "id" })
	}
	fields, err := Normal(ctx, ks.account.provider, ks.kind, fields)
	if named {
		fields = append(slices.Clone(fields), id)
		fields.Sort()
	}
	return fields, err
}

// readTargets makes sure that all targets are in the picture. It reports whether
// they could be read.
func (e mappingBlocks) readTargets(ctx context.Context, ks *kindState, instances []planner.Instance) (diags hcl.Diagnostics, ok bool) {
	wanted := make([]planner.Desired, len(instances))
	all := false
	for i := range instances {
		d := &instances[i]
		wanted[i] = d.Wants(d.Match)
		all = all || len(d.Match) > 0 && !hasKey(ks.kind, &wanted[i])
		if d.Mapping.Missing == config.MissingCreate {
			wanted[i] = d.Wants(alsoKeys(ks.kind, d.Match, d.Fields()))
		}
	}
	ks.reading.whole = ks.reading.whole || all
	if diags, ok = e.readFor(ctx, ks, wanted); !ok || ks.reading.summary.How != howByID {
		return diags, ok
	}
	// Those that no longer are who the instance is about are looked for.
	var keys []providers.Key
	for i := range instances {
		if r := ks.roster.Records.Get(instances[i].Sealed()); r != nil && !fits(ks.roster.Live.ID(r.ID), instances[i].Match) {
			keys = append(keys, naturalKeys(ks.kind, &wanted[i])...)
		}
	}
	if err := ks.reading.get(ctx, keys); err != nil {
		return append(diags, ks.reading.fail(ctx, err)...), false
	}
	return diags, true
}

// alsoKeys adds to what finds a target the natural keys that it would be created
// with: no other object may have them.
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

// stale tells of values that stay although their source has none any more, once
// for each field. Whoever writes clear has decided.
func (m *mappingBlock) stale(joined []planner.Joined) (diags hcl.Diagnostics) {
	count := map[string]int{}
	for i := range joined {
		for _, path := range joined[i].Stale {
			count[path]++
		}
	}
	for _, rule := range m.block.Resource.Mapping.Fields {
		if n := count[rule.Path]; n > 0 && rule.Clear == nil {
			diags = append(diags, &hcl.Diagnostic{
				Severity: hcl.DiagWarning, Summary: "A value whose source is gone", Subject: place(rule.Range),
				Detail: fmt.Sprintf("%s of %s of %s instances of %s keeps what was written before, because the source has no value any more. Write clear = true in the field block to empty it, or clear = false to keep it without this hint.",
					rule.Path, schema.Thousands(n), schema.Thousands(len(joined)), m.block.Address()),
			})
		}
	}
	return diags
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

// note remembers who was joined with whom, and the instances that nothing was
// found for.
func (m *mappingBlock) note(expanded []eval.Instance, joined []planner.Joined) {
	m.targets = make([]*schema.Object, len(joined))
	for i := range joined {
		if joined[i].Missing {
			m.missing = append(m.missing, m.desired[i].Address())
		}
		m.targets[i] = joined[i].Target.Stays()
	}
	if m.block.Resource.Mapping.Source == nil {
		return
	}
	m.sources = make([]string, len(expanded))
	for i := range expanded {
		m.sources[i] = expanded[i].Source
	}
}

// links yields the pairs of objects that the mapping joins.
func (m *mappingBlock) links(yield func(Link) bool) {
	source := m.block.Resource.Mapping.Source
	for i, target := range m.targets {
		if target == nil {
			continue
		}
		l := Link{Mapping: m.desired[i].Address(), TargetProvider: m.kind.account.name, TargetKind: m.kind.kind.Name, TargetID: target.ID}
		if m.sources != nil && m.sources[i] != "" {
			l.SourceProvider, l.SourceKind, l.SourceID = source.Provider.String(), source.Kind.Name, m.sources[i]
		}
		if !yield(l) {
			return
		}
	}
}

// Links are the pairs of objects that mappings join, as the last plan or look
// found them, in the order of the blocks.
func (e *Engine) Links() []Link {
	var links []Link
	for _, b := range e.run.blocks.order {
		if m := e.run.blocks.mappings[b]; m != nil {
			links = slices.AppendSeq(links, m.links)
		}
	}
	return links
}
