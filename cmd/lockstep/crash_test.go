package main

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/command"
	"lockstep/providers/ghl/sandbox"
)

// site is a CRM and a folder that processes work in.
type site struct {
	crm   *crm
	clock *clock
	dir   string
	// onCall hears of each request before and after it is carried out.
	onCall atomic.Pointer[func(r *http.Request, done bool)]
	// keeper of the state, and env what processes must know to find it.
	keeper keeper
	env    []string
	// waits is set where an apply may want to be run again later, because what it
	// asked for may still appear.
	waits bool
	// told is what the applies said that were killed and the ones that were not.
	told strings.Builder
}

// aheadVariable is how far the clock of lockstep-ahead is ahead.
const aheadVariable = "LOCKSTEP_TEST_AHEAD"

// ahead is lockstep with a clock that is ahead of the machine's.
func ahead() {
	by, err := time.ParseDuration(os.Getenv(aheadVariable))
	if err != nil {
		panic(err)
	}
	env := command.System()
	env.Now = func() time.Time { return time.Now().Add(by) }
	os.Exit(command.Run(context.Background(), env))
}

// newSite opens a CRM that takes a while for each answer.
func newSite(t *testing.T, options sandbox.Options, latency time.Duration) *site {
	t.Helper()
	s := &site{clock: &clock{}, dir: t.TempDir()}
	options.Now = s.clock.now
	server, err := sandbox.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	s.crm = &crm{t: t, sandbox: server}
	s.crm.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := s.onCall.Load(); f != nil {
			(*f)(r, false)
			defer (*f)(r, true)
		}
		time.Sleep(latency)
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(s.crm.stop)
	return s
}

// command is a process that has not been started yet.
func (s *site) command(t *testing.T, output *bytes.Buffer, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, args...)
	c.Dir, c.Stdout, c.Stderr = s.dir, output, output
	c.Env = slices.Concat(os.Environ(), s.env, s.crm.accounts(), []string{"NO_COLOR=1", hasty, aheadVariable + "=" + time.Until(s.clock.now()).String()})
	return c
}

// run carries a command out to its end.
func (s *site) run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var output bytes.Buffer
	return exitCode(t, s.command(t, &output, "lockstep", args...).Run()), output.String()
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if ended == nil {
		return 0
	}
	return ended.ExitCode()
}

// TestKilled kills applies at any moment, many times. A plain apply goes on
// from there, and in the end everything is there once.
func TestKilled(t *testing.T) {
	t.Parallel()
	withKeepers(t, func(t *testing.T, k keeper) {
		wanted := killsWanted(t)
		kills := 0
		for round := firstSeed(t); kills < wanted; round++ {
			kills += killedRound(t, k, round)
			if t.Failed() {
				t.Fatalf("round %d", round)
			}
		}
		t.Logf("%d kills", kills)
	})
}

// killedRound applies a club and then another one, and returns how often it was
// killed meanwhile.
func killedRound(t *testing.T, k keeper, round uint64) (kills int) {
	t.Helper()
	random := rand.New(rand.NewPCG(round, 1))
	first := newClub(random, 20)
	options := sandbox.Options{Seed: clubSeed(t, first)}
	if round%2 == 0 {
		options.SearchLag = time.Minute
	}
	s := newSite(t, options, 2*time.Millisecond)
	s.keep(t, k)
	before := look(t, s.crm)
	first.write(t, s.dir)
	kills = s.killUntilDone(t, random)
	left := first.over(&before.Club)
	later := first.next(random)
	later.write(t, s.dir)
	kills += s.killUntilDone(t, random)
	s.clock.forward(2 * time.Minute)
	s.checkDone(t, before, later, later.after(first, &left))
	return kills
}

// killUntilDone repeats an apply that is killed, until one is done.
func (s *site) killUntilDone(t *testing.T, random *rand.Rand) (kills int) {
	t.Helper()
	for {
		var output bytes.Buffer
		c := s.command(t, &output, "lockstep-ahead", "apply", "-auto-approve")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < 12 {
			s.killAtACall(c.Process, random)
		}
		code := exitCode(t, c.Wait())
		s.onCall.Store(nil)
		s.told.Write(output.Bytes())
		switch code {
		case 0:
			return kills
		case -1:
			kills++
		case command.ExitPartial:
			if !s.waits || !strings.Contains(output.String(), "and may still appear") {
				t.Fatalf("apply exits %d:\n%s", code, output.String())
			}
			s.clock.forward(20 * time.Minute)
		case command.ExitError:
			if !s.waits || !strings.Contains(output.String(), leaving) {
				t.Fatalf("apply exits %d:\n%s", code, output.String())
			}
			s.clock.forward(time.Minute)
		default:
			t.Fatalf("apply exits %d:\n%s", code, output.String())
		}
	}
}

