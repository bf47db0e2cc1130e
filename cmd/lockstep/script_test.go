package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/planner/state/backend/backendtest"
	"lockstep/providers/ghl/openapitest"
)

// hasty keeps the race detector from waiting a second at the end of each
// process.
const hasty = "GORACE=atexit_sleep_ms=0"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lockstep": main, "gh": gh, "lockstep-small": small, "lockstep-ahead": ahead})
}

// TestScripts runs the behaviours in testdata/script, one file each. Beside
// testscript's own commands they have:
//
//	crm start [-contacts N] [-seed FILE] [-rate N] [-interval D] [-daily N] [-search-lag D]
//	crm get|post|put|delete PATH [JSON]     edits behind lockstep's back; not counted
//	crm agency METHOD PATH [JSON]           the same with the agency's token
//	crm csv FILE                            everybody with an e-mail address
//	crm fail N METHOD PATH STATUS [BODY]    the next N such requests are refused
//	crm wait DURATION                       the CRM's clock goes on
//	crm drop N METHOD PATH                  the answers of the next N are lost
//	calls [METHOD] ==|<=|>= N               requests that lockstep made since the last reset
//	writes ==|<=|>= N                       requests of these that change something
//	calls reset
//	exit N COMMAND...                       runs a command and wants its exit code
//	cutoff FILE N                           takes the last N bytes away
//	keeper terraform|postgres [...]         a server that keeps states
//	keeper sql STATEMENT                    what that PostgreSQL answers
//	gitlab FILE                             a GitLab at CI_API_V4_URL, which writes down what it has
//	agekey NAME                             a new key pair, at NAME and NAME_SECRET
//	jsonlines FILE                          every line is a JSON object
func TestScripts(t *testing.T) {
	testscript.Run(t, scripts(t, "script", func(*crm) {}))
}

// scripts are the scripts in a folder of testdata. Each has a CRM, which is handed to
// ended when the script is through.
func scripts(t *testing.T, folder string, ended func(*crm)) testscript.Params {
	validator := documents(t)
	action, err := filepath.Abs(filepath.Join("..", "..", ".github", "actions", "lockstep"))
	if err != nil {
		t.Fatal(err)
	}
	reader := &terraformReader{t: t}
	t.Cleanup(reader.read)
	return testscript.Params{
		Dir:       filepath.Join("testdata", folder),
		Condition: installed,
		Setup: func(env *testscript.Env) error {
			c := &crm{t: t, validator: validator}
			env.Values[crmKey{}], env.Values[postgresKey{}] = c, new(*backendtest.Postgres)
			env.Defer(func() {
				reader.leave(env, c)
				c.stop()
				ended(c)
			})
			env.Setenv("NO_COLOR", "1")
			env.Setenv("ACTION", action)
			env.Vars = append(env.Vars, hasty)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"crm": crmCommand, "calls": callsCommand, "writes": writesCommand, "exit": exitCommand, "jsonlines": jsonLines, "cutoff": cutOff, "enrolled": enrolledCommand, "keeper": keeperCommand, "gitlab": gitlabCommand, "agekey": ageKeyCommand,
		},
	}
}

// documents loads the official documents; nil where they are not present.
func documents(t *testing.T) *openapitest.Validator {
	var v *openapitest.Validator
	t.Run("documents", func(t *testing.T) { v = openapitest.Load(t) })
	return v
}

// exitCommand runs a command and compares its exit code.
func exitCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// cutOff shortens a file, as a crash while writing does.
func cutOff(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cutoff FILE BYTES")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	data := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(data[:max(0, len(data)-n)]), 0o600))
}
