package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// filler puts what only earlier waves made known into the writes of later ones.
// The lock of the ledger is held while it works.
type filler struct {
	*ledger
	// open are the creates of earlier runs whose answers were lost.
	open map[schema.Address]state.Intent
	// respelling are the kinds whose fields are spelt again before they are
	// written.
	respelling map[kindRef]bool
	pairs      *pairs
}

func newFiller(l *ledger, pairs *pairs) *filler {
	return &filler{ledger: l, open: maps.Clone(l.e.Store.Snapshot().Intents), respelling: respelling(l.e.accounts, l.plan), pairs: pairs}
}

// fill puts in what was unknown when the plan was made. The error is why the
// write cannot be made.
func (f *filler) fill(ctx context.Context, w *planner.Wave, ref int, write *providers.Write) error {
	s, c := &f.states[ref], &f.plan.Changes[ref]
	if s.stage.over() && write.Action != providers.Delete {
		return errDependency
	}
	f.pairs.find(f.ledger, ref)
	if write.Action == providers.Update && write.ID == "" {
		write.ID = s.id
		if s.id == "" {
			return errDependency
		}
	}
	f.pairs.renew(c, write)
	if f.blocked(c) || f.pairs.unmet(f.ledger, c) {
		return errDependency
	}
	switch write.Action {
	case providers.Create:
		if err := f.unsettled(c); err != nil {
			return err
		}
	case providers.Delete:
		return f.replaceable(ctx, w, c)
	case providers.Update:
	}
	return f.values(ctx, w, c, write)
}

// values fills in the fields and the parent of a write that were not known.
func (f *filler) values(ctx context.Context, w *planner.Wave, c *planner.Change, write *providers.Write) error {
	needsParent := c.Kind.Parent != "" && write.Parent == ""
	if write.Fields.Known() && !needsParent && c.Desired.Known() && !f.respelling[kindRef{c.Provider, c.Kind.Name}] {
		return nil
	}
	planned := c.Desired
	if err := f.resolve(ctx, w, c); err != nil {
		return err
	}
	write.Fields = resolved(c.Kind, write.Fields, planned, c.Desired)
	if c.Kind.Parent != "" {
		write.Parent = c.Desired.Value(c.Kind.Parent).Text()
	}
	if !write.Fields.Known() {
		return errDependency
	}
	return nil
}

// resolved are the fields of a write with the values that are known now. A key of
// a map that was predicted when the plan was made may turn out to be another.
func resolved(kind *schema.Kind, fields, planned, now schema.Fields) schema.Fields {
	out := make(schema.Fields, 0, len(fields))
	for _, f := range fields {
		g, still := now.Find(f.Path)
		f.Value = g.Value
		if a := kind.Attribute(schema.PathAttribute(f.Path)); !still && a != nil && a.Own == schema.OwnKeys {
			for _, g := range now.Of(a.Name) {
				if _, known := planned.Find(g.Path); !known && !slices.ContainsFunc(out, func(o schema.Field) bool { return o.Path == g.Path }) {
					out = append(out, g)
				}
			}
			continue
		}
		out = append(out, f)
	}
	out.Sort()
	return out
}

// unsettled keeps a create whose answer was lost a moment ago from being made
// again, where the API may still be at it or not show it yet.
func (f *filler) unsettled(c *planner.Change) error {
	intent, open := f.open[f.e.Store.Sealer().Address(c.Kind, c.Address)]
	until := time.Unix(intent.At, 0).Add(time.Duration(c.Kind.Listing.Settles) * time.Second)
	if !open || !f.e.run.begun.Before(until) {
		return nil // the plan looked late enough
	}
	return fmt.Errorf("it was asked for at %s without an answer, and may still appear: it is not made a second time before %s. Run the command again then, and it is looked up first",
		time.Unix(intent.At, 0).Format(time.TimeOnly), until.Format(time.TimeOnly))
}

// blocked reports whether the change's block explicitly depends on a block with
// an object that could not be written.
func (f *filler) blocked(c *planner.Change) bool {
	bs, _, ok := f.e.run.planned(c.Address)
	if !ok || c.Action == planner.Delete || len(bs.block.Resource.DependsOn) == 0 {
		return false
	}
	return slices.ContainsFunc(bs.block.Needs, func(n *eval.Block) bool { return f.incomplete[n] })
}

// replaceable checks that what takes the place of an object can be made, before
// the object is deleted for it.
func (f *filler) replaceable(ctx context.Context, w *planner.Wave, c *planner.Change) error {
	if c.Action != planner.Replace || c.Desired.Known() {
		return nil
	}
	if err := f.resolve(ctx, w, c); err != nil {
		return err
	}
	if !c.Desired.Known() {
		return errDependency
	}
	return nil
}

// resolve evaluates the object of a change again, with what is known now.
func (f *filler) resolve(ctx context.Context, w *planner.Wave, c *planner.Change) error {
	bs, i, ok := f.e.run.planned(c.Address)
	if !ok {
		return nil
	}
	inst, diags := f.e.Evaluator.Resolve(bs.block, c.Address)
	if diags.HasErrors() {
		return diags
	}
	fields := inst.Fields
	if c.Address.Mapping() {
		// Only what was not known then is taken from the source now.
		fields = withKnown(c.Desired, fields)
	}
	fields, err := f.e.accounts[w.Provider].normal(ctx, c.Kind, fields)
	if err != nil {
		return err
	}
	c.Desired, bs.desired[i].Fields = fields, fields
	return nil
}

// follow keeps an object up to date that mappings write to as well.
func (f *filler) follow(ref int, write *providers.Write) {
	if write.Action != providers.Delete && write.Channel == "" {
		f.pairs.follow(&f.plan.Changes[ref], write, f.states[ref].live)
	}
}
