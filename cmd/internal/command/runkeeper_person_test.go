package command

import (
	"context"
	"strings"
	"testing"

	"lockstep/providers/runkeeper/sandbox"
)

// TestRunkeeperOtherPerson gives an account the token of another person. What
// the state knows would not be found there, and all of it would be made a second
// time, in the account of the other person.
func TestRunkeeperOtherPerson(t *testing.T) {
	w, dir := newRunkeeperWorld(t), folder(t, oneRun)
	as := func(person string, args ...string) ran {
		return run(context.Background(), Env{Environ: w.environ("RUNKEEPER_TOKEN_ADA=" + sandbox.Token(person))}, dir, args...)
	}
	if got := as("ada", "apply", "-auto-approve"); got.code != ExitOK {
		t.Fatalf("apply exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	const problem = `has 3 objects of the provider runkeeper under "ada" that lie in the account of person `
	for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"destroy", "-auto-approve"}, {"drift"}, {"report"}} {
		got := as("kim", args...)
		if got.code != ExitError || !strings.Contains(got.stderr, problem) || !strings.Contains(got.stderr, "state rm") {
			t.Errorf("%v with another person's token exits %d:\n%s%s", args, got.code, got.stdout, got.stderr)
		}
	}
	if got := as("ada", "plan", "-detailed-exitcode"); got.code != ExitOK {
		t.Errorf("a plan with the right token exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	as("ada", "state", "rm", "runkeeper_activity.run", "runkeeper_friend.lin", "runkeeper_measurement.weight")
	if got := as("kim", "plan"); got.code != ExitOK || !strings.Contains(got.stdout, "3 to add") {
		t.Errorf("a plan for another person exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}

// TestRunkeeperOnePersonTwice gives two accounts the token of one person.
func TestRunkeeperOnePersonTwice(t *testing.T) {
	w := newRunkeeperWorld(t)
	dir := folder(t, strings.Replace(oneRun, `account "ada" {}`, "account \"ada\" {}\n  account \"lin\" {}", 1)+`
resource "runkeeper_profile" "lin" {
  account = "lin"
}
`)
	as := func(lin string) ran {
		return run(context.Background(), Env{Environ: w.environ("RUNKEEPER_TOKEN_ADA="+sandbox.Token("ada"), "RUNKEEPER_TOKEN_LIN="+sandbox.Token(lin))}, dir, "plan")
	}
	if got := as("ada"); got.code != ExitError || !strings.Contains(got.stderr, `runkeeper under "ada" and runkeeper under "lin" are both the account of person `) {
		t.Errorf("one person twice exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	if got := as("lin"); got.code != ExitOK {
		t.Errorf("two people exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}
