package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/providers"
	"lockstep/schema"
)

// checkReady refuses to make objects that refer to one that does not exist, or that is
// not as schema.Attribute.Ready says: the API may take them without a word, and then
// nothing happens. What is referred to is read only when something is made.
func (e planning) checkReady(ctx context.Context) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		for i := range ks.kind.Attributes {
			if a := &ks.kind.Attributes[i]; len(a.Ready) > 0 {
				diags = append(diags, e.checkReferred(ctx, ks, a)...)
			}
		}
	}
	return diags
}

func (e planning) checkReferred(ctx context.Context, ks *kindState, a *schema.Attribute) hcl.Diagnostics {
	made := ks.decision.Making(a.Name)
	if len(made) == 0 {
		return nil
	}
	to := e.kind(ks.account.name, ks.account.schema.Kind(a.Refers))
	if err := to.reading.listAll(ctx); err != nil {
		return hcl.Diagnostics{e.failure(ks.account.name, "Cannot read what "+a.Name+" refers to", err)}
	}
	var wrong Alike
	for _, c := range made {
		if problem := to.unready(a, c.Desired.Value(a.Name).Text()); problem != nil {
			wrong.Add(func() *hcl.Diagnostic {
				b := e.run.blocks.declaring(c.Address)
				return e.objectFailure("Not ready", c.Address, b.block, problem)
			})
		}
	}
	return wrong.All()
}

// unready returns why an object of the kind cannot be referred to by an attribute; nil
// when it can.
func (ks *kindState) unready(a *schema.Attribute, id string) error {
	o := ks.reading.live.ID(id)
	if o == nil {
		return &providers.FieldError{Path: a.Name, Problem: fmt.Sprintf("there is no %s with the id %q", ks.kind.Noun, id), Advice: ks.nearID(id)}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Ready)) {
		if has, want := o.Value(name).Text(), a.Ready[name]; has != want {
			return &providers.FieldError{Path: a.Name,
				Problem: fmt.Sprintf("the %s %s has the %s %q, and it must be %q", ks.kind.Noun, ks.called(o), name, has, want),
				Advice:  "Change that in the CRM first, or name another " + ks.kind.Noun + "."}
		}
	}
	return nil
}

// nearID tells which object may be meant by what is no id.
func (ks *kindState) nearID(id string) string {
	for o := range ks.reading.live.All() {
		for _, key := range ks.kind.Keys {
			if len(key) == 1 && o.Value(key[0]).Text() == id {
				return fmt.Sprintf("That is the %s of one: its id is %q.", key[0], o.ID)
			}
		}
	}
	return "A data source finds ids by names."
}

// called is how people call an object of the kind.
func (ks *kindState) called(o *schema.Object) string {
	for _, key := range ks.kind.Keys {
		if text := o.Value(key[0]).Text(); len(key) == 1 && text != "" {
			return fmt.Sprintf("%q (id %s)", text, o.ID)
		}
	}
	return fmt.Sprintf("with the id %s", o.ID)
}
