package engine_test

import (
	"strings"
	"testing"
	"time"

	"lockstep/planner/engine"
)

// TestSuspectedCreates lets a create wait in a state that was cut off, where a look-up
// may not yet show what was made before the cut.
func TestSuspectedCreates(t *testing.T) {
	cases := map[string]struct {
		reason  string
		settles int
		whole   bool
		// appears is set when it had been made.
		appears bool
		waits   bool
	}{
		"Whole":   {reason: "a state that is whole has an intent of what was sent", settles: 300, whole: true},
		"At once": {reason: "what is found at once would have been found"},
		"New":     {reason: "what does not appear is made later", settles: 300, waits: true},
		"Made":    {reason: "what appears is adopted", settles: 300, appears: true, waits: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			const ann = `resource "crm_contact" "ann" { email = "ann@example.com" }` + "\n"
			w := newWorld(t, ann)
			w.applied()
			w.server.kinds.Kind("crm_tag").Listing.Settles = tc.settles
			if !tc.whole {
				w.log.Log = w.log.Log[:len(w.log.Log)-3]
			}
			w.file("main.hcl", ann+`resource "crm_tag" "vip" { name = "vip" }`)
			_, err := w.apply(engine.ApplyOptions{})
			if waited := err != nil && strings.Contains(strings.Join(told(w.last), "\n"), "the state is cut off, so it may have been asked for"); waited != tc.waits {
				t.Fatalf("%s: %v %v", tc.reason, err, told(w.last))
			}
			if tc.appears {
				w.server.add("crm_tag", map[string]string{"name": "vip"})
			}
			w.server.now = w.server.now.Add(5 * time.Minute)
			w.applied()
			w.settled("contact ann@example.com", "tag vip")
			equal(t, tc.reason, false, w.store().Snapshot().Incomplete())
		})
	}
}
