package main

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/planner/state/backend/backendtest"
)

// keeperCommand starts a server that keeps states, and sets STATE_URL:
//
//	keeper terraform [USER PASSWORD]   Terraform's HTTP protocol
//	keeper terraform lossy N           the same; each Nth answer is lost
func keeperCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || args[0] != "terraform" {
		ts.Fatalf("usage: keeper terraform [USER PASSWORD | lossy N]")
	}
	keeper := &backendtest.Terraform{}
	if len(args) == 3 && args[1] == "lossy" {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		keeper.Lose(func(request int, _ *http.Request) bool { return request%n == 0 })
	} else if len(args) == 3 {
		keeper.User, keeper.Password = args[1], args[2]
	}
	server := httptest.NewServer(keeper)
	ts.Defer(server.Close)
	ts.Setenv("STATE_URL", strings.TrimSuffix(server.URL, "/"))
}
