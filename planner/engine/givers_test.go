package engine

import (
	"testing"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// TestKeyHeld tells when a natural key that another object was to give up is free.
func TestKeyHeld(t *testing.T) {
	kind := &schema.Kind{Name: "crm_page", Keys: []schema.NaturalKey{{"slug"}}, Attributes: []schema.Attribute{{Name: "slug"}, {Name: "title"}}}
	giver := schema.Address{Kind: kind.Name, Name: "a"}
	takes := planner.Change{Kind: kind, Awaits: []schema.Address{giver}}
	slug := schema.Fields{{Path: "slug", Value: schema.StringValue("x")}}
	cases := map[string]struct {
		reason string
		change planner.Change
		fields schema.Fields
		giver  changeState
		want   bool
	}{
		"Given up":  {"the key is free", takes, slug, changeState{stage: done}, false},
		"First":     {"it gave way, and has calls left", takes, slug, changeState{stage: writing, left: 1}, false},
		"Failed":    {"it still has the key", takes, slug, changeState{stage: failed}, true},
		"Unknown":   {"it may still have the key", takes, slug, changeState{stage: unknown}, true},
		"Refused":   {"the call with the key was refused, others are made", takes, slug, changeState{stage: partly, bad: map[string]bool{"slug": true}}, true},
		"Elsewhere": {"another call was refused", takes, slug, changeState{stage: partly, bad: map[string]bool{"tags": true}}, false},
		"Title":     {"the write takes no key", takes, schema.Fields{{Path: "title"}}, changeState{stage: failed}, false},
		"Alone":     {"the change takes no key of another one", planner.Change{Kind: kind}, slug, changeState{stage: failed}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := &filler{ledger: &ledger{states: []changeState{tc.giver}}, givers: map[schema.Address]int{giver: 0}}
			write := &providers.Write{Action: providers.Update, Fields: tc.fields}
			if got := f.keyHeld(&tc.change, write); got != tc.want {
				t.Errorf("%s: got %t", tc.reason, got)
			}
		})
	}
}
