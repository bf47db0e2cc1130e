package view

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"lockstep/cmd/internal/drift"
	"lockstep/planner"
)

// comment is how many characters a folded text may have: a comment on a pull request
// has 65,536.
const comment = 60_000

// singles is a plan of n blocks without for_each, each with the fields that are given.
func singles(n int, action planner.Action, fields func(i int) []planner.FieldChange) *planner.Plan {
	p := &planner.Plan{}
	for i := range n {
		p.Changes = append(p.Changes, planner.Change{
			Author: planner.Author{Address: address("ghl_contact", fmt.Sprintf("person_%04d", i), ""), Place: at("contacts.hcl", 3*i+1)},
			Kind:   contactKind, Provider: "ghl", Action: action, ID: fmt.Sprintf("id-%d", i), Fields: fields(i)})
	}
	return p
}

// keyed makes the changes those of one block with for_each.
func keyed(p *planner.Plan) *planner.Plan {
	for i := range p.Changes {
		p.Changes[i].Address = address("ghl_contact", "leads", fmt.Sprintf("p%04d@example.com", i))
		p.Changes[i].Place = at("contacts.hcl", 11)
	}
	return p
}

// longKeys makes the keys of a plan very long.
func longKeys(p *planner.Plan) *planner.Plan {
	for i := range p.Changes {
		p.Changes[i].Address.Key.Text += strings.Repeat("z", 5000)
	}
	return p
}

func edit(sides planner.Sides, from, to string) []planner.FieldChange {
	sides.HasBase = true
	return []planner.FieldChange{{Path: "city", Live: text(from), Desired: text(to), Sides: sides}}
}

var (
	liveMoved = planner.Sides{LiveMoved: true}
	fileMoved = planner.Sides{FileMoved: true}
	bothMoved = planner.Sides{LiveMoved: true, FileMoved: true, Conflict: true, Base: text("Bern")}
)

