package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// SeedError is the reason why a new sandbox cannot contain what its seed has.
type SeedError struct{ Err error }

// Error is the reason.
func (e *SeedError) Error() string { return fmt.Sprintf("seed sandbox: %s", e.Err) }

// Unwrap is the reason.
func (e *SeedError) Unwrap() error { return e.Err }

// planter puts the objects of a seed document into a new store.
type planter struct {
	router   *router
	location string
	now      time.Time
}

// seed fills a new store from the seed document and with invented people, and
// shows all of it to the searches at once. The log gets the whole seed or, if
// the process dies, nothing.
func (p *planter) seed(opts Options, kinds []kind, people *contacts) error {
	st := p.router.store
	log := st.log
	st.log = nil
	defer func() { st.log = log }()
	if len(opts.Seed) > 0 {
		var document map[string]json.RawMessage
		if err := json.Unmarshal(opts.Seed, &document); err != nil {
			return fmt.Errorf("the seed is not the JSON of a location: %w", err)
		}
		if err := p.plant(document, kinds); err != nil {
			return err
		}
	}
	people.invent(opts.Contacts, opts.Opportunities)
	st.develop()
	if log == nil {
		return nil
	}
	st.log = log
	return st.rewrite()
}

// plant hands each kind its member of the document, in the order of the kinds.
func (p *planter) plant(document map[string]json.RawMessage, kinds []kind) error {
	var known []string
	for _, k := range kinds {
		s, seeds := k.(seeded)
		if !seeds || s.member() == "" {
			continue
		}
		known = append(known, s.member())
		raw, given := document[s.member()]
		if !given {
			continue
		}
		delete(document, s.member())
		if err := s.plant(raw, p); err != nil {
			return fmt.Errorf("%s: %w", s.member(), err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(document)) {
		return fmt.Errorf("a seed has no member %q; it may have %s", name, strings.Join(known, ", "))
	}
	return nil
}

// bodies makes the objects of a list.
func (p *planter) bodies(kind, path string, raw json.RawMessage) error {
	var all []object
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for _, body := range all {
		if _, err := p.post(kind, path, body); err != nil {
			return err
		}
	}
	return nil
}

// post makes an object through the API's own create call, so that a seed is
// held to the same rules as a request. An id of the body becomes the object's.
func (p *planter) post(kind, path string, body object) (object, error) {
	if id, given := body["id"].(string); given {
		p.router.store.reserved[kind] = id
		delete(body, "id")
	}
	c := &call{method: http.MethodPost, path: strings.ReplaceAll(path, "{locationId}", p.location), now: p.now}
	if c.route, c.vars = p.router.find(c.method, c.path); c.route == nil {
		return nil, fmt.Errorf("%s: no call makes one at %s", kind, c.path)
	}
	if _, named := c.route.body["locationId"]; named {
		body["locationId"] = p.location
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", kind, err)
	}
	c.rawBody = raw
	a := p.router.dispatch(c)
	if a.status >= 300 {
		return nil, fmt.Errorf("%s %s: %v", kind, raw, a.body["message"])
	}
	for _, member := range a.body {
		if made, isObject := member.(object); isObject {
			return made, nil
		}
	}
	return a.body, nil
}
