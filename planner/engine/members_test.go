package engine_test

import (
	"testing"

	"lockstep/planner/engine"
)

// TestPartOfASet writes one of two members of a set and then takes both out
// of the files: the state knows which one was written, and which one is still
// to be taken away.
func TestPartOfASet(t *testing.T) {
	ann := func(tags string) string {
		return `resource "crm_contact" "ann" {
			email = "ann@example.com"
			tags  = [` + tags + `]
		}`
	}
	tests := map[string]struct {
		reason                string
		first, second, refuse string
		live                  string
		next, after           string
	}{
		"Added": {
			reason: "The member that was added is removed.", refuse: "+b",
			first: ``, second: `"a", "b"`, live: "contact ann@example.com [a mine]",
			next: "update crm_contact.ann tags-a", after: "contact ann@example.com [mine]",
		},
		"Removed": {
			reason: "The member that was not removed is removed.", refuse: "-b",
			first: `"a", "b"`, second: `"c"`, live: "contact ann@example.com [b c mine]",
			next: "update crm_contact.ann tags-b-c", after: "contact ann@example.com [mine]",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, ann(tc.first))
			w.server.add("crm_contact", map[string]string{"email": "ann@example.com", "tags": "mine"})
			w.applied()
			w.file("main.hcl", ann(tc.second))
			w.server.judge = refuseNames(tc.refuse, "")
			if _, err := w.apply(engine.ApplyOptions{}); err == nil {
				t.Error("Apply(...) is complete, want an error")
			}
			equal(t, tc.reason, []string{tc.live}, w.server.dump())
			w.file("main.hcl", ann(""))
			equal(t, tc.reason, []string{tc.next}, w.actions())
			w.server.judge = nil
			w.applied()
			w.settled(tc.after)
		})
	}
}
