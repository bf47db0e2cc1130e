package view

import (
	"bytes"
	"os"
	"path/filepath"
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
		"tools":   {reason: "the lines that tools for Terraform look for stand beside ours", in: mixed(), o: Options{ForTools: true}},
		"redact":  {reason: "neither keys nor personal values are shown", in: RedactedPlan(mixed()), o: Options{Redact: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			golden(t, tc.reason, name+".plan", render(t, tc.in, tc.o))
		})
	}
}

func TestFullUnfolds(t *testing.T) {
	got := strings.Count(render(t, many(8), Options{Full: true}), "will be updated in-place")
	if got != 8 {
		t.Errorf("-full lists %d of 8 objects", got)
	}
}
