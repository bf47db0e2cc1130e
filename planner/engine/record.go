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
	// recorded is set once the state has the changes that make no call.
	recorded bool
}

// stateOnly records the changes that make no call: moves, adoptions of what
// fits already, and what is forgotten.
func (a *recorder) stateOnly(ctx context.Context) error {
	batch := state.Batch{Gone: slices.Clone(a.e.run.strays), Ran: a.e.run.dropped, Due: a.triggers.made}
	if len(a.plan.Changes) > 0 {
		batch.Accounts = a.e.newBindings()
	}
	for i := range a.plan.Changes {
		c := &a.plan.Changes[i]
		if a.states[i].stage == done {
			a.triggers.done(i, &batch)
		}
		if c.Writes() || c.Action == planner.Read {
			if err := a.pass(c, &batch); err != nil {
				return err
			}
			continue
		}
		if c.Action == planner.Forget {
			batch.Gone = append(batch.Gone, c.StateAddress(a.e.Store.Sealer()))
			continue
		}
		for n := range c.Authors() {
			if err := a.put(i, n, &batch); err != nil {
				return err
			}
		}
	}
	for _, ref := range a.e.run.sortedKinds() {
		ks := a.e.run.kinds[ref]
		for _, id := range ks.reading.stale {
			a.outlasts(ref.provider, ks.kind, id, false, &batch)
		}
		decided := ks.decision
		for i := range decided.Rebased {
			c := &decided.Rebased[i]
			r, err := a.e.newRecord(c, 0, &changeState{id: c.ID, live: c.Live})
			if err != nil {
				return err
			}
			batch.Put = append(batch.Put, r)
		}
	}
	batch.Gone = vacated(batch)
	if err := a.passSecrets(&batch); err != nil {
		return err
	}
	if len(batch.Put)+len(batch.Gone)+len(batch.Due)+len(batch.Ran) > 0 || batch.Accounts != nil {
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
		if a.states[ref].stage == done {
			a.triggers.done(ref, &batch)
		}
	}
	if len(batch.Put)+len(batch.Gone)+len(batch.Due)+len(batch.Ran)+len(batch.Lingering) == 0 {
		return nil
	}
	return a.e.Store.Write(ctx, batch)
}

// pass gives what was last applied to the addresses that have it now, before
// anything is written: a record that moves may stand where another one comes to.
// What is emptied on the way, or goes with what its key names, is forgotten now:
// after a stop in between, its value would look like an edit in the CRM.
func (a *recorder) pass(c *planner.Change, batch *state.Batch) error {
	sealer, known := a.e.Store.Sealer(), a.e.Store.Snapshot()
	for n, author := range c.Authors() {
		lost := c.Lost(n)
		was, now := author.StateAddress(sealer), sealer.Address(author.Address)
		old := known.Record(was)
		if author.Base() != nil {
			old = author.Base()
		}
		if was == now && author.Base() == nil && len(c.Vacates)+len(lost) == 0 || old == nil {
			continue
		}
		passed := *old
		flags := old.Flags()
		flags.Unfinished = flags.Unfinished || len(lost) > 0
		passed.SetFlags(flags)
		passed.Place(now)
		if err := passed.DropBase(append(slices.Clip(c.Vacates), lost...)); err != nil {
			return err
		}
		batch.Put = append(batch.Put, &passed)
		if was != now {
			batch.Gone = append(batch.Gone, was)
		}
		author.Arrive()
	}
	return nil
}

// vacated are the addresses of a batch that nothing is put to.
func vacated(batch state.Batch) []schema.Address {
	if len(batch.Gone) == 0 {
		return nil
	}
	taken := make(map[schema.Address]bool, len(batch.Put))
	for _, r := range batch.Put {
		taken[r.Address()] = true
	}
	return slices.DeleteFunc(batch.Gone, func(at schema.Address) bool { return taken[at] })
}

// remember records a change for each of its authors.
func (a *recorder) remember(ref int, batch *state.Batch) error {
	c := &a.plan.Changes[ref]
	a.lingers(c, &a.states[ref], batch)
	for n, author := range c.Authors() {
		remember := a.rememberAuthor
		if author.Address.Source {
			remember = a.rememberBack
		}
		if err := remember(authorRef{ref, n}, batch); err != nil {
			return err
		}
	}
	return nil
}

