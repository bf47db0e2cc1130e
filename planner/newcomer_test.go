package planner

import (
	"strings"
	"testing"

	"lockstep/schema"
)

func TestIncomplete(t *testing.T) {
	text := func(path, value string) schema.Field {
		return schema.Field{Path: path, Value: schema.StringValue(value)}
	}
	cases := map[string]struct {
		reason string
		needed schema.Needed
		fields schema.Fields
		want   string
	}{
		"always":  {reason: "every new one needs it", fields: schema.Fields{text("name", "Ann")}, want: "A new thing needs secret"},
		"given":   {reason: "it has it", fields: schema.Fields{text("name", "Ann"), text("secret", "x")}},
		"unknown": {reason: "it will have it", fields: schema.Fields{text("name", "Ann"), {Path: "secret", Value: schema.UnknownValue()}}},
		"empty":   {reason: "an empty one is not sent", fields: schema.Fields{text("name", "Ann"), text("secret", "")}, want: "A new thing needs secret"},
		"type": {reason: "its type needs it", needed: schema.Needed{By: "type", Of: []string{"a", "b"}},
			fields: schema.Fields{text("name", "Ann"), text("type", "b")}, want: "A new thing whose type is b needs secret"},
		"other type": {reason: "its type does not need it", needed: schema.Needed{By: "type", Of: []string{"a"}}, fields: schema.Fields{text("name", "Ann"), text("type", "b")}},
		"no type":    {reason: "the server chooses the type", needed: schema.Needed{By: "type", Of: []string{"a"}}, fields: schema.Fields{text("name", "Ann")}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kind := &schema.Kind{Name: "x_thing", Noun: "thing", Plural: "things", Keys: []schema.NaturalKey{{"name"}}, Attributes: []schema.Attribute{
				{Name: "name", Required: true}, {Name: "type", Optional: true}, {Name: "secret", Optional: true, Needed: &tc.needed},
			}}
			r := &Roster{Kind: kind}
			n := newcomer{r}
			refused := n.incomplete(&Change{Action: Create, Fields: created(kind, tc.fields)})
			got := ""
			for _, p := range r.Problems {
				got, _, _ = strings.Cut(p.Detail, ",")
			}
			if got != tc.want || refused != (tc.want != "") {
				t.Errorf("%s: refused %t, got %q, want %q", tc.reason, refused, got, tc.want)
			}
			if n.incomplete(&Change{Action: Update, Fields: created(kind, tc.fields)}) {
				t.Error("an object that is there was refused")
			}
		})
	}
}
