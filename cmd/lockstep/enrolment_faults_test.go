package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"lockstep/cmd/internal/command"
	"lockstep/providers/ghl/sandbox"
)

// enrolling is a folder with contacts, some of which the CRM has already, who are each
// put into a workflow, into one with evidence, and into a campaign. Then some leave.
type enrolling struct{ old, made int }

func newEnrolling(random *rand.Rand) enrolling {
	return enrolling{old: random.IntN(4), made: 3 + random.IntN(6)}
}

// people are how many contacts there are.
func (e enrolling) people() int { return e.old + e.made }

// seed is the CRM before anything is applied.
func (e enrolling) seed() []byte {
	people := make([]string, e.old)
	for i := range people {
		people[i] = fmt.Sprintf(`{"id":"CONold%d","email":"person%d@example.com"}`, i, i)
	}
	return fmt.Appendf(nil, `{"workflows":[{"id":"WF1","name":"Welcome"},{"id":"WF2","name":"Seen"}],"campaigns":[{"id":"CAM1","name":"Spring","status":"published"}],"contacts":[%s]}`,
		strings.Join(people, ","))
}

// write makes the files, in which the first contacts are enrolled, and returns how many
// objects they declare.
func (e enrolling) write(t *testing.T, dir string, first int) int {
	t.Helper()
	write(t, filepath.Join(dir, "main.hcl"), fmt.Sprintf(`
provider "ghl" {}
resource "ghl_contact" "who" {
  for_each = toset([for i in range(%d) : "person${i}@example.com"])
  email    = each.key
}
locals {
  enrolled = { for i in range(%d) : i => ghl_contact.who["person${i}@example.com"].id }
}
resource "ghl_workflow_enrollment" "welcome" {
  for_each    = local.enrolled
  contact_id  = each.value
  workflow_id = "WF1"
}
resource "ghl_workflow_enrollment" "seen" {
  for_each    = local.enrolled
  contact_id  = each.value
  workflow_id = "WF2"
  evidence    = "wf:seen"
  lifecycle { on_destroy = "delete" }
}
resource "ghl_campaign_enrollment" "spring" {
  for_each    = local.enrolled
  contact_id  = each.value
  campaign_id = "CAM1"
  lifecycle { on_destroy = "delete" }
}
`, e.people(), first))
	return e.people() + 3*first
}

// decided is what a person says who knows the ledger, which no call tells: to enrol
// while nobody was put in, and else to assume.
func decided(server *sandbox.Server) string {
	if len(server.Enrolments()) == 0 {
		return "-on-unrecorded=enroll"
	}
	return "-on-unrecorded=assume"
}

// checkOnce holds that nobody was put in twice.
func checkOnce(t *testing.T, server *sandbox.Server) {
	t.Helper()
	for _, e := range server.Enrolments() {
		if e.Calls > 1 {
			t.Errorf("%s was put into %s %d times", e.Contact, e.Into, e.Calls)
		}
	}
}

// TestEnrolmentFaults holds that under any fault plan, with interrupts and states
// that are cut off or lost, nobody is put into a workflow or a campaign twice.
func TestEnrolmentFaults(t *testing.T) {
	applies, asked, put := 0, 0, 0
	for _, seed := range seedsOf(t, pushEnrolmentPlans) {
		f := &faultRun{seed: seed}
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			asked += f.enrol(t)
			put += len(f.crm.sandbox.Enrolments())
		})
		applies += f.applies
	}
	t.Logf("%d applies, asked %d times, %d put in", applies, asked, put)
	if asked == 0 || put == 0 {
		t.Errorf("asked %d times, and %d were put in: want some of both", asked, put)
	}
}

// enrol applies until all is done, and returns how often it was asked.
func (f *faultRun) enrol(t *testing.T) (asked int) {
	f.random, f.clock, f.dir = rand.New(rand.NewPCG(f.seed, 7)), &clock{}, quickFolder(t)
	defer func() {
		if t.Failed() {
			t.Logf("fault plan: %s, search lag %s\nlast apply:\n%s", f.plan, f.lag, f.output)
		}
	}()
	e := newEnrolling(f.random)
	f.open(t, e.seed())
	defer f.close()
	e.write(t, f.dir, e.people())
	asked = f.untilEnrolled(t)
	// More than ten at once are a case for the guard.
	objects := e.write(t, f.dir, max(e.people()-10, f.random.IntN(e.people())))
	asked += f.untilEnrolled(t)
	f.crm.sandbox.HoldFaults(true)
	f.clock.forward(f.lag + 10*time.Minute)
	checkOnce(t, f.crm.sandbox)
	if code := f.lockstep(context.Background(), "plan", "-detailed-exitcode"); code != command.ExitOK {
		t.Errorf("a plan in the end exits %d:\n%s", code, f.output)
	}
	if s := readState(t, f.dir); s.Records.Len() != objects || len(s.Intents) != 0 {
		t.Errorf("the state has %d objects, want %d, and %d open intents", s.Records.Len(), objects, len(s.Intents))
	}
	return asked
}

// untilEnrolled repeats an apply until it succeeds, and answers when it is asked.
func (f *faultRun) untilEnrolled(t *testing.T) (asked int) {
	t.Helper()
	var answer []string
	for range maxApplies {
		code, interrupted := f.interruptible(append([]string{"apply", "-auto-approve"}, answer...)...)
		answer = nil
		if code == command.ExitRefused {
			asked++
			answer = []string{decided(f.crm.sandbox)}
			continue
		}
		if complete(t, code, interrupted) {
			return asked
		}
		f.damage(t)
	}
	t.Fatalf("not done after %d applies", maxApplies)
	return asked
}

// damage cuts the state off or loses it, now and then.
func (f *faultRun) damage(t *testing.T) {
	t.Helper()
	switch f.random.IntN(6) {
	case 0, 1:
		cutState(t, f.dir, f.random)
	case 2:
		if err := os.Remove(filepath.Join(f.dir, "lockstep.state.jsonl")); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// TestKilledEnrolling kills applies at any moment: what was under way then may have
// enrolled somebody, and is not sent again unasked.
func TestKilledEnrolling(t *testing.T) {
	t.Parallel()
	kills, asked := 0, 0
	for round := firstSeed(t); kills < killsWanted(t); round++ {
		random := rand.New(rand.NewPCG(round, 8))
		e := newEnrolling(random)
		s := newSite(t, sandbox.Options{Seed: e.seed()}, 2*time.Millisecond)
		e.write(t, s.dir, e.people())
		k, a := s.killUntilEnrolled(t, random)
		kills, asked = kills+k, asked+a
		checkOnce(t, s.crm.sandbox)
		if code, output := s.run(t, "plan", "-detailed-exitcode"); code != 0 {
			t.Errorf("a plan in the end exits %d:\n%s", code, output)
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	t.Logf("%d kills, asked %d times", kills, asked)
}

// killUntilEnrolled repeats an apply that is killed, until one is done.
func (s *site) killUntilEnrolled(t *testing.T, random *rand.Rand) (kills, asked int) {
	t.Helper()
	var answer []string
	for {
		var output bytes.Buffer
		c := s.command(t, &output, "lockstep", append([]string{"apply", "-auto-approve"}, answer...)...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < 12 {
			s.killAtACall(c.Process, random)
		}
		code := exitCode(t, c.Wait())
		s.onCall.Store(nil)
		answer = nil
		switch code {
		case 0:
			return kills, asked
		case -1:
			kills++
		case command.ExitRefused:
			asked++
			answer = []string{decided(s.crm.sandbox)}
		default:
			t.Fatalf("apply exits %d:\n%s", code, output.String())
		}
	}
}