func (a *recorder) rememberAuthor(ref authorRef, batch *state.Batch) error {
	c, s := &a.plan.Changes[ref.change], &a.states[ref.change]
	was := c.Wants(ref.author).StateAddress(a.e.Store.Sealer())
	switch {
	case s.out[ref.author]:
		// Nothing of it was tried.
		return nil
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
	return a.put(ref.change, ref.author, batch)
}

// put records an author's object.
func (a *recorder) put(ref, author int, batch *state.Batch) error {
	c := &a.plan.Changes[ref]
	was := c.Wants(author).StateAddress(a.e.Store.Sealer())
	r, err := a.e.newRecord(c, author, &a.states[ref])
	if err != nil {
		return err
	}
	if was != r.Address() {
		batch.Gone = append(batch.Gone, was)
	}
	batch.Put = append(batch.Put, r)
	return nil
}

// rememberBack records that source and target agree on the fields written back:
// the base is in the record of the target.
func (a *recorder) rememberBack(ref authorRef, batch *state.Batch) error {
	c, s := &a.plan.Changes[ref.change], &a.states[ref.change]
	if s.left > 0 || s.stage.over() || s.out[ref.author] {
		return nil
	}
	agreed := func(path string) bool {
		return slices.ContainsFunc(c.Fields, func(f planner.FieldChange) bool {
			return f.By == ref.author && f.From == path && !s.bad[f.Path]
		})
	}
	to := c.Wants(ref.author).Address
	to.Source = false
	if target, ok := a.authors[to]; ok {
		author := a.plan.Changes[target.change].Wants(target.author)
		author.Kept = slices.DeleteFunc(author.Kept, agreed)
		if a.states[target.change].left > 0 {
			return nil // its own answer writes the record
		}
		return a.rememberAuthor(target, batch)
	}
	target := a.e.run.rebased(to)
	if target == nil {
		return nil
	}
	target.Kept = slices.DeleteFunc(target.Kept, agreed)
	r, err := a.e.newRecord(target, 0, &changeState{id: target.ID, live: target.Live})
	if err == nil {
		batch.Put = append(batch.Put, r)
	}
	return err
}

// rebased finds a change that only the state needs.
func (r *run) rebased(at schema.Address) *planner.Change {
	for _, ks := range r.kinds {
		for i := range ks.decision.Rebased {
			if ks.decision.Rebased[i].Address == at {
				return &ks.decision.Rebased[i]
			}
		}
	}
	return nil
}

// succeeded reports whether the address of what is deleted has another object by now,
// made in another account.
func (a *recorder) succeeded(c *planner.Change, at schema.Address) bool {
	r := a.e.Store.Snapshot().Record(at)
	return r != nil && r.ID != c.ID
}

// newRecord is the object of a change as the state keeps it for one author.
func (e *Engine) newRecord(c *planner.Change, author int, s *changeState) (*state.Record, error) {
	sealer, a := e.Store.Sealer(), c.Wants(author)
	old := e.Store.Snapshot().Record(a.StateAddress(sealer))
	if a.Base() != nil {
		old = a.Base()
	}
	r := state.NewRecord(sealer.Address(a.Address))
	r.Provider, r.ID, r.Version = c.Provider, s.id, s.version
	flags := a.Keep
	flags.Unfinished = s.left+len(s.bad) > 0 && (c.Action == planner.Create || c.Action == planner.Replace || old != nil && old.Flags().Unfinished)
	r.SetFlags(flags)
	if a.Address.Mapping() {
		r.Target = c.Kind.Name
	}
	if old != nil && (old.ID == s.id || !a.Address.Mapping()) {
		r.Written = old.Written
	}
	if s.made > 0 {
		r.Written = e.Now().Unix()
	}
	if c.Kind.Listing.Blind && r.Written == 0 {
		r.Written = e.Now().Unix()
	}
	if r.Version == "" && s.live != nil {
		r.Version = s.live.Version
	}
	if c.Kind.Parent != "" {
		r.Parent = parentOf(c.Kind, a, s)
	}
	channels := pendingChannels(c, author, s)
	desired, partly := s.inEffect(c, author, channels)
	if old != nil && a.Address.Mapping() && old.ID != s.id {
		old = nil // the base of another object
	}
	err := r.SetBase(sealer, state.Applied{Address: a.Address, Kind: c.Kind, Fields: desired, Live: s.live, Old: old, Keep: func(path string) bool {
		return !partly[path] && (s.lacks(path) || channels[schema.PathAttribute(path)] || slices.Contains(a.Kept, path))
	}})
	return r, err
}

// parentOf is the id of the parent, which a mapping does not write.
func parentOf(kind *schema.Kind, a *planner.Author, s *changeState) string {
	if id := kind.ParentOf(a.Desired.Value).Text(); id != "" || s.live == nil {
		return id
	}
	return kind.ParentOf(s.live.Value).Text()
}

// inEffect returns what an author wants, in which sets whose members are not all
// written have those that are, and those that are still to be taken out. partly
// names these sets.
func (s *changeState) inEffect(c *planner.Change, author int, pending map[string]bool) (fields schema.Fields, partly map[string]bool) {
	desired := c.Wants(author).Desired
	fields = desired
	for i := range c.Fields {
		f := &c.Fields[i]
		claims := desired.Of(f.Path)
		if f.By != author || !pending[f.Path] || len(claims) != 1 || claims[0].Claim != schema.ClaimIncludes || !claims[0].Value.IsKnown() {
			continue
		}
		if partly == nil {
			fields, partly = slices.Clone(desired), map[string]bool{}
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
func pendingChannels(c *planner.Change, author int, s *changeState) map[string]bool {
	pending := map[string]bool{}
	for i := range c.Kind.Attributes {
		a := &c.Kind.Attributes[i]
		if a.Channel != "" && (s.left > 0 || s.bad[a.Channel]) && changes(c, author, a.Name) {
			pending[a.Name] = true
		}
	}
	return pending
}

func changes(c *planner.Change, author int, attribute string) bool {
	for i := range c.Fields {
		if c.Fields[i].By == author && schema.PathAttribute(c.Fields[i].Path) == attribute {
			return true
		}
	}
	return false
}
