package engine

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/schema"
)

// postconditions checks the rules of all objects that the files declare. self is
// an object as the rules see it.
func (e *Engine) postconditions(self func(r *resourceBlock, i int) cty.Value) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range e.run.blocks.order {
		r := e.run.blocks.resources[b]
		if r == nil || len(b.Resource.Lifecycle.Postconditions) == 0 {
			continue
		}
		for i := range r.desired {
			if e.run.scope != nil && !e.run.scope.Planned(r.desired[i].Address()) {
				continue
			}
			diags = append(diags, e.Evaluator.Postconditions(b, r.desired[i].Address(), self(r, i))...)
		}
	}
	return diags
}

// expected tells objects as a plan leaves them, as far as that is known.
type expected struct {
	// changing are the addresses that are written.
	changing map[schema.Address]bool
	// byMappings are the attributes that mappings write, by the object.
	byMappings map[objectRef]map[string]bool
}

// objectRef names an object: by its id, or by the address that makes it.
type objectRef struct {
	kind kindRef
	id   string
	made schema.Address
}

func expect(p *planner.Plan) expected {
	e := expected{changing: map[schema.Address]bool{}, byMappings: map[objectRef]map[string]bool{}}
	for i := range p.Changes {
		c := &p.Changes[i]
		if !c.Writes() {
			continue
		}
		e.changing[c.Address] = true
		ref := objectRef{kind: kindRef{c.Provider, c.Kind.Name}, id: c.ID}
		if c.Action == planner.Create || c.Action == planner.Replace {
			ref.id, ref.made = "", c.Address
		}
		for k := range c.Fields {
			if f := &c.Fields[k]; c.By(f).Address.Mapping() {
				e.add(ref, schema.PathAttribute(f.Path))
			}
		}
	}
	return e
}

func (e expected) add(ref objectRef, attribute string) {
	if e.byMappings[ref] == nil {
		e.byMappings[ref] = map[string]bool{}
	}
	e.byMappings[ref][attribute] = true
}

// before is one object before the plan is applied. What mappings write to it is
// not known, nor what the server may set when the object is written.
func (e expected) before(r *resourceBlock, i int) cty.Value {
	foreign := e.written(r, i)
	writes := e.changing[r.desired[i].Address()] || len(foreign) > 0
	return without(r, i, func(a *schema.Attribute) bool {
		return foreign[a.Name] || writes && a.Computed && len(r.desired[i].Of(a.Name)) == 0
	})
}

// after is one object after the plan was applied. The answers to what mappings
// wrote do not belong to the block, so that is not known.
func (e expected) after(r *resourceBlock, i int) cty.Value {
	foreign := e.written(r, i)
	return without(r, i, func(a *schema.Attribute) bool { return foreign[a.Name] })
}

// written are the attributes of one object that mappings write.
func (e expected) written(r *resourceBlock, i int) map[string]bool {
	kind := kindRef{r.kind.account.name, r.kind.kind.Name}
	if live := r.subjects[i].Stays(); live != nil {
		return e.byMappings[objectRef{kind: kind, id: live.ID}]
	}
	return e.byMappings[objectRef{kind: kind, made: r.desired[i].Address()}]
}

// without is one object in which some attributes are not known.
func without(r *resourceBlock, i int, unknown func(*schema.Attribute) bool) cty.Value {
	attributes := r.object(i).AsValueMap()
	for k := range r.kind.kind.Attributes {
		if a := &r.kind.kind.Attributes[k]; unknown(a) {
			attributes[a.Name] = cty.UnknownVal(a.Type).WithSameMarks(attributes[a.Name])
		}
	}
	return cty.ObjectVal(attributes)
}
