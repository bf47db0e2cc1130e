package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
	"lockstep/schema/config"
)

func TestEvents(t *testing.T) {
	created, updated := []config.Event{config.BeforeCreate, config.AfterCreate}, []config.Event{config.BeforeUpdate, config.AfterUpdate}
	own, mapped := []FieldChange{{Path: "email"}}, []FieldChange{{Path: "email", By: 1}}
	cases := map[string]struct {
		reason string
		change Change
		// unfinished is set when an earlier apply did not finish the object.
		unfinished bool
		want       []config.Event
	}{
		"Create":     {reason: "a new object", change: Change{Action: Create}, want: created},
		"Replace":    {reason: "another object is made", change: Change{Action: Replace}, want: created},
		"Unfinished": {reason: "an earlier apply made it and ran nothing after it", change: Change{Action: Adopt}, unfinished: true, want: created[1:]},
		"Going on":   {reason: "so it is when the rest is written", change: Change{Action: Update, Fields: own}, unfinished: true, want: created[1:]},
		"Update":     {reason: "something is written", change: Change{Action: Update, Fields: own}, want: updated},
		"Adopt":      {reason: "what is adopted is written as well", change: Change{Action: Adopt, Fields: own}, want: updated},
		"As it is":   {reason: "nothing is written", change: Change{Action: Adopt}},
		"Mapped":     {reason: "a mapping writes, not the resource", change: Change{Action: Update, Fields: mapped}},
		"Delete":     {reason: "no action is triggered by a destroy", change: Change{Action: Delete}},
		"Move":       {reason: "only the address changes", change: Change{Action: Move}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.change.Unfinished = tc.unfinished
			if diff := cmp.Diff(tc.want, tc.change.Events()); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// runOf is an invocation of an action for a resource.
func runOf(name, resource string, event config.Event, block, index int) Invocation {
	i := Invocation{Address: schema.Address{Kind: "action.crm_greet", Name: name}}
	if resource != "" {
		i.Trigger = &Trigger{Address: schema.Address{Kind: "crm_contact", Name: resource}, Event: event, Block: block, Index: index}
	}
	return i
}

func TestSortInvocations(t *testing.T) {
	all := []Invocation{
		runOf("e", "bob", config.AfterCreate, 0, 0), runOf("d", "ann", config.AfterCreate, 1, 0), runOf("c", "ann", config.AfterCreate, 0, 1),
		runOf("b", "ann", config.AfterCreate, 0, 0), runOf("z", "ann", config.BeforeCreate, 2, 0), runOf("y", "", "", 0, 0), runOf("a", "", "", 0, 0),
	}
	sortInvocations(all)
	got := ""
	for _, i := range all {
		got += i.Address.Name
	}
	if want := "ayzbcde"; got != want {
		t.Errorf("by name, then by resource, what comes before, block and place: got %s, want %s", got, want)
	}
}

func TestInvocationDigest(t *testing.T) {
	base := runOf("a", "ann", config.AfterCreate, 0, 0)
	base.Fields = schema.Fields{{Path: "contact_id", Value: schema.StringValue("1")}}
	was := base.Digest("salt")
	other := func(change func(*Invocation)) string {
		i := base
		trigger := *base.Trigger
		i.Trigger = &trigger
		change(&i)
		return i.Digest("salt")
	}
	for name, got := range map[string]string{
		"value":  other(func(i *Invocation) { i.Fields = schema.Fields{{Path: "contact_id", Value: schema.StringValue("2")}} }),
		"event":  other(func(i *Invocation) { i.Trigger.Event = config.AfterUpdate }),
		"again":  other(func(i *Invocation) { i.Trigger.Again = true }),
		"unsure": other(func(i *Invocation) { i.Trigger.Unsure = true }),
	} {
		if got == was {
			t.Errorf("the digest does not tell another %s", name)
		}
	}
	if same := other(func(*Invocation) {}); same != was {
		t.Error("the digest of the same differs")
	}
}
