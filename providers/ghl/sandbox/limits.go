package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// unlimited is what the headers announce when there is no burst limit: enough
// that no client that obeys them slows down.
const unlimited = 1_000_000

// limiter counts requests in a fixed burst window and in a fixed window of 24
// hours, each opened by the first request in it.
type limiter struct {
	max      int // 0: no burst limit
	interval time.Duration
	daily    int

	window, day       time.Time // starts of the current windows
	inWindow, sameDay int
}

func newLimiter(opts Options) *limiter {
	return &limiter{max: opts.RateMax, interval: opts.RateInterval, daily: opts.Daily}
}

// roll starts a new window where the old one is over.
func (l *limiter) roll(now time.Time) {
	if now.Sub(l.window) >= l.interval {
		l.window, l.inWindow = now, 0
	}
	if now.Sub(l.day) >= 24*time.Hour {
		l.day, l.sameDay = now, 0
	}
}

// take spends one request, or reports that none is left.
func (l *limiter) take(now time.Time) bool {
	l.roll(now)
	if l.max > 0 && l.inWindow >= l.max || l.sameDay >= l.daily {
		return false
	}
	l.inWindow++
	l.sameDay++
	return true
}

// headers announces the limits. Every answer carries them, refusals too.
func (l *limiter) headers(h http.Header, now time.Time) {
	l.roll(now)
	limit, used := l.max, l.inWindow
	if limit == 0 {
		limit, used = unlimited, 0
	}
	reset := l.day.Add(24 * time.Hour).Sub(now)
	for name, n := range map[string]int64{
		"X-RateLimit-Max":                   int64(limit),
		"X-RateLimit-Remaining":             int64(limit - used),
		"X-RateLimit-Interval-Milliseconds": l.interval.Milliseconds(),
		"X-RateLimit-Limit-Daily":           int64(l.daily),
		"X-RateLimit-Daily-Remaining":       int64(l.daily - l.sameDay),
		"X-RateLimit-Daily-Reset":           reset.Milliseconds(),
	} {
		h.Set(name, strconv.FormatInt(n, 10))
	}
}
