package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
)

// resource serves a kind by the usual calls: list, create, read, update and
// delete. A kind declares here how its calls look; it adds calls of its own to
// the routes. Required are collection, path, scope, words and view, and fill and
// own where objects can be written.
type resource[T any] struct {
	*collection[T]

	path   string // of list and create; an object has its id behind it
	scope  string // of the token, without its ".readonly" or ".write"
	words  words
	shapes shapes

	// owner gives the id of the parent that a path names, or refuses the call;
	// nil: the objects are the location's own.
	owner func(*call) (parent string, refusal *answer)
	// own gives a new object its id and its parent's.
	own func(item *T, id, parent string)
	// fill writes a body over a copy of an object, or refuses the body. The
	// copy is kept only if it does not. An object without an id is being made.
	fill func(*call, *T) (refusal *answer)
	view func(*T) object // the object as an answer has it

	listed bool                    // an object cannot be read alone
	detail func(*T) object         // the view outside of lists, where it differs
	find   func(string) (*T, bool) // what a read finds by what its path names, where that is not only an id
	cut    func(*call, []*T) []*T  // the part of a list that a call asks for; nil: all of it
}

// words are the names and texts of a kind's answers.
type words struct {
	one     string   // the envelope of an object; "": its members stand in the answer itself
	written string   // the envelope of create and update, where it differs
	many    string   // the envelope of a list; "": there is no list
	unknown string   // the message of the 400 for an id that no object has
	beside  []string // members beside the envelope of an answer, each true
	deleted []string // members of the answer of a delete, each true
}

// shapes are what the calls of a kind take.
type shapes struct {
	list           shape // the query of the list
	create, update shape // the bodies; nil: there is no such call, and no delete without create
}

// scopes are the scopes that reads and writes of a kind need.
func (r *resource[T]) scopes() (reads, writes string) {
	return r.scope + ".readonly", r.scope + ".write"
}

// object is the path of one object.
func (r *resource[T]) object() string { return strings.TrimSuffix(r.path, "/") + "/{id}" }

func (r *resource[T]) routes() []route {
	reads, writes := r.scopes()
	var out []route
	if !r.listed {
		out = append(out, route{method: http.MethodGet, pattern: r.object(), scope: reads, serve: r.read})
	}
	if r.words.many != "" {
		out = append(out, route{method: http.MethodGet, pattern: r.path, scope: reads, query: r.shapes.list, serve: r.rows})
	}
	if r.shapes.create != nil {
		out = append(out,
			route{method: http.MethodPost, pattern: r.path, scope: writes, body: r.shapes.create, serve: r.create},
			route{method: http.MethodDelete, pattern: r.object(), scope: writes, serve: r.remove})
	}
	if r.shapes.update != nil {
		out = append(out, route{method: http.MethodPut, pattern: r.object(), scope: writes, body: r.shapes.update, serve: r.update})
	}
	return out
}

// parentIn returns the id of the parent that a call's path names.
func (r *resource[T]) parentIn(c *call) (string, *answer) {
	if r.owner == nil {
		return "", nil
	}
	return r.owner(c)
}

// named returns the object that a call's path names.
func (r *resource[T]) named(c *call) (*T, *answer) {
	parent, refusal := r.parentIn(c)
	if refusal != nil {
		return nil, refusal
	}
	item, known := r.byID[c.vars["id"]]
	if !known || r.owner != nil && r.parentOf(item) != parent {
		return nil, badRequest(r.words.unknown)
	}
	return item, nil
}

// enveloped is an object in its envelope.
func (r *resource[T]) enveloped(envelope string, item *T) object {
	view := r.view
	if r.detail != nil {
		view = r.detail
	}
	out := object{}
	if envelope == "" {
		maps.Copy(out, view(item))
	} else {
		out[envelope] = view(item)
	}
	return set(out, r.words.beside)
}

// set adds members that are true.
func set(out object, names []string) object {
	for _, name := range names {
		out[name] = true
	}
	return out
}

// fillTexts writes the texts that a body has; null clears one.
func fillTexts(body object, into map[string]*string) {
	for name, at := range into {
		if v, given := body[name]; given {
			*at, _ = v.(string)
		}
	}
}

// showTexts adds the texts that are set.
func showTexts(out object, texts map[string]string) {
	for name, v := range texts {
		if v != "" {
			out[name] = v
		}
	}
}

func (r *resource[T]) rows(c *call) *answer {
	parent, refusal := r.parentIn(c)
	if refusal != nil {
		return refusal
	}
	items := r.list(parent)
	if r.cut != nil {
		items = r.cut(c, items)
	}
	rows := make([]object, 0, len(items))
	for _, item := range items {
		rows = append(rows, r.view(item))
	}
	return ok(set(object{r.words.many: rows}, r.words.beside))
}

func (r *resource[T]) read(c *call) *answer {
	if r.find != nil {
		item, known := r.find(c.vars["id"])
		if !known {
			return badRequest(r.words.unknown)
		}
		return ok(r.enveloped(r.words.one, item))
	}
	item, refusal := r.named(c)
	if refusal != nil {
		return refusal
	}
	return ok(r.enveloped(r.words.one, item))
}

func (r *resource[T]) create(c *call) *answer {
	parent, refusal := r.parentIn(c)
	if refusal != nil {
		return refusal
	}
	made := new(T)
	if refusal := r.fill(c, made); refusal != nil {
		return refusal
	}
	id := r.store.newID(r.kind)
	r.own(made, id, parent)
	r.put(c.now, id, made)
	return created(r.enveloped(r.writtenAs(), made))
}

func (r *resource[T]) update(c *call) *answer {
	old, refusal := r.named(c)
	if refusal != nil {
		return refusal
	}
	updated := *old
	if refusal := r.fill(c, &updated); refusal != nil {
		return refusal
	}
	r.put(c.now, c.vars["id"], &updated)
	return ok(r.enveloped(r.writtenAs(), &updated))
}

func (r *resource[T]) writtenAs() string {
	if r.words.written != "" {
		return r.words.written
	}
	return r.words.one
}

func (r *resource[T]) remove(c *call) *answer {
	if _, refusal := r.named(c); refusal != nil {
		return refusal
	}
	r.drop(c.now, c.vars["id"])
	return ok(set(object{}, r.words.deleted))
}

// bySkip cuts a page of a list by the query's skip and limit.
func bySkip[T any](limit int) func(*call, []*T) []*T {
	return func(c *call, items []*T) []*T {
		items = items[min(intQuery(c, "skip", 0), len(items)):]
		return items[:min(intQuery(c, "limit", limit), len(items))]
	}
}

// member is the list of a seed document that has objects of the kind: the bodies
// of their create calls. Objects with a parent have none.
func (r *resource[T]) member() string {
	if r.owner != nil || r.shapes.create == nil {
		return ""
	}
	return r.words.many
}

func (r *resource[T]) plant(raw json.RawMessage, p *planter) error {
	return p.bodies(r.kind, r.path, raw)
}

// keep puts the objects of a list into the store, which no call makes. ready fills
// what an object of a seed may leave out, and returns where its id stands.
func (r *resource[T]) keep(raw json.RawMessage, p *planter, ready func(*T) *string) error {
	var all []T
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for i := range all {
		item := &all[i]
		id := ready(item)
		if *id == "" {
			*id = r.store.newID(r.kind)
		}
		r.put(p.now, *id, item)
	}
	return nil
}

// plantOf makes the objects of a contact.
func (r *resource[T]) plantOf(contact string, raw json.RawMessage, p *planter) error {
	return p.bodies(r.kind, strings.ReplaceAll(r.path, "{contactId}", contact), raw)
}
