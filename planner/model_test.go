package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner/state"
	"lockstep/planner/state/statetest"
	"lockstep/providers"
	"lockstep/schema"
)

// crm is a small CRM in memory: contacts with tags, and their tasks.
type crm struct {
	objects map[string]map[string]schema.Value
	kinds   map[string]*schema.Kind
	next    int
}

func newCRM() *crm {
	return &crm{objects: map[string]map[string]schema.Value{}, kinds: map[string]*schema.Kind{}}
}

func (c *crm) create(kind *schema.Kind, values map[string]schema.Value) string {
	c.next++
	id := fmt.Sprintf("%s-%03d", strings.TrimPrefix(kind.Name, "crm_"), c.next)
	c.objects[id], c.kinds[id] = values, kind
	for i := range kind.Attributes {
		a := &kind.Attributes[i]
		if values[a.Name].IsAbsent() && !a.Default.IsAbsent() {
			values[a.Name] = a.Default
		}
	}
	return id
}

// remove deletes an object, and the tasks of a contact with it.
func (c *crm) remove(id string) {
	delete(c.objects, id)
	maps.DeleteFunc(c.objects, func(_ string, v map[string]schema.Value) bool { return v["contact_id"].Text() == id })
}

func (c *crm) tags(id string) []string { return c.objects[id]["tags"].Strings() }

