package view

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

var (
	contactKind = &schema.Kind{Name: "ghl_contact", Noun: "contact", Plural: "contacts", Personal: true, Attributes: []schema.Attribute{
		{Name: "email", Personal: true}, {Name: "city"}, {Name: "tags"}, {Name: "ssn", Sensitive: true},
	}}
	tagKind = &schema.Kind{Name: "ghl_tag", Noun: "tag", Plural: "tags", Attributes: []schema.Attribute{{Name: "name"}}}
	nouns   = Nouns{"ghl_contact": {"contact", "contacts"}, "ghl_tag": {"tag", "tags"}}
)

func address(kind, name, key string) schema.Address {
	a := schema.Address{Kind: kind, Name: name}
	if key != "" {
		a.Key = schema.Key{Type: schema.StringKey, Text: key}
	}
	return a
}

func at(file string, line int) hcl.Range {
	return hcl.Range{Filename: file, Start: hcl.Pos{Line: line, Column: 1}, End: hcl.Pos{Line: line, Column: 1}}
}

func text(s string) schema.Value { return schema.StringValue(s) }

func tagged(key string) planner.Change {
	return planner.Change{
		Author: planner.Author{Address: address("ghl_contact", "leads", key), Place: at("contacts.hcl", 11)},
		Kind:   contactKind, Provider: "ghl", Action: planner.Update, ID: "id-" + key,
		Live:   &schema.Object{Kind: "ghl_contact", ID: "id-" + key, Fields: schema.Fields{{Path: "email", Value: text(key)}}},
		Fields: []planner.FieldChange{{Path: "tags", Claim: schema.ClaimIncludes, Live: schema.SetOf(nil), Desired: schema.SetOf([]string{"vip"}), Add: []string{"vip"}, Sides: planner.Sides{HasBase: true, FileMoved: true}}},
	}
}

