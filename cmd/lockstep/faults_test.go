package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/command"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/providers/ghl"
	"lockstep/providers/ghl/sandbox"
)

// maxApplies is how often an apply may be repeated under faults.
const maxApplies = 60

// tokenRefused is what an apply says that ends because the API refused its token, which
// the faults do at any of its calls.
const tokenRefused = "401 Invalid JWT"

// TestFaults holds that under any fault plan an apply that is repeated until
// it succeeds makes the CRM what the files say, and nothing twice. Each seed is
// a plan of faults, with search lag, interrupts and cut-off states.
func TestFaults(t *testing.T) {
	// Small worlds that come and go: collecting them at leisure saves time.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	plans := seedsOf(t, pushPlans)
	total := map[string]int{}
	applies := 0
	for _, seed := range plans {
		f := &faultRun{seed: seed}
		t.Run(strconv.FormatUint(seed, 10), f.run)
		for kind, n := range f.counts {
			total[kind] += n
		}
		applies += f.applies
	}
	t.Logf("%d plans, %d applies, faults: %v", len(plans), applies, total)
	for _, kind := range sandbox.FaultKinds() {
		if len(plans) >= pushPlans && total[kind] == 0 {
			t.Errorf("no plan had the fault %s", kind)
		}
	}
}

// faultRun is a CRM that goes wrong in the ways of one seed.
type faultRun struct {
	seed    uint64
	random  *rand.Rand
	clock   *clock
	crm     *crm
	dir     string
	lag     time.Duration
	plan    *sandbox.Faults
	client  *http.Transport
	stop    atomic.Pointer[func()] // interrupts the apply after some more requests
	left    atomic.Int64
	output  string // of the last apply
	counts  map[string]int
	applies int
}

func (f *faultRun) run(t *testing.T) {
	f.random = rand.New(rand.NewPCG(f.seed, 0))
	f.clock = &clock{}
	f.dir = quickFolder(t)
	defer func() {
		if t.Failed() {
			t.Logf("fault plan: %s, search lag %s\nrun it alone: %s=%d go test ./cmd/lockstep -run TestFaults\nlast apply:\n%s",
				f.plan, f.lag, seedVariable, f.seed, f.output)
		}
	}()
	first := newClub(f.random, 20)
	f.open(t, clubSeed(t, first))
	defer f.close()
	f.crm.sandbox.HoldFaults(true)
	before := look(t, f.crm)
	f.crm.sandbox.HoldFaults(false)

	first.write(t, f.dir)
	f.untilDone(t, true)
	wanted := first.over(&before.Club)
	later := first.next(f.random)
	later.write(t, f.dir)
	f.untilDone(t, false)
	f.check(t, before, later, later.after(first, &wanted))
}

// open starts the CRM with faults.
func (f *faultRun) open(t *testing.T, seed []byte) {
	f.plan = &sandbox.Faults{
		Seed: f.seed, Rate: 0.02 + 0.3*f.random.Float64(), InARow: 1 + f.random.IntN(6),
		Delay: time.Millisecond, Wait: time.Duration(1+f.random.IntN(5)) * time.Second,
	}
	if f.random.IntN(3) == 0 {
		all := sandbox.FaultKinds()
		f.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		f.plan.Kinds = all[:1+f.random.IntN(5)]
	}
	if slices.Contains(f.plan.Kinds, "401-jwt") {
		f.plan.Rate /= 8 // nothing asks twice with a token that was refused
	}
	options := sandbox.Options{Seed: seed, Faults: f.plan, Now: f.clock.now, RateMax: 1000}
	if f.random.IntN(2) == 0 {
		f.lag = time.Duration(1+f.random.IntN(120)) * time.Second
		options.SearchLag = f.lag
	}
	if f.seed%5 == 0 {
		options.Contacts = 600 // a second page, where lists can shift
		f.plan.Kinds, f.plan.Rate = []string{"shift", "stale"}, 0.3
		if f.seed%2 == 0 {
			f.plan.Kinds = append(f.plan.Kinds, "lost", "partial", "502")
		}
	}
	server, err := sandbox.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	f.crm = &crm{t: t, sandbox: server}
	f.crm.server = httptest.NewServer(http.HandlerFunc(f.serve))
	f.client = &http.Transport{MaxIdleConnsPerHost: 32}
	f.left.Store(-1)
}

