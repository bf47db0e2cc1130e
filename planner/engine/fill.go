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
	// makers are the changes that make what keys of maps name, as makers has them.
	makers map[kindRef]map[string]int
	// givers are the changes that give natural keys up, by their addresses.
	givers map[schema.Address]int
	// sent are the creates of Blind kinds that were tried, by what they make, and
	// recorded is what the state has of such kinds, once somebody asks.
	sent     map[maker]int
	recorded map[maker]bool
}

func newFiller(l *ledger) *filler {
	return &filler{
		ledger: l, open: maps.Clone(l.e.Store.Snapshot().Intents),
		respelling: respelling(l.e.accounts, l.plan), makers: makers(l.e.accounts, l.plan), givers: givers(l.plan), sent: map[maker]int{},
	}
}

// fill puts in what was unknown when the plan was made. The error is why the
// write cannot be made.
func (f *filler) fill(ctx context.Context, w *planner.Wave, ref int, write *providers.Write) error {
	s, c := &f.states[ref], &f.plan.Changes[ref]
	if f.triggers.barred[ref] {
		return errDependency
	}
	if s.stage.over() && write.Action != providers.Delete {
		return errDependency
	}
	if write.Action == providers.Update && write.ID == "" {
		write.ID = s.id
		if s.id == "" {
			return errDependency
		}
	}
	s.renew(write)
	if f.keyHeld(c, write) {
		return errDependency
	}
	if err := f.dependencies(ref, write); err != nil {
		return err
	}
	switch write.Action {
	case providers.Create:
		if err := f.unsettled(c); err != nil {
			return err
		}
	case providers.Delete:
		if f.held(c) {
			return errDependency
		}
		return f.replaceable(ctx, w, c)
	case providers.Update:
	}
	if err := f.values(ctx, w, ref, write); err != nil {
		return err
	}
	return f.sure(ref, write)
}

// dependencies leaves authors out of a write that depend on something that could
// not be written. The error is that none is left, or that the
// maker of the object is among them.
func (f *filler) dependencies(ref int, write *providers.Write) error {
	c := &f.plan.Changes[ref]
	writers := c.Writers(write)
	if write.Action == providers.Delete {
		writers = []int{0}
	}
	var missing []int
	for _, n := range writers {
		if a := c.Wants(n); f.waitsInVain(c, a) || f.unmet(a) || f.keyless(c, n, write) {
			missing = append(missing, n)
		}
	}
	if len(missing) == len(writers) || len(missing) > 0 && write.Action == providers.Create && missing[0] == 0 {
		return errDependency
	}
	for _, n := range missing {
		f.leaveOut(authorRef{ref, n}, write, true)
	}
	return nil
}

// values fills in the fields and the parent of a write that were not known.
func (f *filler) values(ctx context.Context, w *planner.Wave, ref int, write *providers.Write) error {
	c := &f.plan.Changes[ref]
	needsParent := c.Kind.Parent != "" && write.Parent == ""
	for _, n := range c.Writers(write) {
		if err := f.known(ctx, w, authorRef{ref, n}, write, needsParent); err != nil {
			return err
		}
	}
	if !write.Fields.Known() {
		return errDependency
	}
	return nil
}

// known puts the values of one author into a write, as they are known now. An
// author whose values cannot be known is left out, unless it is the only one or
// makes the object.
func (f *filler) known(ctx context.Context, w *planner.Wave, ref authorRef, write *providers.Write, anew bool) error {
	c := &f.plan.Changes[ref.change]
	a := c.Wants(ref.author)
	if write.Fields.Known() && !anew && a.Desired.Known() && !f.respelling[kindRef{c.Provider, c.Kind.Name}] {
		return nil
	}
	planned, alone := a.Desired, len(c.Writers(write)) == 1
	err := f.resolve(ctx, w, c, a)
	switch {
	case err == nil:
	case alone || ref.author == 0:
		return err
	default:
		f.leaveOut(ref, write, false)
		f.complain(c, ref.author, "Cannot write "+a.Address.String(), err)
		return nil
	}
	if c.Kind.Parent != "" && ref.author == 0 {
		write.Parent = c.Kind.ParentOf(a.Desired.Value).Text()
	}
	if alone {
		write.Fields = resolved(c, write.Fields, planned, a.Desired)
		return nil
	}
	var own, others schema.Fields
	for _, field := range write.Fields {
		if p, wanted := planned.Find(field.Path); wanted && !p.Derived {
			own = append(own, field)
		} else {
			others = append(others, field)
		}
	}
	write.Fields = append(others, resolved(c, own, planned, a.Desired)...)
	write.Fields.Sort()
	return nil
}