// mixed is a plan with one change of nearly every sort.
func mixed() *planner.Plan {
	previous := address("ghl_tag", "old", "")
	p := &planner.Plan{Changes: []planner.Change{
		{Author: planner.Author{Address: address("ghl_contact", "ann", ""), Place: at("contacts.hcl", 3)}, Kind: contactKind, Provider: "ghl", Action: planner.Adopt, ID: "C1",
			Live: &schema.Object{Kind: "ghl_contact", ID: "C1", Fields: schema.Fields{{Path: "city", Value: text("Bern")}, {Path: "email", Value: text("ann@example.com")}}},
			Fields: []planner.FieldChange{
				{Path: "city", Live: text("Bern"), Desired: text("Basel")},
				{Path: "ssn", Desired: text("123"), Sensitive: true},
			}},
		{Author: planner.Author{Address: address("ghl_contact", "leads", "kim@example.com"), Place: at("contacts.hcl", 11)}, Kind: contactKind, Provider: "ghl", Action: planner.Update, ID: "C2",
			Live: &schema.Object{Kind: "ghl_contact", ID: "C2", Fields: schema.Fields{{Path: "city", Value: text("Chur")}, {Path: "email", Value: text("kim@example.com")}}},
			Fields: []planner.FieldChange{
				{Path: "city", Live: text("Chur"), Desired: text("Basel"), Sides: planner.Sides{Base: text("Bern"), HasBase: true, LiveMoved: true, FileMoved: true, Conflict: true}},
				{Path: "tags", Claim: schema.ClaimIncludes, Add: []string{"vip"}, Remove: []string{"old"}, Live: schema.SetOf([]string{"old"}), Desired: schema.SetOf([]string{"vip"}), Sides: planner.Sides{HasBase: true, LiveMoved: true}},
			}},
		{Author: planner.Author{Address: address("ghl_contact", "leads", "zed@example.com")}, Kind: contactKind, Provider: "ghl", Action: planner.Delete, ID: "C3",
			Reason: "it is no longer in the files",
			Fields: []planner.FieldChange{{Path: "email", Live: text("zed@example.com"), Personal: true}}},
		{Author: planner.Author{Address: address("ghl_tag", "new", ""), Previous: &previous, Place: at("tags.hcl", 1)}, Kind: tagKind, Provider: "ghl", Action: planner.Move, ID: "T1"},
		{Author: planner.Author{Address: address("ghl_tag", "vip", ""), Place: at("tags.hcl", 3)}, Kind: tagKind, Provider: "ghl", Action: planner.Create,
			Fields: []planner.FieldChange{{Path: "name", Desired: text("vip")}}},
		{Author: planner.Author{Address: address("ghl_task", "call", ""), Place: at("tasks.hcl", 1)}, Kind: &schema.Kind{Name: "ghl_task"}, Provider: "ghl", Action: planner.Create,
			Fields: []planner.FieldChange{{Path: "contact_id", Desired: schema.UnknownValue()}, {Path: "title", Desired: text("Call")}}},
		{Author: planner.Author{Address: address("ghl_custom_field", "km", ""), Place: at("fields.hcl", 1)}, Kind: &schema.Kind{Name: "ghl_custom_field"}, Provider: "ghl", Action: planner.Replace, ID: "F1",
			Live:   &schema.Object{ID: "F1", Fields: schema.Fields{{Path: "data_type", Value: text("TEXT")}}},
			Reason: "data_type cannot be changed in place",
			Fields: []planner.FieldChange{{Path: "data_type", Live: text("TEXT"), Desired: text("NUMERICAL"), Replaces: true}}},
		{Author: planner.Author{Address: address("ghl_tag", "gone", "")}, Kind: tagKind, Provider: "ghl", Action: planner.Forget, ID: "T9", Standing: planner.Standing{Gone: true}, Reason: "a removed block says so"},
	}}
	p.Cost = planner.Cost{Calls: 162, Bulk: 20, Seconds: 16.2, DailyLimit: 200000, DailyRemaining: 199000}
	p.Reads = []planner.ReadSummary{{Provider: "ghl", Kind: "ghl_contact", How: "list", Objects: 10000, Calls: 21}, {Provider: "ghl", Kind: "ghl_tag", How: "list", Objects: 42, Calls: 1}}
	p.Kinds = []planner.KindSummary{{Provider: "ghl", Kind: "ghl_contact", Managed: 3, Live: 10000, Unmanaged: 9997, LiveMoved: 0, BothMoved: 1, FileMoved: 2}}
	p.Refusals = []planner.Refusal{{Rule: "max_deletes", Count: 11, Of: 20, Message: "11 of 20 contacts would be deleted. If that is meant, give -accept-deletes=11."}}
	p.Outputs = []planner.OutputChange{{Name: "total", Before: "1", After: "2"}}
	p.Waves = []planner.Wave{{Provider: "ghl", Operations: []planner.Operation{{ID: "1", Refs: []int{4},
		Operation: providers.Operation{Kind: "ghl_tag", Name: "create tag", Method: "POST", Path: "/locations/{locationId}/tags", Action: providers.Create}}}}}
	return p
}

// many is a plan that adds one tag to many contacts and changes a few cities.
func many(n int) *planner.Plan {
	p := &planner.Plan{}
	for i := range n {
		c := tagged(fmt.Sprintf("p%04d@example.com", i))
		if i%4 == 0 {
			c.Fields = append([]planner.FieldChange{{Path: "city", Live: text("Bern"), Desired: text("Basel"), Sides: planner.Sides{HasBase: true, FileMoved: true}}}, c.Fields...)
		}
		p.Changes = append(p.Changes, c)
	}
	p.Cost = planner.Cost{Calls: n/4 + 1, Bulk: 1, Seconds: 3}
	return p
}

// created is a plan that creates many contacts.
func created(n int) *planner.Plan {
	p := &planner.Plan{}
	for i := range n {
		email := fmt.Sprintf("p%d@example.com", i)
		p.Changes = append(p.Changes, planner.Change{
			Author: planner.Author{Address: address("ghl_contact", "leads", email), Place: at("contacts.hcl", 11)}, Kind: contactKind, Provider: "ghl", Action: planner.Create,
			Fields: []planner.FieldChange{
				{Path: "email", Desired: text(email), Personal: true},
				{Path: "tags", Claim: schema.ClaimIncludes, Desired: schema.SetOf([]string{"vip"}), Add: []string{"vip"}},
			}})
	}
	return p
}
