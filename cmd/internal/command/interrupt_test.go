package command

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lockstep/planner/state"
	"lockstep/providers/ghl/sandbox"
	runkeeper "lockstep/providers/runkeeper/sandbox"
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

// hesitant is a terminal where the user presses ctrl-C instead of a key.
type hesitant struct {
	interrupt context.CancelFunc
	until     context.Context
}

// Read answers nothing.
func (h hesitant) Read([]byte) (int, error) {
	h.interrupt()
	<-h.until.Done()
	return 0, io.EOF
}

// TestStoppedQuestion ends at the question of apply. The message begins a line
// of its own, also when the input just ends.
func TestStoppedQuestion(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cases := map[string]struct {
		reason string
		ctx    context.Context
		stdin  io.Reader
		code   int
		want   string
	}{
		"ctrl-C": {reason: "an interrupt is no answer", ctx: ctx, stdin: hesitant{cancel, t.Context()}, code: ExitInterrupted, want: "Error: Interrupted"},
		"ctrl-D": {reason: "the end of the input is no answer", ctx: t.Context(), stdin: strings.NewReader(""), code: ExitError, want: "Error: Not approved"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, oneTag)
			got := run(tc.ctx, Env{Stdin: tc.stdin, StdinTerminal: true}, dir, "apply")
			if want := "Enter a value: \n" + tc.want; got.code != tc.code || !strings.Contains(got.stderr, want) {
				t.Errorf("%s: exit %d, want %d and %q:\n%s", tc.reason, got.code, tc.code, want, got.stderr)
			}
			if _, err := os.Stat(filepath.Join(dir, "lockstep.state.jsonl")); err == nil {
				t.Error("a state was written")
			}
		})
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

// TestStoppedWaiting stops an apply that the rate limit holds back. It does not
// wait for the limit to end, and what was not sent is not open afterwards.
func TestStoppedWaiting(t *testing.T) {
	server := runkeeper.New(runkeeper.Options{Empty: true})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var refused atomic.Int32
	refused.Store(1)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || refused.Load() == 0 {
			server.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"reason":"Rate-limit exceeded. rate limit is 5000 calls per 15 minutes"}`)
		time.AfterFunc(100*time.Millisecond, cancel)
	}))
	defer web.Close()
	env := Env{Environ: []string{"RUNKEEPER_BASE_URL=" + web.URL, "RUNKEEPER_TOKEN_ADA=" + runkeeper.Token("ada")}}
	dir := folder(t, oneRun)

	begun := time.Now()
	got := run(ctx, env, dir, "apply", "-auto-approve")
	if took := time.Since(begun); got.code != ExitInterrupted || took > 30*time.Second {
		t.Fatalf("a stopped apply exits %d after %s:\n%s%s", got.code, took, got.stdout, got.stderr)
	}
	for _, want := range []string{"next window in 1", "Error: Apply interrupted", "Not done: 0 failed, 3 not tried."} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("it does not say %q:\n%s", want, got.stderr)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "lockstep.state.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if snapshot, err := state.Decode(strings.NewReader(string(text))); err != nil || len(snapshot.Intents) != 0 {
		t.Errorf("creates that were not sent are open: %s, %v", text, err)
	}
	refused.Store(0)
	if got = run(context.Background(), env, dir, "apply", "-auto-approve"); got.code != ExitOK || !strings.Contains(got.stdout, "3 added") {
		t.Errorf("the next apply exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}
