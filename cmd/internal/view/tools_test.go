package view

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner"
)

// atlantis has the expressions by which Atlantis reads a plan, server/events/models.
var atlantis = map[string]*regexp.Regexp{
	"moved":      regexp.MustCompile(`Note: Objects have changed outside of Terraform`),
	"summary":    regexp.MustCompile(`Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy(?:, (\d+) to forget)?\.`),
	"no changes": regexp.MustCompile(`No changes. (Infrastructure is up-to-date|Your infrastructure matches the configuration).`),
}

// atlantisDiff are the lines that Atlantis brings to the first column of a diff.
var atlantisDiff = regexp.MustCompile(`^( +)([-+~]\s)(.*)(\s=\s|\s->\s|<<|\{|\(known after apply\)| {2,}[^ ]+:.*)(.*)`)

// tfcmt has the expressions by which tfcmt reads a plan, pkg/terraform.
var tfcmt = map[string]*regexp.Regexp{
	"created":       regexp.MustCompile(`^ *# (.*) will be created$`),
	"updated":       regexp.MustCompile(`^ *# (.*) will be updated in-place$`),
	"destroyed":     regexp.MustCompile(`^ *# (.*) will be destroyed$`),
	"replaced":      regexp.MustCompile(`^ *# (.*?)(?: is tainted, so)? must be replaced$`),
	"imported":      regexp.MustCompile(`^ *# (.*?) will be imported$`),
	"moved":         regexp.MustCompile(`^ *# (.*?) has moved to (.*?)$`),
	"imported from": regexp.MustCompile(`^ *# \(imported from (.*?)\)$`),
	"moved from":    regexp.MustCompile(`^ *# \(moved from (.*?)\)$`),
}

// tfcmtFirst are the lines of which tfcmt takes the first for the result.
var tfcmtFirst = regexp.MustCompile(`^(Plan: \d|No changes\.|Changes to Outputs:|([│|] )?Error: )`)

// tfcmtReads counts what tfcmt finds. Where an object came from counts only below the
// header of a change.
func tfcmtReads(lines []string) map[string]int {
	got := map[string]int{}
	for i, line := range lines {
		for what, re := range tfcmt {
			if !re.MatchString(line) {
				continue
			}
			if strings.HasSuffix(what, " from") && !tfcmt["updated"].MatchString(lines[i-1]) && !tfcmt["replaced"].MatchString(lines[i-1]) {
				continue
			}
			got[what]++
		}
	}
	return got
}

func TestPlanIsReadByOtherTools(t *testing.T) {
	p := mixed()
	previous := address("ghl_tag", "once", "")
	p.Changes[1].Previous = &previous // moved and changed
	text := render(t, p, Options{ForTools: true})
	lines := strings.Split(text, "\n")

	want := map[string]int{"created": 2, "updated": 2, "destroyed": 1, "replaced": 1, "imported from": 1, "moved from": 1, "moved": 1}
	if diff := cmp.Diff(want, tfcmtReads(lines)); diff != "" {
		t.Errorf("tfcmt finds each header, and origins on the line below: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1", "3", "2", "2", "1"}, atlantis["summary"].FindStringSubmatch(text)[1:]); diff != "" {
		t.Errorf("Atlantis reads the numbers: -want, +got:\n%s", diff)
	}
	if !atlantis["moved"].MatchString(text) || atlantis["no changes"].MatchString(text) {
		t.Errorf("Atlantis reads that objects moved, and that there are changes, of\n%s", text)
	}
	first := lines[slices.IndexFunc(lines, tfcmtFirst.MatchString)]
	if !strings.HasPrefix(first, "Plan: ") || !regexp.MustCompile(`[1-9][0-9]* to destroy.`).MatchString(first) {
		t.Errorf("tfcmt takes %q for the result, and so sees no destroys", first)
	}
}

// What tfcmt shows apart are the lines between two that it knows to the letter.
func TestPartsOfAPlanAreFoundByOtherTools(t *testing.T) {
	lines := strings.Split(render(t, mixed(), Options{ForTools: true}), "\n")
	find := func(is func(string) bool) int { return slices.IndexFunc(lines, is) }
	begin := func(prefix string) func(string) bool {
		return func(s string) bool { return strings.HasPrefix(s, prefix) }
	}
	moved := find(func(s string) bool { return s == "Note: Objects have changed outside of Terraform" })
	until := find(begin("Unless you have made equivalent changes to your configuration"))
	ruled := find(begin("─────"))
	actions := find(func(s string) bool { return s == "Terraform will perform the following actions:" })
	summary := find(begin("Plan: "))
	if got := []int{moved, until, ruled, actions, summary}; moved < 0 || !slices.IsSorted(got) {
		t.Errorf("what moved, its end, the rule, the actions and the summary stand on lines %v", got)
	}
	if slices.ContainsFunc(lines[actions:], begin("─────")) {
		t.Error("a rule after the actions would end them")
	}
}

func TestChangesAreColouredByOtherTools(t *testing.T) {
	for name, p := range map[string]*planner.Plan{"single": mixed(), "folded": many(8), "created": created(7)} {
		for line := range strings.Lines(render(t, p, Options{ForTools: true})) {
			if line = strings.TrimRight(line, "\n"); regexp.MustCompile(`^ +[-+~] `).MatchString(line) && !atlantisDiff.MatchString(line) {
				t.Errorf("%s: Atlantis leaves the line out of its diff: %s", name, line)
			}
		}
	}
}

func TestNoChangesIsReadByOtherTools(t *testing.T) {
	text := render(t, &planner.Plan{}, Options{ForTools: true})
	if !atlantis["no changes"].MatchString(text) || !strings.HasPrefix(text, noChanges) {
		t.Errorf("got %q", text)
	}
}
