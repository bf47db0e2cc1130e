package command

import (
	"fmt"
	"strings"
	"time"

	"lockstep/providers/transport"
)

// logEvent writes a request to stderr, for LOCKSTEP_LOG. Events hold no
// secret.
func (a *app) logEvent(e transport.Event) {
	var b strings.Builder
	fmt.Fprintf(&b, "[debug] %s %s: %d in %s", e.Method, e.Path, e.Status, e.Took.Round(time.Millisecond))
	if e.Attempt > 1 {
		fmt.Fprintf(&b, ", attempt %d", e.Attempt)
	}
	if e.TraceID != "" {
		b.WriteString(", trace " + e.TraceID)
	}
	if e.Wait > 0 {
		fmt.Fprintf(&b, ", waits %s", e.Wait.Round(time.Millisecond))
	}
	if e.Err != "" {
		b.WriteString(": " + e.Err)
	}
	a.progress().Print(b.String())
}
