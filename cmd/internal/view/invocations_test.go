package view

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/config"
)

// greeting is a plan that greets people, with a secret and a personal argument.
func greeting(people ...string) *planner.Plan {
	greet := &schema.Action{Name: "crm_greet", Disruptive: "they get a letter", Arguments: []schema.Attribute{
		{Name: "contact_id", Type: cty.String, Refers: "crm_contact"}, {Name: "text", Type: cty.String}, {Name: "token", Type: cty.String, Sensitive: true}}}
	p := &planner.Plan{}
	for _, name := range people {
		key := schema.Key{Type: schema.StringKey, Text: name}
		p.Invocations = append(p.Invocations, planner.Invocation{
			Address: schema.Address{Kind: "action.crm_greet", Name: "all", Key: key}, Action: greet, Provider: "crm",
			Fields: schema.Fields{{Path: "contact_id", Value: schema.StringValue("id-" + name[:1])},
				{Path: "text", Value: schema.StringValue("Dear " + name)}, {Path: "token", Value: schema.StringValue("s3cret")}},
			Trigger: &planner.Trigger{Address: schema.Address{Kind: "crm_contact", Name: "people", Key: key}, Event: config.AfterCreate},
		})
	}
	return p
}

func TestInvocationsText(t *testing.T) {
	want := `Actions to be invoked:
  # action.crm_greet.all["ann"] will be invoked after crm_contact.people["ann"] is created
  # (they get a letter)
  # (never run again by itself when its answer is lost)
    contact_id = "id-a"
    text       = "Dear ann"
    token      = (sensitive value)
`
	if got := render(t, greeting("ann"), Options{}); !strings.Contains(got, want) {
		t.Errorf("the action is not told:\n%s", cmp.Diff(want, got))
	}
	many := greeting("ann", "bob", "cy", "dan", "eve", "flo", "gil")
	if got := render(t, many, Options{}); !strings.Contains(got, "… and 2 more runs of action.crm_greet.all (-full lists them)") || !strings.Contains(got, "Actions: 7 to invoke.") {
		t.Errorf("equal actions fold, and all are counted:\n%s", got)
	}
	if got := render(t, many, Options{Full: true}); strings.Count(got, "will be invoked") != 7 {
		t.Errorf("-full lists all:\n%s", got)
	}
}

// TestInvocationsHide holds that neither secrets nor persons are in what is shown.
func TestInvocationsHide(t *testing.T) {
	p := greeting("zoe")
	var whole, redacted bytes.Buffer
	for to, shown := range map[*bytes.Buffer]*planner.Plan{&whole: p, &redacted: RedactedPlan(p)} {
		if err := PlanJSON(to, shown, PlanDocument{}, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(whole.String(), "s3cret") || !strings.Contains(whole.String(), `"action_trigger_event":"AfterCreate"`) {
		t.Errorf("a secret is told, or the event is not:\n%s", &whole)
	}
	for _, text := range []string{redacted.String(), render(t, RedactedPlan(p), Options{})} {
		if strings.Contains(text, "zoe") || strings.Contains(text, "s3cret") || !strings.Contains(text, "id-z") {
			t.Errorf("a person is told, or the id is not:\n%s", text)
		}
	}
}