func TestFoldedTextsFit(t *testing.T) {
	long := strings.Repeat("a long note ", 20)
	equal := func(int) []planner.FieldChange { return edit(fileMoved, "Bern", "Basel") }
	different := func(s planner.Sides) func(int) []planner.FieldChange {
		return func(i int) []planner.FieldChange { return edit(s, fmt.Sprintf("%s%d", long, i), fmt.Sprintf("%d", i)) }
	}
	mostly := func(i int) []planner.FieldChange {
		if i%500 == 7 {
			return edit(liveMoved, "Chur", "Bern")
		}
		return edit(fileMoved, "Bern", fmt.Sprintf("Basel %d", i))
	}
	cases := map[string]struct {
		reason string
		in     *planner.Plan
		drift  bool
		want   []string
	}{
		"EqualSingles":     {reason: "blocks without for_each fold as well", in: singles(1500, planner.Update, equal), want: []string{"# 1,500 objects of ghl_contact will be updated in-place", "ghl_contact.person_0029 and 1,470 more\n", `~ city   = "Bern" -> "Basel"   all`}},
		"DifferentSingles": {reason: "the first are listed and the others counted", in: singles(1500, planner.Update, different(fileMoved)), want: []string{"# ghl_contact.person_0000 will", "more changes: 1,", " to change (-full lists them)", "Plan: 0 to add, 1500 to change"}},
		"Conflicts":        {reason: "the first are listed and the others counted", in: singles(1500, planner.Update, different(bothMoved)), want: []string{"! 1,500 conflicts: ", "more (-full lists them)", "Safety: 1,500 objects with conflicts."}},
		"Keyed":            {reason: "of many different values the first have rows", in: keyed(singles(1500, planner.Update, different(fileMoved))), want: []string{"ghl_contact.leads[1,500 objects]", `["p0029@example.com"] and 1,470 more`, "(1,490 more, each different)"}},
		"LongKeys":         {reason: "a key may be as long as a cell of a table", in: longKeys(keyed(singles(1500, planner.Update, equal))), want: []string{"ghl_contact.leads[1,500 objects]", "…,\n"}},
		"Undone":           {reason: "what undoes an edit stands before what is more frequent", in: keyed(singles(1500, planner.Update, mostly)), want: []string{`~ city   = "Chur" -> "Bern"  # reverts an edit in the CRM   3       ["p0007@example.com"]`, "3 of these revert edits made in the CRM."}},
		"Deletes":          {reason: "who goes is named and all are counted", in: singles(1500, planner.Delete, different(fileMoved)), want: []string{"# ghl_contact.person_0000 will be destroyed", " to destroy (-full", "Plan: 0 to add, 0 to change, 1500 to destroy."}},
		"DriftEdits":       {reason: "the first are listed and the others counted", drift: true, in: singles(1500, planner.Update, different(liveMoved)), want: []string{"Changed in the CRM (1,500 objects):", "  ghl_contact.person_0000 (contacts.hcl:1)", "more (-full lists them)"}},
		"DriftEqual":       {reason: "equal drift folds", drift: true, in: keyed(singles(1500, planner.Update, func(int) []planner.FieldChange { return edit(liveMoved, "Bern", "Basel") })), want: []string{"  ghl_contact.leads[1,500 objects] (contacts.hcl:11)\n", " and 1,470 more\n", `city  file "Basel"   live "Bern"   the CRM moved`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := rendered(t, tc.in, tc.drift, Options{})
			if n := utf8.RuneCountInString(got); n > comment {
				t.Errorf("%s: %d characters, at most %d", tc.reason, n, comment)
			}
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("%s: there is no %q in\n%.3000s\n…\n%s", tc.reason, want, got, got[max(0, len(got)-800):])
				}
			}
			full := map[string]bool{}
			for _, word := range strings.Fields(rendered(t, tc.in, tc.drift, Options{Full: true})) {
				full[word] = true
			}
			for i := range tc.in.Changes {
				if a := tc.in.Changes[i].Address.String(); !full[a] {
					t.Fatalf("-full does not list %s", a)
				}
			}
		})
	}
}

func rendered(t *testing.T, p *planner.Plan, drifts bool, o Options) string {
	t.Helper()
	if !drifts {
		return render(t, p, o)
	}
	var b bytes.Buffer
	if err := Drift(&b, p, &drift.Report{}, nouns, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDestroysComeFirst holds that no other change hides a destroy.
func TestDestroysComeFirst(t *testing.T) {
	p := singles(3000, planner.Update, func(i int) []planner.FieldChange {
		return edit(fileMoved, fmt.Sprintf("%d", i), strings.Repeat("x", 90))
	})
	for i := range p.Changes[2900:] {
		p.Changes[2900+i].Action = planner.Delete
	}
	got := render(t, p, Options{})
	if last, first := strings.LastIndex(got, "will be destroyed"), strings.Index(got, "will be updated"); last < 0 || last > first {
		t.Errorf("a destroy stands behind an update (%d, %d):\n%.2000s", last, first, got)
	}
	if n := strings.Count(got, "will be destroyed"); n != 100 {
		t.Errorf("%d of 100 destroys are shown", n)
	}
}

func TestLongTextsShowTheirDifference(t *testing.T) {
	same := strings.Repeat("the same words again ", 10)
	cases := map[string]struct{ reason, from, to, want string }{
		"End":   {"what differs stands behind what is shown of a long text", same + "old end", same + "new end", `…"ain the same words again old end" -> …"ain the same words again new end"`},
		"Begin": {"a difference at the beginning is seen anyway", "old " + same, "new " + same, `"old the same`},
		"Short": {"short texts are whole", "Bern", "Basel", `"Bern" -> "Basel"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := Options{}.change(text(tc.from), text(tc.to))
			if !strings.Contains(got, tc.want) {
				t.Errorf("%s: there is no %q in %s", tc.reason, tc.want, got)
			}
		})
	}
}
