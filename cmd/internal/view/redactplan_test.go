package view

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"lockstep/cmd/internal/drift"
	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// secretive is a plan in which all that may tell of a person has one word.
func secretive() *planner.Plan {
	const word = "wyvern"
	kind := &schema.Kind{Name: "ghl_tag", Noun: "tag", Plural: "tags", NamedIDs: true, Attributes: []schema.Attribute{{Name: "name"}, {Name: "tags"}, {Name: "more"}}}
	at := func(name string) schema.Address {
		return schema.Address{Module: `module.person["` + word + `"].module.deep["` + word + `@example.com"]`, Kind: kind.Name, Name: name, Key: schema.Key{Type: schema.StringKey, Text: word + " key"}}
	}
	from, secret := at("old"), text(word+" value")
	set := schema.SetOf([]string{word + " member"})
	moved := planner.Sides{Base: secret, HasBase: true, LiveMoved: true, FileMoved: true, Conflict: true}
	live := &schema.Object{Kind: kind.Name, ID: word + "/1", Fields: schema.Fields{{Path: "more", Value: text(word + " live")}, {Path: "name", Value: secret}}}
	fields := []planner.FieldChange{
		{Path: "name", Live: secret, Desired: text(word + " new"), Sides: moved, Note: `"` + word + ` key" wins`, LostWith: from.String()},
		{Path: "tags", Claim: schema.ClaimIncludes, Live: set, Desired: set, Add: []string{word + " add"}, Remove: []string{word + " out"}, Sides: moved},
	}
	mapping := schema.Address{Kind: schema.MappingKind, Name: "m", Key: schema.Key{Type: schema.StringKey, Text: word}}
	change := func(name string, action planner.Action) planner.Change {
		return planner.Change{
			Author: planner.Author{Address: at(name), Previous: &from}, Kind: kind, Provider: "ghl", Action: action, ID: live.ID, Live: live, Fields: fields,
			Reason: `given to "` + word + ` key" by ` + word + "@example.com", Others: []planner.Author{{Address: mapping}},
		}
	}
	p := &planner.Plan{Changes: []planner.Change{change("a", planner.Update), change("b", planner.Delete), change("c", planner.Adopt), change("d", planner.Move)}}
	for i := range p.Changes[:3] {
		p.Changes[i].Fields = append(p.Changes[i].Fields[:2:2], planner.FieldChange{Path: "more", By: 1, Live: text(word + " more"), Desired: secret})
	}
	p.Instances = map[schema.Address]int{at("a").Block(): 2}
	p.Waves = []planner.Wave{{Provider: "ghl", Operations: []planner.Operation{{ID: "1", Refs: []int{0}, Operation: providers.Operation{Kind: kind.Name, Name: "add " + word, Channel: "tags"}}}}}
	p.WritesTo = []planner.Account{{Provider: "ghl", Place: providers.Place{Noun: "location", ID: "L1", Name: word + " club"}}}
	p.Outputs = []planner.OutputChange{{Name: "o", Before: `"` + word + `"`, After: `["` + word + `"]`}}
	p.Unmatched = []planner.Unmatched{{Mapping: mapping.Block(), Kind: kind, Of: 2, Addresses: []schema.Address{mapping}}}
	p.Refusals = []planner.Refusal{{Rule: planner.RuleDeletes, Message: mapping.String() + " would be deleted."}}
	return p
}

