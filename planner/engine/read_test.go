package engine_test

import (
	"fmt"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/schema"
)

// crowd adds n contacts of somebody else.
func (w *world) crowd(n int) {
	for i := range n {
		w.server.add("crm_contact", map[string]string{"email": fmt.Sprintf("x%04d@example.com", i)})
	}
}

// reads is how the kinds of some files are read when everything is in step.
type reads struct {
	reason, files string
	crowd         int
	want          []planner.ReadSummary
}

func (tc *reads) test(t *testing.T) {
	w := newWorld(t, tc.files)
	w.applied()
	w.crowd(tc.crowd)
	_, p := w.plan(engine.PlanOptions{})
	equal(t, tc.reason, tc.want, p.Reads)
	equal(t, tc.reason+" changes", []string(nil), actions(p))
	calls := 0
	for _, r := range p.Reads {
		calls += r.Calls
	}
	equal(t, "calls that were made", len(w.server.calls), calls)
}

func TestReadsOfOneKind(t *testing.T) {
	for name, tc := range map[string]reads{
		"List": {
			reason: "A list is read whole when its other pages are no more than the managed objects.",
			files:  people(3, "Pat"), crowd: 4,
			want: []planner.ReadSummary{{Provider: "crm", Kind: "crm_contact", How: "list", Objects: 7, Calls: 4}},
		},
		"ByID": {
			reason: "Few managed objects are read by id after the first page told how many there are.",
			files:  people(3, "Pat"), crowd: 10,
			want: []planner.ReadSummary{{Provider: "crm", Kind: "crm_contact", How: "by id", Objects: 3, Calls: 2}},
		},
		"OnePage": {
			reason: "A kind that one request lists is listed.",
			files:  `resource "crm_tag" "vip" { name = "vip" }`,
			want:   []planner.ReadSummary{{Provider: "crm", Kind: "crm_tag", How: "list", Objects: 1, Calls: 1}},
		},
	} {
		t.Run(name, tc.test)
	}
}

