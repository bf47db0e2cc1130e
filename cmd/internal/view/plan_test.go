package view

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner"
)

func render(t *testing.T, p *planner.Plan, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Plan(&b, p, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// golden compares with a file in testdata, or writes it when UPDATE_GOLDEN is
// set.
func golden(t *testing.T, reason, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want, +got:\n%s", reason, diff)
	}
}

func TestPlan(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     *planner.Plan
		o      Options
	}{
		"empty":   {reason: "the line that other tools look for", in: &planner.Plan{}},
		"mixed":   {reason: "each action has its words, its place and its fields", in: mixed()},
		"fold":    {reason: "equal changes of a block fold, with counts and first keys", in: many(8)},
		"created": {reason: "many creates fold to a sample of their values", in: created(7)},
		"redact":  {reason: "neither keys nor personal values are shown", in: RedactedPlan(mixed()), o: Options{Redact: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			golden(t, tc.reason, name+".plan", render(t, tc.in, tc.o))
		})
	}
}

// The expressions that Atlantis and tfcmt read a plan with.
var (
	atlantisPlan = regexp.MustCompile(`Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy(?:, (\d+) to forget)?\.`)
	tfcmtHeaders = map[string]*regexp.Regexp{
		"created":   regexp.MustCompile(`^ *# (.*) will be created$`),
		"updated":   regexp.MustCompile(`^ *# (.*) will be updated in-place$`),
		"destroyed": regexp.MustCompile(`^ *# (.*) will be destroyed$`),
		"replaced":  regexp.MustCompile(`^ *# (.*?)(?: is tainted, so)? must be replaced$`),
		"imported":  regexp.MustCompile(`^ *# \(imported from (.*?)\)$`),
		"movedFrom": regexp.MustCompile(`^ *# \(moved from (.*?)\)$`),
		"moved":     regexp.MustCompile(`^ *# (.*?) has moved to (.*?)$`),
	}
)

func TestPlanIsReadByOtherTools(t *testing.T) {
	p := mixed()
	previous := address("ghl_tag", "once", "")
	p.Changes[1].Previous = &previous // moved and changed
	lines := strings.Split(render(t, p, Options{}), "\n")
	got := map[string]int{}
	for _, line := range lines {
		for name, re := range tfcmtHeaders {
			if re.MatchString(line) {
				got[name]++
			}
		}
		if m := atlantisPlan.FindStringSubmatch(line); m != nil {
			if diff := cmp.Diff([]string{"1", "3", "2", "2", "1"}, m[1:]); diff != "" {
				t.Errorf("numbers of the summary line: -want, +got:\n%s", diff)
			}
			got["summary"]++
		}
	}
	want := map[string]int{"created": 2, "updated": 2, "destroyed": 1, "replaced": 1, "imported": 1, "movedFrom": 1, "moved": 1, "summary": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines that tools find: -want, +got:\n%s", diff)
	}
}

func TestFullUnfolds(t *testing.T) {
	got := strings.Count(render(t, many(8), Options{Full: true}), "will be updated in-place")
	if got != 8 {
		t.Errorf("-full lists %d of 8 objects", got)
	}
}
