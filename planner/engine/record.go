package engine

import (
	"context"
	"slices"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
)

// recorder keeps the state up with the answers. The lock of the ledger is held
// while it works.
type recorder struct {
	*ledger
	pairs *pairs
	// recorded is set once the state has the changes that make no call.
	recorded bool
}

// stateOnly records the changes that make no call: moves, adoptions of what
// fits already, and what is forgotten.
func (a *recorder) stateOnly(ctx context.Context) error {
	batch := state.Batch{Gone: slices.Clone(a.e.run.strays)}
	if len(a.plan.Changes) > 0 {
		batch.Accounts = a.e.newBindings()
	}
	for i := range a.plan.Changes {
		c := &a.plan.Changes[i]
		if c.Base() != nil {
			batch.Put = append(batch.Put, a.passed(c))
		}
		if c.Writes() || c.Action == planner.Read {
			continue
		}
		was := c.StateAddress(a.e.Store.Sealer())
		if c.Action == planner.Forget {
			batch.Gone = append(batch.Gone, was)
			continue
		}
		r, err := a.record(i)
		if err != nil {
			return err
		}
		if was != r.Address {
			batch.Gone = append(batch.Gone, was)
		}
		batch.Put = append(batch.Put, r)
	}
	for _, ref := range a.e.sortedKinds() {
		for i := range a.e.run.kinds[ref].matcher.Rebased {
			c := &a.e.run.kinds[ref].matcher.Rebased[i]
			r, err := a.e.newRecord(c, &changeState{id: c.ID, live: c.Live})
			if err != nil {
				return err
			}
			batch.Put = append(batch.Put, r)
		}
	}
	if len(batch.Put)+len(batch.Gone) > 0 || batch.Accounts != nil {
		if err := a.e.Store.Write(ctx, batch); err != nil {
			return err
		}
	}
	a.recorded = true
	return nil
}

// store writes what the state must know of changes after an answer.
func (a *recorder) store(ctx context.Context, refs []int) error {
	var batch state.Batch
	seen := map[int]bool{}
	for _, ref := range refs {
		if seen[ref] {
			continue
		}
		seen[ref] = true
		if err := a.remember(ref, &batch); err != nil {
			return err
		}
	}
	if len(batch.Put)+len(batch.Gone) == 0 {
		return nil
	}
	return a.e.Store.Write(ctx, batch)
}

func (a *recorder) remember(ref int, batch *state.Batch) error {
	c, s := &a.plan.Changes[ref], &a.states[ref]
	if c.Address.Source {
		return a.rememberBack(c, s, batch)
	}
	was := c.StateAddress(a.e.Store.Sealer())
	now := a.e.Store.Sealer().Address(c.Kind, c.Address)
	switch {
	case s.stage.unanswered() && s.id == "":
		// The intent stays open: the next run looks the object up.
		return nil
	case c.Action == planner.Delete && a.succeeded(c, was):
		return nil
	case s.id == "":
		// Deleted, or never created: nothing is left to remember.
		batch.Gone = append(batch.Gone, was)
		return nil
	case c.Action == planner.Delete, c.Action == planner.Replace && s.id == c.ID:
		// The object is still what it was, and so is its record.
		return nil
	}
	r, err := a.record(ref)
	if err != nil {
		return err
	}
	if was != now {
		batch.Gone = append(batch.Gone, was)
	}
	batch.Put = append(batch.Put, r)
	return nil
}

// succeeded reports whether the address of what is deleted has another object by now,
// made in another account.
func (a *recorder) succeeded(c *planner.Change, at schema.Address) bool {
	r := a.e.Store.Snapshot().Record(at)
	return r != nil && r.ID != c.ID
}

// passed is what was last applied to the object of a mapping, under the instance
// that has it now: another one is about to take the place where it stands.
func (a *recorder) passed(c *planner.Change) *state.Record {
	r := *c.Base()
	r.Address = a.e.Store.Sealer().Address(c.Kind, c.Address)
	return &r
}

