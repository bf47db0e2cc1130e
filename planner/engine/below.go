package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
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
		var unread []string
		why := fmt.Sprintf("only up to %d %s are looked below", maxBelow, ks.kind.Plural)
		for _, child := range childrenOf(ks.account.schema, ks.kind) {
			below := family{e.kind(ref.provider, child).reading}
			switch {
			case below.covers(parents):
			case len(parents) > maxBelow:
				unread = append(unread, child.Plural)
			default:
				if err := below.read(ctx, parents); err != nil && ctx.Err() == nil {
					unread, why = append(unread, child.Plural), err.Error()
				}
			}
		}
		if len(unread) > 0 {
			diags = append(diags, uncounted(ks.kind, unread, why))
		}
	}
	return diags
}

// leaving are the ids of the objects that a decision deletes.
func leaving(d *planner.Decision) []string {
	var ids []string
	for i := range d.Changes {
		if c := &d.Changes[i]; c.Action == planner.Delete || c.Action == planner.Replace {
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
		Detail: fmt.Sprintf("With %s the CRM also deletes their %s, which this plan does not count: %s", kind.Plural, strings.Join(children, ", "), sentence(strings.TrimSpace(why))),
	}
}
