package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// people are n contacts in one block.
func people(n int, first string) string {
	return fmt.Sprintf(`resource "crm_contact" "people" {
		for_each = toset([for i in range(%d) : format("p%%04d@example.com", i)])
		email = each.key
		first_name = %q
	}`, n, first)
}

// calls counts the calls since the last plan began.
func (w *world) count(name string) int {
	n := 0
	for _, c := range w.server.calls {
		if c == name {
			n++
		}
	}
	return n
}

func TestStaleLists(t *testing.T) {
	tests := map[string]struct {
		reason string
		// age goes by between apply and plan.
		age time.Duration
		// lag makes the lists old.
		lag  func(w *world, ann string)
		want []string
		gets int
	}{
		"NotListedYet": {
			reason: "An object that lists do not show is confirmed by id, not made twice.",
			lag:    func(w *world, ann string) { w.server.lagging[ann] = nil }, gets: 1,
		},
		"NotListedForLong": {
			reason: "Absence is confirmed however long ago the object was written.", age: time.Hour,
			lag: func(w *world, ann string) { w.server.lagging[ann] = nil }, gets: 1,
		},
		"OldPicture": {
			reason: "An object that was written lately and seems to differ is confirmed by id.",
			lag: func(w *world, ann string) {
				old := w.server.object(ann)
				old.Fields = old.Fields.Of("email")
				w.server.lagging[ann] = &old
			}, gets: 1,
		},
		"Edited": {
			reason: "What differs long after our write was changed by somebody, and needs no look.", age: time.Hour,
			lag:  func(w *world, ann string) { w.server.edit(ann, "first_name", "Annie") },
			want: []string{`update crm_contact.people["p0001@example.com"] first_name`},
		},
		"Deleted": {
			reason: "An object that is gone by id, too, is made again.",
			lag:    func(w *world, ann string) { w.server.remove(ann) }, gets: 1,
			want: []string{`create crm_contact.people["p0001@example.com"]`},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, people(3, "Pat"))
			w.applied()
			w.server.now = w.server.now.Add(tc.age)
			tc.lag(w, w.server.find("p0001@example.com"))
			equal(t, tc.reason, tc.want, w.actions())
			equal(t, tc.reason+" gets", tc.gets, w.count("get contact"))
		})
	}
}

// TestLateByVersion has an object in step that another program wrote a moment
// before: the state does not know of a write, but has seen the version.
func TestLateByVersion(t *testing.T) {
	w := newWorld(t, people(3, "Pat"))
	for i := range 3 {
		w.server.add("crm_contact", map[string]string{"email": fmt.Sprintf("p%04d@example.com", i), "first_name": "Pat"})
	}
	w.applied()
	id := w.server.find("p0001@example.com")
	old := w.server.object(id)
	old.Fields = old.Fields.Of("email")
	w.server.lagging[id] = &old
	equal(t, "what a list shows of it is confirmed by id", []string(nil), w.actions())
	w.server.now = w.server.now.Add(time.Hour)
	equal(t, "an hour later the list is believed", []string{`update crm_contact.people["p0001@example.com"] first_name`}, w.actions())
}

func TestMassAbsence(t *testing.T) {
	tests := map[string]struct {
		reason, files string
	}{
		"Declared":   {"Hundreds of declared objects that are missing are not made again.", people(501, "Pat")},
		"Undeclared": {"Hundreds of objects that are missing are not forgotten.", `resource "crm_tag" "x" { name = "x" }`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, people(501, "Pat"))
			w.applied()
			w.server.objects = map[string]*stored{}
			w.file("main.hcl", tc.files)
			got := strings.Join(w.refused(), "\n")
			if !strings.Contains(got, "501 of the 501 contacts in the state are missing") {
				t.Errorf("%s\ngot: %s", tc.reason, got)
			}
		})
	}
}

// TestManyToConfirm has more objects to confirm than are asked for by id. All
// absent ones are, because else they would be made again.
func TestManyToConfirm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, people(900, "Pat"))
	w.applied()
	for id := range w.server.objects {
		old := w.server.object(id)
		old.Fields = old.Fields.Of("email")
		w.server.lagging[id] = &old
		if old.Value("email").Text() >= "p0450" {
			w.server.lagging[id] = nil
		}
	}
	for _, line := range w.actions() {
		if strings.HasPrefix(line, "create") {
			t.Fatalf("an object that is live would be made again: %s", line)
		}
	}
}

// TestUndeclaredNotListed removes an object from the files while lists do not
// show it: it is deleted, not forgotten.
func TestUndeclaredNotListed(t *testing.T) {
	w := newWorld(t, people(3, "Pat"))
	w.applied()
	w.server.lagging[w.server.find("p0002@example.com")] = nil
	w.file("main.hcl", people(2, "Pat"))
	equal(t, "changes", []string{`delete crm_contact.people["p0002@example.com"]`}, w.actions())
	w.applied()
	w.server.lagging = map[string]*schema.Object{}
	w.settled("contact p0000@example.com Pat", "contact p0001@example.com Pat")
}

// TestImportNotListed imports an object that lists do not show yet.
func TestImportNotListed(t *testing.T) {
	w := newWorld(t, people(1, "Pat"))
	w.applied()
	id := w.server.add("crm_contact", map[string]string{"email": "old@example.com"})
	w.server.lagging[id] = nil
	w.file("import.hcl", fmt.Sprintf(`
		resource "crm_contact" "old" { email = "old@example.com" }
		import {
			to = crm_contact.old
			id = %q
		}`, id))
	equal(t, "changes", []string{"adopt crm_contact.old"}, w.actions())
}

// TestReadFails wants an error, and no plan, when a list breaks.
func TestReadFails(t *testing.T) {
	w := newWorld(t, everything)
	w.applied()
	w.server.broken["crm_contact"] = true
	equal(t, "told", []string{`Cannot read contacts from crm: GET /crm_contact: 500 "out of order".`}, w.refused())
	w.server.broken = map[string]bool{}
	w.server.judge = func(providers.Operation, providers.Write) verdict { return refuse }
	r, err := w.apply(engine.ApplyOptions{})
	equal(t, "calls of an empty plan", 0, r.Calls)
	if err != nil {
		t.Errorf("Apply(...): %v, want none for an empty plan", err)
	}
}
