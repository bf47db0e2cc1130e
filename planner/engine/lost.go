package engine

import (
	"context"
	"slices"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// finder looks for the objects of creates whose answers were lost.
type finder struct {
	*ledger
	// creating are the changes whose create is under way.
	creating map[int]bool
}

// begins notes a create that is about to be sent. The lock is held.
func (f *finder) begins(ref int, write *providers.Write) {
	if write.Action == providers.Create {
		f.creating[ref] = true
	}
}

// lookUpLost asks for the objects whose create lost its answer, by natural key
// or content, before anything else could try again.
func (f *finder) lookUpLost(ctx context.Context, w *planner.Wave, op planner.Operation, results []providers.Result) []providers.Result {
	for i := range results {
		if results[i].Outcome != providers.Uncertain || op.Writes[i].Action != providers.Create {
			continue
		}
		c := &f.plan.Changes[op.Refs[i]]
		for _, key := range keysOf(c.Kind, c.Desired.Find) {
			found, err := f.e.accounts[w.Provider].Get(ctx, c.Kind.Name, []providers.Key{key})
			if err != nil {
				continue
			}
			if o := f.recognise(op.Refs[i], key, found); o != nil {
				results[i] = providers.Result{Outcome: providers.Done, Object: *o}
				break
			}
		}
	}
	return results
}

// recognise takes the one object that a lost create can have made; nil when
// none or several could be it. The next run pairs those off.
func (f *finder) recognise(ref int, key providers.Key, found []schema.Object) *schema.Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &f.plan.Changes[ref]
	if f.twin(ref, key) {
		return nil
	}
	found = slices.DeleteFunc(found, func(o schema.Object) bool {
		return differsInKey(c, &o) || f.known(c, o.ID) || c.Kind.Retired(o.Value) && !c.Kind.Retired(c.Desired.Value)
	})
	if len(found) != 1 {
		return nil
	}
	// Another lost create must not take it now.
	f.states[ref].id, f.states[ref].found = found[0].ID, true
	return &found[0]
}

// twin reports whether a create of equal content is under way: what is found may be
// its doing. The lock is held.
func (f *finder) twin(ref int, key providers.Key) bool {
	c := &f.plan.Changes[ref]
	for i := range f.creating {
		o := &f.plan.Changes[i]
		if i != ref && o.Kind == c.Kind && o.Provider == c.Provider && equalKey(o, key) {
			return true
		}
	}
	return false
}

// returned notes which creates are no longer under way, and what they made.
func (f *finder) returned(op planner.Operation, results []providers.Result) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, ref := range op.Refs {
		if !f.creating[ref] {
			continue
		}
		delete(f.creating, ref)
		if results[i].Outcome == providers.Done {
			f.states[ref].id = results[i].Object.ID
		}
	}
}

// equalKey reports whether a key also finds what a change wants.
func equalKey(c *planner.Change, key providers.Key) bool {
	if c.Kind.ParentOf(c.Desired.Value).Text() != key.Parent {
		return false
	}
	return !slices.ContainsFunc(key.Fields, func(f schema.Field) bool { return !c.Desired.Value(f.Path).Equal(f.Value) })
}

// differsInKey reports whether an object has another value in a natural key than the
// files want: two people may share a phone, and not an e-mail address.
func differsInKey(c *planner.Change, o *schema.Object) bool {
	for _, key := range c.Kind.Keys {
		for _, path := range key {
			want, has := c.Desired.Value(path).Text(), o.Value(path).Text()
			if want != "" && has != "" && want != has {
				return true
			}
		}
	}
	return false
}

// known reports whether an object belongs to another address already. The lock is
// held.
func (f *finder) known(c *planner.Change, id string) bool {
	for i := range f.states {
		other := &f.plan.Changes[i]
		if f.states[i].id == id && other.Provider == c.Provider && other.Kind == c.Kind {
			return true
		}
	}
	for address, r := range f.e.Store.Snapshot().Records.All() {
		if r.ID == id && refOf(address, r) == (kindRef{c.Provider, c.Kind.Name}) {
			return true
		}
	}
	return false
}
