package eval

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema"
	"lockstep/schema/config"
)

// Import gives a live object to an address.
type Import struct {
	To       schema.Address
	ID       string
	Provider config.ProviderRef
	Range    hcl.Range
}

// Move gives an address a new name. Addresses without kind name whole modules.
type Move struct {
	From, To schema.Address
	Range    hcl.Range
}

// Removal is what becomes of an object whose block is gone on purpose.
type Removal struct {
	From    schema.Address
	Destroy bool
	Range   hcl.Range
}

// Imports evaluates the import blocks of all module instances.
func (e *Evaluator) Imports() ([]Import, hcl.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var imports []Import
	var diags hcl.Diagnostics
	e.root.walk(func(s *scope) {
		for _, i := range s.module.Imports {
			found, more := s.imports(i)
			imports, diags = append(imports, found...), append(diags, more...)
		}
	})
	return imports, dedupe(diags)
}

// imports evaluates one import block.
func (s *scope) imports(i *config.Import) ([]Import, hcl.Diagnostics) {
	var imports []Import
	items, diags := s.repeat(i.ForEach, nil, "this import block")
	for _, item := range items {
		to, wrong := s.importTarget(i, item)
		id, more := s.importID(i.ID, item)
		if wrong = append(wrong, more...); !wrong.HasErrors() {
			imports = append(imports, Import{To: s.within(to), ID: id, Provider: i.Provider, Range: i.Range})
		}
		diags = append(diags, wrong...)
	}
	return imports, diags
}

func (s *scope) importTarget(i *config.Import, item item) (schema.Address, hcl.Diagnostics) {
	to, keyExpr := i.TargetAddress()
	if keyExpr == nil {
		return to, nil
	}
	v, diags := s.eval(keyExpr, item.variables())
	if diags.HasErrors() {
		return to, diags
	}
	v, _ = v.Unmark()
	key, ok := config.InstanceKey(v)
	if !ok {
		return to, append(diags, errorAt(keyExpr.Range(), "Invalid address", "The key of an instance is a text or a whole number that is known.")...)
	}
	to.Key = key
	return to, diags
}

func (s *scope) importID(expr hclsyntax.Expression, item item) (string, hcl.Diagnostics) {
	v, diags := s.eval(expr, item.variables())
	if diags.HasErrors() {
		return "", diags
	}
	v, _ = v.UnmarkDeep()
	text, err := convert.Convert(v, cty.String)
	if err != nil || !text.IsKnown() || text.IsNull() || text.AsString() == "" {
		return "", append(diags, errorAt(expr.Range(), "Invalid import id", "The id of a live object is a text that is known and not empty.")...)
	}
	return text.AsString(), diags
}

// Moves are the moved blocks of all module instances.
func (e *Evaluator) Moves() []Move {
	e.mu.Lock()
	defer e.mu.Unlock()
	var moves []Move
	e.root.walk(func(s *scope) {
		for _, m := range s.module.Moved {
			moves = append(moves, Move{From: s.within(m.From), To: s.within(m.To), Range: m.Range})
		}
	})
	return moves
}

// Removals are the removed blocks of all module instances.
func (e *Evaluator) Removals() []Removal {
	e.mu.Lock()
	defer e.mu.Unlock()
	var removals []Removal
	e.root.walk(func(s *scope) {
		for _, r := range s.module.Removed {
			removals = append(removals, Removal{From: s.within(r.From), Destroy: r.Destroy, Range: r.Range})
		}
	})
	return removals
}

// Modules are the paths of all module instances but the root, as far as their
// for_each is known: `module.a["x"].module.b`.
func (e *Evaluator) Modules() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var paths []string
	e.root.walk(func(s *scope) {
		if s.path != "" {
			paths = append(paths, s.path)
		}
	})
	return paths
}

// within turns an address relative to a module into one within this instance of
// the module.
func (s *scope) within(a schema.Address) schema.Address {
	if s.path != "" && a.Module != "" {
		a.Module = s.path + "." + a.Module
	} else if s.path != "" {
		a.Module = s.path
	}
	return a
}

// walk visits this module instance and all below it.
func (s *scope) walk(visit func(*scope)) {
	visit(s)
	for _, name := range slices.Sorted(maps.Keys(s.module.Calls)) {
		children, _ := s.calls(s.module.Calls[name])
		for _, child := range children {
			child.walk(visit)
		}
	}
}
