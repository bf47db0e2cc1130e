package engine

import (
	"context"
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
)

// Import takes the live object with an id into the state, under an address
// that the files declare. Nothing is written to the account: where the object
// differs from the files, the next plan says so.
func (e *Engine) Import(ctx context.Context, a schema.Address, id string) hcl.Diagnostics {
	if a.Mapping() {
		return hcl.Diagnostics{importFailure(a, "A mapping has no object of its own: it finds its targets by match, and the next apply takes them into the state.")}
	}
	plan, diags := e.Plan(ctx, PlanOptions{Imports: map[schema.Address]string{a: id}})
	if diags.HasErrors() {
		return diags
	}
	b, i, ok := e.run.blocks.planned(a)
	if !ok {
		return append(diags, importFailure(a, "It is not declared. Write a resource block for it first, then import again."))
	}
	r := e.Store.Snapshot().Record(b.desired[i].Sealed())
	switch {
	case r != nil && r.ID == id:
		return append(diags, importFailure(a, fmt.Sprintf("It is managed already, with the id %s.", id)))
	case r != nil:
		return append(diags, importFailure(a, fmt.Sprintf("It is managed already, with the id %s. Take it out of the state first: lockstep state rm '%s'.", r.ID, a)))
	}
	for n := range plan.Changes {
		c := &plan.Changes[n]
		if c.Address == a && c.Action == planner.Adopt {
			return append(diags, e.adopt(ctx, c)...)
		}
	}
	return append(diags, importFailure(a, "The live object is managed under another address already."))
}

// importID returns the id under which an object is to be imported; "" for one that
// the state knows, which needs no import: not even when it was deleted in the CRM.
func (e planning) importID(ks *kindState, a, sealed schema.Address) string {
	id := e.run.imports[a]
	// Few objects are imported, and looking a record up takes its time.
	if id == "" || ks.reading.records.Get(sealed) != nil {
		return ""
	}
	return id
}

func importFailure(a schema.Address, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Cannot import " + a.String(), Detail: detail, Extra: &Detail{Address: a.String()}}
}

// adopt records an object with the fields in which it is as the files want.
func (e *Engine) adopt(ctx context.Context, c *planner.Change) hcl.Diagnostics {
	s := changeState{id: c.ID, live: c.Live, bad: map[string]bool{}}
	for i := range c.Fields {
		s.bad[c.Fields[i].Path] = true
	}
	r, err := e.newRecord(c, 0, &s)
	if err == nil {
		err = e.Store.Write(ctx, state.Batch{Put: []*state.Record{r}, Accounts: e.newBindings()})
	}
	if err != nil {
		return hcl.Diagnostics{importFailure(c.Address, sentence(err.Error()))}
	}
	return nil
}
