package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

func TestLingering(t *testing.T) {
	kind := &schema.Kind{Name: "crm_user", Noun: "user", Plural: "users", Keys: []schema.NaturalKey{{"email"}, {"first", "last"}}}
	text := func(path, value string) schema.Field {
		return schema.Field{Path: path, Value: schema.StringValue(value)}
	}
	dead := Lingering{Object: schema.Object{ID: "U1", Fields: schema.Fields{text("email", "ann@example.com"), text("first", "Ann"), text("last", "Ode")}}, Until: 1_800_000_000}
	nameless := Lingering{Object: schema.Object{ID: "U2", Fields: schema.Fields{text("first", "Lin")}}, Until: 1_800_000_000}
	cases := map[string]struct {
		reason string
		fields schema.Fields
		want   []string
	}{
		"same key": {reason: "the account takes no second one", fields: schema.Fields{text("email", "ann@example.com")}, want: []string{
			`email: lockstep deleted the user with email "ann@example.com" (id U1), and the API still shows it: it can neither be taken over nor be made again. That takes until 2027-01-15T08:00:00Z at most: run the command again then.`}},
		"weaker key": {reason: "any natural key counts", fields: schema.Fields{text("email", "new@example.com"), text("first", "Ann"), text("last", "Ode")}, want: []string{
			`first: lockstep deleted the user with first "Ann" and last "Ode" (id U1), and the API still shows it: it can neither be taken over nor be made again. That takes until 2027-01-15T08:00:00Z at most: run the command again then.`}},
		"other":    {reason: "it is another one", fields: schema.Fields{text("email", "lin@example.com")}},
		"part":     {reason: "part of a key tells nothing", fields: schema.Fields{text("email", "kim@example.com"), text("first", "Lin")}},
		"no value": {reason: "what is not known yet is another one", fields: schema.Fields{{Path: "email", Value: schema.UnknownValue()}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := &Roster{Kind: kind, Lingering: []Lingering{dead, nameless}}
			w := NewDesired(&Block{}, &Site{}, schema.Key{}, "", new(schema.Packer).Pack(tc.fields))
			refused := newcomer{r}.lingers(&w)
			var got []string
			for _, p := range r.Problems {
				got = append(got, p.Path+": "+p.Detail)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || refused != (tc.want != nil) {
				t.Errorf("%s: refused %t (-want +got):\n%s", tc.reason, refused, diff)
			}
		})
	}
}