func (c *crm) ids(kind *schema.Kind) []string {
	var ids []string
	for id := range c.objects {
		if c.kinds[id] == kind {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// list reads all objects of a kind, in any order.
func (c *crm) list(t *rapid.T, kind *schema.Kind) []schema.Object {
	var objects []schema.Object
	for _, id := range c.ids(kind) {
		o := schema.Object{Kind: kind.Name, ID: id}
		for path, v := range c.objects[id] {
			if a := kind.Attribute(schema.PathAttribute(path)); !v.IsAbsent() && !a.WriteOnly && !a.CreateOnly {
				o.Fields = append(o.Fields, schema.Field{Path: path, Value: v})
			}
		}
		o.Fields.Sort()
		objects = append(objects, o)
	}
	return shuffled(t, objects)
}

// do carries out one change as the API would, and returns the id.
func (c *crm) do(t *rapid.T, change providers.Write, id string, known map[string]bool) string {
	switch change.Action {
	case providers.Delete:
		c.remove(change.ID)
		return ""
	case providers.Create:
		values := map[string]schema.Value{}
		for _, f := range change.Fields {
			values[f.Path] = f.Value
		}
		// Objects of other addresses are known: they may be about to lose
		// their e-mail address, and may have the same tasks. A replacement
		// has an id, and its task may be equal to somebody else's.
		for other, v := range c.objects {
			same := v["email"].Text() != "" && v["email"].Equal(values["email"]) ||
				v["title"].Text() != "" && v["title"].Equal(values["title"]) && v["contact_id"].Equal(values["contact_id"])
			if same && !known[other] && id == "" {
				t.Fatalf("%s is created a second time: it exists as %s %v", change.Address, other, v)
			}
		}
		return c.create(map[string]*schema.Kind{contactKind.Name: contactKind, taskKind.Name: taskKind}[change.Kind], values)
	}
	values := c.objects[id]
	if values == nil {
		t.Fatalf("%s updates %q, which does not exist", change.Address, id)
	}
	for _, f := range change.Fields {
		values[f.Path] = f.Value
	}
	for _, m := range change.Add {
		values["tags"] = schema.SetOf(append(values["tags"].Strings(), m))
	}
	for _, m := range change.Remove {
		values["tags"] = schema.SetOf(slices.DeleteFunc(values["tags"].Strings(), func(s string) bool { return s == m }))
	}
	return id
}

// world is the files, the CRM and the state.
type world struct {
	crm     *crm
	log     *statetest.Memory
	store   *state.Store
	people  []Desired
	tasks   []Desired
	parents map[schema.Address]schema.Address
}

// open reads the state anew, as the next run would.
func (w *world) open(t *rapid.T) {
	s, err := state.Open(t.Context(), w.log, state.Options{Personal: "hashed"})
	if err != nil {
		t.Fatal(err)
	}
	w.store = s
}

func (w *world) roster(t *rapid.T, kind *schema.Kind, desired []Desired) *Roster {
	m := roster(w.store.Sealer(), kind, w.crm.list(t, kind))
	for a, r := range w.store.Snapshot().Records.All() {
		if a.Kind == kind.Name {
			m.Records.Put(a, r)
		}
	}
	m.Declared = func(a schema.Address) bool {
		return slices.ContainsFunc(desired, func(d Desired) bool { return d.Sealed() == a })
	}
	return m
}

// plan compares. ok is false when the files and the CRM cannot be joined.
func (w *world) plan(t *rapid.T) (p *Plan, rebased []Change, ok bool) {
	people := shuffled(t, slices.Clone(w.people))
	contacts := w.roster(t, contactKind, people)
	subjects := contacts.Pair(people)
	first := all(contacts)
	ids := map[schema.Address]string{}
	for i, subject := range subjects {
		if live := subject.Stays(); live != nil {
			ids[people[i].Address()] = live.ID
		}
	}
	tasks := slices.Clone(w.tasks)
	for i := range tasks {
		parent := schema.Field{Path: "contact_id", Value: schema.UnknownValue()}
		if id, known := ids[w.parents[tasks[i].Address()]]; known {
			parent.Value = schema.StringValue(id)
		}
		tasks[i] = tasks[i].Wants(fields(append(slices.Clone(tasks[i].Fields()), parent)...))
	}
	children := w.roster(t, taskKind, tasks)
	children.Pair(tasks)
	second := all(children)
	p = &Plan{Changes: append(slices.Clone(first.Changes), second.Changes...), Kinds: []KindSummary{second.Summary, first.Summary}}
	for i := range p.Changes {
		if p.Changes[i].Kind == taskKind {
			p.Changes[i].Level = 1
		}
	}
	p.Arrange(map[string]Grouper{"crm": fakeGrouper{}}, nil)
	ok = len(contacts.Problems)+len(children.Problems) == 0 && !w.collides(p)
	return p, append(first.Rebased, second.Rebased...), ok
}

// collides reports whether a managed contact is given the e-mail address of another
// one, which this CRM would refuse.
func (w *world) collides(p *Plan) bool {
	for i := range p.Changes {
		c := &p.Changes[i]
		for id, v := range w.crm.objects {
			email := c.Desired.Value("email")
			if c.Action == Replace && id != c.ID && !email.IsAbsent() && v["email"].Equal(email) {
				return true
			}
		}
	}
	return false
}

// apply carries a plan out and records it.
func (w *world) apply(t *rapid.T, p *Plan, rebased []Change) {
	ids := map[int]string{}
	byAddress := map[schema.Address]string{}
	known := map[string]bool{}
	for _, r := range w.store.Snapshot().Records.All() {
		known[r.ID] = true
	}
	for i := range p.Changes {
		ids[i], known[p.Changes[i].ID] = p.Changes[i].ID, true
	}
	for _, wave := range p.Waves {
		for _, op := range wave.Operations {
			for j, change := range op.Writes {
				ref := op.Refs[j]
				w.resolve(&p.Changes[ref], &change, byAddress)
				id := w.crm.do(t, change, ids[ref], known)
				if change.Action != providers.Delete || p.Changes[ref].Action == Delete {
					ids[ref] = id
				}
				known[ids[ref]], byAddress[p.Changes[ref].Address] = true, ids[ref]
			}
		}
	}
	w.record(t, p.Changes, func(i int) string { return ids[i] })
	w.record(t, rebased, func(i int) string { return rebased[i].ID })
	w.open(t)
}

// resolve fills in the id of a parent that an earlier wave created.
func (w *world) resolve(c *Change, change *providers.Write, ids map[schema.Address]string) {
	if change.Action == providers.Delete || change.Fields.Known() {
		return
	}
	c.Desired = slices.Clone(c.Desired)
	for i := range c.Desired {
		if !c.Desired[i].Value.IsKnown() {
			c.Desired[i].Value = schema.StringValue(ids[w.parents[c.Address]])
		}
	}
	change.Fields = slices.Clone(change.Fields)
	for i := range change.Fields {
		change.Fields[i].Value = c.Desired.Value(change.Fields[i].Path)
	}
}

func (w *world) record(t *rapid.T, changes []Change, id func(i int) string) {
	var b state.Batch
	for i := range changes {
		c := &changes[i]
		was, now := c.StateAddress(w.store.Sealer()), w.store.Sealer().Address(c.Address)
		if c.Action == Delete || c.Action == Forget || was != now {
			b.Gone = append(b.Gone, was)
		}
		if c.Action == Delete || c.Action == Forget {
			continue
		}
		r := state.NewRecord(now)
		r.Provider, r.ID = "crm", id(i)
		r.SetFlags(c.Keep)
		if err := r.SetBase(w.store.Sealer(), state.Applied{Address: c.Address, Kind: c.Kind, Fields: c.Desired, Keep: none}); err != nil {
			t.Fatal(err)
		}
		b.Put = append(b.Put, r)
	}
	if err := w.store.Write(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func shuffled[T any](t *rapid.T, list []T) []T {
	if len(list) < 2 {
		return list
	}
	return rapid.Permutation(list).Draw(t, "order")
}

// namedTags are the tags that a record's base names.
func namedTags(t testing.TB, r *state.Record) setClaims {
	base, err := r.Base()
	if err != nil {
		t.Fatal(err)
	}
	b := baseline{fields: base}
	return b.claims(nil, "tags")
}
