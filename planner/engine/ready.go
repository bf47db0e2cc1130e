package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// checkReady refuses to refer to an object that does not exist, where
// schema.Attribute.Exists says so, and to make one that refers to an object which is
// not as schema.Attribute.Ready says: the API may take them without a word, and then
// nothing happens. What is referred to is read only when such an attribute is written.
func (e planning) checkReady(ctx context.Context) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		for i := range ks.kind.Attributes {
			if a := &ks.kind.Attributes[i]; a.Exists || len(a.Ready) > 0 {
				diags = append(diags, e.checkReferred(ctx, ks, a)...)
			}
		}
	}
	return diags
}

// reference is an id that an author of a change writes.
type reference struct {
	from schema.Address
	id   string
}

// references are the known ids that changes write to an attribute: any change where it
// says Exists, or else those that make an object.
func references(changes []planner.Change, a *schema.Attribute) []reference {
	var found []reference
	for i := range changes {
		c := &changes[i]
		if !a.Exists && c.Action != planner.Create && c.Action != planner.Replace {
			continue
		}
		for n := range c.Fields {
			f := &c.Fields[n]
			if f.Path != a.Name || !f.Desired.IsKnown() {
				continue
			}
			for _, id := range idsIn(f.Desired) {
				found = append(found, reference{c.By(f).Address, id})
			}
		}
	}
	return found
}

// idsIn are the ids in a text or in a set of texts. Empty ones refer to nothing.
func idsIn(v schema.Value) []string {
	ids := []string{v.Text()}
	if v.Type() == schema.List {
		ids = v.Strings()
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

func (e planning) checkReferred(ctx context.Context, ks *kindState, a *schema.Attribute) hcl.Diagnostics {
	written := references(ks.decision.Changes, a)
	if len(written) == 0 {
		return nil
	}
	to := e.kind(ks.account.name, ks.account.schema.Kind(a.Refers))
	if err := to.reading.listAll(ctx); err != nil {
		var api *providers.APIError
		if len(a.Ready) == 0 && errors.As(err, &api) && len(api.Scopes) > 0 {
			return nil // the API decides
		}
		return hcl.Diagnostics{e.failure(ks.account.name, "Cannot read what "+a.Name+" refers to", err)}
	}
	var wrong Alike
	for _, r := range written {
		if problem := to.unready(a, r.id); problem != nil {
			wrong.Add(func() *hcl.Diagnostic {
				summary := "Not ready"
				if to.reading.live.ID(r.id) == nil {
					summary = "No such " + to.kind.Noun
				}
				return e.objectFailure(summary, r.from, e.run.blocks.declaring(r.from).block, problem)
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
	var ids []string
	for o := range ks.reading.live.All() {
		ids = append(ids, o.ID)
		for _, key := range ks.kind.Keys {
			if len(key) == 1 && o.Value(key[0]).Text() == id {
				return fmt.Sprintf("That is the %s of one: its id is %q.", key[0], o.ID)
			}
		}
	}
	return "A data source finds ids by names." + schema.DidYouMean(id, ids)
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
