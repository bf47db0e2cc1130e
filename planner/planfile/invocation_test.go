package planfile

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/planner/state/encryption"
	"lockstep/schema"
	"lockstep/schema/config"
)

// TestInvocations holds that a saved plan has its actions, without secrets, and tells
// what differs from a fresh one.
func TestInvocations(t *testing.T) {
	greet := &schema.Action{Name: "crm_greet", Arguments: []schema.Attribute{{Name: "token", Type: cty.String, Sensitive: true}}}
	providers := []*schema.Provider{{Name: "crm", Kinds: []*schema.Kind{kind}, Actions: []*schema.Action{greet}}}
	at := schema.Address{Kind: "action.crm_greet", Name: "ann"}
	fields := schema.Fields{{Path: "contact_id", Value: schema.UnknownValue()}, {Path: "text", Value: str("hello")}, {Path: "token", Value: str("s3cret")}}
	after := func(key string) planner.Invocation {
		return planner.Invocation{Address: at, Action: greet, Provider: "crm", Fields: fields,
			Trigger: &planner.Trigger{Address: address(key), Event: config.AfterCreate, Block: 1, Index: 2, Unsure: true}}
	}
	p := &planner.Plan{Invocations: []planner.Invocation{{Address: at, Action: greet, Provider: "crm", Fields: fields}, after("a"), after("b")}}
	path := filepath.Join(t.TempDir(), "a.plan")
	if err := Write(path, New(p, "salt"), &encryption.Keys{}); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path, providers, &encryption.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	want := after("a")
	want.Fields = schema.Fields{fields[0], fields[1], {Path: "token", Sensitive: true}}
	if diff := cmp.Diff(want, f.Plan.Invocations[1], options, cmp.Comparer(func(a, b *schema.Action) bool { return a == b })); diff != "" {
		t.Errorf("-saved, +read:\n%s", diff)
	}
	if moved := f.Moved(p); len(moved) > 0 {
		t.Errorf("nothing moved, and it tells %v", moved)
	}
	changed := after("b")
	changed.Fields = schema.Fields{{Path: "text", Value: str("bye")}}
	fresh := &planner.Plan{Invocations: []planner.Invocation{after("c"), p.Invocations[0], changed}}
	told := []string{
		`action.crm_greet.ann would now be invoked too, after module.a["k"].crm_contact.x["c"] is created`,
		"action.crm_greet.ann would now be invoked otherwise than when the plan was made",
		`action.crm_greet.ann would no longer be invoked (the plan invokes it after module.a["k"].crm_contact.x["a"] is created)`,
	}
	if diff := cmp.Diff(told, f.Moved(fresh)); diff != "" {
		t.Errorf("what moved: -want, +got:\n%s", diff)
	}
	if _, err := Read(path, catalog, &encryption.Keys{}); err == nil {
		t.Error("an action that is not known is not read")
	}
}
