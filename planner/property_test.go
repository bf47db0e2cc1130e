package planner

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

var (
	tagNames = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), rapid.ID[string])
	cities   = rapid.SampledFrom([]string{"", "A", "B"})
)

// drawFiles writes new files.
func (w *world) drawFiles(t *rapid.T) {
	w.people, w.tasks, w.parents = nil, nil, map[schema.Address]schema.Address{}
	s := w.store.Sealer()
	shared := &Block{OnDestroy: rapid.SampledFrom([]string{"", "", "delete", "forget"}).Draw(t, "on_destroy")}
	emails := rapid.Permutation([]string{"k0", "k1", "k2", "k3"}).Draw(t, "emails")
	for i, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p0", "p1", "p2", "p3"}), 0, 4, rapid.ID[string]).Draw(t, "people") {
		list := []schema.Field{text("email", emails[i])}
		for _, path := range []string{"city", "country", "origin", "custom_fields.tier", "source", "secret"} {
			if rapid.Bool().Draw(t, path+" written") {
				list = append(list, text(path, rapid.SampledFrom([]string{"", "A", "US"}).Draw(t, path)))
			}
		}
		for _, claim := range []schema.Claim{schema.ClaimIncludes, schema.ClaimExactly, schema.ClaimExcludes} {
			if rapid.Bool().Draw(t, "claim") {
				list = append(list, members(claim, "tags", tagNames.Draw(t, "tags")...))
			}
		}
		w.people = append(w.people, want(s, contactKind, shared, name, list...))
	}
	if len(w.people) == 0 {
		return
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"t0", "t1", "t2", "t3"}), 0, 4, rapid.ID[string]).Draw(t, "tasks") {
		d := want(s, taskKind, shared, name, text("title", rapid.SampledFrom([]string{"call", "mail"}).Draw(t, "title")))
		if rapid.Bool().Draw(t, "done written") {
			d = d.Wants(fields(append(slices.Clone(d.Fields()), schema.Field{Path: "done", Value: schema.BoolValue(rapid.Bool().Draw(t, "done"))})...))
		}
		w.tasks = append(w.tasks, d)
		parent := rapid.SampledFrom(w.people).Draw(t, "parent")
		w.parents[d.Address()] = parent.Address()
	}
	slices.SortFunc(w.tasks, func(a, b Desired) int { return a.Address().Compare(b.Address()) })
}

// edit is what somebody does in the CRM by hand.
func (w *world) edit(t *rapid.T) {
	contacts := w.crm.ids(contactKind)
	what := rapid.SampledFrom([]string{"new", "city", "tags", "delete", "task", "done"}).Draw(t, "edit")
	if len(contacts) == 0 || what == "new" {
		email := rapid.SampledFrom([]string{"k0", "k1", "k2", "k3", "other"}).Draw(t, "email")
		for _, id := range contacts {
			if w.crm.objects[id]["email"].Text() == email {
				return
			}
		}
		w.crm.create(contactKind, map[string]schema.Value{"email": str(email), "tags": schema.SetOf(tagNames.Draw(t, "tags"))})
		return
	}
	id := rapid.SampledFrom(contacts).Draw(t, "id")
	switch what {
	case "city":
		w.crm.objects[id]["city"] = str(cities.Draw(t, "city"))
	case "tags":
		w.crm.objects[id]["tags"] = schema.SetOf(tagNames.Draw(t, "tags"))
	case "delete":
		w.crm.remove(id)
	case "task":
		w.crm.create(taskKind, map[string]schema.Value{"contact_id": str(id), "title": str("call")})
	case "done":
		for _, task := range w.crm.ids(taskKind) {
			w.crm.objects[task]["done"] = schema.BoolValue(true)
		}
	}
}

// expectTags works out, from the words of the language alone, which tags each
// contact that stays must have in the end.
func (w *world) expectTags(t *testing.T, p *Plan) map[string][]string {
	was := map[string]setClaims{}
	for _, r := range w.store.Snapshot().Records.All() {
		was[r.ID] = namedTags(t, r)
	}
	expected := map[string][]string{}
	for _, id := range w.crm.ids(contactKind) {
		expected[id] = w.crm.tags(id)
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		switch {
		case c.Kind != contactKind || c.Action == Create:
		case c.Action == Delete || c.Action == Replace:
			delete(expected, c.ID)
		case c.Action != Forget:
			expected[c.ID] = expectSet(claimed(c.Desired.Of("tags")), was[c.ID].named, w.crm.tags(c.ID))
		}
	}
	return expected
}

func expectSet(want setClaims, was, live []string) []string {
	var after []string
	for _, m := range []string{"a", "b", "c", "d"} {
		named, there := slices.Contains(want.named, m), slices.Contains(live, m)
		if named || there && !want.exactly && !slices.Contains(want.excluded, m) && !slices.Contains(was, m) {
			after = append(after, m)
		}
	}
	return after
}

func digests(p *Plan) []string {
	var list []string
	for i := range p.Changes {
		list = append(list, p.Changes[i].Address.String()+" "+p.Changes[i].Action.String()+" "+p.Changes[i].Digest("salt"))
	}
	return append(list, draw(p)...)
}

// Whatever the files, the CRM and people do: a plan is the same however its
// input is ordered, nothing is created twice, nobody's tags are touched, and
// after an apply the next plan is empty.
func TestApplyThenPlanIsEmpty(t *testing.T) {
	planned, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		personal := rapid.SampledFrom([]string{"plain", "hashed"}).Draw(rt, "personal")
		w := &world{crm: newCRM(), log: &statetest.Memory{Log: []byte(`{"lockstep_state":2,"lineage":"l","salt":"s","personal_data":"` + personal + `","serial":1}` + "\n")}}
		w.open(rt)
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			w.drawFiles(rt)
			for range rapid.IntRange(0, 5).Draw(rt, "edits") {
				w.edit(rt)
			}
			p, rebased, ok := w.plan(rt)
			if !ok {
				refused++
				return
			}
			planned++
			again, _, _ := w.plan(rt)
			if diff := cmp.Diff(digests(p), digests(again)); diff != "" {
				rt.Fatalf("the same input in another order gives another plan: %s", diff)
			}
			w.checkRound(t, rt, p, rebased)
		}
	})
	if refused > planned {
		t.Errorf("%d plans were refused and only %d made: the generator is too wild to show anything", refused, planned)
	}
}

func (w *world) checkRound(t *testing.T, rt *rapid.T, p *Plan, rebased []Change) {
	expected := w.expectTags(t, p)
	w.apply(rt, p, rebased)
	for _, id := range slices.Sorted(maps.Keys(expected)) {
		if diff := cmp.Diff(expected[id], w.crm.tags(id), cmp.Transformer("empty", func(l []string) []string { return append([]string{}, l...) })); diff != "" {
			rt.Fatalf("tags of %s: -want +got:\n%s", id, diff)
		}
	}
	next, rebased, ok := w.plan(rt)
	if !ok || !next.Empty() || len(rebased) > 0 {
		rt.Fatalf("applied, and still there is work: %v, rebased %d, joined %t", draw(next), len(rebased), ok)
	}
	if left := w.store.Snapshot().Records.Len(); left != len(w.people)+len(w.tasks) {
		rt.Fatalf("%d records for %d objects", left, len(w.people)+len(w.tasks))
	}
}
