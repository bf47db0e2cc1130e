package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// checkKeys refuses keys of maps that name objects which neither exist nor are
// declared: an API may drop such values without a word.
func (e *Engine) checkKeys(ctx context.Context) {
	for _, b := range e.run.order {
		bs := e.run.blocks[b]
		if bs == nil || bs.kind == nil {
			continue
		}
		for i := range bs.kind.kind.Attributes {
			a := &bs.kind.kind.Attributes[i]
			if a.KeysOf != nil && (b.Resource.Writes(a.Name) || bs.matchesBy(a.Name)) {
				e.checkMap(ctx, bs, a)
			}
		}
	}
}

// matchesBy says that a mapping finds its targets by keys of a map.
func (bs *blockState) matchesBy(attribute string) bool {
	return slices.ContainsFunc(bs.matched, func(match schema.Fields) bool { return len(match.Of(attribute)) > 0 })
}

func (e *Engine) checkMap(ctx context.Context, bs *blockState, a *schema.Attribute) {
	known, err := e.knownKeys(ctx, bs.kind.account, a.KeysOf)
	if err != nil {
		e.run.diags = append(e.run.diags, failure("Cannot read what the keys of "+a.Name+" name", err, nil))
		return
	}
	unknown := map[string]int{}
	firstAt := map[string]*planner.Desired{}
	for i := range bs.desired {
		used := bs.desired[i].Fields.Of(a.Name)
		if bs.matched != nil {
			used = append(slices.Clip(used), bs.matched[i].Of(a.Name)...)
		}
		for _, f := range used {
			key := schema.PathKey(f.Path)
			if known[key] {
				continue
			}
			if unknown[key]++; unknown[key] == 1 {
				firstAt[key] = &bs.desired[i]
			}
		}
	}
	names := slices.Sorted(maps.Keys(known))
	for _, key := range slices.Sorted(maps.Keys(unknown)) {
		d := firstAt[key]
		advice := "Declare it with a " + a.KeysOf.Kind + " block"
		if near := schema.Near(key, names); near != "" {
			advice = fmt.Sprintf("Did you mean %q? Else declare it with a %s block", near, a.KeysOf.Kind)
		}
		if len(names) > 0 && len(names) <= 20 {
			advice += "; the known keys are " + strings.Join(names, ", ")
		}
		problem := fmt.Sprintf("%s has no %s with the key %q", bs.kind.account.name, strings.TrimPrefix(a.KeysOf.Kind, bs.kind.account.schema.Name+"_"), key)
		if n := unknown[key]; n > 1 {
			problem += fmt.Sprintf(" (used by %d objects)", n)
		}
		e.run.diags = append(e.run.diags, e.objectFailure("Unknown key in "+a.Name, d.Address, bs.block,
			&providers.FieldError{Path: a.Name + "." + key, Problem: problem, Advice: advice + "."}))
	}
}

// knownKeys are the keys that exist live or that the files declare.
func (e *Engine) knownKeys(ctx context.Context, a *account, of *schema.KeysOf) (map[string]bool, error) {
	kind := a.schema.Kind(of.Kind)
	known := map[string]bool{}
	add := func(value func(string) schema.Value) {
		for path, want := range of.Where {
			if got := value(path); got.Text() != want && !got.IsAbsent() {
				return
			}
		}
		if key := value(of.Attribute).Text(); key != "" {
			known[key] = true
		}
	}
	ks := e.kind(a.name, kind)
	if !ks.listed {
		ks.listed, ks.read.How = true, "list"
		before := a.calls()
		err := e.list(ctx, ks, providers.Query{Kind: kind.Name}, nil)
		ks.read.Calls += a.calls() - before
		ks.read.Objects = ks.matcher.Live.Len()
		if err != nil {
			return nil, err
		}
	}
	for o := range ks.matcher.Live.All() {
		add(o.Value)
	}
	for _, b := range e.run.order {
		if bs := e.run.blocks[b]; bs != nil && bs.kind == ks {
			for i := range bs.desired {
				add(bs.desired[i].Fields.Value)
			}
		}
	}
	return known, nil
}
