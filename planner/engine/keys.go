package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// keyUser is a block whose objects have maps with keys that name other objects.
type keyUser interface {
	author() *authorBlock
	// names reports whether the block writes a map, or finds objects by it.
	names(attribute string) bool
	// uses are the fields of a map that an instance writes, or is found by.
	uses(instance int, attribute string) schema.Fields
}

func (b *authorBlock) author() *authorBlock { return b }

func (r *resourceBlock) names(attribute string) bool { return r.block.Resource.Writes(attribute) }

func (r *resourceBlock) uses(instance int, attribute string) schema.Fields {
	return r.desired[instance].Of(attribute)
}

func (m *mappingBlock) names(attribute string) bool {
	return m.block.Resource.Writes(attribute) ||
		slices.ContainsFunc(m.match, func(match schema.Fields) bool { return len(match.Of(attribute)) > 0 })
}

func (m *mappingBlock) uses(instance int, attribute string) schema.Fields {
	used := m.desired[instance].Of(attribute)
	if m.match == nil {
		return used
	}
	return append(slices.Clip(used), m.match[instance].Of(attribute)...)
}

// keyUser returns a resource or mapping block whose kind is known; ok is false for
// others.
func (bs *blocks) keyUser(b *eval.Block) (u keyUser, ok bool) {
	a := bs.declared[b.Address()]
	switch {
	case a == nil || a.kind == nil:
		return nil, false
	case bs.mappings[b] != nil:
		return bs.mappings[b], true
	default:
		return bs.resources[b], true
	}
}

// checkKeys refuses keys of maps that name objects which neither exist nor are
// declared: an API may drop such values without a word.
func (e planning) checkKeys(ctx context.Context) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range e.run.blocks.order {
		u, ok := e.run.blocks.keyUser(b)
		if !ok {
			continue
		}
		for i := range b.Resource.Kind.Attributes {
			if a := &b.Resource.Kind.Attributes[i]; a.KeysOf != nil && u.names(a.Name) {
				diags = append(diags, e.checkMap(ctx, u, a)...)
			}
		}
	}
	return diags
}

func (e planning) checkMap(ctx context.Context, u keyUser, a *schema.Attribute) hcl.Diagnostics {
	b := u.author()
	keys := e.kind(b.kind.account.name, b.kind.account.schema.Kind(a.KeysOf.Kind))
	if err := keys.reading.listAll(ctx); err != nil {
		return hcl.Diagnostics{e.failure(b.kind.account.name, "Cannot read what the keys of "+a.Name+" name", err)}
	}
	known, leaving := e.run.blocks.knownKeys(keys, a)
	var diags hcl.Diagnostics
	names := slices.Sorted(maps.Keys(known))
	for _, k := range unknownKeys(u, a, known) {
		summary, problem := "Unknown key in "+a.Name, k.problem(b.kind.account, a, names)
		if c := leaving[k.key]; c != nil {
			summary, problem = keyLeaves, k.leaves(a, c)
		}
		diags = append(diags, e.objectFailure(summary, k.first.Address(), b.block, problem))
	}
	return append(diags, e.checkValues(b, a, known)...)
}

// checkValues refuses values of a map that do not fit what their keys name.
func (e *Engine) checkValues(b *authorBlock, a *schema.Attribute, known map[string]attributes) hcl.Diagnostics {
	checker, ok := b.kind.account.provider.(providers.KeyChecker)
	if !ok {
		return nil
	}
	checks := make(map[string]func(schema.Field) error, len(known))
	for key, named := range known {
		checks[a.Name+"."+key] = checker.KeyCheck(named)
	}
	var wrong Alike
	for i := range b.desired {
		for _, f := range b.desired[i].Of(a.Name) {
			check := checks[f.Path]
			if check == nil || !f.Value.IsKnown() || f.Value.IsAbsent() {
				continue
			}
			err := check(f)
			if err == nil {
				continue
			}
			wrong.Add(func() *hcl.Diagnostic {
				return e.objectFailure("Invalid value", b.desired[i].Address(), b.block, Quiet(err, b.kind.kind, b.desired[i].Fields()))
			})
		}
	}
	return wrong.All()
}

// attributes gives an object's attributes as they are after the plan.
type attributes func(name string) schema.Value

