package eval

import (
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
)

// Expand evaluates a block into its instances, in the order of their
// addresses. The blocks that it needs are provided before.
func (e *Evaluator) Expand(b *Block) ([]Instance, hcl.Diagnostics) {
	x := e.Instances(b)
	instances := make([]Instance, 0, x.Len())
	arena := &arena{}
	for i := range x.All() {
		kept := *i
		kept.Fields = arena.keep(i.Fields)
		instances = append(instances, kept)
	}
	x.refuseCommon(instances)
	return instances, x.Diagnostics()
}

// Instances are the instances of a block that is evaluated one by one. A block may
// have a hundred thousand, and not all callers need them all at once.
type Instances struct {
	e     *Evaluator
	block *Block
	task  *Task
	parts []expansion
	diags hcl.Diagnostics
}

// expansion is a block in one module instance.
type expansion struct {
	scope *scope
	items []item
	body  *body
	found *findings
}

// Instances begins to evaluate a block. The blocks that it needs are provided
// before, and nothing is provided until all instances were asked for.
func (e *Evaluator) Instances(b *Block) *Instances {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.searches = 0
	x := &Instances{e: e, block: b, task: &Task{What: b.Address().String(), At: b.Resource.Range}}
	defer e.begin(x.task)()
	scopes, diags := e.root.scopes(b.Resource.Module)
	x.diags = diags
	for _, s := range scopes {
		items, more := s.items(b.Resource)
		if x.diags = append(x.diags, more...); len(items) == 0 {
			continue
		}
		body := s.body(b.Resource)
		x.diags = append(x.diags, body.diags...)
		x.parts = append(x.parts, expansion{scope: s, items: items, body: body, found: &findings{scope: s, block: b.Resource}})
	}
	slices.SortFunc(x.parts, func(a, b expansion) int { return strings.Compare(a.scope.path, b.scope.path) })
	return x
}

// Len returns how many instances there are.
func (x *Instances) Len() int {
	n := 0
	for i := range x.parts {
		n += len(x.parts[i].items)
	}
	return n
}

// All yields the instances in the order of their addresses. An instance and its
// fields may be used until the next one is asked for. It may be used once.
func (x *Instances) All() iter.Seq[*Instance] {
	return func(yield func(*Instance) bool) {
		defer x.begin()()
		instance := Instance{Block: x.block}
		for i := range x.parts {
			for n := range x.parts[i].items {
				x.evaluate(&x.parts[i], n, &instance)
				if !yield(&instance) {
					return
				}
			}
		}
	}
}

// begin notes what is evaluated until the function that it returns is called.
func (x *Instances) begin() (end func()) {
	x.e.mu.Lock()
	defer x.e.mu.Unlock()
	over := x.e.begin(x.task)
	return func() {
		x.e.mu.Lock()
		defer x.e.mu.Unlock()
		over()
	}
}

func (x *Instances) evaluate(in *expansion, n int, to *Instance) {
	x.e.mu.Lock()
	defer x.e.mu.Unlock()
	item, r := &in.items[n], x.block.Resource
	to.Address, to.Fields = in.scope.address(r, item.key), in.body.fields(to.Fields[:0], item, in.found)
	if r.Mapping != nil {
		to.Match, to.Source = in.body.matched(item, in.found), sourceID(item)
		to.Invalid = in.body.invalid
	}
	in.body.preconditions(item, in.found)
}

// Diagnostics returns what was found wrong, once all instances were asked for.
func (x *Instances) Diagnostics() hcl.Diagnostics {
	diags := x.diags
	for i := range x.parts {
		diags = append(diags, x.parts[i].found.diagnostics()...)
	}
	return dedupe(diags)
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
	for _, v := range body.invalid {
		// What was good when it was planned is to be written now.
		found.add(&item, hcl.Diagnostics{v.Problem})
	}
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
		// A block without repetition has one instance.
		a.chunk = make(schema.Fields, 0, max(min(2*cap(a.chunk), 1024), len(fields)))
	}
	start := len(a.chunk)
	a.chunk = append(a.chunk, fields...)
	return a.chunk[start:len(a.chunk):len(a.chunk)]
}
