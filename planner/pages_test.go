package planner

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

// told compares all that a decision holds, but for its roster.
var told = cmp.Options{
	values,
	cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.Comparer(func(a, b *schema.Kind) bool { return a == b }),
	cmp.Comparer(func(a, b *Roster) bool { return true }),
}

// drawShared lets people share phones and addresses, and leaves attributes to the
// CRM.
func (w *world) drawShared(t *rapid.T) {
	phones := rapid.SampledFrom([]string{"", "", "", "1", "2"})
	for i := range w.people {
		if phone := phones.Draw(t, "phone"); phone != "" {
			w.people[i] = w.people[i].Wants(fields(append(slices.Clone(w.people[i].Fields()), text("phone", phone))...))
		}
	}
	for _, id := range w.crm.ids(contactKind) {
		if phone := phones.Draw(t, "live phone"); phone != "" {
			w.crm.objects[id]["phone"] = str(phone)
		}
	}
	if len(w.people) == 0 {
		return
	}
	if rapid.IntRange(0, 9).Draw(t, "ignore") == 0 {
		w.people[0].Block.Ignore = []string{"city", "phone"}
	}
	if rapid.IntRange(0, 9).Draw(t, "twice") == 0 {
		twice := want(w.store.Sealer(), contactKind, w.people[0].Block, "p9", w.people[0].Fields()...)
		w.people = append(w.people, twice)
	}
}

// drawOther gives one person another phone or e-mail address, in the files or in
// the CRM, or the block another setting.
func (w *world) drawOther(t *rapid.T) {
	if len(w.people) == 0 {
		return
	}
	if rapid.IntRange(0, 4).Draw(t, "other block") == 0 {
		w.people[0].Block.OnDestroy = rapid.SampledFrom([]string{"", "delete"}).Draw(t, "on_destroy")
		return
	}
	f := text("phone", rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "phone"))
	if rapid.Bool().Draw(t, "e-mail") {
		f = text("email", rapid.SampledFrom([]string{"k0", "k1", "k2", "k3"}).Draw(t, "email"))
	}
	if ids := w.crm.ids(contactKind); len(ids) > 0 && rapid.Bool().Draw(t, "live") {
		w.crm.objects[rapid.SampledFrom(ids).Draw(t, "id")][f.Path] = f.Value
		return
	}
	d := &w.people[rapid.IntRange(0, len(w.people)-1).Draw(t, "person")]
	others := slices.DeleteFunc(slices.Clone(d.Fields()), func(g schema.Field) bool { return g.Path == f.Path })
	*d = d.Wants(fields(append(others, f)...))
}

// spoil writes over a page, as the next one does.
func spoil(page []schema.Object) {
	for i := range page {
		for k := range page[i].Fields {
			page[i].Fields[k] = text("spoilt", "spoilt")
		}
		page[i] = schema.Object{ID: "spoilt"}
	}
}

// Whatever the files, the CRM and people do: a plan of objects of which what is
// in step was let go is the plan of whole ones.
func TestPagesChangeNothing(t *testing.T) {
	letGo := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{crm: newCRM(), log: &statetest.Memory{Log: []byte(`{"lockstep_state":2,"lineage":"l","salt":"s","personal_data":"hashed","serial":1}` + "\n")}}
		w.open(rt)
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			if len(w.people) == 0 || rapid.IntRange(0, 3).Draw(rt, "other files") == 0 {
				w.drawFiles(rt)
				w.drawShared(rt)
			} else {
				w.drawOther(rt)
			}
			for range rapid.IntRange(0, 2).Draw(rt, "edits") {
				w.edit(rt)
			}
			letGo += w.checkPages(rt)
			p, rebased, ok := w.plan(rt)
			if !ok {
				return
			}
			w.apply(rt, p, rebased)
			letGo += w.checkPages(rt)
		}
	})
	if letGo == 0 {
		t.Error("nothing was ever let go: the test shows nothing")
	}
}

// checkPages plans both ways, and returns how many objects were let go.
func (w *world) checkPages(t *rapid.T) (letGo int) {
	people := shuffled(t, slices.Clone(w.people))
	whole, paged := w.roster(t, contactKind, people), w.roster(t, contactKind, people)
	listed := slices.Collect(whole.Live.All())
	paged.Live = NewLive(contactKind)
	if pages := paged.Pages(people); pages != nil {
		for chunk := range slices.Chunk(listed, rapid.IntRange(1, 3).Draw(t, "page size")) {
			var page []schema.Object
			for _, o := range chunk {
				page = append(page, schema.Object{Kind: o.Kind, ID: o.ID, Version: o.Version, Fields: slices.Clone(o.Fields)})
			}
			pages.Add(page)
			spoil(page)
		}
	} else {
		for _, o := range listed {
			paged.Live.Add([]schema.Object{*o})
		}
	}
	for i := range people {
		if whole.Drifted(&people[i]) != paged.Drifted(&people[i]) {
			t.Fatalf("%s drifted one way, and not the other", people[i].Address())
		}
	}
	for _, r := range []*Roster{whole, paged} {
		r.Pair(people)
	}
	wholly, bypage := all(whole), all(paged)
	if diff := cmp.Diff(whole.Problems, paged.Problems, told); diff != "" {
		t.Fatalf("problems -whole +paged:\n%s", diff)
	}
	if diff := cmp.Diff(wholly, bypage, told); diff != "" && len(whole.Problems) == 0 {
		t.Fatalf("-whole +paged:\n%s", diff)
	}
	for _, s := range paged.Live.subjects {
		if s.inStep != nil {
			letGo++
		}
	}
	return letGo
}