// serve passes requests on, and interrupts the apply when it is time.
func (f *faultRun) serve(w http.ResponseWriter, r *http.Request) {
	if f.left.Add(-1) == 0 {
		(*f.stop.Load())()
	}
	f.crm.sandbox.ServeHTTP(w, r)
}

func (f *faultRun) close() {
	f.client.CloseIdleConnections()
	f.crm.stop()
}

// untilDone repeats an apply until it succeeds. One whose token was refused ends there,
// as it must: it is not counted, but for a bound on all of them.
func (f *faultRun) untilDone(t *testing.T, cuts bool) {
	t.Helper()
	refused := 0
	for n := 0; n < maxApplies; n++ {
		code, interrupted := f.interruptible("apply", "-auto-approve", "-refresh="+[]string{"all", "all", "changed"}[f.random.IntN(3)])
		// What would be lost must be known before it is dropped, and a fault may keep it
		// from being read.
		unread := code == command.ExitRefused && strings.Contains(f.output, "could not be read: ")
		if !unread && complete(t, code, interrupted) {
			return
		}
		if strings.Contains(f.output, tokenRefused) && refused < 5*maxApplies {
			refused, n = refused+1, n-1
		}
		if strings.Contains(f.output, "and may still appear") {
			f.clock.forward(20 * time.Minute)
		}
		if strings.Contains(f.output, leaving) {
			f.clock.forward(time.Minute)
		}
		// Cut off again and again, it would wait for ever for what may still appear.
		if cuts && n < maxApplies/2 && f.random.IntN(2) == 0 {
			cutState(t, f.dir, f.random)
		}
	}
	t.Fatalf("not done after %d applies, and %d that were refused their token", maxApplies, refused)
}

// interruptible runs a command line, and interrupts some at one of their requests.
func (f *faultRun) interruptible(args ...string) (code int, interrupted bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	interrupted = f.random.IntN(5) == 0
	f.left.Store(-1)
	if interrupted {
		stop := func() { cancel() }
		f.stop.Store(&stop)
		f.left.Store(int64(1 + f.random.IntN(120)))
	}
	code = f.lockstep(ctx, args...)
	f.applies++
	f.clock.forward(time.Duration(f.random.IntN(20)) * time.Second)
	return code, interrupted
}

// complete reports whether an apply among faults is through, and fails the test
// when no fault explains how it ended.
func complete(t *testing.T, code int, interrupted bool) bool {
	t.Helper()
	switch {
	case code == command.ExitOK:
		return true
	case code == command.ExitInterrupted && interrupted, code == command.ExitError, code == command.ExitPartial:
		return false
	}
	t.Fatalf("apply exits %d", code)
	return false
}

// readState reads the state of a folder as it stands.
func readState(t *testing.T, dir string) *state.Snapshot {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "lockstep.state.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return decodeState(t, data)
}

