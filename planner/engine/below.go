package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// maxBelow is how many objects of a kind that are about to be deleted are looked
// below. Some kinds take a call for each, and a plan that deletes more is looked
// at for other reasons.
const maxBelow = 20

// readBelow reads what belongs to objects that are about to be deleted, where the
// files did not make the run read it: the CRM deletes it along, and the plan counts
// it. What cannot be read is told, and not counted.
func (e planning) readBelow(ctx context.Context) (diags hcl.Diagnostics) {
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		parents := leaving(ks.decision)
		if len(parents) == 0 {
			continue
		}
		below := belowReading{planning: e, ctx: ctx, of: ks.kind, parents: parents}
		for _, child := range childrenOf(ks.account.schema, ks.kind) {
			children := family{e.kind(ref.provider, child).reading}
			known := child.Ends == "" && children.covers(parents)
			below.read(child, known, func() error { return children.read(ctx, parents) })
		}
		for _, holder := range ks.kind.Cascades {
			child := ks.account.schema.Kind(holder.Kind)
			if child == nil {
				continue
			}
			holding := holding{e.kind(ref.provider, child).reading, holder}
			below.read(child, holding.reading.listed, func() error { return holding.read(ctx, parents) })
		}
		if len(below.unread) > 0 {
			diags = append(diags, uncounted(ks.kind, below.unread, below.why))
		}
	}
	return diags
}

// belowReading reads what belongs to the objects of one kind.
type belowReading struct {
	planning
	ctx     context.Context
	of      *schema.Kind
	parents []string
	// unread are the plurals of the kinds that could not be read, and why.
	unread []string
	why    string
}

func (b *belowReading) read(child *schema.Kind, known bool, read func() error) {
	switch {
	case known:
	case len(b.parents) > maxBelow:
		b.unread, b.why = append(b.unread, child.Plural), fmt.Sprintf("only up to %d %s are looked below", maxBelow, b.of.Plural)
	default:
		if err := read(); err != nil && b.ctx.Err() == nil {
			b.unread, b.why = append(b.unread, child.Plural), err.Error()
		}
	}
}

// holding reads the objects of a kind that hold the id of something.
type holding struct {
	*reading
	holder schema.Holder
}

// read adds those to the picture that hold one of some ids.
func (h holding) read(ctx context.Context, ids []string) error {
	if h.holder.Source == "" {
		return errors.New("the API lists them by other objects, and only those of objects that the files or the state name are counted")
	}
	before := h.source.calls()
	defer h.reading.count(before)
	for _, id := range ids {
		if err := h.list(ctx, h.query(id), h.live.Add, nil); err != nil {
			return err
		}
	}
	return nil
}

// query selects the objects that hold an id.
func (h holding) query(id string) providers.Query {
	return providers.Query{Kind: h.kind.Name, Source: h.holder.Source,
		Where: schema.Fields{{Path: h.holder.Argument, Value: schema.StringValue(id)}}}
}

// leaving are the ids of the objects that a decision deletes.
func leaving(d *planner.Decision) []string {
	var ids []string
	for i := range d.Changes {
		if c := &d.Changes[i]; c.Goes() {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// childrenOf are the kinds whose objects belong to those of another kind.
func childrenOf(p *schema.Provider, kind *schema.Kind) []*schema.Kind {
	return slices.DeleteFunc(slices.Clone(p.Kinds), func(k *schema.Kind) bool {
		parent := k.Attribute(k.Parent)
		return parent == nil || parent.Refers != kind.Name || k.Listing.Blind
	})
}

// uncounted warns of children that go along and are not in the numbers.
func uncounted(kind *schema.Kind, children []string, why string) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagWarning, Summary: "Not all that is deleted is counted",
		Detail: fmt.Sprintf("With %s the CRM also deletes their %s, and this plan does not count all of them: %s", kind.Plural, strings.Join(children, ", "), sentence(strings.TrimSpace(why))),
	}
}
