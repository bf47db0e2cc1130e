package engine

import (
	"context"
	"slices"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// lookUpLost asks for the objects whose create lost its answer, by natural key
// or content, before anybody could think of trying again.
func (a *application) lookUpLost(ctx context.Context, w *planner.Wave, op planner.Operation, results []providers.Result) []providers.Result {
	for i := range results {
		if results[i].Outcome != providers.Uncertain || op.Writes[i].Action != providers.Create {
			continue
		}
		c := &a.plan.Changes[op.Refs[i]]
		for _, key := range naturalKeys(c.Kind, planner.Desired{Fields: c.Desired}) {
			found, err := a.e.accounts[w.Provider].provider.Get(ctx, c.Kind.Name, []providers.Key{key})
			if err != nil {
				continue
			}
			if o := a.claim(op.Refs[i], key, found); o != nil {
				results[i] = providers.Result{Outcome: providers.Done, Object: *o}
				break
			}
		}
	}
	return results
}

// claim takes the one object that a lost create can have made; nil when there
// is none, or more than one that it could be. The next run pairs those off.
func (a *application) claim(ref int, key providers.Key, found []schema.Object) *schema.Object {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := &a.plan.Changes[ref]
	if a.twin(ref, key) {
		return nil
	}
	found = slices.DeleteFunc(found, func(o schema.Object) bool { return contradicts(c, &o) || a.known(c, o.ID) })
	if len(found) != 1 {
		return nil
	}
	// Nobody else who looks for a lost create may take it now.
	a.states[ref].id = found[0].ID
	return &found[0]
}

// twin says that a create of equal content is under way: what is found may be
// its doing. The lock is held.
func (a *application) twin(ref int, key providers.Key) bool {
	c := &a.plan.Changes[ref]
	for i := range a.states {
		o := &a.plan.Changes[i]
		if i != ref && a.states[i].creating && o.Kind == c.Kind && o.Provider == c.Provider && equalKey(o, key) {
			return true
		}
	}
	return false
}

// returned notes which creates are no longer under way, and what they made.
func (a *application) returned(op planner.Operation, results []providers.Result) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, ref := range op.Refs {
		if !a.states[ref].creating {
			continue
		}
		a.states[ref].creating = false
		if results[i].Outcome == providers.Done {
			a.states[ref].id = results[i].Object.ID
		}
	}
}

// equalKey says that what a change wants would be found by a key as well.
func equalKey(c *planner.Change, key providers.Key) bool {
	if c.Kind.Parent != "" && c.Desired.Value(c.Kind.Parent).Text() != key.Parent {
		return false
	}
	return !slices.ContainsFunc(key.Fields, func(f schema.Field) bool { return !c.Desired.Value(f.Path).Equal(f.Value) })
}

// contradicts says that an object has another value in a natural key than the
// files want: two people may share a phone, and not an e-mail address.
func contradicts(c *planner.Change, o *schema.Object) bool {
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

// known says that an object belongs to another address already. The lock is
// held.
func (a *application) known(c *planner.Change, id string) bool {
	for i := range a.states {
		other := &a.plan.Changes[i]
		if a.states[i].id == id && other.Provider == c.Provider && other.Kind == c.Kind {
			return true
		}
	}
	for address, r := range a.e.Store.Snapshot().Records {
		if r.ID == id && refOf(address, r) == (kindRef{c.Provider, c.Kind.Name}) {
			return true
		}
	}
	return false
}
