package planner

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
	"lockstep/schema/config"
)

// Invocation is one run of an action that a plan has.
type Invocation struct {
	// Address is that of the action: action.ghl_typing.hello.
	Address schema.Address
	Action  *schema.Action
	// Provider is the provider's reference, "ghl" or "ghl.eu".
	Provider string
	// Place is where the action is declared.
	Place hcl.Range
	// Fields are the arguments, sorted; some may not be known before apply.
	Fields schema.Fields
	// Trigger is nil when the action is run by name.
	Trigger *Trigger
}

// Trigger is what runs an action.
type Trigger struct {
	// Address of the resource that changes.
	Address schema.Address
	Event   config.Event
	// Block and Index are the places of the action_trigger block and of the action
	// in its list, from 0.
	Block, Index int
	// Unsure reports that the condition is known only after apply.
	Unsure bool
	// Again reports that an earlier apply made the change, and did not come to run
	// the action.
	Again bool
}

// Before reports whether the action runs before the change of a resource.
func (i *Invocation) Before() bool { return i.Trigger != nil && i.Trigger.Event.Before() }

// When tells what runs the action, as the end of a sentence: "after ghl_tag.vip is
// created".
func (i *Invocation) When() string {
	t := i.Trigger
	switch {
	case t == nil:
		return "by name"
	case t.Again:
		return fmt.Sprintf("because an earlier apply did not come to it (%s of %s)", t.Event, t.Address)
	}
	when, what := "after ", " is created"
	if t.Event.Before() {
		when = "before "
	}
	if t.Event == config.BeforeUpdate || t.Event == config.AfterUpdate {
		what = " is updated"
	}
	return when + t.Address.String() + what
}

// Key names the invocation among all of a plan.
func (i *Invocation) Key() string {
	if i.Trigger == nil {
		return i.Address.String()
	}
	return fmt.Sprintf("%s %s %s", i.Address, i.Trigger.Event, i.Trigger.Address)
}

// Invoked are the actions that a plan runs by name; a plan has either such or changes.
func (p *Plan) Invoked() []schema.Address {
	var all []schema.Address
	for i := range p.Invocations {
		if p.Invocations[i].Trigger == nil {
			all = append(all, p.Invocations[i].Address)
		}
	}
	return all
}

// Digest is a keyed hash of what the invocation does and why. It differs whenever
// either does.
func (i *Invocation) Digest(salt string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	fmt.Fprintf(mac, "%s\x00%s\x00", i.Provider, i.Key())
	if t := i.Trigger; t != nil {
		fmt.Fprintf(mac, "%t\x00%t\x00", t.Unsure, t.Again)
	}
	for _, f := range i.Fields {
		fmt.Fprintf(mac, "%s\x00%d\x00%s\x00", f.Path, f.Claim, f.Value)
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Events returns the events that the change of a resource is: none when nothing is
// written. What an earlier apply made and did not finish comes to be created now.
func (c *Change) Events() []config.Event {
	switch {
	case (c.Action == Adopt || c.Action == Update) && c.Unfinished:
		return []config.Event{config.AfterCreate}
	case c.Action == Create, c.Action == Replace:
		return []config.Event{config.BeforeCreate, config.AfterCreate}
	case (c.Action == Update || c.Action == Adopt) && slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.By == 0 }):
		return []config.Event{config.BeforeUpdate, config.AfterUpdate}
	default:
		return nil
	}
}

// sortInvocations puts what runs by name first, and then what each resource triggers
// in the order in which it runs.
func sortInvocations(all []Invocation) {
	slices.SortStableFunc(all, func(a, b Invocation) int {
		if a.Trigger == nil || b.Trigger == nil {
			return cmp.Or(cmp.Compare(rank(a.Trigger != nil), rank(b.Trigger != nil)), a.Address.Compare(b.Address))
		}
		return cmp.Or(a.Trigger.Address.Compare(b.Trigger.Address), cmp.Compare(rank(!a.Before()), rank(!b.Before())),
			cmp.Compare(a.Trigger.Block, b.Trigger.Block), cmp.Compare(a.Trigger.Index, b.Trigger.Index))
	})
}

func rank(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
