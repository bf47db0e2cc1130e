package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a fault plan does where it does not say.
const (
	defaultFaultRate  = 0.05
	defaultFaultInRow = 3
	defaultFaultDelay = 20 * time.Millisecond
	defaultFaultWait  = time.Second
)

// Faults is a plan of what goes wrong. Which request is hit, and by what,
// follows from the seed and from how many requests came before it, so equal
// sequences of requests meet equal faults. A request that is refused for
// another reason, such as its token or the rate limit, counts for nothing here.
type Faults struct {
	Seed  uint64
	Rate  float64  // share of the requests that are hit, above 0 and at most 1
	Kinds []string // names as FaultKinds lists them; nil is all

	Max   int    // faults in all; 0 is no bound
	After int    // requests that are left alone first
	On    string // "reads", "writes" or "all", which is also what "" means

	// InARow bounds how often one request may fail before it gets through:
	// requests are the same when method, path, query and body are.
	InARow int

	Delay time.Duration // how late a slow answer is
	Wait  time.Duration // what Retry-After asks for, rounded up to seconds
}

// FaultKinds lists the names of the kinds of fault, in a fixed order:
//
//   - 429 refuses and says in the rate-limit headers that nothing is left;
//     429-bare has no such headers, 429-after and 429-date a Retry-After in
//     seconds or as a date.
//   - 500, 502 and 503 fail with JSON before the server acts, 500-acted after
//     it; html is a 500, 502 or 503 with a page, html-200 a page that
//     pretends to be an answer. With a page, nothing was done.
//   - reset breaks the connection before the server acts, lost after it.
//   - slow acts, and answers late.
//   - cut acts, and breaks the connection in the middle of the answer;
//     garbled sends half of the JSON as if it were all.
//   - 401-timeout is the gateway's "Command timed out", 401-jwt its "Invalid
//     JWT" for a token that is good; neither acts.
//   - partial fails some rows of a bulk call, which still answers 201.
//   - stale answers a search as if the latest changes had not been made.
//   - shift moves the rows of a listing between two of its pages: one comes
//     twice, or a page later than it should. None is left out.
func FaultKinds() []string {
	names := make([]string, len(faultKinds))
	for i, k := range faultKinds {
		names[i] = k.name
	}
	return names
}

// ParseFaults reads a fault plan such as
//
//	seed=7,rate=0.05,kinds=429+500+reset
//
// that is, settings separated by commas, each at most once and each with a
// default: seed (1), rate (0.05), kinds joined by + or "all" (all), max (0, no
// bound), after (0), on (all, reads or writes), in-a-row (3), delay (20ms) and
// wait (1s). A kind with a minus before it is left out: kinds=all+-401-jwt.
// An error says what is allowed.
func ParseFaults(text string) (*Faults, error) {
	f := &Faults{Seed: 1}
	given := map[string]bool{}
	for _, setting := range strings.Split(text, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(setting), "=")
		if !ok {
			return nil, fmt.Errorf("fault plan: %q is not a setting; write it like seed=7,rate=0.05,kinds=429+500+reset", setting)
		}
		if given[name] {
			return nil, fmt.Errorf("fault plan: %s is given twice", name)
		}
		given[name] = true
		if err := f.set(name, value); err != nil {
			return nil, fmt.Errorf("fault plan: %w", err)
		}
	}
	return f.complete(), f.check()
}

