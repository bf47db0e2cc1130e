package transport

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"lockstep/providers"
)

// maxInterval is the longest window that a server may state: no request waits that
// long, and longer ones could not be counted with.
const maxInterval = 24 * time.Hour

// unconfirmed is how many requests may be under way before the server has
// stated its limit: the smallest limit that is known of.
const unconfirmed = 25

// A run that has used longWindows of its limit goes on for long, and from then on leaves
// one place of sharedPlaces free. Otherwise a short run beside it, such as a plan beside an
// apply, would find every window used up as soon as it begins.
const (
	longWindows  = 5
	sharedPlaces = 20
)

// DailyLimitError reports that the day's quota is used up. Nothing waits for it.
type DailyLimitError struct {
	// Limit of requests a day, 0 when not known.
	Limit int
	// Reset is when requests are possible again; zero when not known.
	Reset time.Time
}

// Error tells when requests are possible again.
func (e *DailyLimitError) Error() string {
	text := "the day's quota of requests is used up"
	if e.Limit > 0 {
		text = fmt.Sprintf("the day's quota of %d requests is used up", e.Limit)
	}
	if e.Reset.IsZero() {
		return text
	}
	return text + "; it resets at " + e.Reset.UTC().Format(time.RFC3339)
}

// quota is what the server states of the day: -1 remain when it states nothing.
type quota struct {
	limit, remaining int
	reset            time.Time
}

// block is until when no request is sent, and why.
type block struct {
	until time.Time
	why   string
}

// limiter keeps requests within the server's window of max per interval.
//
// A place is taken when a request is sent and is free again one interval
// after its answer: the server counted it at some time in between, so however
// its windows lie, none sees more than max. A burst of max goes out at once.
type limiter struct {
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	onWait func(time.Time)
	off    bool

	mu       sync.Mutex
	max      int
	interval time.Duration
	// confirmed is set by the first answer that states the limit.
	confirmed bool
	underway  int
	// sent counts the requests of the run.
	sent int
	// done are the times of answers, sorted. They are kept for longer than an
	// interval, to be compared with what late answers say.
	done []time.Time
	// blocked is how a 429 stops everything.
	blocked block
	// changed is closed, and replaced, when a place may have become free.
	changed chan struct{}

	daily quota
}

func newLimiter(o Options) *limiter {
	return &limiter{
		now: o.Now, sleep: o.Sleep, onWait: o.OnWait, off: o.Max == Unlimited,
		max: o.Max, interval: o.Interval, changed: make(chan struct{}), daily: quota{remaining: -1},
	}
}

// acquire takes a place, waiting for one if it must. The error is a *WaitError when
// there is none in time.
func (l *limiter) acquire(ctx context.Context, until deadline) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		wait, changed, err := l.try()
		if err != nil || wait == 0 && changed == nil {
			return err
		}
		if err := until.allows(l.now(), wait, l.window()); err != nil {
			return err
		}
		if err := l.wait(ctx, wait, changed); err != nil {
			return err
		}
	}
}

// wait waits for a time, or until changed is closed, while there is patience.
func (l *limiter) wait(ctx context.Context, wait time.Duration, changed <-chan struct{}) error {
	ctx, done := providers.Patience(ctx)
	defer done()
	if wait > 0 {
		if l.onWait != nil {
			l.onWait(l.now().Add(wait))
		}
		return l.sleep(ctx, wait)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
		return nil
	}
}

// try takes a place if there is one. Otherwise it returns how long to wait, or
// returns the channel that tells of a change when only answers can free one.
func (l *limiter) try() (time.Duration, <-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.off {
		l.underway++
		return 0, nil, nil
	}
	now := l.now()
	if l.daily.remaining == 0 && (l.daily.reset.IsZero() || now.Before(l.daily.reset)) {
		return 0, nil, &DailyLimitError{Limit: l.daily.limit, Reset: l.daily.reset}
	}
	if now.Before(l.blocked.until) {
		return l.blocked.until.Sub(now), nil, nil
	}
	l.done = slices.Delete(l.done, 0, l.countBefore(now.Add(-3*l.interval)))
	if !l.confirmed && l.underway >= min(l.max, unconfirmed) {
		return 0, l.changed, nil
	}
	recent := l.done[l.countBefore(now.Add(-l.interval)):]
	excess := l.underway + len(recent) - (l.max - l.spare())
	if excess < 0 {
		l.underway++
		l.sent++
		return 0, nil, nil
	}
	if excess >= len(recent) {
		return 0, l.changed, nil
	}
	// The place of recent[excess] is the one whose end makes room.
	return recent[excess].Add(l.interval).Sub(now), nil, nil
}