// record is a change's object as the state keeps it.
func (a *recorder) record(ref int) (*state.Record, error) {
	return a.e.newRecord(&a.plan.Changes[ref], &a.states[ref])
}

func (e *Engine) newRecord(c *planner.Change, s *changeState) (*state.Record, error) {
	sealer := e.Store.Sealer()
	old := e.Store.Snapshot().Record(c.StateAddress(sealer))
	if c.Base() != nil {
		old = c.Base()
	}
	r := &state.Record{
		Address: sealer.Address(c.Kind, c.Address), Provider: c.Provider, ID: s.id, Version: s.version, Flags: c.Keep,
	}
	r.Flags.Unfinished = s.left+len(s.bad) > 0 && (c.Action == planner.Create || c.Action == planner.Replace || old != nil && old.Flags.Unfinished)
	if c.Address.Mapping() {
		r.Mapped = c.Kind.Name
	}
	if old != nil && (old.ID == s.id || !c.Address.Mapping()) {
		r.Written = old.Written
	}
	if s.made > 0 {
		r.Written = e.Now().Unix()
	}
	if r.Version == "" && s.live != nil {
		r.Version = s.live.Version
	}
	if c.Kind.Parent != "" {
		r.Parent = parentOf(c, s)
	}
	channels := pendingChannels(c, s)
	desired, partly := s.inEffect(c, channels)
	if old != nil && c.Address.Mapping() && old.ID != s.id {
		old = nil // the base of another object
	}
	err := r.SetBase(sealer, c.Kind, desired, old, func(path string) bool {
		return !partly[path] && (s.bad[path] || channels[schema.PathAttribute(path)] || slices.Contains(c.Kept, path))
	})
	return r, err
}

// parentOf is the id of the parent, which a mapping does not write.
func parentOf(c *planner.Change, s *changeState) string {
	if id := c.Desired.Value(c.Kind.Parent).Text(); id != "" || s.live == nil {
		return id
	}
	return s.live.Value(c.Kind.Parent).Text()
}

// inEffect returns the desired fields, in which sets whose members are not all
// written have those that are, and those that are still to be taken out. partly
// names these sets.
func (s *changeState) inEffect(c *planner.Change, pending map[string]bool) (fields schema.Fields, partly map[string]bool) {
	fields = c.Desired
	for i := range c.Fields {
		f := &c.Fields[i]
		claims := c.Desired.Of(f.Path)
		if !pending[f.Path] || len(claims) != 1 || claims[0].Claim != schema.ClaimIncludes || !claims[0].Value.IsKnown() {
			continue
		}
		if partly == nil {
			fields, partly = slices.Clone(fields), map[string]bool{}
		}
		missing := func(m string) bool { return slices.Contains(f.Add, m) && !slices.Contains(s.added, m) }
		members := slices.DeleteFunc(claims[0].Value.Strings(), missing)
		for _, m := range f.Remove {
			if !slices.Contains(s.removed, m) {
				members = append(members, m)
			}
		}
		for n := range fields {
			if fields[n].Path == f.Path {
				fields[n].Value = schema.SetOf(members)
			}
		}
		partly[f.Path] = true
	}
	return fields, partly
}

// pendingChannels are the attributes whose own calls are not all done.
func pendingChannels(c *planner.Change, s *changeState) map[string]bool {
	pending := map[string]bool{}
	for i := range c.Kind.Attributes {
		a := &c.Kind.Attributes[i]
		if a.Channel != "" && (s.left > 0 || s.bad[a.Channel]) && changes(c, a.Name) {
			pending[a.Name] = true
		}
	}
	return pending
}

func changes(c *planner.Change, attribute string) bool {
	for i := range c.Fields {
		if schema.PathAttribute(c.Fields[i].Path) == attribute {
			return true
		}
	}
	return false
}
