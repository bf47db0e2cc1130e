package main

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/command"
	"lockstep/providers/ghl/sandbox"
)

// pushDesks is how many fault plans of a front desk a push runs.
const pushDesks = 20

// queues is after how long the server has done what it only promised: to delete a
// user, and to find what is new.
const queues = 10 * time.Minute

// leaving is what an apply says that is to make a user again who is still going.
const leaving = "Error: Deleted a moment ago"

// seasons is how many front desks follow one another. What goes in the second comes
// back in the third.
const seasons = 3

// TestDeskFaults holds for the kinds of a front desk what TestFaults does for those
// of a club: under any fault plan an apply that is repeated until it succeeds makes
// the CRM what the files say, and nothing twice.
func TestDeskFaults(t *testing.T) {
	t.Parallel()
	for _, seed := range seedsOf(t, pushDesks) {
		f := &faultRun{seed: seed}
		t.Run(strconv.FormatUint(seed, 10), f.desk)
	}
}

// desk applies the front desks of some seasons among faults.
func (f *faultRun) desk(t *testing.T) {
	f.random = rand.New(rand.NewPCG(f.seed, 3))
	f.clock, f.dir = &clock{}, quickFolder(t)
	defer func() {
		if t.Failed() {
			t.Logf("fault plan: %s, search lag %s\nrun it alone: %s=%d go test ./cmd/lockstep -run TestDeskFaults\nlast apply:\n%s",
				f.plan, f.lag, seedVariable, f.seed, f.output)
		}
	}()
	f.open(t, deskSeed())
	defer f.close()
	var last desk
	for season := range seasons {
		last = newDesk(f.random, season)
		last.write(t, f.dir)
		// What a state that is cut off has lost is found again while the files want it.
		f.untilDone(t, season == 0)
	}
	f.crm.sandbox.HoldFaults(true)
	f.clock.forward(f.lag + queues)
	checkDesk(t, f.crm, f.dir, last)
	if code := f.lockstep(context.Background(), "plan", "-detailed-exitcode"); code != command.ExitOK {
		t.Errorf("a plan in the end exits %d:\n%s", code, f.output)
	}
}

// checkDesk holds that the CRM has exactly the front desk, and the state each of its
// objects once.
func checkDesk(t *testing.T, c *crm, dir string, want desk) {
	t.Helper()
	if diff := cmp.Diff(want.lines(), lookDesk(t, c)); diff != "" {
		t.Errorf("the CRM is not what the files say (-want +got):\n%s", diff)
	}
	snapshot := readState(t, dir)
	ids := map[string]bool{}
	for _, r := range snapshot.Records.All() {
		ids[r.ID] = true
	}
	if snapshot.Records.Len() != want.managed() || len(ids) != want.managed() || len(snapshot.Intents) != 0 {
		t.Errorf("the state has %d objects of %d ids and %d open intents, want %d objects", snapshot.Records.Len(), len(ids), len(snapshot.Intents), want.managed())
	}
}

// TestDeskKilled kills applies of a front desk at any moment. A plain apply goes on
// from there, and in the end everything is there once.
func TestDeskKilled(t *testing.T) {
	t.Parallel()
	wanted, kills := killsWanted(t), 0
	for round := firstSeed(t); kills < wanted; round++ {
		random := rand.New(rand.NewPCG(round, 4))
		options := sandbox.Options{Seed: deskSeed()}
		if round%2 == 0 {
			options.SearchLag = time.Minute
		}
		s := newSite(t, options, 2*time.Millisecond)
		s.waits = true // only a search tells what became of an opportunity
		var last desk
		for season := range seasons {
			last = newDesk(random, season)
			last.write(t, s.dir)
			kills += s.killUntilDone(t, random)
		}
		s.clock.forward(queues)
		checkDesk(t, s.crm, s.dir, last)
		if code, output := s.run(t, "plan", "-detailed-exitcode"); code != 0 {
			t.Errorf("a plan in the end exits %d:\n%s", code, output)
		}
		if t.Failed() {
			t.Fatalf("round %d", round)
		}
	}
	t.Logf("%d kills", kills)
}
