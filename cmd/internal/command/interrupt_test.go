package command

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/providers/ghl/sandbox"
)

const thirtyTags = `
provider "ghl" {}

resource "ghl_tag" "t" {
  count = 30
  name  = "tag ${count.index}"
}
`

// TestStopped stops an apply while its calls are under way. What was answered
// is in the state, and the next run does the rest, and nothing twice.
func TestStopped(t *testing.T) {
	server, err := sandbox.Open(sandbox.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var once sync.Once
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/tags") {
			once.Do(cancel)
		}
		server.ServeHTTP(w, r)
	}))
	defer web.Close()
	env := Env{Environ: []string{"GHL_BASE_URL=" + web.URL, "GHL_TOKEN=" + server.Token(), "GHL_LOCATION_ID=" + server.Location()}}
	dir := folder(t, thirtyTags)

	got := run(ctx, env, dir, "apply", "-auto-approve", "-report=club.csv")
	if got.code != ExitInterrupted || strings.Contains(got.stdout, "Apply complete") || !strings.Contains(got.stderr, "Error: Apply interrupted") {
		t.Fatalf("a stopped apply exits %d, want %d:\n%s%s", got.code, ExitInterrupted, got.stdout, got.stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "club.csv")); err == nil || !strings.Contains(got.stderr, "Warning: No report was written") {
		t.Errorf("a stopped apply has a report, or does not say that it has none:\n%s", got.stderr)
	}
	done := strings.Count(run(context.Background(), env, dir, "state", "list").stdout, "ghl_tag.t[")
	if made := created(server); done != made || made == 30 {
		t.Errorf("the state has %d of the %d tags that exist, out of 30", done, made)
	}
	if got = run(context.Background(), env, dir, "apply", "-auto-approve"); got.code != ExitOK {
		t.Fatalf("the next apply exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	if made := created(server); made != 30 {
		t.Errorf("%d tags were created, want 30", made)
	}
}

// created counts the tags that were created.
func created(server *sandbox.Server) int {
	n := 0
	for _, call := range server.Calls() {
		if call.Method == http.MethodPost && strings.HasSuffix(call.Path, "/tags") && call.Status < 300 {
			n++
		}
	}
	return n
}