func TestPagesKeep(t *testing.T) {
	s := newSealer(t, "plain")
	live := []schema.Field{
		text("city", "Graz"), text("custom_fields.tier", "gold"), text("email", "ann@example.com"), text("name", "Ann"), text("phone", "1"),
	}
	for reason, tt := range map[string]struct {
		written []schema.Field
		key     schema.Key
		kept    []string
	}{
		"what is in step is found by its keys, whoever wrote them": {
			written: []schema.Field{text("email", "ann@example.com"), text("city", "Graz")},
			kept:    []string{"email", "phone"},
		},
		"what differs is shown with all that it has": {
			written: []schema.Field{text("email", "ann@example.com"), text("city", "Linz")},
			kept:    []string{"city", "custom_fields.tier", "email", "name", "phone"},
		},
		"instances with a number may take each other's place": {
			written: []schema.Field{text("email", "ann@example.com"), text("city", "Graz")}, key: schema.Key{Type: schema.IntKey},
			kept: []string{"city", "custom_fields.tier", "email", "name", "phone"},
		},
	} {
		t.Run(reason, func(t *testing.T) {
			d := want(s, contactKind, block(1), "ann", tt.written...)
			r := roster(s, contactKind, nil, record(t, s, contactKind, "ann", "1", tt.written...))
			if tt.key != (schema.Key{}) {
				d.key = tt.key
			}
			add := r.Live.Add
			if pages := r.Pages([]Desired{d}); pages != nil {
				add = pages.Add
			}
			add([]schema.Object{object(contactKind, "1", live...)})
			var kept []string
			for _, f := range r.Live.ID("1").Fields {
				kept = append(kept, f.Path)
			}
			if diff := cmp.Diff(tt.kept, kept); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestPagesKeepValuesThatMayGo(t *testing.T) {
	kind := *contactKind
	kind.Attributes = slices.Clone(kind.Attributes)
	kind.Attribute("custom_fields").KeysOf = &schema.KeysOf{Kind: "crm_field", Attribute: "key"}
	s := newSealer(t, "plain")
	fields := []schema.Field{text("email", "ann@example.com"), text("custom_fields.tier", "gold")}
	r := roster(s, &kind, nil, record(t, s, &kind, "ann", "1", fields...))
	r.Pages([]Desired{want(s, &kind, block(1), "ann", fields...)}).Add([]schema.Object{object(&kind, "1", append(fields, text("name", "Ann"))...)})
	o := r.Live.ID("1")
	if !o.Value("name").IsAbsent() || o.Value("custom_fields.tier").Text() != "gold" {
		t.Errorf("kept %v, want the value of the field and not the name: a plan that replaces the field counts it", o.Fields)
	}
}

func TestComplete(t *testing.T) {
	s := newSealer(t, "plain")
	email := text("email", "ann@example.com")
	for reason, tt := range map[string]struct {
		listed  []schema.Object
		removed string
		want    bool
	}{
		"the list has all":                    {listed: []schema.Object{object(contactKind, "1", email), object(contactKind, "2")}, want: true},
		"one is absent, whoever is there too": {listed: []schema.Object{object(contactKind, "2"), object(contactKind, "3")}},
		"one was found to be gone":            {listed: []schema.Object{object(contactKind, "1", email), object(contactKind, "2")}, removed: "2"},
	} {
		t.Run(reason, func(t *testing.T) {
			batch := []Desired{want(s, contactKind, block(1), "ann", email), want(s, contactKind, block(1), "bob")}
			r := roster(s, contactKind, nil, record(t, s, contactKind, "ann", "1", email), record(t, s, contactKind, "bob", "2"))
			r.Pages(batch).Add(tt.listed)
			r.Live.Remove(tt.removed)
			if got := r.Live.Complete(len(batch)); got != tt.want {
				t.Errorf("complete is %t, want %t", got, tt.want)
			}
			if r.Live.Complete(len(batch) + 1) {
				t.Error("complete with an object more than was expected")
			}
		})
	}
}
