package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/command"
	"lockstep/providers/ghl/sandbox"
)

// acting is a folder with contacts, some of which the CRM has already, whose changes
// run actions: some that twice is not once, and some that may be repeated.
type acting struct{ old, made int }

func newActing(random *rand.Rand) acting {
	return acting{old: 1 + random.IntN(4), made: 1 + random.IntN(6)}
}

// actingHead has an action of each sort for each moment. Those that come before a
// change are about somebody who is there.
const actingHead = `
provider "ghl" {}
locals {
  city   = %q
  people = toset([for i in range(%d) : "person${i}"])
}
resource "ghl_contact" "who" {
  for_each = local.people
  email    = "${each.key}@example.com"
  city     = local.city
  lifecycle {`

const actingTrigger = `
    action_trigger {
      events  = [%[1]s]
      actions = [action.ghl_enroll_workflow.%[1]s[each.key], action.ghl_leave_workflow.%[1]s[each.key]]
    }`

const actingAction = `
action "ghl_%[1]s_workflow" %[2]q {
  for_each = local.people
  config {
    contact_id  = %[3]s
    workflow_id = "%[4]s-%[1]s-%[2]s%[5]s"
  }
}
`

// moments are the events that run actions, and the contact that each is about.
func moments() map[string]string {
	return map[string]string{
		"before_create": `"CONall"`, "before_update": `"CONall"`,
		"after_create": "ghl_contact.who[each.key].id", "after_update": "ghl_contact.who[each.key].id",
	}
}

// seed is the CRM before anything is applied, with a workflow for each action.
func (a acting) seed() []byte {
	people := []string{`{"id":"CONall","email":"all@example.com"}`}
	for i := range a.old {
		people = append(people, fmt.Sprintf(`{"id":"CONold%d","email":"person%d@example.com"}`, i, i))
	}
	var workflows []string
	for _, city := range []string{"Graz", "Linz"} {
		for event := range moments() {
			for _, does := range []string{"enroll", "leave"} {
				workflows = append(workflows, fmt.Sprintf(`{"id":"%[1]s-%[2]s-%[3]s","name":"%[1]s %[2]s %[3]s"}`, city, does, event))
				for i := range a.old + a.made {
					workflows = append(workflows, fmt.Sprintf(`{"id":"%[1]s-%[2]s-%[3]s-person%[4]d","name":"%[1]s %[2]s %[3]s %[4]d"}`, city, does, event, i))
				}
			}
		}
	}
	return fmt.Appendf(nil, `{"workflows":[%s],"contacts":[%s]}`, strings.Join(workflows, ","), strings.Join(people, ","))
}

// write makes the files by which all contacts live in a city.
func (a acting) write(t *testing.T, dir, city string) {
	t.Helper()
	triggers, actions := "", ""
	for event, contact := range moments() {
		triggers += fmt.Sprintf(actingTrigger, event)
		whose := ""
		if strings.HasPrefix(event, "before") {
			whose = "-${each.key}"
		}
		for _, does := range []string{"enroll", "leave"} {
			actions += fmt.Sprintf(actingAction, does, event, contact, city, whose)
		}
	}
	write(t, filepath.Join(dir, "main.hcl"), fmt.Sprintf(actingHead, city, a.old+a.made)+triggers+"\n  }\n}\n"+actions)
}

// ran is how often each action was run that the change of a contact runs, by the
// ledger of the CRM: "Graz enroll after_create person1". What takes somebody out
// counts once, whether it came once or more often.
func (a acting) ran(t *testing.T, c *crm) map[string]int {
	t.Helper()
	who := map[string]string{}
	for _, p := range deskContacts(t, c) {
		who[p.ID], _, _ = strings.Cut(p.Email, "@")
	}
	runs := map[string]int{}
	for _, e := range c.sandbox.Enrolments() {
		run := strings.Split(e.Into, "-")
		if len(run) == 3 {
			run = append(run, who[e.Contact])
		}
		n := e.Calls
		if run[1] == "leave" {
			n = 1
		}
		runs[strings.Join(run, " ")] += n
	}
	return runs
}

