// Package examples_test applies every example, like a user who copied it.
package examples_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const stateFile = "lockstep.state.jsonl"

// answer is what a command gave back.
type answer struct {
	Exit   int
	Last   string // the last line of stdout that begins with the wanted word
	Stderr string
}

// build makes the program once for all examples.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "lockstep.exe")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, "../cmd/lockstep").CombinedOutput()
	if err != nil {
		t.Fatalf("cannot build lockstep: %v\n%s", err, out)
	}
	return program
}

// folder copies an example, without what running it in place has left there.
func folder(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(name)); err != nil {
		t.Fatalf("cannot copy %s: %v", name, err)
	}
	for _, left := range []string{".lockstep", stateFile, stateFile + ".lock"} {
		if err := os.RemoveAll(filepath.Join(dir, left)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func run(t *testing.T, program, dir, word string, args ...string) answer {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, append([]string{"-chdir=" + dir}, args...)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("cannot run %v: %v", args, err)
	}
	a := answer{Exit: cmd.ProcessState.ExitCode(), Stderr: stderr.String()}
	for line := range strings.Lines(stdout.String()) {
		if word != "" && strings.HasPrefix(line, word) {
			a.Last = strings.TrimSpace(line)
		}
	}
	return a
}

// like puts # for a number where the wanted text has one.
func like(want, got string) string {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(want), "#", `\d+`)
	if regexp.MustCompile("^" + pattern + "$").MatchString(got) {
		return want
	}
	return got
}

// example is what is known of an example. # stands for any number.
type example struct {
	reason  string
	applied string // what the first apply says
	found   string // what a plan says once the state is lost
	warned  string
}

// step is one command that is run on an example.
type step struct {
	reason string
	word   string
	args   []string
	want   answer
}

// steps are run in their order.
func (e example) steps() []step {
	return []step{
		{"laid out as fmt does", "", []string{"fmt", "-check", "-recursive"}, answer{}},
		{"valid without network", "Success", []string{"validate"}, answer{Last: "Success! The configuration is valid."}},
		{"its tests pass, if it has some", "", []string{"test"}, answer{}},
		{"there is work", "", []string{"plan", "-detailed-exitcode"}, answer{Exit: 2}},
		{e.reason, "Apply", []string{"apply", "-auto-approve"}, answer{Last: e.applied}},
		{"nothing is left to do", "No changes", []string{"apply", "-auto-approve"},
			answer{Last: "No changes. Your infrastructure matches the configuration."}},
		{"nothing moved", "No drift", []string{"drift"}, answer{Last: "No drift. The CRM, the files and the state are in step."}},
		{"a plan agrees", "", []string{"plan", "-detailed-exitcode"}, answer{}},
	}
}

// run runs a step, and wants an apply to warn.
func (s step) run(t *testing.T, program, dir, warned string) {
	t.Helper()
	got := run(t, program, dir, s.word, s.args...)
	if s.args[0] == "apply" && !strings.Contains(got.Stderr, warned) {
		t.Errorf("%v does not warn %q:\n%s", s.args, warned, got.Stderr)
	}
	stderr := got.Stderr
	got.Stderr, got.Last = "", like(s.want.Last, got.Last)
	if diff := cmp.Diff(s.want, got); diff != "" {
		t.Fatalf("%s: %v (-want +got):\n%s%s", s.reason, s.args, diff, stderr)
	}
}

func TestExamples(t *testing.T) {
	program := build(t)
	cases := map[string]example{
		"quickstart": {
			reason:  "a spreadsheet of people, of whom some exist already",
			applied: "Apply complete! Resources: 42 imported, 200 added, 40 changed, 0 destroyed.",
			found:   "Plan: 242 to import, 0 to add, 0 to change, 0 to destroy.",
			warned:  "leads.csv lines 3 and 119 are the same person, jose.garcia@example.net.",
		},
		"location": {
			reason:  "a location that is set up by hand",
			applied: "Apply complete! Resources: 4 imported, 15 added, 3 changed, 0 destroyed.",
			found:   "Plan: 19 to import, 0 to add, 0 to change, 0 to destroy.",
		},
		"agency": {
			reason:  "a module sets up a location: a pipeline, calendars with notifications, fields, tags",
			applied: "Apply complete! Resources: 1 imported, 16 added, 0 changed, 0 destroyed.",
			found:   "Plan: 17 to import, 0 to add, 0 to change, 0 to destroy.",
		},
		"front-desk": {
			reason:  "tables of people and visits, and an enrolment with evidence",
			applied: "Apply complete! Resources: 19 added, 0 changed, 0 destroyed.",
			found:   "Plan: 19 to import, 0 to add, 0 to change, 0 to destroy.",
		},
		"policy": {
			reason:  "contacts and a field that rules protect",
			applied: "Apply complete! Resources: 4 added, 0 changed, 0 destroyed.",
			found:   "Plan: 4 to import, 0 to add, 0 to change, 0 to destroy.",
		},
		"running-club": {
			// How many activities there were in the last seven days depends on the day.
			reason:  "members whose kilometres live in Runkeeper",
			applied: "Apply complete! Resources: 2 imported, # added, 1 changed, 0 destroyed.",
			found:   "Plan: # to import, 0 to add, 0 to change, 0 to destroy.",
		},
	}
	entries, err := filepath.Glob("*/main.hcl")
	if err != nil || len(entries) != len(cases) {
		t.Fatalf("%d examples with a main.hcl, and cases for %d (%v)", len(entries), len(cases), err)
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, name)
			for _, step := range tc.steps() {
				step.run(t, program, dir, tc.warned)
			}
			if err := os.Remove(filepath.Join(dir, stateFile)); err != nil {
				t.Fatal(err)
			}
			if got := run(t, program, dir, "Plan:", "plan"); like(tc.found, got.Last) != tc.found {
				t.Errorf("everything is found again without the state: got %q, want %q\n%s", got.Last, tc.found, got.Stderr)
			}
		})
	}
}
