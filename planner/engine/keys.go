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
)

// checkKeys refuses keys of maps that name objects which neither exist nor are
// declared: an API may drop such values without a word.
func (e planning) checkKeys(ctx context.Context) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range e.run.order {
		bs := e.run.blocks[b]
		if bs == nil || bs.kind == nil {
			continue
		}
		for i := range bs.kind.kind.Attributes {
			a := &bs.kind.kind.Attributes[i]
			if a.KeysOf != nil && (b.Resource.Writes(a.Name) || bs.matchesBy(a.Name)) {
				diags = append(diags, e.checkMap(ctx, bs, a)...)
			}
		}
	}
	return diags
}

// matchesBy reports whether a mapping finds its targets by keys of a map.
func (bs *blockState) matchesBy(attribute string) bool {
	return slices.ContainsFunc(bs.matched, func(match schema.Fields) bool { return len(match.Of(attribute)) > 0 })
}

func (e planning) checkMap(ctx context.Context, bs *blockState, a *schema.Attribute) hcl.Diagnostics {
	keys := e.kind(bs.kind.account.name, bs.kind.account.schema.Kind(a.KeysOf.Kind))
	if err := keys.reading.listAll(ctx); err != nil {
		return hcl.Diagnostics{failure("Cannot read what the keys of "+a.Name+" name", err, nil)}
	}
	known, leaving := e.run.knownKeys(keys, a)
	var diags hcl.Diagnostics
	names := slices.Sorted(maps.Keys(known))
	for _, u := range bs.unknownKeys(a, known) {
		summary, problem := "Unknown key in "+a.Name, u.problem(bs.kind.account, a, names)
		if c := leaving[u.key]; c != nil {
			summary, problem = "A key of "+a.Name+" that goes", u.leaves(a, c)
		}
		diags = append(diags, e.objectFailure(summary, u.first.Address, bs.block, problem))
	}
	return append(diags, e.checkValues(bs, a, known)...)
}

// checkValues refuses values of a map that do not fit what their keys name.
func (e *Engine) checkValues(bs *blockState, a *schema.Attribute, known map[string]attributes) hcl.Diagnostics {
	checker, ok := bs.kind.account.provider.(providers.KeyChecker)
	if !ok {
		return nil
	}
	checks := make(map[string]func(schema.Field) error, len(known))
	for key, named := range known {
		checks[a.Name+"."+key] = checker.KeyCheck(named)
	}
	var diags hcl.Diagnostics
	wrong := 0
	for i := range bs.desired {
		for _, f := range bs.desired[i].Fields.Of(a.Name) {
			check := checks[f.Path]
			if check == nil || !f.Value.IsKnown() || f.Value.IsAbsent() {
				continue
			}
			err := check(f)
			if err == nil {
				continue
			}
			if wrong++; wrong <= maxSame {
				diags = append(diags, e.objectFailure("Invalid value", bs.desired[i].Address, bs.block, quiet(err, bs.kind.kind, bs.desired[i].Fields)))
			}
		}
	}
	if wrong > maxSame {
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid values",
			Detail: fmt.Sprintf("%d more values of %s in %s cannot be used.", wrong-maxSame, a.Name, bs.block.Address()), Subject: &bs.block.Resource.Range})
	}
	return diags
}

// attributes gives an object's attributes as they are after the plan.
type attributes func(name string) schema.Value

// knownKeys returns the keys that exist live or that the files declare, with
// what they name, and the changes that delete or replace what a live key names.
func (r *run) knownKeys(ks *kindState, of *schema.Attribute) (known map[string]attributes, leaving map[string]*planner.Change) {
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
	for _, b := range r.order {
		if bs := r.blocks[b]; bs != nil && bs.kind == ks {
			for i := range bs.desired {
				add(bs.planned(i))
			}
		}
	}
	return known, leaving
}

// planned are the attributes of one of the block's objects.
func (bs *blockState) planned(i int) attributes {
	d, live := &bs.desired[i], bs.liveOf(i)
	if live == nil {
		return d.Fields.Value
	}
	fields := effective(bs.kind.kind, d, live)
	return func(name string) schema.Value {
		if f, ok := fields.Find(name); ok {
			return f.Value
		}
		return live.Value(name)
	}
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
func (bs *blockState) unknownKeys(a *schema.Attribute, known map[string]attributes) []*unknownKey {
	unknown := map[string]*unknownKey{}
	for i := range bs.desired {
		used := bs.desired[i].Fields.Of(a.Name)
		if bs.matched != nil {
			used = append(slices.Clip(used), bs.matched[i].Of(a.Name)...)
		}
		for _, f := range used {
			key := schema.PathKey(f.Path)
			if known[key] != nil {
				continue
			}
			if unknown[key] == nil {
				unknown[key] = &unknownKey{key: key, first: &bs.desired[i]}
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
		problem += fmt.Sprintf(" (used by %d objects)", u.used)
	}
	return &providers.FieldError{Path: of.Name + "." + u.key, Problem: problem, Advice: advice + "."}
}

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
		problem += fmt.Sprintf("; it is named by %d objects", u.used)
	}
	return &providers.FieldError{Path: of.Name + "." + u.key, Problem: problem, Advice: advice}
}
