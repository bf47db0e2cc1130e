package drift

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner"
	"lockstep/schema"
)

func TestIgnore(t *testing.T) {
	kind := &schema.Kind{Name: "ghl_contact"}
	change := func(key string, paths ...string) planner.Change {
		c := planner.Change{Kind: kind, Provider: "ghl", Action: planner.Update}
		c.Address = schema.Address{Kind: "ghl_contact", Name: "leads", Key: schema.Key{Type: schema.StringKey, Text: key}}
		for _, path := range paths {
			c.Fields = append(c.Fields, planner.FieldChange{Path: path, Sides: planner.Sides{HasBase: true, LiveMoved: true}})
		}
		return c
	}
	p := &planner.Plan{
		Changes: []planner.Change{change("ann@test.example", "city"), change("a/b", "city", "custom_fields.score")},
		Kinds:   []planner.KindSummary{{Provider: "ghl", Kind: "ghl_contact", LiveMoved: 2}},
	}
	cases := map[string]struct {
		reason, rules string
		want          []string
		ignored       int
	}{
		"Nothing": {"comments and empty lines are no rules", "# none\n\n", []string{`ghl_contact.leads["ann@test.example"] city`, `ghl_contact.leads["a/b"] city custom_fields.score`}, 0},
		"Address": {"brackets are those of the address, and a star any text", `address ghl_contact.leads["*@test.example"]`, []string{`ghl_contact.leads["a/b"] city custom_fields.score`}, 1},
		"Slash":   {"a star stands for a slash as well", `address ghl_contact.leads["a*"]`, nil, 2},
		"Field":   {"an object whose only field is left out is left out", "field * city", []string{`ghl_contact.leads["a/b"] custom_fields.score`}, 1},
		"Map":     {"a map is all of its keys", "field ghl_contact custom_fields", []string{`ghl_contact.leads["ann@test.example"] city`, `ghl_contact.leads["a/b"] city`}, 0},
		"Kind":    {"a kind is all of its objects", "kind ghl_contact", nil, 2},
		"Other":   {"other kinds stay", "kind ghl_note", []string{`ghl_contact.leads["ann@test.example"] city`, `ghl_contact.leads["a/b"] city custom_fields.score`}, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			g, err := ParseIgnore(strings.NewReader(tc.rules))
			if err != nil {
				t.Fatal(err)
			}
			out, ignored := g.Apply(p)
			var got []string
			for _, c := range out.Changes {
				text := c.Address.String()
				for _, f := range c.Fields {
					text += " " + f.Path
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || ignored != tc.ignored {
				t.Errorf("%s: %d ignored, want %d (-want +got):\n%s", tc.reason, ignored, tc.ignored, diff)
			}
			if len(out.Kinds) > 0 && out.Kinds[0].LiveMoved != len(got) {
				t.Errorf("%d are counted, and %d are left", out.Kinds[0].LiveMoved, len(got))
			}
		})
	}
}

func TestParseIgnoreErrors(t *testing.T) {
	for text, want := range map[string]string{
		"\nghl_note":         `line 2: "ghl_note" is no rule`,
		"kind":               `line 1: "kind" lacks a pattern`,
		"field ghl_note":     "is not `field KIND PATH`",
		"kind ghl_note tags": "has more than one pattern",
	} {
		if _, err := ParseIgnore(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want %q in it", text, err, want)
		}
	}
}
