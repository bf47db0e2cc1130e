package backend_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lockstep/planner/state"
	"lockstep/planner/state/backend"
	"lockstep/planner/state/backend/backendtest"
)

// kept holds the suite for a server that is reached at an address.
func kept(t *testing.T, server *backendtest.Postgres, address string) {
	t.Helper()
	var states atomic.Int64
	backendtest.Suite(t, func(*testing.T) func() state.Backend {
		o := backend.Options{
			Type: "postgres", Arguments: map[string]string{"name": fmt.Sprint("state ", states.Add(1))},
			Getenv: environment(map[string]string{"PG_CONN_STR": address}),
		}
		return func() state.Backend { return open(t, o) }
	})
	// A server takes a moment to end a connection.
	open, err := 1, error(nil)
	for tries := 0; tries < 100 && open > 0 && err == nil; tries++ {
		time.Sleep(20 * time.Millisecond)
		open, err = server.Open(t.Context())
	}
	if open > 0 || err != nil {
		t.Errorf("%d connections are open in the end: %v", open, err)
	}
}

func TestPostgres(t *testing.T) {
	server := backendtest.NewPostgres(t)
	kept(t, server, server.Address())
}

// Whether a statement was carried out is not known when its answer is lost. It is
// asked for again, and has its effect once.
func TestPostgresAnswersLost(t *testing.T) {
	t.Parallel()
	server := backendtest.NewPostgres(t)
	address, err := server.Lossy(t.Context(), 17)
	if err != nil {
		t.Fatal(err)
	}
	kept(t, server, address)
}

// A server ends connections at any moment.
func TestPostgresTerminated(t *testing.T) {
	t.Parallel()
	server := backendtest.NewPostgres(t)
	stop, stopped := make(chan struct{}), make(chan error)
	go func() {
		var err error
		for err == nil {
			select {
			case <-stop:
				stopped <- nil
				return
			case <-time.After(200 * time.Millisecond):
				err = server.Break(context.Background())
			}
		}
		stopped <- err
	}()
	kept(t, server, server.Address())
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestPostgresSettings(t *testing.T) {
	const secret = "postgres://ann:hush@db.example/crm"
	named := func(more ...string) map[string]string {
		arguments := map[string]string{"name": "club"}
		for i := 0; i < len(more); i += 2 {
			arguments[more[i]] = more[i+1]
		}
		return arguments
	}
	cases := map[string]struct {
		reason    string
		arguments map[string]string
		vars      map[string]string
		want      string
	}{
		"Name":     {"two folders do not share a state by chance", nil, map[string]string{"PG_CONN_STR": secret}, "has no name"},
		"String":   {"Terraform's variable is enough", named(), map[string]string{"PG_CONN_STR": secret}, ""},
		"Same":     {"the block may say the same", named("host", "db.example", "database", "crm"), map[string]string{"PG_CONN_STR": secret}, ""},
		"Foreign":  {"a file cannot lead elsewhere", named("host", "evil.example"), map[string]string{"PG_CONN_STR": secret}, "is not the one in PG_CONN_STR"},
		"Password": {"a password goes nowhere on the word of a file", named("host", "evil.example"), map[string]string{"PGPASSWORD": "hush"}, "is not sent to evil.example, which only the files name"},
		"Both":     {"a password goes where the environment says", named("host", "db.example"), map[string]string{"PGPASSWORD": "hush", "PGHOST": "db.example"}, ""},
		"Here":     {"this machine may have it", named("host", "127.0.0.1"), map[string]string{"PGPASSWORD": "hush"}, ""},
		"Open":     {"a server without a password", named("host", "db.example"), nil, ""},
		"List":     {"a list would hide where a password goes", named("host", "127.0.0.1,evil.example"), map[string]string{"PGPASSWORD": "hush"}, "is not one name"},
		"Words":    {"nor can a value say more than it is", named("user", "ann' sslmode='disable"), nil, "is not one name"},
		"Schema":   {"a schema is no statement", named("schema_name", `x"; drop`), nil, "is not a name of small letters"},
		"Odd":      {"no connection string", named(), map[string]string{"PG_CONN_STR": "postgres://ann:hush@db.example:x/crm"}, "PG_CONN_STR is not a connection string"},
		"Missing":  {"a certificate that is not there", named("host", "db.example"), map[string]string{"PGSSLROOTCERT": "/nowhere/root.crt"}, "/nowhere/root.crt"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"PGHOST", "PGPASSWORD", "PGSSLROOTCERT", "PGSSLMODE"} {
				t.Setenv(variable, tc.vars[variable])
			}
			_, err := backend.Open(backend.Options{Type: "postgres", Arguments: tc.arguments, Getenv: environment(tc.vars)})
			switch {
			case tc.want == "" && err != nil, tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			case err != nil && strings.Contains(err.Error(), "hush"):
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

// What a server refuses is told with what to do.
func TestPostgresRefused(t *testing.T) {
	server := backendtest.NewPostgres(t)
	for _, statement := range []string{"create role reader login", "create database old encoding 'LATIN1' locale 'C' template template0"} {
		if err := server.Run(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	at := func(user, database string) state.Backend {
		address := strings.NewReplacer("lockstep@", user+"@", "/postgres", "/"+database).Replace(server.Address())
		return open(t, backend.Options{Type: "postgres", Arguments: map[string]string{"name": "club"}, Getenv: environment(map[string]string{"PG_CONN_STR": address})})
	}
	cases := map[string]struct {
		reason         string
		user, database string
		want           string
	}{
		"Rights":   {"who may not make the tables", "reader", "postgres", "needs the right to create the schema lockstep"},
		"Database": {"a database that is not there", "lockstep", "crm", "Make the database first"},
		"Login":    {"a user whom the server does not know", "ann", "postgres", "Set PG_CONN_STR, or PGUSER and PGPASSWORD"},
		"Encoding": {"names of people would not fit", "lockstep", "old", "states need one that is made with encoding UTF8"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := at(tc.user, tc.database).Lock(t.Context(), "ann"); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
	if text, err := at("reader", "postgres").Load(t.Context()); err != nil || text == nil {
		t.Errorf("who may only look cannot plan where there is no state: %v", err)
	}
}
