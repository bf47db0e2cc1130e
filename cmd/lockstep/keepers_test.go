package main

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"

	"lockstep/planner/state"
	"lockstep/planner/state/backend/backendtest"
	"lockstep/providers/ghl/sandbox"
)

// keeper keeps the states of sites: block is the backend block, which has %s for a
// name, and env leads to the server. The zero value is the file beside the files.
type keeper struct {
	block string
	env   []string
	// lose breaks all connections to the server.
	lose func(t *testing.T)
}

// servers open the keepers that are servers.
func servers() map[string]func(*testing.T) keeper {
	return map[string]func(*testing.T) keeper{"http": httpKeeper, "postgres": postgresKeeper, "s3": s3Keeper}
}

// withKeepers tests with each keeper that is installed.
func withKeepers(t *testing.T, test func(*testing.T, keeper)) {
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		test(t, keeper{})
	})
	withServers(t, test)
}

func withServers(t *testing.T, test func(*testing.T, keeper)) {
	for name, open := range servers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// httpKeeper has states behind Terraform's protocol, one at each path.
func httpKeeper(t *testing.T) keeper {
	t.Helper()
	var kept sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one, _ := kept.LoadOrStore(r.URL.Path, &backendtest.Terraform{})
		one.(*backendtest.Terraform).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return keeper{
		block: `backend "http" { address = "` + server.URL + `/%s" }`,
		lose:  func(*testing.T) { server.CloseClientConnections() },
	}
}

// s3Keeper has states in a bucket, encrypted.
func s3Keeper(t *testing.T) keeper {
	t.Helper()
	kept, err := backendtest.S3("club")
	if err != nil {
		t.Fatal(err)
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(kept)
	t.Cleanup(server.Close)
	return keeper{
		block: `encryption { recipients = ["` + key.Recipient().String() + `"] }
  backend "s3" {
    bucket = "club"
    key    = "%s"
  }`,
		env:  []string{"LOCKSTEP_S3_ENDPOINT=" + server.URL, "AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=hush", "LOCKSTEP_AGE_IDENTITY=" + key.String()},
		lose: func(*testing.T) { server.CloseClientConnections() },
	}
}

func postgresKeeper(t *testing.T) keeper {
	t.Helper()
	server := backendtest.NewPostgres(t)
	return keeper{
		block: `backend "postgres" { name = "%s" }`, env: []string{"PG_CONN_STR=" + server.Address()},
		lose: func(t *testing.T) {
			if err := server.Break(t.Context()); err != nil {
				t.Error(err)
			}
		},
	}
}

// keep has the state of the site with a keeper, under a name of its own.
func (s *site) keep(t *testing.T, k keeper) {
	t.Helper()
	s.keeper, s.env = k, k.env
	if k.block != "" {
		block := bytes.ReplaceAll([]byte(k.block), []byte("%s"), []byte(filepath.Base(filepath.Dir(s.dir))+filepath.Base(s.dir)))
		write(t, filepath.Join(s.dir, "keeper.hcl"), "lockstep {\n  "+string(block)+"\n}\n")
	}
}

// state is what is kept now.
func (s *site) state(t *testing.T) *state.Snapshot {
	t.Helper()
	if s.keeper.block == "" {
		return readState(t, s.dir)
	}
	var output, said bytes.Buffer
	pull := s.command(t, &output, "lockstep", "state", "pull")
	pull.Stderr = &said
	if err := pull.Run(); err != nil {
		t.Fatalf("state pull: %v: %s", err, said.Bytes())
	}
	return decodeState(t, output.Bytes())
}

// TestConnectionLost breaks the connection to the keeper of the state again and again
// while an apply writes to it. The apply goes on, and everything is there once.
func TestConnectionLost(t *testing.T) {
	t.Parallel()
	withServers(t, connectionLost)
}

func connectionLost(t *testing.T, k keeper) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	c := newClub(random, 20)
	s := newSite(t, sandbox.Options{Seed: clubSeed(t, c)}, 2*time.Millisecond)
	s.keep(t, k)
	before := look(t, s.crm)
	c.write(t, s.dir)
	var calls atomic.Int64
	lose := func(*http.Request, bool) {
		if calls.Add(1)%13 == 0 {
			k.lose(t)
		}
	}
	s.onCall.Store(&lose)
	code, output := s.run(t, "apply", "-auto-approve")
	s.onCall.Store(nil)
	if code != 0 || calls.Load() < 100 {
		t.Fatalf("an apply whose connection broke at every 13th of %d calls exits %d:\n%s", calls.Load(), code, output)
	}
	s.checkDone(t, before, c, c.over(&before.Club))
}
