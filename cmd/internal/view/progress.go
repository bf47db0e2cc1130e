package view

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"lockstep/planner"
	"lockstep/planner/engine"
)

// How often a progress line is written: redrawn on a terminal, or one more
// line in a log.
const (
	redrawEvery = 100 * time.Millisecond
	logEvery    = 10 * time.Second
)

// Progress writes one aggregated line for long work. It is safe for
// concurrent use.
type Progress struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	now      func() time.Time
	start    time.Time
	last     time.Time
	// told is the end of the last wait that was told of.
	told  time.Time
	drawn bool
}

// NewProgress makes a progress line on out, redrawn in place when out is a
// terminal.
func NewProgress(out io.Writer, terminal bool, now func() time.Time) *Progress {
	return &Progress{out: out, terminal: terminal, now: now, start: now(), last: now()}
}

// Show takes the newest picture; most of them are not drawn.
func (p *Progress) Show(x engine.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); now.Sub(p.last) >= p.every() {
		p.draw(x, now)
	}
}

func (p *Progress) every() time.Duration {
	if p.terminal {
		return redrawEvery
	}
	return logEvery
}

// draw writes the line. The lock is held.
func (p *Progress) draw(x engine.Progress, now time.Time) {
	p.last = now
	line := progressLine(x, now, p.start)
	if !p.terminal {
		fmt.Fprintln(p.out, line)
		return
	}
	fmt.Fprintf(p.out, "\r%s\x1b[K", line)
	p.drawn = true
}

// Wait shows that requests wait for the rate limit, and until when. Nothing else
// happens during a long wait, so it is drawn at once, however little time has
// passed since the last line, and once for all requests that wait together.
func (p *Progress) Wait(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if until.Sub(now) < p.every() || until.Sub(p.told) < p.every() {
		return
	}
	p.told = until
	p.draw(engine.Progress{WaitUntil: until}, now)
}

// Print takes the line off the terminal and writes a line of its own, in one
// piece.
func (p *Progress) Print(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.out, line)
}

// Clear takes the line off the terminal, before anything else is written.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

func (p *Progress) clear() {
	if p.drawn {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.drawn = false
	}
}

func progressLine(x engine.Progress, now, start time.Time) string {
	if wait := x.WaitUntil.Sub(now); wait > 0 {
		return fmt.Sprintf("%-9s rate limit, %s (resets %s); ctrl-C stops after the running calls",
			"Waiting", seconds(wait.Seconds()), x.WaitUntil.Format("15:04:05"))
	}
	parts := []string{fmt.Sprintf("%-9s %s %s", x.Phase, x.Kind, thousands(x.Done))}
	if x.Total >= 0 {
		parts[0] += "/" + thousands(x.Total)
	}
	if x.CallsTotal > 0 {
		parts = append(parts, fmt.Sprintf("%s/%s calls", thousands(x.Calls), thousands(x.CallsTotal)))
	} else {
		parts = append(parts, plural(x.Calls, "call", "calls"))
	}
	if x.Failed > 0 {
		parts = append(parts, thousands(x.Failed)+" failed")
	}
	parts = append(parts, seconds(now.Sub(start).Seconds()))
	return strings.Join(parts, ", ")
}

// Nouns name kinds to people: singular and plural.
type Nouns map[string][2]string

// of is the noun for a number of objects.
func (n Nouns) of(kind string, count int) string {
	noun, ok := n[kind]
	switch {
	case !ok:
		return kind
	case count == 1:
		return noun[0]
	default:
		return noun[1]
	}
}

// ReadLine tells what was read, "Read 10,000 contacts, 42 tags from ghl in 24
// calls.", empty when nothing was. full adds how each kind was read.
func ReadLine(p *planner.Plan, nouns Nouns, full bool) string {
	var lines []string
	for i := 0; i < len(p.Reads); {
		provider, calls := p.Reads[i].Provider, 0
		var parts []string
		for ; i < len(p.Reads) && p.Reads[i].Provider == provider; i++ {
			r := p.Reads[i]
			part := thousands(r.Objects) + " " + nouns.of(r.Kind, r.Objects)
			if full && r.How != "" {
				part += " (" + r.How + ")"
			}
			parts = append(parts, part)
			calls += r.Calls
		}
		lines = append(lines, fmt.Sprintf("Read %s from %s in %s.", strings.Join(parts, ", "), provider, plural(calls, "call", "calls")))
	}
	return strings.Join(lines, "\n")
}
