package engine_test

import (
	"errors"
	"strings"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
)

func TestGuard(t *testing.T) {
	tests := map[string]struct {
		reason  string
		files   string
		options engine.ApplyOptions
		refused string
	}{
		"Deletes": {
			reason: "Many deletes are refused.", files: people(3, "Pat"), refused: "17 of 20 crm_contact would be deleted",
		},
		"DeletesSaved": {
			reason: "A saved plan does not lift the guard.", files: people(3, "Pat"),
			options: engine.ApplyOptions{Saved: true}, refused: "17 of 20 crm_contact would be deleted",
		},
		"DeletesWrongNumber": {
			reason: "Another number does not lift the guard.", files: people(3, "Pat"),
			options: engine.ApplyOptions{AcceptDeletes: 16}, refused: "17 of 20 crm_contact would be deleted",
		},
		"DeletesAccepted": {
			reason: "The very number does.", files: people(3, "Pat"), options: engine.ApplyOptions{AcceptDeletes: 17},
		},
		"FewDeletes": {
			reason: "Few deletes are not refused.", files: people(12, "Pat"),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, people(20, "Pat"))
			w.applied()
			w.file("main.hcl", tc.files)
			before := w.server.dump()
			r, err := w.apply(tc.options)
			var refused *engine.RefusedError
			if tc.refused == "" {
				if err != nil {
					t.Errorf("%s\nApply(...): %v", tc.reason, err)
				}
				return
			}
			if !errors.As(err, &refused) || !strings.Contains(strings.Join(refused.Reasons, " "), tc.refused) {
				t.Errorf("%s\nApply(...): %v, want it refused: %s", tc.reason, refused, tc.refused)
			}
			equal(t, "report", &engine.Report{}, r)
			equal(t, "live", before, w.server.dump())
		})
	}
}

func TestConflicts(t *testing.T) {
	ann := func(name string) string {
		return `resource "crm_contact" "ann" {
			email = "ann@example.com"
			first_name = "` + name + `"
		}`
	}
	const change = "update crm_contact.ann first_name!"
	tests := map[string]struct {
		reason  string
		options engine.ApplyOptions
		refused bool
		live    string
		counts  planner.Counts
		next    []string
	}{
		"Refused": {
			reason: "A conflict is refused.", refused: true, live: "contact ann@example.com Live", next: []string{change},
		},
		"Config": {
			reason: "The files may win.", options: engine.ApplyOptions{OnConflict: "config"},
			live: "contact ann@example.com File", counts: planner.Counts{Change: 1},
		},
		"Live": {
			reason: "The CRM may win, and the conflict stays.", options: engine.ApplyOptions{OnConflict: "live"},
			live: "contact ann@example.com Live", next: []string{change},
		},
		"Saved": {
			reason: "A saved plan was looked at.", options: engine.ApplyOptions{Saved: true},
			live: "contact ann@example.com File", counts: planner.Counts{Change: 1},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, ann("Base"))
			w.applied()
			w.server.edit(w.server.find("ann@example.com"), "first_name", "Live")
			w.file("main.hcl", ann("File"))
			r, err := w.apply(tc.options)
			var refused *engine.RefusedError
			if errors.As(err, &refused) != tc.refused || !tc.refused && err != nil {
				t.Errorf("%s\nApply(...): %v", tc.reason, err)
			}
			equal(t, tc.reason, tc.counts, r.Counts)
			equal(t, tc.reason, []string{tc.live}, w.server.dump())
			equal(t, tc.reason+" next", tc.next, w.actions())
		})
	}
}

// TestKeepLivePartly writes what is not in conflict.
func TestKeepLivePartly(t *testing.T) {
	w := newWorld(t, `resource "crm_contact" "ann" {
		email = "ann@example.com"
		first_name = "Base"
	}`)
	w.applied()
	w.server.edit(w.server.find("ann@example.com"), "first_name", "Live")
	w.file("main.hcl", `resource "crm_contact" "ann" {
		email = "ann@example.com"
		first_name = "File"
		phone = "5550100"
	}`)
	if _, err := w.apply(engine.ApplyOptions{OnConflict: "live"}); err != nil {
		t.Fatal(err)
	}
	equal(t, "live", []string{"contact ann@example.com Live 5550100"}, w.server.dump())
	equal(t, "next", []string{"update crm_contact.ann first_name!"}, w.actions())
}
