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
	// deleted has until when each is shown, and whether it is gone for certain.
	deleted map[thing]state.Lingering
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
	of := map[string]map[thing]state.Lingering{}
	for remote, l := range s.Lingering {
		if l.Until <= now {
			continue
		}
		name := parseRef(remote.Provider).Name
		if of[name] == nil {
			of[name] = map[thing]state.Lingering{}
		}
		of[name][thing{remote.Kind, remote.ID}] = l
	}
	for _, a := range accounts {
		a.lingering = nil
		if deleted := of[parseRef(a.name).Name]; deleted != nil {
			a.lingering = &lingering{deleted: deleted, shown: map[thing]schema.Object{}}
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
	l, deleted := a.lingering.deleted[thing{kind, id}]
	return deleted && !l.Unsure
}

// List reads as the account's provider does, without what lingers.
func (a *account) List(ctx context.Context, query providers.Query) iter.Seq2[providers.Page, error] {
	pages := a.provider.List(ctx, query)
	if a.lingering == nil {
		return pages
	}
	return func(yield func(providers.Page, error) bool) {
		for page, err := range pages {
			if err == nil {
				page.Objects, err = a.lasting(ctx, query.Kind, page.Objects)
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

// Get reads as the account's provider does, without what lingers.
func (a *account) Get(ctx context.Context, kind string, keys []providers.Key) ([]schema.Object, error) {
	found, err := a.provider.Get(ctx, kind, keys)
	if err != nil || a.lingering == nil {
		return found, err
	}
	return a.lasting(ctx, kind, found)
}

// lasting returns the objects without those that linger. The objects given stay as they
// are.
func (a *account) lasting(ctx context.Context, name string, objects []schema.Object) ([]schema.Object, error) {
	kind := a.schema.Kind(name)
	gone := map[string]bool{}
	var unsure []providers.Key
	for i := range objects {
		o := &objects[i]
		l, deleted := a.lingering.deleted[thing{name, o.ID}]
		if !deleted {
			continue
		}
		gone[o.ID] = !l.Unsure
		switch {
		case kind.Listing.Lingers > 0:
			// A read by id shows it as well, and so it has its natural keys.
			a.note(name, *o)
		case l.Unsure:
			unsure = append(unsure, providers.Key{ID: o.ID, Parent: kind.ParentOf(o.Value).Text()})
		}
	}
	if len(gone) == 0 {
		return objects, nil
	}
	if err := a.confirmLost(ctx, name, unsure, gone); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(objects), func(o schema.Object) bool { return gone[o.ID] }), nil
}

// confirmLost asks by id for the objects whose delete lost its answer, and notes those
// that are gone.
func (a *account) confirmLost(ctx context.Context, kind string, lost []providers.Key, gone map[string]bool) error {
	if len(lost) == 0 {
		return nil
	}
	found, err := a.provider.Get(ctx, kind, lost)
	if err != nil {
		return err
	}
	for _, k := range lost {
		gone[k.ID] = !slices.ContainsFunc(found, func(o schema.Object) bool { return o.ID == k.ID })
	}
	return nil
}

// note keeps an object that lingers and was shown.
func (a *account) note(kind string, o schema.Object) {
	a.lingering.mu.Lock()
	defer a.lingering.mu.Unlock()
	o.Fields = slices.Clone(o.Fields)
	a.lingering.shown[thing{kind, o.ID}] = o
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
			l := a.lingering.deleted[of]
			found = append(found, planner.Lingering{Object: o, Until: l.Until, Unsure: l.Unsure})
		}
	}
	slices.SortFunc(found, func(x, y planner.Lingering) int { return strings.Compare(x.Object.ID, y.Object.ID) })
	return found
}

// lingers notes that the API may still show the object of a change which was deleted.
func (a *recorder) lingers(c *planner.Change, s *changeState, batch *state.Batch) {
	if unsure := s.id == c.ID; c.Goes() && (!unsure || s.stage.unanswered()) {
		a.outlasts(c.Provider, c.Kind, c.ID, unsure, batch)
	}
}

// outlasts notes that the API may show an object from now on which is gone, or may be.
func (a *recorder) outlasts(provider string, kind *schema.Kind, id string, unsure bool, batch *state.Batch) {
	if seconds := lingersFor(kind); seconds > 0 {
		batch.Lingering = append(batch.Lingering, state.Lingering{
			Remote: state.Remote{Provider: provider, Kind: kind.Name, ID: id}, Until: a.e.Now().Unix() + seconds, Unsure: unsure})
	}
}
