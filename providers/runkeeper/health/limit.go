package health

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// refusals gives answers of 429 the headers that other APIs send: this one
// says in words how long it lasts (Health Graph API, rate limits).
type refusals struct {
	next http.RoundTripper
}

// RoundTrip carries out one request.
func (r refusals) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := r.next.RoundTrip(request)
	if err != nil || answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") != "" {
		return answer, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if closed := answer.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	wait, daily := interval(string(body))
	if daily > 0 {
		answer.Header.Set("X-RateLimit-Limit-Daily", strconv.Itoa(daily))
		answer.Header.Set("X-RateLimit-Daily-Remaining", "0")
	}
	answer.Header.Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
	return answer, nil
}

// limitWords are "5000 calls per 15 minutes" and "300000 calls per days1".
var limitWords = regexp.MustCompile(`(\d+) calls per (?:(\d+) )?(second|minute|hour|day)`)

// interval reads how long a refusal lasts at most, and the number of calls a
// day when it is that which is used up.
func interval(text string) (wait time.Duration, daily int) {
	m := limitWords.FindStringSubmatch(text)
	if m == nil {
		return limitInterval, 0
	}
	calls, err := strconv.Atoi(m[1])
	if err != nil {
		return limitInterval, 0
	}
	if m[3] == "day" {
		return 24*time.Hour - time.Second, calls
	}
	n := 1
	if m[2] != "" {
		if n, err = strconv.Atoi(m[2]); err != nil {
			return limitInterval, 0
		}
	}
	unit := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour}[m[3]]
	return min(time.Duration(n)*unit, 24*time.Hour-time.Second), 0
}
