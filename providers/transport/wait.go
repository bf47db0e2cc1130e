package transport

import (
	"errors"
	"fmt"
	"time"

	"lockstep/providers"
)

// WaitError reports a request that would have to wait for longer than it may.
type WaitError struct {
	// Server is the host that has it wait, and Why what it said.
	Server, Why string
	// For is how long it would wait from now on, Most how long it may in all.
	For, Most time.Duration
}

// Error names who asks for how long.
func (e *WaitError) Error() string {
	return fmt.Sprintf("%s has lockstep wait for %s (%s), and %s is the most", e.Server, shown(e.For), e.Why, shown(e.Most))
}

// adviseWait says what to do about a *WaitError, which an answer with a status does
// not name.
func adviseWait(e *providers.APIError) string {
	advice := "Run the command again later, or allow a longer wait with -max-wait=DURATION or LOCKSTEP_MAX_WAIT."
	var wait *WaitError
	if errors.As(e.Err, &wait) && e.Status != 0 {
		advice = "The server " + wait.Error() + ". " + advice
	}
	return advice
}

func isWait(err error) bool {
	var wait *WaitError
	return errors.As(err, &wait)
}

// shown rounds a wait to what people count in.
func shown(d time.Duration) time.Duration {
	if d > time.Minute {
		return d.Round(time.Second)
	}
	return d.Round(time.Millisecond)
}

// deadline is until when a request may wait.
type deadline struct {
	at     time.Time
	most   time.Duration
	server string
}

// allows returns a *WaitError when a wait from now on ends too late.
func (d deadline) allows(now time.Time, wait time.Duration, why string) error {
	if wait <= d.at.Sub(now) {
		return nil
	}
	return &WaitError{Server: d.server, Why: why, For: wait, Most: d.most}
}

// deadline begins a request. What a server asks for is waited for with a little
// more, so that who may wait for an hour is given a bit longer.
func (c *Client) deadline() deadline {
	most := c.options.MaxWait
	return deadline{at: c.options.Now().Add(most + min(most/10, time.Minute)), most: most, server: c.Host()}
}
