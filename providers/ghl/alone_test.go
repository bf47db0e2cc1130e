package ghl

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

// TestAlone sees which call changes one object alone.
func TestAlone(t *testing.T) {
	const contact, task = "CON1", "TSK1"
	done := schema.Field{Path: "completed", Value: schema.BoolValue(true)}
	title := schema.Field{Path: "title", Value: schema.StringValue("Call again")}
	write := func(kind, id string, w providers.Write) providers.Write {
		w.Address, w.Kind, w.Action, w.ID = id, kind, providers.Update, id
		if kind == kindTask {
			w.Parent = contact
		}
		return w
	}
	cases := map[string]struct {
		reason string
		write  providers.Write
		want   string
	}{
		"completed":      {"there is a call for it", write(kindTask, task, providers.Write{Fields: schema.Fields{done}}), "PUT /contacts/CON1/tasks/TSK1/completed"},
		"completed also": {"one call changes both", write(kindTask, task, providers.Write{Fields: schema.Fields{done, title}}), "PUT /contacts/CON1/tasks/TSK1"},
		"other":          {"the call takes nothing else", write(kindTask, task, providers.Write{Fields: schema.Fields{title}}), "PUT /contacts/CON1/tasks/TSK1"},
		"tag":            {"one contact needs no bulk call", write(kindContact, contact, providers.Write{Channel: "tags", Add: []string{"vip"}}), "POST /contacts/CON1/tags"},
		"tag gone":       {"nor to lose one", write(kindContact, contact, providers.Write{Channel: "tags", Remove: []string{"old"}}), "DELETE /contacts/CON1/tags"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, server := openSandboxed(t, sandbox.Options{Seed: []byte(`{"contacts":[{"id":"CON1","email":"ann@example.com","tags":["old"],
				"tasks":[{"id":"TSK1","title":"Call","dueDate":"2026-07-20T10:00:00Z","completed":false}]}]}`)}, nil)
			operations := p.Group([]providers.Write{tc.write})
			if len(operations) != 1 || operations[0].Bulk {
				t.Fatalf("%s: grouped as %+v", tc.reason, operations)
			}
			for _, r := range p.Do(t.Context(), operations[0]) {
				if r.Outcome != providers.Done || r.Object.ID != tc.write.ID {
					t.Errorf("%s: %+v", tc.reason, r)
				}
			}
			calls := server.Calls()
			last := calls[len(calls)-1]
			if diff := cmp.Diff(tc.want, last.Method+" "+last.Path); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
