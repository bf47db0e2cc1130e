package planner

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/schema"
)

// slotKind has objects that the keys of a map name.
var slotKind = &schema.Kind{
	Name: "crm_slot", Noun: "slot", Plural: "slots", Keys: []schema.NaturalKey{{"key"}},
	Attributes: []schema.Attribute{
		{Name: "key", Type: cty.String, Optional: true},
		{Name: "type", Type: cty.String, Optional: true, Immutable: true},
		{Name: "of", Type: cty.String, Optional: true},
	},
}

// slots is a map of values by the keys of slots.
var slots = schema.Attribute{
	Name: "slots", Type: cty.Map(cty.String), Optional: true, Own: schema.OwnKeys,
	KeysOf: &schema.KeysOf{Kind: "crm_slot", Attribute: "key", Where: map[string]string{"of": "holder"}},
}

var holderKind = &schema.Kind{
	Name: "crm_holder", Noun: "holder", Plural: "holders", Keys: []schema.NaturalKey{{"name"}},
	Attributes: []schema.Attribute{{Name: "name", Type: cty.String, Required: true}, slots},
}

func TestLosing(t *testing.T) {
	live := object(slotKind, "1", text("key", "tier"), text("type", "TEXT"), text("of", "holder"))
	applied := []schema.Field{text("key", "tier"), text("type", "TEXT")}
	tests := map[string]struct {
		reason  string
		live    schema.Object
		desired []schema.Field
		want    map[string]string
	}{
		"InStep":   {reason: "What stays takes nothing along.", live: live, desired: applied, want: map[string]string{}},
		"Changed":  {reason: "Nor does what is changed in place.", live: live, desired: []schema.Field{text("key", "level"), text("type", "TEXT")}, want: map[string]string{}},
		"Replaced": {reason: "What is replaced takes values along, and has a name.", live: live, desired: []schema.Field{text("key", "tier"), text("type", "NUMBER")}, want: map[string]string{"slots.tier": `crm_slot.x["a"]`}},
		"Deleted":  {reason: "So does what is deleted.", live: live, want: map[string]string{"slots.tier": ""}},
		"Other":    {reason: "Its key is one of another map.", live: object(slotKind, "1", text("key", "tier"), text("of", "other")), want: map[string]string{}},
		"NoKey":    {reason: "It has no key.", live: object(slotKind, "1", text("of", "holder")), want: map[string]string{}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			r := roster(s, slotKind, []schema.Object{tc.live}, record(t, s, slotKind, "a", "1", applied...))
			if tc.desired != nil {
				r.Pair([]Desired{want(s, slotKind, block(1), "a", tc.desired...)})
			}
			if diff := cmp.Diff(tc.want, Losing(&slots, r)); diff != "" {
				t.Errorf("%s\n-want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestLostValue(t *testing.T) {
	const slot = "crm_slot.tier"
	tests := map[string]struct {
		reason              string
		base, file, live    string
		losing              map[string]string
		want                string
		ignored, notApplied bool
	}{
		"InStep":    {reason: "What goes is written again.", base: "5", file: "5", live: "5", losing: map[string]string{"slots.tier": slot}, want: "5 file lost"},
		"Adopted":   {reason: "So is what is adopted.", notApplied: true, file: "5", live: "5", losing: map[string]string{"slots.tier": slot}, want: "5 lost"},
		"FileMoved": {reason: "A new value is written in its place.", base: "5", file: "6", live: "5", losing: map[string]string{"slots.tier": slot}, want: "6 file lost"},
		"LiveMoved": {reason: "An edit in the CRM is still told.", base: "5", file: "5", live: "7", losing: map[string]string{"slots.tier": slot}, want: "5 live lost"},
		"Conflict":  {reason: "So is one that the files contradict.", base: "5", file: "6", live: "7", losing: map[string]string{"slots.tier": slot}, want: "6 file live conflict lost"},
		"Empty":     {reason: "What is not there cannot go.", base: "5", file: "5", live: "", losing: map[string]string{"slots.tier": slot}, want: "5 live"},
		"Emptied":   {reason: "What the files empty is not written again.", base: "5", file: "", live: "5", losing: map[string]string{"slots.tier": slot}, want: " file"},
		"Ignored":   {reason: "What is left to the CRM is not written.", base: "5", file: "5", live: "5", losing: map[string]string{"slots.tier": slot}, ignored: true},
		"Deleted":   {reason: "What is deleted leaves no place to write to.", base: "5", file: "5", live: "5", losing: map[string]string{"slots.tier": ""}},
		"Other":     {reason: "Another key goes.", base: "5", file: "5", live: "5", losing: map[string]string{"slots.level": slot}},
	}
	for name, tc := range tests {
		for _, personal := range []string{"plain", "hashed"} {
			t.Run(name+"/"+personal, func(t *testing.T) {
				s := newSealer(t, personal)
				var records []*state.Record
				if !tc.notApplied {
					records = append(records, record(t, s, holderKind, "a", "1", text("name", "Ann"), text("slots.tier", tc.base)))
				}
				r := roster(s, holderKind, []schema.Object{object(holderKind, "1", text("name", "Ann"), text("slots.tier", tc.live))}, records...)
				r.Losing = tc.losing
				b := block(1)
				if tc.ignored {
					b.Ignore = []string{"slots"}
				}
				r.Pair([]Desired{want(s, holderKind, b, "a", text("name", "Ann"), text("slots.tier", tc.file))})
				if diff := cmp.Diff(tc.want, writtenAgain(r.Decide())); diff != "" {
					t.Errorf("%s\n-want +got:\n%s", tc.reason, diff)
				}
			})
		}
	}
}

// writtenAgain renders the only field of a decision.
func writtenAgain(d *Decision) string {
	var text string
	for _, c := range d.Changes {
		for i := range c.Fields {
			f := &c.Fields[i]
			text += f.Desired.Text()
			for _, mark := range []struct {
				word string
				set  bool
			}{{"file", f.FileMoved}, {"live", f.LiveMoved}, {"conflict", f.Conflict}, {"lost", f.LostWith != ""}} {
				if mark.set {
					text += " " + mark.word
				}
			}
		}
	}
	return text
}

func TestCountValues(t *testing.T) {
	tier := object(slotKind, "1", text("key", "tier"), text("of", "holder"))
	going := func(action Action, provider string) Change {
		return Change{Kind: slotKind, Provider: provider, Action: action, ID: "1", Live: &tier}
	}
	again := Change{Kind: holderKind, Provider: "crm", Action: Update, ID: "a", Fields: []FieldChange{{Path: "slots.tier", LostWith: "crm_slot.tier"}}}
	live := []schema.Object{
		object(holderKind, "a", text("slots.tier", "5")), object(holderKind, "b", text("slots.tier", "6")),
		object(holderKind, "c", text("slots.level", "7")), object(holderKind, "d", text("slots.tier", "")),
	}
	tests := map[string]struct {
		reason  string
		changes []Change
		want    []string
	}{
		"Replace":      {reason: "Values go with what is replaced, and some are written again.", changes: []Change{going(Replace, "crm"), again}, want: []string{"crm_holder slots 2 again 1"}},
		"Delete":       {reason: "They go with what is deleted.", changes: []Change{going(Delete, "crm")}, want: []string{"crm_holder slots 2 again 0"}},
		"Forget":       {reason: "They stay with what is only forgotten.", changes: []Change{going(Forget, "crm")}},
		"OtherAccount": {reason: "Another account has the same keys.", changes: []Change{going(Delete, "crm.eu")}},
		"HolderGoes":   {reason: "What an object takes along that goes itself is not lost with the slot.", changes: []Change{going(Delete, "crm"), {Kind: holderKind, Provider: "crm", Action: Delete, ID: "b"}}, want: []string{"crm_holder slots 1 again 0"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: tc.changes}
			l := NewLive(holderKind)
			l.Add(slices.Clone(live))
			p.CountValues([]Holders{{Provider: "crm", Kind: holderKind, All: l.All()}})
			var got []string
			for c := range p.Deleting() {
				for _, a := range c.Along {
					got = append(got, fmt.Sprintf("%s %s %d again %d", a.Kind.Name, a.Attribute, a.Count, a.Again))
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestLostConflict refuses to keep what the CRM has where it goes anyway.
func TestLostConflict(t *testing.T) {
	conflict := FieldChange{Path: "slots.tier", Sides: Sides{Conflict: true, HasBase: true}}
	lost := conflict
	lost.LostWith = "crm_slot.tier"
	p := &Plan{Changes: []Change{
		{Author: Author{Address: address(holderKind, "a")}, Kind: holderKind, Action: Update, Fields: []FieldChange{conflict}},
		{Author: Author{Address: address(holderKind, "b")}, Kind: holderKind, Action: Update, Fields: []FieldChange{lost}},
	}}
	var got []string
	for _, r := range LostConflicts(p) {
		got = append(got, r.Message)
	}
	want := []string{`crm_holder.x["b"]: the CRM's value of slots.tier goes with crm_slot.tier, which is replaced, so -on-conflict=live cannot keep it. Write it into the files, or give -on-conflict=config.`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestKeepSlot leaves a slot as the CRM has it: its values stay, so that only
// those that differ are written.
func TestKeepSlot(t *testing.T) {
	slot := Author{Address: address(slotKind, "a")}
	value := func(name, file string) Change {
		return Change{Author: Author{Address: address(holderKind, name)}, Kind: holderKind, Action: Update, Fields: []FieldChange{
			{Path: "slots.tier", Live: str("5"), Desired: str(file), LostWith: slot.Address.String()},
		}}
	}
	p := &Plan{Changes: []Change{
		value("same", "5"), value("other", "6"),
		{Author: slot, Kind: slotKind, Action: Replace, Fields: []FieldChange{{Path: "type", Replaces: true, Sides: Sides{Conflict: true}}}},
	}}
	p.KeepLive()
	var got []string
	for i := range p.Changes {
		c := &p.Changes[i]
		got = append(got, describe(c)+" "+c.Fields[0].LostWith)
	}
	if diff := cmp.Diff([]string{"update other slots.tier "}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