// knownKeys returns the keys that exist live or that the files declare, with
// what they name, and the changes that delete or replace what a live key names.
func (bs *blocks) knownKeys(ks *kindState, of *schema.Attribute) (known map[string]attributes, leaving map[string]*planner.Change) {
	known, leaving = map[string]attributes{}, map[string]*planner.Change{}
	add := func(value attributes) {
		if path := of.KeyPath(value); path != "" {
			known[schema.PathKey(path)] = value
		}
	}
	going := ks.decision.Going()
	for o := range ks.reading.live.All() {
		if c := going[o.ID]; c == nil {
			add(o.Value)
		} else if path := of.KeyPath(o.Value); path != "" {
			leaving[schema.PathKey(path)] = c
		}
	}
	for _, b := range bs.order {
		a := bs.declared[b.Address()]
		if a == nil || a.kind != ks {
			continue
		}
		for i := range a.desired {
			if r := bs.resources[b]; r != nil {
				add(r.planned(i))
			} else {
				add(a.desired[i].Value)
			}
		}
	}
	return known, leaving
}

// unknownKey is a key that names nothing.
type unknownKey struct {
	key string
	// first of the objects that use it.
	first *planner.Desired
	used  int
}

// unknownKeys returns the keys of a map that a block uses and that are not
// known, in their order.
func unknownKeys(u keyUser, a *schema.Attribute, known map[string]attributes) []*unknownKey {
	desired := u.author().desired
	unknown := map[string]*unknownKey{}
	for i := range desired {
		for _, f := range u.uses(i, a.Name) {
			key := schema.PathKey(f.Path)
			if known[key] != nil {
				continue
			}
			if unknown[key] == nil {
				unknown[key] = &unknownKey{key: key, first: &desired[i]}
			}
			unknown[key].used++
		}
	}
	return slices.SortedFunc(maps.Values(unknown), func(a, b *unknownKey) int { return strings.Compare(a.key, b.key) })
}

// problem is what the user is told of an unknown key; names are the known ones.
func (u *unknownKey) problem(a *account, of *schema.Attribute, names []string) *providers.FieldError {
	if u.key == "" {
		return &providers.FieldError{Path: of.Name, Problem: fmt.Sprintf("the keys of %s are known only after apply", of.Name),
			Advice: "Write them out, or apply first what they depend on."}
	}
	advice := "Declare it with a " + of.KeysOf.Kind + " block"
	if near := schema.Near(u.key, names); near != "" {
		advice = fmt.Sprintf("Did you mean %q? Else declare it with a %s block", near, of.KeysOf.Kind)
	}
	if len(names) > 0 && len(names) <= 20 {
		advice += "; the known keys are " + strings.Join(names, ", ")
	}
	problem := fmt.Sprintf("%s has no %s with the key %q", a.name, strings.TrimPrefix(of.KeysOf.Kind, a.schema.Name+"_"), u.key)
	if u.used > 1 {
		problem += fmt.Sprintf(" (used by %s objects)", schema.Thousands(u.used))
	}
	return &providers.FieldError{Path: of.Name + "." + u.key, Problem: problem, Advice: advice + "."}
}

// keyLeaves sums up that a key is named of something that the plan deletes.
const keyLeaves = "A key of what would be destroyed"

// leaves is what the user is told of a key that goes with what it names. c is the
// change by which it goes.
func (u *unknownKey) leaves(of *schema.Attribute, c *planner.Change) *providers.FieldError {
	problem := fmt.Sprintf("%q is the key of %s, which would be destroyed with all values of it (%s)", u.key, c.Address, c.Reason)
	advice := "Put its block back, take the key out of the files, or keep the " + c.Kind.Noun + " in the CRM with a removed block that has destroy = false."
	if c.Action == planner.Replace {
		problem = fmt.Sprintf("%q is the key of %s, which is replaced by one with another key (%s)", u.key, c.Address, c.Reason)
		advice = "Name the new key, or give the block its old one."
	}
	if u.used > 1 {
		problem += fmt.Sprintf("; it is named by %s objects", schema.Thousands(u.used))
	}
	return &providers.FieldError{Path: of.Name + "." + u.key, Problem: problem, Advice: advice}
}
