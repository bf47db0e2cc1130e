package engine

import (
	"context"
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/schema"
)

// fullItems looks into items that are dropped.
type fullItems struct{ planning }

// refuse refuses to drop items in which objects lie: these would lose their
// place, and nothing could bring them back to it.
func (e fullItems) refuse(ctx context.Context) hcl.Diagnostics {
	var problems []planner.Problem
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		for i := range ks.decision.Changes {
			c := &ks.decision.Changes[i]
			if c.Action != planner.Update && c.Action != planner.Adopt {
				continue
			}
			for j := range c.Fields {
				problems = append(problems, e.of(ctx, ks, c, &c.Fields[j])...)
			}
		}
	}
	return e.problems(hcl.DiagError, problems)
}

func (e fullItems) of(ctx context.Context, ks *kindState, c *planner.Change, f *planner.FieldChange) []planner.Problem {
	a := ks.kind.Attribute(schema.PathAttribute(f.Path))
	if a == nil || a.Items == nil || a.Items.Holds == nil || f.Desired.Type() == schema.Unknown {
		return nil
	}
	held := ks.account.schema.Kind(a.Items.Holds.Kind)
	if held == nil {
		return nil
	}
	var problems []planner.Problem
	for _, change := range a.Items.Changes(f.Live, f.Desired) {
		if change.Property != "" || change.From.IsAbsent() {
			continue
		}
		p := planner.Problem{Address: c.Address, Place: c.Place, Path: f.Path, Protected: true, Summary: "An item that is not empty would be dropped"}
		n, err := holding{e.kind(ks.account.name, held).reading, *a.Items.Holds}.count(ctx, change.From.Entry(schema.ItemID).Text())
		switch {
		case err != nil:
			p.Detail = fmt.Sprintf("%s[%q] would be dropped, and how many %s are in it could not be read: %s", f.Path, change.Name, held.Plural, sentence(err.Error()))
		case n > 0:
			p.Detail = fmt.Sprintf("%s %s in %s[%q], which would be moved to the first one without a trace. Move them first, or name the item in the file.",
				schema.Thousands(n), are(n, held), f.Path, change.Name)
		default:
			continue
		}
		problems = append(problems, p)
	}
	return problems
}

// are is the noun for a number of objects, and the verb that goes with it.
func are(n int, k *schema.Kind) string {
	if n == 1 {
		return k.Noun + " is"
	}
	return k.Plural + " are"
}

// count returns how many objects hold an id.
func (h holding) count(ctx context.Context, id string) (int, error) {
	if !h.listed {
		if err := h.read(ctx, []string{id}); err != nil {
			return 0, err
		}
	}
	n := 0
	for o := range h.live.All() {
		if o.Value(h.holder.Attribute).Text() == id {
			n++
		}
	}
	return n, nil
}