// spare is how many places of a window are left to others.
func (l *limiter) spare() int {
	if l.sent < longWindows*l.max {
		return 0
	}
	return l.max / sharedPlaces
}

// countBefore counts the answers at or before a time.
func (l *limiter) countBefore(t time.Time) int {
	n, _ := slices.BinarySearchFunc(l.done, t, func(d, t time.Time) int {
		if d.After(t) {
			return 1
		}
		return -1
	})
	return n
}

// release gives a place back and learns from the answer's headers. header is
// nil when there was no answer.
func (l *limiter) release(sent time.Time, header http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if header != nil {
		l.learn(now, header)
		l.countOthers(sent, now, header)
	}
	l.underway--
	l.record(now, 1)
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *limiter) record(at time.Time, times int) {
	if l.off {
		return
	}
	i := l.countBefore(at)
	l.done = slices.Insert(l.done, i, slices.Repeat([]time.Time{at}, times)...)
}

// learn takes the limits that the server states.
func (l *limiter) learn(now time.Time, header http.Header) {
	if n, ok := intHeader(header, "X-RateLimit-Max"); ok && n > 0 {
		l.max, l.confirmed = n, true
	}
	if ms, ok := intHeader(header, "X-RateLimit-Interval-Milliseconds"); ok && ms > 0 {
		l.interval = time.Duration(min(int64(ms), maxInterval.Milliseconds())) * time.Millisecond
	}
	if n, ok := intHeader(header, "X-RateLimit-Limit-Daily"); ok {
		l.daily.limit = n
	}
	if n, ok := intHeader(header, "X-RateLimit-Daily-Remaining"); ok {
		l.daily.remaining = max(n, 0)
	}
	if ms, ok := intHeader(header, "X-RateLimit-Daily-Reset"); ok && ms >= 0 {
		l.daily.reset = now.Add(time.Duration(ms) * time.Millisecond)
	}
	// A server that states no limit has none that could be kept better.
	l.confirmed = true
}

// countable is the largest limit under which the requests of other programs
// are counted: a larger one never binds, and would cost an entry each.
const countable = 10_000

// countOthers notices requests that other programs made with the same token:
// the server has counted more than this client can have sent.
func (l *limiter) countOthers(sent, now time.Time, header http.Header) {
	remaining, ok := intHeader(header, "X-RateLimit-Remaining")
	if !ok || remaining < 0 || l.max > countable {
		return
	}
	own := l.underway + len(l.done) - l.countBefore(sent.Add(-l.interval))
	if others := l.max - remaining - own; others > 0 && others <= l.max {
		l.record(now, others)
	}
}

// window says what requests wait for.
func (l *limiter) window() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now().Before(l.blocked.until) {
		return l.blocked.why
	}
	return fmt.Sprintf("its limit is %d requests per %s", l.max, l.interval)
}

// refused takes a 429, the times-th of a request, and returns how long to wait before the
// next attempt. It returns a *DailyLimitError or a *WaitError when waiting does not help.
func (l *limiter) refused(header http.Header, times int, until deadline) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.daily.remaining == 0 {
		return 0, &DailyLimitError{Limit: l.daily.limit, Reset: l.daily.reset}
	}
	now := l.now()
	wait, ok := retryAfter(header, now)
	why := "Retry-After"
	if !ok {
		wait, why = l.interval, fmt.Sprintf("its limit is %d requests per %s", l.max, l.interval)
	}
	if times > 1 {
		// What was told to come back at once, and was refused again, asks ever less often.
		wait = max(wait, min(l.interval, firstBackoff<<min(times, 10)))
	}
	// Programs that were refused together must not come back together.
	wait += jitter(min(l.interval, time.Minute) / 20)
	if end := now.Add(wait); end.After(l.blocked.until) {
		l.blocked = block{end, why}
	}
	return wait, until.allows(now, wait, why)
}

func (l *limiter) usage() providers.Usage {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := providers.Usage{
		Max: l.max, IntervalSeconds: l.interval.Seconds(),
		DailyLimit: l.daily.limit, DailyRemaining: l.daily.remaining,
	}
	if l.off {
		u.Max, u.IntervalSeconds = 0, 0
	}
	return u
}

// longest is the longest wait that is told from a longer one.
const longest = 10 * 365 * 24 * time.Hour

// retryAfter reads a Retry-After header: seconds, or a date.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	text := header.Get("Retry-After")
	if text == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, longest.Seconds()) * float64(time.Second)), true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return min(max(at.Sub(now), 0), longest), true
}

func intHeader(header http.Header, name string) (int, bool) {
	text := header.Get(name)
	if text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// jitter is a random part of d.
func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d)
}

// isDaily reports whether an error is about the day's quota.
func isDaily(err error) bool {
	var daily *DailyLimitError
	return errors.As(err, &daily)
}
