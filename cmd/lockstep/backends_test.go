package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/planner/state/backend/backendtest"
)

// keeperCommand starts a server that keeps states:
//
//	keeper terraform [USER PASSWORD]   Terraform's HTTP protocol, at STATE_URL
//	keeper terraform lossy N           the same; each Nth answer is lost
//	keeper s3 BUCKET [lossy N]         a bucket of an S3 server, at STATE_URL
//	keeper postgres                    PostgreSQL, at PG_CONN_STR
//	keeper sql STATEMENT               prints what that PostgreSQL answers
func keeperCommand(ts *testscript.TestScript, neg bool, args []string) {
	switch {
	case !neg && len(args) > 0 && args[0] == "terraform":
		keepTerraform(ts, args[1:])
	case !neg && len(args) > 1 && args[0] == "s3":
		keeper, err := backendtest.S3(args[1])
		ts.Check(err)
		keep(ts, keeper, args[2:])
	case !neg && len(args) == 1 && args[0] == "postgres":
		keepPostgres(ts)
	case !neg && len(args) == 2 && args[0] == "sql":
		askPostgres(ts, args[1])
	default:
		ts.Fatalf("usage: keeper terraform [USER PASSWORD | lossy N], keeper s3 BUCKET [lossy N], keeper postgres, keeper sql STATEMENT")
	}
}

func keepTerraform(ts *testscript.TestScript, args []string) {
	if len(args) == 2 && args[0] != "lossy" {
		keep(ts, &backendtest.Terraform{User: args[0], Password: args[1]}, nil)
		return
	}
	keep(ts, &backendtest.Terraform{}, args)
}

// keep serves states at STATE_URL. lossy are none, or "lossy" and a number.
func keep(ts *testscript.TestScript, keeper http.Handler, lossy []string) {
	if len(lossy) == 2 {
		n, err := strconv.ParseInt(lossy[1], 10, 64)
		ts.Check(err)
		keeper = backendtest.Lossy(keeper, n)
	}
	server := httptest.NewServer(keeper)
	ts.Defer(server.Close)
	ts.Setenv("STATE_URL", strings.TrimSuffix(server.URL, "/"))
}

// postgresKey finds the PostgreSQL of a script.
type postgresKey struct{}

func keepPostgres(ts *testscript.TestScript) {
	server, err := backendtest.StartPostgres(context.Background(), backendtest.PostgresPrograms())
	ts.Check(err)
	ts.Defer(server.Stop)
	*ts.Value(postgresKey{}).(**backendtest.Postgres) = server
	ts.Setenv("PG_CONN_STR", server.Address())
}

func askPostgres(ts *testscript.TestScript, statement string) {
	rows, err := (*ts.Value(postgresKey{}).(**backendtest.Postgres)).Query(context.Background(), statement)
	ts.Check(err)
	for _, row := range rows {
		_, err := fmt.Fprintln(ts.Stdout(), strings.Join(row, " "))
		ts.Check(err)
	}
}

// installed is the condition "postgres" of scripts: whether PostgreSQL is there.
func installed(condition string) (bool, error) {
	if condition != "postgres" {
		return false, fmt.Errorf("there is no condition %q", condition)
	}
	return backendtest.PostgresPrograms() != "", nil
}

// ageKeyCommand makes a key pair for a person.
func ageKeyCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: agekey NAME")
	}
	key, err := age.GenerateX25519Identity()
	ts.Check(err)
	ts.Setenv(args[0], key.Recipient().String())
	ts.Setenv(args[0]+"_SECRET", key.String())
}
