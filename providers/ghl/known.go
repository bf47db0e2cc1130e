package ghl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/schema"
)

// idOf is the id of an object of a kind. One that the location lacks is refused,
// unless the token may not list the kind.
func idOf(kind string) form {
	return form{decode: decodeText, normalize: func(s *speller, path string, v schema.Value) (schema.Value, error) {
		id := strings.TrimSpace(v.Text())
		if v.Type() != schema.String || id == "" {
			return v, nil
		}
		v = schema.StringValue(id)
		if !s.account.configured() {
			return v, nil
		}
		ids, err := s.account.idsOf(s, kind)
		if err != nil || ids == nil || ids[id] {
			return v, err
		}
		k := s.account.kinds[kind]
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("the location has no %s with the id %q", k.Noun, id),
			Advice: fmt.Sprintf("Name it by a data source, as in data.%s.NAME.id.%s", kind, schema.DidYouMean(id, slices.Sorted(maps.Keys(ids))))}
	}}
}

// idsOf are the ids of all objects of a kind, which are read once. It is nil when
// they are not known: the token may not list them, or one was written since.
func (a *account) idsOf(s *speller, kind string) (map[string]bool, error) {
	a.mu.Lock()
	known, read := a.ids[kind]
	a.mu.Unlock()
	if read {
		return known, nil
	}
	ids := map[string]bool{}
	err := a.list(s.ctx, a.kinds[kind], providers.Query{Kind: kind}, func(page providers.Page) bool {
		for i := range page.Objects {
			ids[page.Objects[i].ID] = true
		}
		return true
	})
	if apiError(err) != nil {
		ids, err = nil, nil
	}
	if err == nil {
		a.keepIDs(kind, ids)
	}
	return ids, err
}

// keepIDs keeps the ids of a kind; nil when they are not known any more, because a
// list may not have what was written.
func (a *account) keepIDs(kind string, ids map[string]bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ids == nil {
		a.ids = map[string]map[string]bool{}
	}
	a.ids[kind] = ids
}
