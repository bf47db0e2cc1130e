package engine

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/planner/targeting"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// selection is what the command line says that a plan is about.
type selection struct {
	request targeting.Request
	// replace are the objects that are replaced although nothing makes it necessary.
	replace map[schema.Address]bool
}

// read reads the texts of a selection.
func (s *selection) read(texts planner.Selection, destroy bool) (diags hcl.Diagnostics) {
	s.request.Destroy = destroy
	one := func(flag, text string) (found []targeting.Selector) {
		selector, err := targeting.Parse(text)
		if err != nil {
			diags = append(diags, failure("Invalid -"+flag, fmt.Errorf("-%s takes an address, a block, a kind, a module or a pattern with *: %w", flag, err), nil))
			return nil
		}
		return []targeting.Selector{selector}
	}
	for _, text := range texts.Targets {
		s.request.Targets = append(s.request.Targets, one("target", text)...)
	}
	for _, text := range texts.Excludes {
		s.request.Excludes = append(s.request.Excludes, one("exclude", text)...)
	}
	for _, text := range texts.Replace {
		a, err := schema.ParseAddress(text)
		if err != nil {
			diags = append(diags, failure("Invalid -replace", fmt.Errorf("-replace takes the address of one object: %w", err), nil))
			continue
		}
		if s.replace == nil {
			s.replace = map[schema.Address]bool{}
		}
		s.replace[a] = true
	}
	return diags
}

// scoping finds what a plan is about.
type scoping struct{ planning }

// narrow finds what the plan is about, once it is known which objects there are.
// With failed, blocks may lack their objects, so that it cannot be told what names
// nothing.
func (e scoping) narrow(failed bool) (diags hcl.Diagnostics) {
	if failed {
		return nil
	}
	for a := range e.run.selection.replace {
		if b, _, ok := e.run.blocks.planned(a); !ok || e.run.blocks.resources[b.block] == nil {
			diags = append(diags, e.nothingToReplace(a))
		}
	}
	request := e.run.selection.request
	if len(request.Targets)+len(request.Excludes) == 0 {
		return distinct(diags)
	}
	for _, s := range slices.Concat(request.Targets, request.Excludes) {
		if a, ok := s.Address(); ok {
			e.seal(a) // so that records show the key
		}
	}
	scope, err := request.Scope(e.nodes())
	if err != nil {
		return append(diags, failure("Nothing of that name", err, nil))
	}
	e.run.scope = scope
	return append(diags, targetingWarning(request))
}

// planned reports for an address whether the plan is about it; nil is about all. An
// object whose key cannot be told is left alone unless its whole block is meant.
func (e scoping) planned() func(schema.Address) bool {
	scope := e.run.scope
	if scope == nil {
		return nil
	}
	return func(a schema.Address) bool {
		if a.Key.Type == schema.StringKey && state.SealedKey(a.Key.Text) {
			return scope.PlannedWhole(a.Block())
		}
		return scope.Planned(a)
	}
}

// shown is an address of the state as people write it, as far as its keys are known.
func (e scoping) shown(sealed schema.Address) schema.Address {
	return sealed.WithKeys(func(key string) string {
		if text, known := e.run.keys[key]; known {
			return text
		}
		return key
	})
}

// nodes are the blocks of the files and of the state.
func (e scoping) nodes() []targeting.Node {
	records := map[schema.Address][]schema.Address{}
	for a := range e.Store.Snapshot().Records.All() {
		shown := e.shown(a)
		records[blockOf(shown)] = append(records[blockOf(shown)], shown)
	}
	var nodes []targeting.Node
	for _, b := range e.run.blocks.order {
		at := b.Address()
		nodes = append(nodes, targeting.Node{Block: at, Needs: e.needs(b), Members: e.members(at, records[at])})
		delete(records, at)
	}
	for at, all := range records {
		nodes = append(nodes, targeting.Node{Block: at, Members: slices.Values(all)})
	}
	return nodes
}

// members yields the objects of a block in the files, and then those in the state.
func (e scoping) members(block schema.Address, records []schema.Address) iter.Seq[schema.Address] {
	return func(yield func(schema.Address) bool) {
		if b := e.run.blocks.declared[block]; b != nil {
			for i := range b.desired {
				if !yield(b.desired[i].Address()) {
					return
				}
			}
		}
		slices.Values(records)(yield)
	}
}

// needs are the blocks that a block refers to, and those of the objects that keys of
// its maps may name.
func (e scoping) needs(b *eval.Block) []schema.Address {
	var found []schema.Address
	for _, need := range b.Needs {
		found = append(found, need.Address())
	}
	if b.Resource.Data {
		return found
	}
	for i := range b.Resource.Kind.Attributes {
		a := &b.Resource.Kind.Attributes[i]
		if a.KeysOf == nil || !b.Resource.Writes(a.Name) {
			continue
		}
		for _, other := range e.run.blocks.order {
			if r := other.Resource; !r.Data && r.Mapping == nil && r.Kind.Name == a.KeysOf.Kind && r.Provider == b.Resource.Provider {
				found = append(found, other.Address())
			}
		}
	}
	return found
}

func (e scoping) nothingToReplace(a schema.Address) *hcl.Diagnostic {
	var declared []string
	for b := range e.run.blocks.authors() {
		for i := range b.desired {
			declared = append(declared, b.desired[i].Address().String())
		}
	}
	return failure("Nothing to replace", errors.New("-replace="+a.String()+" names no object of a resource block."+schema.DidYouMean(a.String(), declared)), nil)
}

// targetingWarning tells that a plan is not about all, in Terraform's words.
func targetingWarning(r targeting.Request) *hcl.Diagnostic {
	flag := "-target"
	if len(r.Excludes) > 0 {
		flag = "-exclude"
	}
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "Resource targeting is in effect",
		Detail: fmt.Sprintf("You are creating a plan with the %s option, which means that the result of this plan may not represent all of the changes requested by the current configuration. The %s option is not for routine use, and is provided only for exceptional situations such as recovering from errors or mistakes.", flag, flag)}
}

// incompleteWarning tells after an apply that more may differ, in Terraform's words.
func incompleteWarning(s planner.Selection) *hcl.Diagnostic {
	flag := "-target"
	if len(s.Excludes) > 0 {
		flag = "-exclude"
	}
	return &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "Applied changes may be incomplete",
		Detail: fmt.Sprintf("The plan was created with the %s option in effect, so some changes requested in the configuration may have been ignored and the output values may not be fully updated. Run `lockstep plan` to verify that no other changes are pending.", flag)}
}