// due is what the changes run: those who are there are updated, and everybody is in
// the second city.
func (a acting) due() map[string]int {
	runs := map[string]int{}
	for i := range a.old + a.made {
		for _, does := range []string{"enroll", "leave"} {
			for _, when := range []string{"before", "after"} {
				first := when + "_update"
				if i >= a.old {
					first = when + "_create"
				}
				runs[fmt.Sprintf("Graz %s %s person%d", does, first, i)] = 1
				runs[fmt.Sprintf("Linz %s %s_update person%d", does, when, i)] = 1
			}
		}
	}
	return runs
}

// check holds that each action ran once. One that twice is not once may not have run,
// where it was said that it may have.
func (a acting) check(t *testing.T, c *crm, told string) (missing int) {
	t.Helper()
	want, got := a.due(), a.ran(t, c)
	for run := range want {
		words := strings.Fields(run)
		address := fmt.Sprintf("action.ghl_enroll_workflow.%s[%q]", words[2], words[3])
		if got[run] == 0 && words[1] == "enroll" && strings.Contains(told, "may have run") && strings.Contains(told, address) {
			missing++
			delete(want, run)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("runs of actions (-want +got):\n%s", diff)
	}
	return missing
}

// TestActionFaults holds that under any fault plan, with interrupts, an action that
// twice is not once runs once at most, and one that may be repeated runs in the end.
// It stands alone: a run in this process changes its working folder.
func TestActionFaults(t *testing.T) {
	for _, seed := range seedsOf(t, pushActions) {
		f := &faultRun{seed: seed}
		t.Run(strconv.FormatUint(seed, 10), f.act)
	}
}

// act applies contacts with actions, and moves all of them, among faults.
func (f *faultRun) act(t *testing.T) {
	f.random, f.clock, f.dir = rand.New(rand.NewPCG(f.seed, 9)), &clock{}, quickFolder(t)
	told := ""
	defer func() {
		if t.Failed() {
			t.Logf("fault plan: %s, search lag %s\nrun it alone: %s=%d go test ./cmd/lockstep -run TestActionFaults\nlast apply:\n%s",
				f.plan, f.lag, seedVariable, f.seed, f.output)
		}
	}()
	a := newActing(f.random)
	f.open(t, a.seed())
	defer f.close()
	for _, city := range []string{"Graz", "Linz"} {
		a.write(t, f.dir, city)
		told += f.untilActed(t)
	}
	f.crm.sandbox.HoldFaults(true)
	f.clock.forward(f.lag + queues)
	a.check(t, f.crm, told)
	if code := f.lockstep(context.Background(), "plan", "-detailed-exitcode"); code != command.ExitOK {
		t.Errorf("a plan in the end exits %d:\n%s", code, f.output)
	}
	if due := readState(t, f.dir).Due; len(due) > 0 {
		t.Errorf("the state has actions that are due: %v", due)
	}
}

// untilActed repeats an apply until it succeeds, and returns what all of them told.
func (f *faultRun) untilActed(t *testing.T) (told string) {
	t.Helper()
	for range maxApplies {
		code, interrupted := f.interruptible("apply", "-auto-approve")
		told += f.output
		if complete(t, code, interrupted) {
			return told
		}
	}
	t.Fatalf("not done after %d applies", maxApplies)
	return told
}

// TestActionsKilled kills applies at any moment.
func TestActionsKilled(t *testing.T) {
	t.Parallel()
	kills, missing := 0, 0
	for round := firstSeed(t); kills < killsWanted(t); round++ {
		random := rand.New(rand.NewPCG(round, 10))
		a := newActing(random)
		s := newSite(t, sandbox.Options{Seed: a.seed()}, 2*time.Millisecond)
		for _, city := range []string{"Graz", "Linz"} {
			a.write(t, s.dir, city)
			kills += s.killUntilDone(t, random)
		}
		missing += a.check(t, s.crm, s.told.String())
		if code, output := s.run(t, "plan", "-detailed-exitcode"); code != 0 {
			t.Errorf("a plan in the end exits %d:\n%s", code, output)
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	t.Logf("%d kills, %d actions that may have run and did not", kills, missing)
}