// resolved are the fields of a write with the values that are known now. A key of
// a map that was predicted when the plan was made may turn out to be another.
func resolved(c *planner.Change, fields, planned, now schema.Fields) schema.Fields {
	out := make(schema.Fields, 0, len(fields))
	for _, f := range fields {
		g, still := now.Find(f.Path)
		a := c.Kind.Attribute(schema.PathAttribute(f.Path))
		if a != nil && a.Own == schema.OwnItems {
			g.Value = planner.ResolvedItems(a.Items, f, g, c.Live)
		}
		f.Value = g.Value
		if !still && a != nil && a.Own == schema.OwnKeys {
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
	intent, open := f.open[f.e.Store.Sealer().Address(c.Address)]
	until := time.Unix(intent.At, 0).Add(time.Duration(c.Kind.Listing.Settles) * time.Second)
	if !open || !f.e.run.begun.Before(until) {
		return nil // the plan looked late enough
	}
	if f.e.run.suspected[c.Address] {
		return fmt.Errorf("the state is cut off, so it may have been asked for a moment ago, and may still appear: it is not made before %s. Run the command again then, and it is looked up first", until.Format(time.TimeOnly))
	}
	return fmt.Errorf("it was asked for at %s without an answer, and may still appear: it is not made a second time before %s. Run the command again then, and it is looked up first",
		time.Unix(intent.At, 0).Format(time.TimeOnly), until.Format(time.TimeOnly))
}

// waitsInVain reports whether the block of an author explicitly depends on a block
// with an object that could not be written.
func (f *filler) waitsInVain(c *planner.Change, a *planner.Author) bool {
	b, _, ok := f.e.run.blocks.planned(a.Address)
	if !ok || c.Action == planner.Delete || len(b.block.Resource.DependsOn) == 0 {
		return false
	}
	return slices.ContainsFunc(b.block.Needs, func(n *eval.Block) bool { return f.incomplete[n] })
}

// keyless reports whether an author writes a value under a key that names what
// could not be made.
func (f *filler) keyless(c *planner.Change, author int, write *providers.Write) bool {
	makers := f.makers[kindRef{c.Provider, c.Kind.Name}]
	if len(makers) == 0 {
		return false
	}
	return slices.ContainsFunc(write.Fields, func(field schema.Field) bool {
		maker, made := makers[field.Path]
		return made && f.states[maker].stage.over() && slices.ContainsFunc(c.Fields, func(own planner.FieldChange) bool {
			return own.By == author && own.Path == field.Path
		})
	})
}

// makers returns the changes of a plan that make what keys of maps name: by the
// kind that has the map, and the path of the values.
func makers(accounts map[string]*account, p *planner.Plan) map[kindRef]map[string]int {
	found := map[kindRef]map[string]int{}
	for name, account := range accounts {
		for _, kind := range account.schema.Kinds {
			for j := range kind.Attributes {
				a := &kind.Attributes[j]
				if a.KeysOf == nil {
					continue
				}
				at := kindRef{name, kind.Name}
				if found[at] == nil {
					found[at] = map[string]int{}
				}
				maps.Copy(found[at], makersOf(name, a, p))
			}
		}
	}
	return found
}

func makersOf(provider string, a *schema.Attribute, p *planner.Plan) map[string]int {
	found := map[string]int{}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Action != planner.Create && c.Action != planner.Replace || c.Provider != provider || c.Kind.Name != a.KeysOf.Kind {
			continue
		}
		if path := a.KeyPath(c.Desired.Value); path != "" {
			found[path] = i
		}
	}
	return found
}

// replaceable checks that what takes the place of an object can be made, before
// the object is deleted for it.
func (f *filler) replaceable(ctx context.Context, w *planner.Wave, c *planner.Change) error {
	if c.Action != planner.Replace || c.Desired.Known() {
		return nil
	}
	if err := f.resolve(ctx, w, c, &c.Author); err != nil {
		return err
	}
	if !c.Desired.Known() {
		return errDependency
	}
	return nil
}

// resolve evaluates what an author wants again, with what is known now.
func (f *filler) resolve(ctx context.Context, w *planner.Wave, c *planner.Change, a *planner.Author) error {
	b, i, ok := f.e.run.blocks.planned(a.Address)
	if !ok {
		return nil
	}
	inst, diags := f.e.Evaluator.Resolve(b.block, a.Address)
	if diags.HasErrors() {
		return diags
	}
	fields := inst.Fields
	if a.Address.Mapping() {
		// Only what was not known then is taken from the source now.
		fields = withKnown(a.Desired, fields)
	}
	fields, err := f.e.accounts[w.Provider].normal(ctx, c.Kind, fields)
	if err != nil {
		return err
	}
	a.Desired, b.desired[i] = fields, b.desired[i].Wants(fields)
	return nil
}

// withKnown fills in the values that were not known.
func withKnown(fields, now schema.Fields) schema.Fields {
	fields = slices.Clone(fields)
	for i := range fields {
		if !fields[i].Value.IsKnown() {
			fields[i].Value = now.Value(fields[i].Path)
		}
	}
	return fields
}
