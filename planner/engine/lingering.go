package engine

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// lingering are the objects of an account that are deleted and that the API may still
// show. What reads the account does not see them.
type lingering struct {
	// until is when each is shown no longer, in Unix seconds.
	until map[thing]int64
	// mu guards shown, which are those that the API did show and that keep others from
	// being made.
	mu    sync.Mutex
	shown map[thing]schema.Object
}

// lingersFor returns for how many seconds the API may show an object of a kind after it
// was deleted: its own word says how long, and lists that come in pages are behind.
func lingersFor(kind *schema.Kind) int64 {
	switch {
	case kind.Listing.Lingers > 0:
		return int64(kind.Listing.Lingers)
	case kind.Listing.Page > 0:
		return lag
	}
	return 0
}

// thing names an object of an account.
type thing struct{ kind, id string }

// linger notes in accounts what was deleted so lately that it may be shown, by whichever
// account of the same provider: one may show what is another's. now is in Unix seconds.
func linger(accounts map[string]*account, s *state.Snapshot, now int64) {
	of := map[string]map[thing]int64{}
	for remote, until := range s.Lingering {
		if until <= now {
			continue
		}
		name := parseRef(remote.Provider).Name
		if of[name] == nil {
			of[name] = map[thing]int64{}
		}
		of[name][thing{remote.Kind, remote.ID}] = until
	}
	for _, a := range accounts {
		a.lingering = nil
		if until := of[parseRef(a.name).Name]; until != nil {
			a.lingering = &lingering{until: until, shown: map[thing]schema.Object{}}
		}
	}
}

// Lingers reports whether lockstep deleted an object of a provider so lately that the
// API may still show it.
func Lingers(e *Engine, provider, kind, id string) bool {
	return e.accounts[provider].lingers(kind, id)
}

func (a *account) lingers(kind, id string) bool {
	if a.lingering == nil {
		return false
	}
	_, deleted := a.lingering.until[thing{kind, id}]
	return deleted
}

// List reads as the account's provider does, without what lingers.
func (a *account) List(ctx context.Context, query providers.Query) iter.Seq2[providers.Page, error] {
	pages := a.provider.List(ctx, query)
	if a.lingering == nil {
		return pages
	}
	return func(yield func(providers.Page, error) bool) {
		for page, err := range pages {
			page.Objects = a.lasting(query.Kind, page.Objects)
			if !yield(page, err) {
				return
			}
		}
	}
}

// Get reads as the account's provider does, without what lingers.
func (a *account) Get(ctx context.Context, kind string, keys []providers.Key) ([]schema.Object, error) {
	found, err := a.provider.Get(ctx, kind, keys)
	return a.lasting(kind, found), err
}

// lasting returns the objects without those that linger. What the API shows by id as
// well still has its natural keys, so it is noted. The objects given stay as they are.
func (a *account) lasting(kind string, objects []schema.Object) []schema.Object {
	lingers := func(o schema.Object) bool { return a.lingers(kind, o.ID) }
	if !slices.ContainsFunc(objects, lingers) {
		return objects
	}
	if a.schema.Kind(kind).Listing.Lingers > 0 {
		a.note(kind, objects)
	}
	return slices.DeleteFunc(slices.Clone(objects), lingers)
}

// note keeps the objects that linger, of all that were read.
func (a *account) note(kind string, objects []schema.Object) {
	a.lingering.mu.Lock()
	defer a.lingering.mu.Unlock()
	for _, o := range objects {
		if a.lingers(kind, o.ID) {
			o.Fields = slices.Clone(o.Fields)
			a.lingering.shown[thing{kind, o.ID}] = o
		}
	}
}

// still returns the objects of a kind that linger and were noted.
func (a *account) still(kind string) []planner.Lingering {
	if a.lingering == nil {
		return nil
	}
	a.lingering.mu.Lock()
	defer a.lingering.mu.Unlock()
	var found []planner.Lingering
	for of, o := range a.lingering.shown {
		if of.kind == kind {
			found = append(found, planner.Lingering{Object: o, Until: a.lingering.until[of]})
		}
	}
	slices.SortFunc(found, func(x, y planner.Lingering) int { return strings.Compare(x.Object.ID, y.Object.ID) })
	return found
}

// lingers notes that the API may still show the object of a change which was deleted.
func (a *recorder) lingers(c *planner.Change, s *changeState, batch *state.Batch) {
	if c.Goes() && s.id != c.ID {
		a.outlasts(c.Provider, c.Kind, c.ID, batch)
	}
}

// outlasts notes that the API may show an object from now on which is gone.
func (a *recorder) outlasts(provider string, kind *schema.Kind, id string, batch *state.Batch) {
	if seconds := lingersFor(kind); seconds > 0 {
		batch.Lingering = append(batch.Lingering, state.Lingering{
			Remote: state.Remote{Provider: provider, Kind: kind.Name, ID: id}, Until: a.e.Now().Unix() + seconds})
	}
}
