package main

import (
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// enrolledCommand wants so many pairs of a contact and a workflow or campaign to be in,
// and so many calls to have put any in. No call of the API tells either.
func enrolledCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: enrolled PAIRS CALLS")
	}
	pairs, err := strconv.Atoi(args[0])
	ts.Check(err)
	calls, err := strconv.Atoi(args[1])
	ts.Check(err)
	ledger := crmOf(ts).sandbox.Enrolments()
	in, made := 0, 0
	for _, e := range ledger {
		made += e.Calls
		if e.In {
			in++
		}
	}
	if in != pairs || made != calls {
		ts.Fatalf("%d pairs by %d calls, want %d by %d: %v", in, made, pairs, calls, ledger)
	}
}
