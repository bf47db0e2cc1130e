package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
)

// Expand evaluates a block into its instances, in the order of their
// addresses. The blocks that it needs are provided before.
func (e *Evaluator) Expand(b *Block) ([]Instance, hcl.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.searches = 0
	scopes, diags := e.root.scopes(b.Resource.Module)
	if len(scopes) == 1 {
		instances, more := scopes[0].expand(b)
		return instances, dedupe(append(diags, more...))
	}
	var instances []Instance
	for _, s := range scopes {
		expanded, more := s.expand(b)
		instances, diags = append(instances, expanded...), append(diags, more...)
	}
	slices.SortFunc(instances, func(a, b Instance) int { return a.Address.Compare(b.Address) })
	return instances, dedupe(diags)
}

func (s *scope) expand(b *Block) ([]Instance, hcl.Diagnostics) {
	r := b.Resource
	defer s.e.begin(&Task{What: b.Address().String(), At: r.Range})()
	items, diags := s.items(r)
	if len(items) == 0 {
		return nil, diags
	}
	body := s.body(r)
	diags = append(diags, body.diags...)
	instances := make([]Instance, 0, len(items))
	found, arena := &findings{scope: s, block: r}, &arena{}
	var fields schema.Fields
	for i := range items {
		item := &items[i]
		fields = body.fields(fields[:0], item, found)
		instance := Instance{Address: s.address(r, item.key), Block: b, Fields: arena.keep(fields)}
		if r.Mapping != nil {
			instance.Match, instance.Source = body.matched(item, found), sourceID(item)
		}
		instances = append(instances, instance)
		body.preconditions(item, found)
	}
	return instances, append(diags, found.diagnostics()...)
}

// Resolve evaluates one instance again, with what is provided now. What is
// still not known stays unknown.
func (e *Evaluator) Resolve(b *Block, a schema.Address) (Instance, hcl.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	instance := Instance{Address: a, Block: b}
	s, item, diags := e.root.instance(b, a)
	if s == nil {
		return instance, diags
	}
	body := s.body(b.Resource)
	found := &findings{scope: s, block: b.Resource}
	instance.Fields = body.fields(nil, &item, found)
	diags = append(diags, body.diags...)
	return instance, dedupe(append(diags, found.diagnostics()...))
}

// instance finds the module instance, at or below this one, and the item of an
// address.
func (s *scope) instance(b *Block, a schema.Address) (*scope, item, hcl.Diagnostics) {
	s = s.find(b.Resource.Module, a.Module)
	if s == nil {
		return nil, item{}, errorAt(b.Resource.Range, "No such instance", "There is no instance %s of this module.", a.Module)
	}
	items, diags := s.items(b.Resource)
	found, ok := findItem(items, a.Key)
	if !ok {
		return nil, item{}, append(diags, errorAt(b.Resource.Range, "No such instance", "This block has no instance %s.", a)...)
	}
	return s, found, diags
}

// arena holds the fields of many instances in few allocations.
type arena struct {
	chunk schema.Fields
}

func (a *arena) keep(fields schema.Fields) schema.Fields {
	if cap(a.chunk)-len(a.chunk) < len(fields) {
		a.chunk = make(schema.Fields, 0, max(1024, len(fields)))
	}
	start := len(a.chunk)
	a.chunk = append(a.chunk, fields...)
	return a.chunk[start:len(a.chunk):len(a.chunk)]
}