// TestRedactedPlan renders a redacted plan in every way, and the plan itself, which
// shows that each view would tell.
func TestRedactedPlan(t *testing.T) {
	views := map[string]func(p *planner.Plan, o Options) (string, error){
		"plan": func(p *planner.Plan, o Options) (string, error) {
			return written(func(b *bytes.Buffer) error { return Plan(b, p, o) })
		},
		"plan -json": func(p *planner.Plan, o Options) (string, error) {
			return written(func(b *bytes.Buffer) error { return PlanJSON(b, p, PlanDocument{}, o) })
		},
		"drift": func(p *planner.Plan, o Options) (string, error) {
			return written(func(b *bytes.Buffer) error { return Drift(b, p, &drift.Report{}, nouns, o) })
		},
		"drift -json": func(p *planner.Plan, o Options) (string, error) {
			return written(func(b *bytes.Buffer) error {
				return writeJSON(b, drift.Build(drift.Input{Plan: p, Shown: p, Values: DriftValues(o)}), "")
			})
		},
		"events": func(p *planner.Plan, o Options) (string, error) {
			return written(func(b *bytes.Buffer) error { NewStream(b, "0", time.Now).Plan(p, o); return nil })
		},
		"question": func(p *planner.Plan, _ Options) (string, error) { return In(p), nil },
	}
	for name, view := range views {
		for _, full := range []bool{true, false} {
			open, err := view(secretive(), Options{Full: full})
			if err != nil || !strings.Contains(open, "wyvern") {
				t.Errorf("%s: the plan itself tells, got %v:\n%s", name, err, open)
			}
			got, err := view(RedactedPlan(secretive()), Options{Full: full, Redact: true})
			if err != nil || strings.Contains(got, "wyvern") {
				t.Errorf("%s (full: %t): a redacted plan must not, got %v:\n%s", name, full, err, got)
			}
		}
	}
	p := secretive()
	RedactedPlan(p)
	if open, _ := views["plan"](p, Options{Full: true}); strings.Contains(open, "redacted") {
		t.Error("the plan that is carried out must stay as it is")
	}
}

// TestSettledRedacted holds that the events of an apply tell as little as its plan.
func TestSettledRedacted(t *testing.T) {
	p := secretive()
	for redact, want := range map[bool]bool{true: false, false: true} {
		got, _ := written(func(b *bytes.Buffer) error {
			s := NewStream(b, "0", time.Now)
			s.Applying(p, Options{Redact: redact})
			s.Settled(engine.Settled{Change: &p.Changes[0], ID: p.Changes[0].ID})
			return nil
		})
		if strings.Contains(got, "wyvern") != want {
			t.Errorf("redact %t: %s", redact, got)
		}
	}
}

func written(write func(*bytes.Buffer) error) (string, error) {
	var b bytes.Buffer
	err := write(&b)
	return b.String(), err
}

func TestShareable(t *testing.T) {
	list := func(items ...schema.Value) schema.Value { return schema.ListValue(items...) }
	cases := map[string]struct {
		reason string
		a      *schema.Attribute
		v      schema.Value
		want   bool
	}{
		"Number":   {"a number names no one", &schema.Attribute{}, schema.NumberValue("3"), true},
		"Bool":     {"nor does a truth value", &schema.Attribute{}, schema.BoolValue(true), true},
		"Absent":   {"nor nothing", &schema.Attribute{}, schema.Value{}, true},
		"Day":      {"a day is no name", &schema.Attribute{}, text("2026-01-31"), true},
		"Instant":  {"nor is an instant", &schema.Attribute{}, text("2026-01-31T09:00:00Z"), true},
		"Word":     {"a word of a fixed list was not written by a person", &schema.Attribute{OneOf: []string{"TEXT"}}, text("TEXT"), true},
		"Text":     {"a text may say anything", &schema.Attribute{}, text("vip"), false},
		"Texts":    {"so may texts", &schema.Attribute{}, list(text("2026-01-31"), text("vip")), false},
		"Numbers":  {"numbers do not", &schema.Attribute{}, list(schema.NumberValue("1")), true},
		"Map":      {"the keys of a map are texts", &schema.Attribute{}, schema.MapValue(map[string]schema.Value{"ann": schema.NumberValue("1")}), false},
		"Personal": {"what is declared personal is", &schema.Attribute{Personal: true}, schema.NumberValue("3"), false},
		"Unknown":  {"of an attribute that is not known, nothing is", nil, schema.NumberValue("3"), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := shareable(tc.a, tc.v); got != tc.want {
				t.Errorf("%s: shareable is %t", tc.reason, got)
			}
		})
	}
}