func decodeState(t *testing.T, log []byte) *state.Snapshot {
	t.Helper()
	snapshot, err := state.Decode(bytes.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

// cutState takes a part of the state's last line away.
func cutState(t *testing.T, dir string, random *rand.Rand) {
	t.Helper()
	path := filepath.Join(dir, "lockstep.state.jsonl")
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.LastIndexByte(bytes.TrimSuffix(data, []byte("\n")), '\n') + 1
	if start == 0 {
		return // the first line is never appended
	}
	write(t, path, string(data[:start+random.IntN(len(data)-start)]))
}

// lockstep runs a command line in this process.
func (f *faultRun) lockstep(ctx context.Context, args ...string) int {
	var out bytes.Buffer
	streams := &lockedWriter{to: &out}
	defer func() { f.output = out.String() }()
	return command.Run(ctx, command.Env{
		Args: append([]string{"-chdir=" + f.dir}, args...), Stdin: strings.NewReader(""), Stdout: streams, Stderr: streams,
		Environ: f.crm.accounts(),
		Now:     f.clock.now,
		Providers: []command.Provider{{Name: "ghl", New: func(command.Hooks) providers.Provider {
			return ghl.New(ghl.WithClock(f.clock.now, f.clock.sleep), ghl.WithRoundTripper(f.client))
		}}},
	})
}

// check compares the end with what it must be.
func (f *faultRun) check(t *testing.T, before seen, want *club, people []member) {
	t.Helper()
	f.counts = f.crm.sandbox.FaultCounts()
	f.crm.sandbox.HoldFaults(true)
	f.clock.forward(f.lag + time.Minute)
	checkEnd(t, f.crm, before, want, people)
	if code := f.lockstep(context.Background(), "plan", "-detailed-exitcode"); code != command.ExitOK {
		t.Errorf("a plan in the end exits %d:\n%s", code, f.output)
	}
	checkState(t, readState(t, f.dir), look(t, f.crm), want)
}

// checkEnd holds that the CRM has exactly the club, and other people are unchanged.
func checkEnd(t *testing.T, c *crm, before seen, want *club, people []member) {
	t.Helper()
	got := look(t, c)
	tags := append([]string{"newsletter"}, want.Tags...)
	slices.Sort(tags)
	expected := seen{Club: club{Tags: tags, People: people}, Fields: []string{"contact.score", "contact.tier"}, Strangers: before.Strangers}
	if diff := cmp.Diff(expected, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".ids" }, cmp.Ignore())); diff != "" {
		t.Errorf("the CRM is not what the files say (-want +got):\n%s", diff)
	}
}

// checkState holds that the state has each managed object once, and no open
// intent.
func checkState(t *testing.T, snapshot *state.Snapshot, got seen, want *club) {
	t.Helper()
	ids := map[string]int{}
	for _, id := range got.ids {
		ids[id]++
	}
	mapped := 0
	for _, r := range snapshot.Records.All() {
		if r.Target != "" {
			mapped++
			continue
		}
		ids[r.ID]--
	}
	maps.DeleteFunc(ids, func(_ string, n int) bool { return n == 0 })
	if snapshot.Records.Len()-mapped != want.managed() || mapped != len(want.People) || len(snapshot.Intents) != 0 || len(ids) != 1 {
		// One tag is only live, and unmanaged.
		t.Errorf("the state has %d objects, want %d, %d mapped ones, want %d, and %d open intents; without or twice: %v",
			snapshot.Records.Len()-mapped, want.managed(), mapped, len(want.People), len(snapshot.Intents), ids)
	}
}

// clock runs ahead instead of waiting.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.forward(d)
	return ctx.Err()
}

// lockedWriter lets both streams be one text.
type lockedWriter struct {
	mu sync.Mutex
	to *bytes.Buffer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

// over is what the CRM has once a club was applied over what it had.
func (c *club) over(had *club) []member {
	people := make([]member, len(c.People))
	for i, m := range c.People {
		at := slices.IndexFunc(had.People, func(o member) bool { return o.Email == m.Email })
		if at >= 0 {
			m.Tags = slices.Concat(m.Tags, had.People[at].Tags)
		} else {
			m.Tags = slices.Clone(m.Tags)
		}
		people[i] = m.live()
	}
	return people
}

// after is what the CRM has once a club was applied after another, over what
// that one had left: tags that it named are gone unless they are named again.
func (c *club) after(first *club, left *[]member) []member {
	people := make([]member, len(c.People))
	for i, m := range c.People {
		m.Tags = slices.Clone(m.Tags)
		at := slices.IndexFunc(*left, func(o member) bool { return o.Email == m.Email })
		if at >= 0 {
			named := first.People[slices.IndexFunc(first.People, func(o member) bool { return o.Email == m.Email })].Tags
			for _, tag := range (*left)[at].Tags {
				if !slices.Contains(named, tag) {
					m.Tags = append(m.Tags, tag)
				}
			}
		}
		people[i] = m.live()
	}
	return people
}

// live is a member as look sees one.
func (m member) live() member {
	slices.Sort(m.Tags)
	m.Tags = slices.Compact(m.Tags)
	m.Notes = slices.Clone(m.Notes)
	tasks := make([]string, len(m.Tasks))
	for i, title := range m.Tasks {
		tasks[i] = fmt.Sprintf("%s|About 4 tags.|2027-01-15T09:00:00.000Z", title)
	}
	m.Tasks = tasks
	slices.Sort(m.Tasks)
	slices.Sort(m.Notes)
	return m
}
