package engine_test

import (
	"strings"
	"testing"
	"time"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// nobody declares no person.
const nobody = `resource "crm_tag" "x" { name = "x" }`

// freeze lets lists show the objects of a kind from now on as they are now.
func (w *world) freeze(kind string) {
	for id, o := range w.server.objects {
		if o.kind == kind {
			old := w.server.object(id)
			w.server.lagging[id] = &old
		}
	}
}

// TestDeletedIsListed wants people again while lists still show those who were deleted.
func TestDeletedIsListed(t *testing.T) {
	const again = `create crm_contact.people["p0000@example.com"]`
	tests := map[string]struct {
		reason string
		// leave deletes the person.
		leave func(w *world)
		// age goes by until the block is back.
		age  time.Duration
		want string
	}{
		"Deleted": {reason: "what lockstep deleted is not alive because a list says so", leave: func(w *world) { w.applied() }, want: again},
		"Found": {reason: "nor is what a read by id found to be gone", want: again, leave: func(w *world) {
			w.server.remove(w.server.find("p0000@example.com"))
			w.applied()
		}},
		"Last": {reason: "up to the last second", leave: func(w *world) { w.applied() }, age: 299 * time.Second, want: again},
		"Later": {reason: "minutes later lists are believed", leave: func(w *world) { w.applied() }, age: 300 * time.Second,
			want: `adopt crm_contact.people["p0000@example.com"]`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, people(1, "Pat"))
			w.applied()
			w.server.now = w.server.now.Add(time.Hour)
			w.freeze("crm_contact")
			w.file("main.hcl", nobody)
			tc.leave(w)
			equal(t, "nothing is left to do", []string(nil), w.actions())
			equal(t, "calls of that plan", []string{"list tag"}, w.server.calls)
			w.file("main.hcl", people(1, "Pat"))
			w.server.now = w.server.now.Add(tc.age)
			equal(t, tc.reason, []string{tc.want, "delete crm_tag.x"}, w.actions())
			equal(t, "reads of single people", 0, w.count("get contact"))
		})
	}
}

// TestDeletedIsFoundGone has a list that shows a declared object which is gone by id: it
// is made again, and what the list shows of the first is not taken for a third.
func TestDeletedIsFoundGone(t *testing.T) {
	w := newWorld(t, people(1, "Pat"))
	w.applied()
	id := w.server.find("p0000@example.com")
	w.server.edit(id, "first_name", "Annie")
	w.freeze("crm_contact")
	w.server.remove(id)
	equal(t, "gone by id", []string{`create crm_contact.people["p0000@example.com"]`}, w.actions())
	w.applied()
	w.file("main.hcl", people(1, "Pat")+`
		resource "crm_contact" "other" { email = "p0000@example.com" }`)
	w.refused()
	w.file("main.hcl", people(1, "Pat"))
	w.settled("contact p0000@example.com Pat")
}

// TestManyDeleted deletes a thousand, and keeps of each one line for as long as it may
// be listed.
func TestManyDeleted(t *testing.T) {
	const n = 1000
	w := newWorld(t, people(n, "Pat"))
	w.applied()
	w.server.now = w.server.now.Add(time.Hour)
	w.freeze("crm_contact")
	w.file("main.hcl", nobody)
	if _, err := w.apply(engine.ApplyOptions{AcceptDeletes: n}); err != nil {
		t.Fatal(err)
	}
	equal(t, "deleted ones", n, len(w.store().Snapshot().Lingering))
	equal(t, "nothing is left to do", []string(nil), w.actions())
	w.server.lagging = map[string]*schema.Object{}
	w.server.now = w.server.now.Add(5 * time.Minute)
	w.file("main.hcl", `resource "crm_tag" "y" { name = "y" }`)
	w.applied()
	equal(t, "what is over leaves nothing behind", 0, len(w.store().Snapshot().Lingering))
}

// TestLostDelete wants an object again whose delete lost its answer, while lists show it
// in either case.
func TestLostDelete(t *testing.T) {
	const person = `crm_contact.people["p0000@example.com"]`
	const vip = `resource "crm_tag" "vip" { name = "vip" }`
	tests := map[string]struct {
		reason, files, kind string
		lost                verdict
		// lingers is for how many seconds also a read by id shows what was deleted.
		lingers int
		// without is what is done while the block is away, and want what is done then.
		without string
		want    []string
	}{
		"Gone": {reason: "a read by id tells that it is gone", files: people(1, "Pat"), kind: "crm_contact", lost: loseAfter,
			want: []string{"create " + person, "delete crm_tag.x"}, without: "forget"},
		"Alive": {reason: "or that it is not", files: people(1, "Pat"), kind: "crm_contact", lost: loseBefore,
			want: []string{"delete crm_tag.x"}, without: "delete"},
		"Unknown": {reason: "where that shows the deleted, too, nothing tells", files: vip, kind: "crm_tag", lost: loseBefore, lingers: 600,
			without: "delete"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.files)
			w.server.kinds.Kind("crm_tag").Listing.Lingers = tc.lingers
			w.applied()
			w.server.now = w.server.now.Add(time.Hour)
			w.freeze(tc.kind)
			w.server.judge = func(op providers.Operation, _ providers.Write) verdict {
				if op.Action == providers.Delete {
					return tc.lost
				}
				return obey
			}
			w.file("main.hcl", nobody)
			if _, err := w.apply(engine.ApplyOptions{}); err == nil {
				t.Fatal("no answer was lost")
			}
			action, _, _ := strings.Cut(strings.Join(w.actions(), "\n"), " ")
			equal(t, "what is done while the block is away", tc.without, action)
			w.file("main.hcl", tc.files)
			if tc.want == nil {
				until := time.Unix(w.store().Snapshot().SortedLingering()[0].Until, 0).UTC().Format(time.RFC3339)
				equal(t, tc.reason, []string{"main.hcl:1 Deleted a moment ago: lockstep sent a delete of this tag (id tag-01) and got no answer, and the API shows a deleted one for a while: it may be gone. That is known at " + until + ": run the command again then."}, w.refused())
				return
			}
			equal(t, tc.reason, tc.want, w.actions())
		})
	}
}