func TestReadsOfTwoKinds(t *testing.T) {
	for name, tc := range map[string]reads{
		"ByParent": {
			reason: "Children are listed parent by parent.",
			files: oneContact + `
			resource "crm_note" "hello" {
				contact_id = crm_contact.ann.id
				body = "Hello"
			}`,
			want: []planner.ReadSummary{
				{Provider: "crm", Kind: "crm_contact", How: "list", Objects: 1, Calls: 1},
				{Provider: "crm", Kind: "crm_note", How: "by parent", Objects: 1, Calls: 1},
			},
		},
		"Keys": {
			reason: "What the keys of a map name is listed once.",
			files: `resource "crm_field" "tier" { key = "tier" }
			resource "crm_contact" "ann" {
				email = "ann@example.com"
				custom = { tier = "gold" }
			}`,
			want: []planner.ReadSummary{
				{Provider: "crm", Kind: "crm_contact", How: "list", Objects: 1, Calls: 1},
				{Provider: "crm", Kind: "crm_field", How: "list", Objects: 1, Calls: 1},
			},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestManyParents lists all children at once when there are very many parents.
func TestManyParents(t *testing.T) {
	w := newWorld(t, people(501, "Pat")+`
resource "crm_task" "call" {
  for_each   = crm_contact.people
  contact_id = each.value.id
  title      = "Call"
}`)
	w.applied()
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "reads", planner.ReadSummary{Provider: "crm", Kind: "crm_task", How: "list", Objects: 501, Calls: 251}, p.Reads[1])
	equal(t, "changes", []string(nil), actions(p))
}

// aged lets a day go by, after which somebody edits an object of his own and
// an apply finds everything in step.
func (w *world) aged() {
	w.server.now = w.server.now.Add(day)
	w.server.edit(w.server.find("x0000@example.com"), "first_name", "Xi")
	w.applied()
	w.server.now = w.server.now.Add(day)
}

// changedRefresh is a plan after an apply that left everything in step.
type changedRefresh struct {
	reason string
	files  string
	// change happens after the apply.
	change func(w *world)
	// how the contacts are read, by at most so many calls; 0 for any.
	how   string
	calls int
	want  []string
}

func (tc *changedRefresh) test(t *testing.T) {
	w := newWorld(t, tc.files)
	w.crowd(3)
	w.applied()
	w.aged()
	w.refresh = engine.RefreshChanged
	if tc.change != nil {
		tc.change(w)
	}
	_, p := w.plan(engine.PlanOptions{})
	equal(t, tc.reason, tc.how, p.Reads[0].How)
	if n := len(w.server.calls); tc.calls > 0 && n > tc.calls {
		t.Errorf("%s\n%d calls, want at most %d: %v", tc.reason, n, tc.calls, w.server.calls)
	}
	if tc.want != nil || tc.calls > 0 {
		equal(t, tc.reason, tc.want, actions(p))
	}
	live := w.server.dump()
	w.applied()
	w.refresh = ""
	w.settled(w.server.dump()...)
	if tc.want == nil && tc.calls > 0 {
		equal(t, tc.reason+" live", live, w.server.dump())
	}
}

// TestChangedInCRM plans when the CRM changed, and the files did not.
func TestChangedInCRM(t *testing.T) {
	for name, tc := range map[string]changedRefresh{
		"NoOp": {
			reason: "Nothing changed: the state is trusted.", files: people(20, "Pat"), how: "changed", calls: 5,
		},
		"Edit": {
			reason: "An edit in the CRM is found.", files: people(20, "Pat"), how: "changed", calls: 5,
			change: func(w *world) { w.server.edit(w.server.find("p0007@example.com"), "first_name", "Eve") },
			want:   []string{`update crm_contact.people["p0007@example.com"] first_name`},
		},
		"New": {
			reason: "A new object is counted.", files: people(20, "Pat"), how: "changed", calls: 5,
			change: func(w *world) { w.server.add("crm_contact", map[string]string{"email": "y@example.com"}) },
		},
		"Deleted": {
			reason: "A deletion shows in the totals, and the kind is listed.", files: people(20, "Pat"), how: "list",
			change: func(w *world) { w.server.remove(w.server.find("p0007@example.com")) },
			want:   []string{`create crm_contact.people["p0007@example.com"]`},
		},
		"DeletedAndNew": {
			reason: "A deletion is not hidden by a new object.", files: people(20, "Pat"), how: "list",
			change: func(w *world) {
				w.server.remove(w.server.find("p0007@example.com"))
				w.server.add("crm_contact", map[string]string{"email": "y@example.com"})
			},
			want: []string{`create crm_contact.people["p0007@example.com"]`},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestChangedFiles plans when the files changed, or need more than the state has.
func TestChangedFiles(t *testing.T) {
	for name, tc := range map[string]changedRefresh{
		"FilesAdd": {
			reason: "An object that is new in the files is looked up.", files: people(20, "Pat"), how: "changed", calls: 5,
			change: func(w *world) { w.file("main.hcl", people(21, "Pat")) },
			want:   []string{`create crm_contact.people["p0020@example.com"]`},
		},
		"FilesRemove": {
			reason: "An object that is no longer in the files is read by id.", files: people(20, "Pat"), how: "changed", calls: 5,
			change: func(w *world) { w.file("main.hcl", people(19, "Pat")) },
			want:   []string{`delete crm_contact.people["p0019@example.com"]`},
		},
		"FilesEditAll": {
			reason: "Where reading by id would cost more, the kind is listed.", files: people(20, "Pat"), how: "list",
			change: func(w *world) { w.file("main.hcl", people(20, "Sam")) },
		},
		"SeveralBlocks": {
			reason: "A kind with several blocks is listed.", how: "list",
			files: people(20, "Pat") + `
				resource "crm_contact" "ann" { email = "ann@example.com" }`,
		},
		"Referenced": {
			reason: "A block that others refer to is listed, because the state has not all attributes.", how: "list",
			files: people(20, "Pat") + `
				output "first" { value = crm_contact.people["p0000@example.com"].phone }`,
		},
		"Identified": {
			reason: "The ids that others refer to are in the state.", how: "changed", calls: 5,
			files: people(20, "Pat") + `
				output "first" { value = crm_contact.people["p0000@example.com"].id }`,
			change: func(w *world) {
				w.file("main.hcl", people(21, "Pat")+`
				output "first" { value = crm_contact.people["p0000@example.com"].id }`)
			},
			want: []string{`create crm_contact.people["p0020@example.com"]`},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestMarks wants the marks of a changed refresh only where all is in step.
func TestMarks(t *testing.T) {
	w := newWorld(t, people(20, "Pat"))
	w.crowd(1)
	w.applied()
	w.aged()
	before := w.store().Snapshot().Marks
	equal(t, "total", 21, before["main/crm_contact"].Total)
	w.file("main.hcl", people(20, "Sam"))
	w.server.judge = refuseNames("update contact", `crm_contact.people["p0004@example.com"]`)
	if _, err := w.apply(engine.ApplyOptions{AcceptChanges: 20}); err == nil {
		t.Error("Apply(...) is complete, want an error")
	}
	equal(t, "marks after a failure", before, w.store().Snapshot().Marks)
	w.server.judge = nil
	w.refresh = engine.RefreshChanged
	equal(t, "changes", []string{`update crm_contact.people["p0004@example.com"] first_name`}, w.actions())
}

// TestMarksAreOfOneAccount wants a full read where the provider was pointed at
// another account, which happens to have as many objects.
func TestMarksAreOfOneAccount(t *testing.T) {
	w := newWorld(t, "")
	for i := range 21 {
		w.server.insert("other", "crm_contact", map[string]schema.Value{"email": schema.StringValue(fmt.Sprintf("y%04d@example.com", i))})
	}
	w.file("main.hcl", people(20, "Pat"))
	w.crowd(1)
	w.applied()
	w.aged()
	w.refresh = engine.RefreshChanged
	equal(t, "changes in the account", 0, len(w.actions()))
	w.file("main.hcl", people(20, "Pat")+"\nprovider \"crm\" {\n  account = \"other\"\n}\n")
	equal(t, "objects that are missing in the other account", 20, len(w.actions()))
}