// killAtACall kills a process at one of its requests, before or after it is
// carried out, or some time after that.
func (s *site) killAtACall(p *os.Process, random *rand.Rand) {
	var calls atomic.Int64
	at, after := int64(1+random.IntN(90)), random.IntN(2) == 0
	wait := time.Duration(random.IntN(3)*random.IntN(4000)) * time.Microsecond
	kill := func(_ *http.Request, done bool) {
		if done != after || calls.Add(1) != at {
			return
		}
		if wait == 0 {
			_ = p.Kill()
			return
		}
		time.AfterFunc(wait, func() { _ = p.Kill() })
	}
	s.onCall.Store(&kill)
}

// checkDone compares the end with what it must be.
func (s *site) checkDone(t *testing.T, before seen, want *club, people []member) {
	t.Helper()
	checkEnd(t, s.crm, before, want, people)
	checkState(t, s.state(t), look(t, s.crm), want)
	if code, output := s.run(t, "plan", "-detailed-exitcode"); code != 0 {
		t.Errorf("a plan in the end exits %d:\n%s", code, output)
	}
}

var doneLine = regexp.MustCompile(`(?m)^Done: (\d+) added, 0 changed, 0 destroyed\.$`)

// TestInterrupted sends an interrupt while calls are under way: they are
// finished and recorded, and the summary says what is there.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	withKeepers(t, interrupted)
}

func interrupted(t *testing.T, k keeper) {
	c := newClub(rand.New(rand.NewPCG(1, 2)), 20)
	for i := range c.People {
		c.People[i].Tags = []string{} // so that each object takes one call
	}
	s := newSite(t, sandbox.Options{}, 3*time.Millisecond)
	s.keep(t, k)
	c.write(t, s.dir)
	var output bytes.Buffer
	process := s.command(t, &output, "lockstep", "apply", "-auto-approve")
	var writes atomic.Int64
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	interrupt := func(r *http.Request, done bool) {
		if !done && r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/search") && writes.Add(1) == 20 {
			_ = process.Process.Signal(syscall.SIGINT)
		}
	}
	s.onCall.Store(&interrupt)
	code := exitCode(t, process.Wait())
	s.onCall.Store(nil)
	if code != 130 || !strings.Contains(output.String(), "Error: Apply interrupted") {
		t.Fatalf("an interrupted apply exits %d:\n%s", code, output.String())
	}
	live := look(t, s.crm)
	m := doneLine.FindStringSubmatch(output.String())
	if m == nil || m[1] != strconv.Itoa(len(live.ids)) {
		t.Errorf("%d objects are there, and the summary says:\n%s", len(live.ids), output.String())
	}
	if diff := cmp.Diff(idsOf(live), s.recorded(t)); diff != "" {
		t.Errorf("the state has not what is there (-there +state):\n%s", diff)
	}
	if code, text := s.run(t, "apply", "-auto-approve"); code != 0 {
		t.Fatalf("the next apply exits %d:\n%s", code, text)
	}
	if n := len(look(t, s.crm).ids); n != c.managed() {
		t.Errorf("%d objects are there in the end, want %d", n, c.managed())
	}
}

func idsOf(s seen) map[string]bool {
	ids := map[string]bool{}
	for _, id := range s.ids {
		ids[id] = true
	}
	return ids
}

// recorded are the ids in the state.
func (s *site) recorded(t *testing.T) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range s.state(t).Records.All() {
		ids[r.ID] = true
	}
	return ids
}

// TestTwoApplies starts a second apply while the first is under way: it says
// who is at work, and writes nothing.
func TestTwoApplies(t *testing.T) {
	t.Parallel()
	withKeepers(t, twoApplies)
}

func twoApplies(t *testing.T, k keeper) {
	c := newClub(rand.New(rand.NewPCG(1, 4)), 20)
	s := newSite(t, sandbox.Options{}, time.Millisecond)
	s.keep(t, k)
	c.write(t, s.dir)
	began, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var atWork atomic.Int64
	hold := func(r *http.Request, done bool) {
		if done {
			return
		}
		atWork.Add(1)
		once.Do(func() { close(began) })
		<-goOn
	}
	s.onCall.Store(&hold)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var output bytes.Buffer
	first := s.command(t, &output, "lockstep", "apply", "-auto-approve")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-began:
	case <-ctx.Done():
		t.Fatal("the first apply makes no call")
	}
	calls := atWork.Load()
	code, text := s.run(t, "apply", "-auto-approve")
	if code != 1 || !strings.Contains(text, "Error: The state is locked") || !strings.Contains(text, " apply since ") {
		t.Errorf("the second apply exits %d:\n%s", code, text)
	}
	if n := atWork.Load(); n != calls {
		t.Errorf("the second apply made %d calls", n-calls)
	}
	close(goOn)
	if code := exitCode(t, first.Wait()); code != 0 {
		t.Errorf("the first apply exits %d:\n%s", code, output.String())
	}
	if n := len(look(t, s.crm).ids); n != c.managed() {
		t.Errorf("%d objects are there in the end, want %d", n, c.managed())
	}
}
