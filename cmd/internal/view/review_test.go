package view

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
)

// differing is a plan of many changes of which no two are alike, every third of them
// of a sort that a reviewer must see.
func differing(n int) *planner.Plan {
	p := many(n)
	for i := range p.Changes {
		c := &p.Changes[i]
		c.Address = address("ghl_contact", fmt.Sprintf("c%d", i), "")
		c.Fields = []planner.FieldChange{{Path: "city", Live: text("Bern"), Desired: text(fmt.Sprintf("Basel %d", i)), Sides: planner.Sides{HasBase: true, FileMoved: true}}}
		switch i % 9 {
		case 0:
			c.Action = planner.Delete
		case 3:
			c.Action = planner.Replace
		case 6:
			c.Fields[0].Sides = planner.Sides{Base: text("Thun"), HasBase: true, FileMoved: true, LiveMoved: true, Conflict: true}
		}
	}
	p.Refusals = []planner.Refusal{{Rule: "max_deletes", Message: "1,112 contacts would be deleted. If that is meant, give -accept-deletes=1112."}}
	p.Digest = "0123456789abcdef"
	return p
}

func markdownOf(t *testing.T, p *planner.Plan, most int) string {
	t.Helper()
	var b strings.Builder
	if err := NewReview(p, "crm/club", Options{}).Markdown(&b, most); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMarkdownFits holds a comment to its size, whatever the plan.
func TestMarkdownFits(t *testing.T) {
	odd := differing(300)
	for i := range odd.Changes {
		odd.Changes[i].Reason = "```\n# </details> @everyone\n" + strings.Repeat("\u202e", 400)
	}
	cases := map[string]struct {
		plan *planner.Plan
		most int
		want []string
	}{
		"10,000 alike":               {many(10_000), MaxComment, []string{"**Plan: 0 to add, 10000 to change, 0 to destroy.**", "ghl_contact.leads[10,000 objects]"}},
		"10,000 different":           {differing(10_000), MaxComment, []string{"To destroy (1,112)", "To replace (1,111)", "Conflicts: changed in the files and in the CRM (1,111)", "1,101 more conflicts of ", "-accept-deletes=1112", "-expect=0123456789abcdef", " more. `lockstep plan` lists them."}},
		"values that are Markdown":   {odd, MaxComment, []string{"To destroy (34)"}},
		"hardly any room":            {differing(100), 3_000, []string{"To destroy (12)", "To replace (11)"}},
		"one change of nearly every": {mixed(), MaxComment, []string{"To forget (1)"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := markdownOf(t, tc.plan, tc.most)
			if len(got) > tc.most {
				t.Errorf("%d bytes, more than %d", len(got), tc.most)
			}
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("it lacks %q:\n%.2000s", want, got)
				}
			}
			wholeFences(t, got)
		})
	}
}

// fence is a line that begins or ends a fence.
var fence = regexp.MustCompile("^ {0,3}```")

// wholeFences fails where a fence is not ended, or a value stands outside of one.
func wholeFences(t *testing.T, markdown string) {
	t.Helper()
	open := false
	for line := range strings.Lines(markdown) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case fence.MatchString(line) && line != "```" && line != "```diff", fence.MatchString(line) && (line == "```diff") == open:
			t.Errorf("a fence at the wrong place: %q", line)
		case fence.MatchString(line):
			open = !open
		case !open && strings.Contains(line, "@everyone"):
			t.Errorf("outside of a fence: %q", line)
		}
	}
	if open {
		t.Error("the last fence is not ended")
	}
}

// TestMarkdownOrder wants what may be lost before the rest, and signs in column 1.
func TestMarkdownOrder(t *testing.T) {
	got := markdownOf(t, mixed(), MaxComment)
	at := 0
	for _, want := range []string{"<!-- lockstep plan: crm%2Fclub -->", "apply refuses this unasked", "Conflicts", "To destroy (1)", "# ghl_contact.leads[\"zed@example.com\"] will be destroyed",
		"\n- email", "To replace (1)", " data_type", "To forget (1)", "Everything else (4)", "\n+ name = ", "Outputs (1)", "\n! total = 1 -> 2", "Cost: 162 calls"} {
		next := strings.Index(got[at:], want)
		if next < 0 {
			t.Fatalf("%q does not come after %q:\n%s", want, got[:at], got[at:])
		}
		at += next
	}
}

func TestAnnotations(t *testing.T) {
	var b strings.Builder
	a := NewAnnotations(&b, func(file string) string { return "crm/" + file })
	a.Diagnostics(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Bad, it: is", Detail: "100 %\n::error::no", Subject: &hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: 7}}}})
	want := "::error file=crm/main.hcl,line=7,title=Bad%2C it%3A is::100 %25%0A\\u003a:error::no\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("annotation (-want +got):\n%s", diff)
	}
	b.Reset()
	a.Plan(differing(300))
	if n := strings.Count(b.String(), "::warning "); n != mostAnnotations {
		t.Errorf("%d warnings, want %d: GitHub shows no more", n, mostAnnotations)
	}
}

func TestReviewLines(t *testing.T) {
	want := []reviewLine{
		{"# ghl_tag.vip will be destroyed", ""}, {"# (main.hcl:3)", "soft"}, {`#   ["a"], ["b"]`, "soft"},
		{`- name = "vip"`, "gone"}, {`+ name = "a"`, "new"}, {`! name = "a" -> "b"`, "other"}, {"", ""}, {"  name", ""},
	}
	var text strings.Builder
	for _, line := range want {
		text.WriteString(line.Text + "\n")
	}
	if diff := cmp.Diff(want, reviewLines(text.String())); diff != "" {
		t.Errorf("the sign of a line gives it its look; what happens to an object stands out: -want +got:\n%s", diff)
	}
}
