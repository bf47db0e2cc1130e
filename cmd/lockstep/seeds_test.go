package main

import (
	"os"
	"strconv"
	"testing"
)

// Tests that try many seeds take a few on a push, and as many as these
// variables say in the nightly run.
const (
	// plansVariable sets how many fault plans are run.
	plansVariable = "LOCKSTEP_FAULT_PLANS"
	// killsVariable sets how many kills there are at least.
	killsVariable = "LOCKSTEP_KILLS"
	// seedVariable sets the first seed, 1 when it is not set. With it alone, one
	// fault plan is run.
	seedVariable = "LOCKSTEP_FAULT_SEED"
)

// What a push runs: enough fault plans for each kind of fault to occur.
const (
	pushPlans       = 50
	pushRunnerPlans = 25
	// pushEnrolmentPlans are few, because each has many applies.
	pushEnrolmentPlans = 25
	pushActions        = 20
	pushKills          = 25
	racedPlans         = 8
	shortKills         = 10
)

// seedsOf returns the seeds of the fault plans to run, so many on a push.
func seedsOf(t *testing.T, push int) []uint64 {
	t.Helper()
	plans := push
	switch {
	case os.Getenv(plansVariable) != "":
		plans = number(t, plansVariable)
	case os.Getenv(seedVariable) != "":
		plans = 1
	case testing.Short() || raced:
		plans = racedPlans
	}
	seeds := make([]uint64, plans)
	for i := range seeds {
		seeds[i] = firstSeed(t) + uint64(i)
	}
	return seeds
}

func firstSeed(t *testing.T) uint64 {
	t.Helper()
	if os.Getenv(seedVariable) == "" {
		return 1
	}
	return uint64(number(t, seedVariable))
}

func killsWanted(t *testing.T) int {
	t.Helper()
	switch {
	case os.Getenv(killsVariable) != "":
		return number(t, killsVariable)
	case testing.Short():
		return shortKills
	default:
		return pushKills
	}
}

// number reads a variable that must be a whole number.
func number(t *testing.T, variable string) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv(variable))
	if err != nil || n < 0 {
		t.Fatalf("%s=%s is not a number", variable, os.Getenv(variable))
	}
	return n
}

// quickFolder makes a temporary folder, in memory where the machine has such a
// file system: most of the time of an apply in this process goes to a disk that
// syncs, and no test pulls the plug.
func quickFolder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "lockstep-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
