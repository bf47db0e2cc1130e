package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/command"
	"lockstep/providers"
	"lockstep/providers/runkeeper"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/runkeeper/sandbox"
)

// TestRunnerFaults holds the same of Runkeeper as TestFaults of the CRM. Its API
// cannot tell that a create comes twice, and an invitation reaches a real
// person: whatever goes wrong, nothing is there twice in the end.
func TestRunnerFaults(t *testing.T) {
	plans := seedsOf(t, pushRunnerPlans)
	total, applies := map[string]int{}, 0
	for _, seed := range plans {
		f := &runnerRun{seed: seed, trouble: trouble{counts: map[string]int{}}, invited: map[string]int{}, made: map[string]time.Time{}}
		t.Run(strconv.FormatUint(seed, 10), f.run)
		for kind, n := range f.counts {
			total[kind] += n
		}
		applies += f.applies
	}
	t.Logf("%d plans, %d applies, faults: %v", len(plans), applies, total)
	for _, kind := range runnerFaults {
		if len(plans) >= pushRunnerPlans && total[kind.name] == 0 {
			t.Errorf("no plan had the fault %s", kind.name)
		}
	}
}

// runnerFault is one way in which a request goes wrong.
type runnerFault struct {
	name string
	// acts is true when the request is carried out, reads when only requests that
	// read may go wrong so.
	acts, reads bool
	status      int
	body        string
	// part is how much of the answer arrives, of 0 and 2 halves: 0 breaks the
	// connection, 1 in the middle.
	part int
}

var runnerFaults = []runnerFault{
	{name: "429", status: http.StatusTooManyRequests, body: `{"reason": "Rate-limit exceeded. rate limit is 5000 calls per 15 minutes"}`, part: 2},
	{name: "500", status: http.StatusInternalServerError, body: `{"reason": "oops"}`, part: 2},
	{name: "500-acted", acts: true, status: http.StatusInternalServerError, body: `{"reason": "oops"}`, part: 2},
	{name: "html", status: http.StatusBadGateway, body: "<html><title>Bad gateway</title></html>", part: 2},
	{name: "html-200", status: http.StatusOK, body: "<html><title>Maintenance</title></html>", part: 2},
	{name: "empty", reads: true, status: http.StatusOK, body: `{}`, part: 2},
	{name: "reset"},
	{name: "lost", acts: true},
	{name: "cut", acts: true, part: 1},
}

// runnerRun is an emulated Runkeeper that goes wrong in the ways of one seed.
type runnerRun struct {
	seed    uint64
	random  *rand.Rand
	clock   *clock
	sandbox *sandbox.Server
	server  *httptest.Server
	dir     string
	output  string // of the last apply

	mu sync.Mutex
	trouble
	made    map[string]time.Time // by the path of the item
	left    int                  // requests until the apply is interrupted
	stop    func()
	invited map[string]int // requests that reached a person, by account and number
	applies int
}

// trouble is how requests go wrong.
type trouble struct {
	faults *rand.Rand     // nil while nothing goes wrong
	rate   float64        // of requests that do
	lag    time.Duration  // until feeds show what is new
	counts map[string]int // by the name of the fault
}

func (f *runnerRun) run(t *testing.T) {
	f.random, f.clock, f.dir = rand.New(rand.NewPCG(f.seed, 8)), &clock{}, quickFolder(t)
	f.rate = 0.02 + 0.15*f.random.Float64() // nothing asks twice after an empty answer
	if f.random.IntN(2) == 0 {
		f.lag = time.Duration(1+f.random.IntN(50)) * time.Second
	}
	defer func() {
		if t.Failed() {
			t.Logf("run it alone: %s=%d go test ./cmd/lockstep -run TestRunnerFaults\nlast apply:\n%s", seedVariable, f.seed, f.output)
		}
	}()
	f.sandbox = sandbox.New(sandbox.Options{Empty: true, Now: f.clock.now})
	f.server = httptest.NewServer(http.HandlerFunc(f.serve))
	defer f.server.Close()
	had := runnersBefore()
	had.post(t, f.sandbox)
	first := newRunners(f.random)
	first.write(t, f.dir)
	f.untilDone(t, true)
	later := first.next(f.random)
	later.write(t, f.dir)
	f.untilDone(t, false)
	f.check(t, later.after(first, had))
}

