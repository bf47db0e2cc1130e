package engine_test

import (
	"context"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// Invoke makes the call of an action, of which nothing is kept but that it was made.
func (c *crm) Invoke(_ context.Context, i providers.Invocation) providers.Result {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.call(c.account, strings.TrimPrefix(i.Action, "crm_")+" "+i.Fields.Value("contact_id").Text())
	v := obey
	if c.server.judge != nil {
		v = c.server.judge(providers.Operation{Name: i.Action}, providers.Write{Address: i.Address})
	}
	switch v {
	case refuse:
		return providers.Result{Outcome: providers.Failed, Err: errRefused}
	case loseBefore, loseAfter:
		return providers.Result{Outcome: providers.Uncertain, Err: errLost}
	default:
		return providers.Result{Outcome: providers.Done}
	}
}

// greeting are people whose creation greets Ann, and whose update pokes her. Bob comes
// after her.
const greeting = `
locals { city = "Bern" }
resource "crm_contact" "ann" {
  email      = "ann@example.com"
  first_name = local.city
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.crm_greet.ann]
    }
    action_trigger {
      events    = [after_create]
      condition = crm_contact.ann.added == ""
      actions   = [action.crm_poke.ann]
    }
    action_trigger {
      events    = [after_update]
      condition = crm_contact.ann.added != ""
      actions   = [action.crm_poke.ann, action.crm_poke.bob]
    }
  }
}
resource "crm_contact" "bob" {
  email      = "bob@example.com"
  manager_id = crm_contact.ann.id
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.crm_poke.ann]
    }
  }
}
action "crm_greet" "ann" {
  config { contact_id = crm_contact.ann.id }
}
action "crm_poke" "ann" {
  config { contact_id = crm_contact.ann.id }
}
action "crm_poke" "bob" {
  config { contact_id = crm_contact.bob.id }
}
`

// greeted is a world with these people; greeting twice is not greeting once.
func greeted(t *testing.T) *world {
	w := newWorld(t, greeting)
	contact := []schema.Attribute{{Name: "contact_id", Type: cty.String, Required: true, Refers: "crm_contact"}}
	w.server.kinds.Actions = []*schema.Action{{Name: "crm_greet", Arguments: contact}, {Name: "crm_poke", Arguments: contact, Repeatable: true}}
	return w
}

// invoked are the calls of actions among those since the last plan.
func (w *world) invoked() []string {
	var found []string
	for _, call := range w.server.calls {
		if strings.HasPrefix(call, "greet") || strings.HasPrefix(call, "poke") {
			found = append(found, call)
		}
	}
	return found
}

// judging lets an action meet a verdict, all else be obeyed.
func (w *world) judging(action string, v verdict) {
	w.server.judge = func(op providers.Operation, _ providers.Write) verdict {
		if op.Name == action {
			return v
		}
		return obey
	}
}

func TestActionsComeAtTheirTime(t *testing.T) {
	w := greeted(t)
	r := w.applied()
	equal(t, "actions of an apply: what a condition holds back is no failure", engine.Actions{Invoked: 2}, r.Actions)
	equal(t, "each stands beside its change", []string{"create contact", "greet contact-01", "poke contact-01", "create contact"}, w.server.calls)
	w.settled("contact ann@example.com Bern", "contact bob@example.com of ann@example.com")
	equal(t, "nothing is due", 0, len(w.store().Snapshot().Due))

	w.file("main.hcl", strings.Replace(greeting, `city = "Bern"`, `city = "Thun"`, 1))
	w.applied()
	equal(t, "an update has its own", []string{"poke contact-01", "poke contact-02"}, w.invoked())
}

// A stop between a change and its action loses no action, and runs none twice.
func TestActionsAfterAStop(t *testing.T) {
	w := greeted(t)
	ctx, stop := context.WithCancel(t.Context())
	w.server.enter = func(providers.Operation) { stop() }
	_, err := w.applyPlan(ctx, engine.PlanOptions{}, engine.ApplyOptions{})
	if err == nil || len(w.invoked()) > 0 {
		t.Fatalf("the stop comes before the actions: %v, %v", err, w.server.calls)
	}
	w.server.enter = nil
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "what was left over", "because an earlier apply did not come to it (after_create of crm_contact.ann)", p.Invocations[0].When())
	w.applied()
	equal(t, "it is run now", []string{"poke contact-01", "greet contact-01"}, w.invoked())
	_, p = w.plan(engine.PlanOptions{})
	equal(t, "and no more", true, p.Empty())
}

func TestActionsThatFail(t *testing.T) {
	cases := map[string]struct {
		reason, action string
		verdict        verdict
		first          engine.Actions
		live           int
		// again are the actions of the next apply.
		again []string
	}{
		"Refused":  {reason: "what is refused is run by the next apply", action: "crm_greet", verdict: refuse, first: engine.Actions{Failed: 1, Invoked: 1, Skipped: 1}, live: 2, again: []string{"greet contact-01"}},
		"Lost":     {reason: "what may have run is not run again, if twice is not once", action: "crm_greet", verdict: loseAfter, first: engine.Actions{Uncertain: 1, Invoked: 1, Skipped: 1}, live: 2},
		"Before":   {reason: "a change is not made without the action before it", action: "crm_poke", verdict: refuse, first: engine.Actions{Failed: 1, Invoked: 1}, live: 1, again: []string{"poke contact-01"}},
		"LostOnce": {reason: "what may be run twice is", action: "crm_poke", verdict: loseBefore, first: engine.Actions{Failed: 1, Invoked: 1}, live: 1, again: []string{"poke contact-01"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := greeted(t)
			w.judging(tc.action, tc.verdict)
			r, err := w.apply(engine.ApplyOptions{})
			if err == nil {
				t.Fatal("the apply is complete")
			}
			equal(t, tc.reason, tc.first, r.Actions)
			equal(t, tc.reason+": live", tc.live, len(w.server.objects))
			w.server.judge = nil
			w.applied()
			equal(t, tc.reason+": again", tc.again, w.invoked())
			w.applied()
			equal(t, tc.reason+": in the end", []string(nil), w.invoked())
			equal(t, tc.reason+": due", 0, len(w.store().Snapshot().Due))
		})
	}
}

func TestActionsByName(t *testing.T) {
	w := greeted(t)
	greet := schema.Address{Kind: "action.crm_greet", Name: "ann"}
	p, diags := w.open().Plan(t.Context(), engine.PlanOptions{Invoke: []schema.Address{greet}})
	if p != nil {
		t.Fatal("nobody is there to be greeted")
	}
	equal(t, "an argument that is not known", []string{"main.hcl:34 Argument is not known: contact_id of action.crm_greet.ann depends on an object that does not exist yet. Apply first."}, told(diags))
	w.applied()
	w.file("main.hcl", strings.Replace(greeting, `city = "Bern"`, `city = "Thun"`, 1))
	r, err := w.applyPlan(t.Context(), engine.PlanOptions{Invoke: []schema.Address{greet}}, engine.ApplyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "one action and nothing else", []string{"greet contact-01"}, w.server.calls)
	equal(t, "counted", engine.Actions{Invoked: 1}, r.Actions)
	equal(t, "what the files want stays to be done", []string{"update crm_contact.ann first_name"}, w.actions())
}
