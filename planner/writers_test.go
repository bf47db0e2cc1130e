package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

func TestWriters(t *testing.T) {
	three := Change{
		Author: authorOf(address(contactKind, "ann")), Others: []Author{authorOf(mapped("x")), authorOf(mapped("y"))}, Kind: contactKind,
		Fields: []FieldChange{
			{Path: "city", By: 1}, {Path: "name", By: 0},
			{Path: "tags", By: 1, Claim: schema.ClaimIncludes, Add: []string{"a", "b"}}, {Path: "tags", By: 2, Claim: schema.ClaimIncludes, Add: []string{"b"}, Remove: []string{"c"}},
		},
	}
	one := Change{Author: three.Author, Kind: contactKind}
	writes := func(paths ...string) providers.Write {
		w := providers.Write{Action: providers.Update}
		for _, path := range paths {
			w.Fields = append(w.Fields, schema.Field{Path: path})
		}
		return w
	}
	member := func(add, remove []string, channel string) providers.Write {
		return providers.Write{Action: providers.Update, Channel: channel, Add: add, Remove: remove}
	}
	cases := map[string]struct {
		reason string
		change Change
		in     providers.Write
		want   []int
	}{
		"One":       {"a change of one author is its own, whatever is written", one, writes("zip"), []int{0}},
		"Field":     {"a field has one author", three, writes("city"), []int{1}},
		"Both":      {"two fields have two", three, writes("city", "name"), []int{0, 1}},
		"Create":    {"a create is its maker's too", three, providers.Write{Action: providers.Create, Fields: schema.Fields{{Path: "city"}}}, []int{0, 1}},
		"Member":    {"a member may have several", three, member([]string{"b"}, nil, "tags"), []int{1, 2}},
		"OneMember": {"or one", three, member([]string{"a"}, nil, "tags"), []int{1}},
		"Removed":   {"members that are taken out as well", three, member(nil, []string{"c"}, "tags"), []int{2}},
		"Channel":   {"the same member of another set is another", three, member([]string{"b"}, nil, "groups"), nil},
		"None":      {"what no author wants is nobody's", three, writes("zip"), nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.change.Writers(&tc.in)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestFrees(t *testing.T) {
	swap := vacating(Change{Kind: contactKind}, "email")
	cases := map[string]struct {
		reason string
		in     providers.Write
		want   bool
	}{
		"Emptied": {"it empties what another object takes over", providers.Write{Action: providers.Update, Fields: schema.Fields{{Path: "email"}}}, true},
		"Given":   {"it gives the new value", providers.Write{Action: providers.Update, Fields: fields(text("email", "b@example.com"))}, false},
		"Other":   {"it empties another field", providers.Write{Action: providers.Update, Fields: schema.Fields{{Path: "city"}}}, false},
		"Members": {"it adds to a set", providers.Write{Action: providers.Update, Channel: "tags", Add: []string{"vip"}}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := swap.Frees(&tc.in); got != tc.want {
				t.Errorf("%s: %v", tc.reason, got)
			}
			if plain := (&Change{Kind: contactKind}); plain.Frees(&tc.in) {
				t.Errorf("a change that empties nothing has no such write")
			}
		})
	}
}