// serve answers a request, or lets it go wrong.
func (f *runnerRun) serve(w http.ResponseWriter, r *http.Request) {
	fault := f.next(r)
	answer := httptest.NewRecorder()
	if fault == nil || fault.acts {
		f.sandbox.ServeHTTP(answer, f.noted(r))
		f.late(r, answer)
	}
	status, body := answer.Code, answer.Body.Bytes()
	if fault != nil && fault.part == 0 {
		panic(http.ErrAbortHandler) // net/http's way to drop a connection
	}
	if fault != nil && fault.part == 2 {
		status, body = fault.status, []byte(fault.body)
		answer.Header().Set("Content-Type", "application/json")
		answer.Header().Del("Location")
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	if fault == nil || fault.part == 2 {
		w.WriteHeader(status)
		_, _ = w.Write(body)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(status)
	_, _ = w.Write(body[:len(body)/2])
	panic(http.ErrAbortHandler)
}

// late takes out of an answer what the feeds do not show yet.
func (f *runnerRun) late(r *http.Request, answer *httptest.ResponseRecorder) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at := answer.Header().Get("Location"); at != "" {
		f.made[at] = f.clock.now()
	}
	isNew := func(path string) bool {
		at, known := f.made[path]
		return known && f.clock.now().Sub(at) < f.lag
	}
	var feed struct {
		Size  int               `json:"size"`
		Items []json.RawMessage `json:"items"`
	}
	if r.Method != http.MethodGet || json.Unmarshal(answer.Body.Bytes(), &feed) != nil || feed.Items == nil {
		return
	}
	feed.Items = slices.DeleteFunc(feed.Items, func(raw json.RawMessage) bool {
		var item struct{ URI string }
		return json.Unmarshal(raw, &item) == nil && isNew(item.URI)
	})
	answer.Body.Reset()
	_ = json.NewEncoder(answer.Body).Encode(feed)
}

// next is what goes wrong with a request; nil when nothing does.
func (f *runnerRun) next(r *http.Request) *runnerFault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left--; f.left == 0 {
		f.stop()
	}
	if f.faults == nil || f.faults.Float64() > f.rate {
		return nil
	}
	fault := &runnerFaults[f.faults.IntN(len(runnerFaults))]
	if fault.reads && r.Method != http.MethodGet {
		return nil
	}
	f.counts[fault.name]++
	return fault
}

// noted counts the invitations that are carried out.
func (f *runnerRun) noted(r *http.Request) *http.Request {
	if r.Method != http.MethodPost || r.URL.Path != "/team" {
		return r
	}
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.invited[r.Header.Get("Authorization")+" "+body.String()]++
	again := r.Clone(r.Context())
	again.Body = http.NoBody
	if body.Len() > 0 {
		again.Body = readCloser{&body}
	}
	return again
}

type readCloser struct{ *bytes.Buffer }

// Close does nothing.
func (readCloser) Close() error { return nil }

// untilDone repeats an apply, with interrupts and, if it cuts, states that are
// cut off, until it succeeds.
func (f *runnerRun) untilDone(t *testing.T, cuts bool) {
	t.Helper()
	f.mu.Lock()
	f.faults = rand.New(rand.NewPCG(f.seed, f.random.Uint64()))
	f.mu.Unlock()
	for n := range maxApplies {
		ctx, cancel := context.WithCancel(context.Background())
		interrupted := f.random.IntN(4) == 0
		f.mu.Lock()
		if f.left, f.stop = -1, cancel; interrupted {
			f.left = 1 + f.random.IntN(80)
		}
		f.mu.Unlock()
		code := f.lockstep(ctx, "apply", "-auto-approve", "-refresh="+[]string{"all", "changed"}[f.random.IntN(2)])
		cancel()
		f.applies++
		f.clock.forward(time.Duration(f.random.IntN(20)) * time.Second)
		if complete(t, code, interrupted) {
			return
		}
		if strings.Contains(f.output, "and may still appear") {
			f.clock.forward(time.Minute)
		}
		if cuts && n < maxApplies/2 && f.random.IntN(2) == 0 {
			cutState(t, f.dir, f.random)
		}
	}
	t.Fatalf("not done after %d applies", maxApplies)
}

// lockstep runs a command line in this process.
func (f *runnerRun) lockstep(ctx context.Context, args ...string) int {
	var out bytes.Buffer
	streams := &lockedWriter{to: &out}
	defer func() { f.output = out.String() }()
	tokens := map[string]string{"RUNKEEPER_TOKEN_ADA": sandbox.Token("ada"), "RUNKEEPER_TOKEN_LIN": sandbox.Token("lin")}
	return command.Run(ctx, command.Env{
		Args: append([]string{"-chdir=" + f.dir}, args...), Stdin: strings.NewReader(""), Stdout: streams, Stderr: streams,
		Environ: []string{"RUNKEEPER_BASE_URL=" + f.server.URL}, Now: f.clock.now,
		Providers: []command.Provider{{Name: "runkeeper", New: func(command.Hooks) providers.Provider {
			return runkeeper.New(runkeeper.WithClock(f.clock.now), runkeeper.WithEnv(func(name string) string { return tokens[name] }),
				runkeeper.WithHTTP(health.Options{Now: f.clock.now, Sleep: f.clock.sleep}))
		}}},
	})
}

// check compares the end with what it must be.
func (f *runnerRun) check(t *testing.T, want []string) {
	t.Helper()
	f.mu.Lock()
	f.faults, f.left = nil, -1
	f.mu.Unlock()
	f.clock.forward(f.lag + time.Minute)
	if diff := cmp.Diff(want, lookAtRunners(t, f.sandbox)); diff != "" {
		t.Errorf("Runkeeper is not what the files say (-want +got):\n%s", diff)
	}
	for friend, times := range f.invited {
		if times > 1 {
			t.Errorf("%s was sent %d times", friend[strings.Index(friend, "{"):], times)
		}
	}
	if code := f.lockstep(context.Background(), "plan", "-detailed-exitcode"); code != command.ExitOK {
		t.Errorf("a plan in the end exits %d:\n%s", code, f.output)
	}
	snapshot := readState(t, f.dir)
	ids := map[string]bool{}
	for _, r := range snapshot.Records.All() {
		if key := r.Address().Kind + " " + r.ID; ids[key] {
			t.Errorf("the state has %s twice", key)
		} else {
			ids[key] = true
		}
	}
	if len(snapshot.Intents) != 0 {
		t.Errorf("the state has %d open intents", len(snapshot.Intents))
	}
}