func (f *Faults) set(name, value string) (err error) {
	want := "a number that is not negative, such as 7"
	switch name {
	case "seed":
		f.Seed, err = strconv.ParseUint(value, 10, 64)
	case "max":
		f.Max, err = count(value, 0)
	case "after":
		f.After, err = count(value, 0)
	case "in-a-row":
		want = "a number from 1 up, such as 3"
		f.InARow, err = count(value, 1)
	case "rate":
		want = "a share above 0 and at most 1, such as 0.05"
		if f.Rate, err = strconv.ParseFloat(value, 64); err == nil && !(f.Rate > 0 && f.Rate <= 1) {
			err = errors.New("out of range")
		}
	case "delay":
		want = "a time, such as 20ms"
		f.Delay, err = duration(value)
	case "wait":
		want = "a time, such as 1s"
		f.Wait, err = duration(value)
	case "on":
		f.On = value // check knows what it may be
	case "kinds":
		f.Kinds, err = readKinds(value)
		return err
	default:
		return fmt.Errorf("unknown setting %q; the settings are seed, rate, kinds, max, after, on, in-a-row, delay and wait", name)
	}
	if err != nil {
		return fmt.Errorf("%s is %s, not %q", name, want, value)
	}
	return nil
}

func count(text string, least int) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && n < least {
		err = errors.New("out of range")
	}
	return n, err
}

// duration reads a time above zero: zero means the default in Faults.
func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err == nil && d <= 0 {
		err = errors.New("out of range")
	}
	return d, err
}

// readKinds reads names joined by +, from left to right.
func readKinds(text string) ([]string, error) {
	on := map[string]bool{}
	for _, name := range strings.Split(text, "+") {
		name, off := strings.CutPrefix(name, "-")
		names := []string{name}
		if name == "all" {
			names = FaultKinds()
		}
		for _, n := range names {
			if err := knownKind(n); err != nil {
				return nil, err
			}
			on[n] = !off
		}
	}
	kinds := slices.DeleteFunc(FaultKinds(), func(name string) bool { return !on[name] })
	if len(kinds) == 0 {
		return nil, fmt.Errorf("kinds=%s leaves no kind; the kinds are all and %s", text, strings.Join(FaultKinds(), ", "))
	}
	return kinds, nil
}

func knownKind(name string) error {
	if slices.ContainsFunc(faultKinds, func(k faultKind) bool { return k.name == name }) {
		return nil
	}
	return fmt.Errorf("unknown kind %q; the kinds are all and %s", name, strings.Join(FaultKinds(), ", "))
}

// complete returns the plan with its defaults.
func (f *Faults) complete() *Faults {
	out := *f
	if out.Rate == 0 {
		out.Rate = defaultFaultRate
	}
	if out.Kinds == nil {
		out.Kinds = FaultKinds()
	}
	if out.On == "" {
		out.On = "all"
	}
	if out.InARow == 0 {
		out.InARow = defaultFaultInRow
	}
	if out.Delay == 0 {
		out.Delay = defaultFaultDelay
	}
	if out.Wait == 0 {
		out.Wait = defaultFaultWait
	}
	return &out
}

// check returns what is wrong with a plan, however it was made.
func (f *Faults) check() error {
	for _, name := range f.Kinds {
		if err := knownKind(name); err != nil {
			return fmt.Errorf("fault plan: %w", err)
		}
	}
	if f.On != "" && f.On != "all" && f.On != "reads" && f.On != "writes" {
		return fmt.Errorf("fault plan: on is all, reads or writes, not %q", f.On)
	}
	if !(f.Rate >= 0 && f.Rate <= 1) || f.Max < 0 || f.After < 0 || f.InARow < 0 || f.Delay < 0 || f.Wait < 0 {
		return errors.New("fault plan: no setting may be negative, and rate is at most 1")
	}
	return nil
}

// String writes the plan so that ParseFaults reads it again.
func (f *Faults) String() string {
	full := f.complete()
	kinds := strings.Join(full.Kinds, "+")
	if len(full.Kinds) == len(faultKinds) {
		kinds = "all"
	}
	return fmt.Sprintf("seed=%d,rate=%s,kinds=%s,max=%d,after=%d,on=%s,in-a-row=%d,delay=%s,wait=%s",
		full.Seed, strconv.FormatFloat(full.Rate, 'g', -1, 64), kinds,
		full.Max, full.After, full.On, full.InARow, full.Delay, full.Wait)
}
