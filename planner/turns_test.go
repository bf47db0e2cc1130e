package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/schema"
)

var tagKind = &schema.Kind{
	Name: "crm_tag", Noun: "tag", Plural: "tags", Keys: []schema.NaturalKey{{"name"}},
	Attributes: []schema.Attribute{{Name: "name", Type: contactKind.Attribute("name").Type, Required: true}},
}

// pageKind is found by a slug, and then by a name that others may have too.
var pageKind = &schema.Kind{
	Name: "crm_page", Noun: "page", Plural: "pages", Keys: []schema.NaturalKey{{"slug"}, {"name"}},
	Attributes: []schema.Attribute{
		{Name: "slug", Type: contactKind.Attribute("name").Type, Required: true, Interim: true},
		{Name: "name", Type: contactKind.Attribute("name").Type, Required: true, Common: true},
	},
}

// handed is an object with one natural key before and after.
type handed struct{ name, was, will string }

// turnsCase is how objects hand a key on.
type turnsCase struct {
	reason  string
	kind    *schema.Kind
	path    string
	objects []handed
	// turns and vacates of the changes by name.
	turns    map[string]int
	vacates  map[string][]string
	problems int
}

func TestTurns(t *testing.T) {
	cases := map[string]turnsCase{
		"Chain": {
			reason: "who gets a key waits for the one who gives it up", kind: tagKind, path: "name",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "3"}, {"c", "3", "4"}}, turns: map[string]int{"a": 2, "b": 1, "c": 0},
		},
		"Apart": {
			reason: "who takes a key that is free waits for nobody", kind: tagKind, path: "name",
			objects: []handed{{"a", "1", "3"}, {"b", "2", "4"}}, turns: map[string]int{"a": 0, "b": 0},
		},
		"Circle": {
			reason: "a name cannot be empty, not even for a moment", kind: tagKind, path: "name",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "1"}}, turns: map[string]int{"a": 0, "b": 0}, problems: 1,
		},
		"Email": {
			reason: "an e-mail address can: the first one gives way, and comes last", kind: contactKind, path: "email",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "1"}}, turns: map[string]int{"a": 1, "b": 0}, vacates: map[string][]string{"a": {"email"}},
		},
		"Phone": {
			reason: "so can a phone, of which three go round", kind: contactKind, path: "phone",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "3"}, {"c", "3", "1"}},
			turns:   map[string]int{"a": 2, "b": 1, "c": 0}, vacates: map[string][]string{"a": {"phone"}},
		},
		"Slug": {
			reason: "a slug gives way to another one for a moment, although no page can be without", kind: pageKind, path: "slug",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "1"}}, turns: map[string]int{"a": 1, "b": 0}, vacates: map[string][]string{"a": {"slug"}},
		},
		"Slugs": {
			reason: "a chain of slugs needs no other ones", kind: pageKind, path: "slug",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "3"}}, turns: map[string]int{"a": 1, "b": 0},
		},
		"Common": {
			reason: "nobody waits for a name that several may have", kind: pageKind, path: "name",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "1"}}, turns: map[string]int{"a": 0, "b": 0},
		},
		"Two": {
			reason: "two circles are two", kind: contactKind, path: "email",
			objects: []handed{{"a", "1", "2"}, {"b", "2", "1"}, {"c", "3", "4"}, {"d", "4", "3"}},
			turns:   map[string]int{"a": 1, "b": 0, "c": 1, "d": 0}, vacates: map[string][]string{"a": {"email"}, "c": {"email"}},
		},
	}
	for name, tc := range cases {
		t.Run(name, tc.check)
	}
}

func (tc turnsCase) check(t *testing.T) {
	r := hands(t, tc.kind, tc.path, tc.objects)
	turns, vacates := map[string]int{}, map[string][]string{}
	for _, c := range all(r).Changes {
		turns[c.Address.Key.Text] = c.Turn
		if c.Vacates != nil {
			vacates[c.Address.Key.Text] = c.Vacates
		}
	}
	if diff := cmp.Diff(tc.turns, turns); diff != "" {
		t.Errorf("%s: turns: -want +got:\n%s", tc.reason, diff)
	}
	if diff := cmp.Diff(len(tc.vacates), len(vacates)); diff != "" || tc.vacates != nil && !cmp.Equal(tc.vacates, vacates) {
		t.Errorf("%s: vacates %v, want %v", tc.reason, vacates, tc.vacates)
	}
	if len(r.Problems) != tc.problems {
		t.Errorf("%s: %d problems wanted, got %v", tc.reason, tc.problems, r.Problems)
	}
}

// hands pairs objects of which each hands its key on.
func hands(t *testing.T, kind *schema.Kind, path string, objects []handed) *Roster {
	s := newSealer(t, "plain")
	var live []schema.Object
	var records []*state.Record
	var desired []Desired
	for _, o := range objects {
		live = append(live, object(kind, "id-"+o.name, text(path, o.was)))
		records = append(records, record(t, s, kind, o.name, "id-"+o.name, text(path, o.was)))
		desired = append(desired, want(s, kind, block(1), o.name, text(path, o.will)))
	}
	r := roster(s, kind, live, records...)
	r.Declared = func(schema.Address) bool { return true }
	r.Pair(desired)
	return r
}
