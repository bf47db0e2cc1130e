package view

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"lockstep/planner/engine"
)

// How often a progress line is written: redrawn on a terminal, and at least each
// second of a wait, or one more line in a log.
const (
	redrawEvery = 100 * time.Millisecond
	tickEvery   = time.Second
	logEvery    = 10 * time.Second
)

// Progress writes one aggregated line for long work. It is safe for
// concurrent use.
type Progress struct {
	mu sync.Mutex
	// out takes the codes that move the cursor, and text what is read.
	out  io.Writer
	text *Visible
	// width returns the columns of the terminal; nil where there is none.
	width func() int
	now   func() time.Time
	pace  pace
	last  time.Time
	// until is the end of a wait, and told the end of the last one that was told of.
	until, told time.Time
	// logged is the last line of a log.
	logged string
	// drawn is how many columns the line on the terminal has.
	drawn int
	tick  *time.Timer
}

// NewProgress makes a progress line on out. width returns how many columns the
// terminal has at that moment, 0 when that is not known; it is nil when out is no
// terminal, and then each line stays.
func NewProgress(out io.Writer, width func() int, now func() time.Time) *Progress {
	return &Progress{out: out, text: NewVisible(out, false), width: width, now: now, last: now()}
}

// Show takes the newest picture; most of them are not drawn.
func (p *Progress) Show(x engine.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.pace.take(x, now)
	if now.Sub(p.last) >= p.every() {
		p.draw(now)
	}
}

func (p *Progress) every() time.Duration {
	if p.width != nil {
		return redrawEvery
	}
	return logEvery
}

// draw writes the line. The lock is held.
func (p *Progress) draw(now time.Time) {
	p.last = now
	wait := p.until.Sub(now)
	if p.width == nil {
		p.log(p.pace.forms(now, wait)[0])
		return
	}
	width := terminalColumns(p.width())
	line := fitting(p.pace.forms(now, wait), width-1)
	p.erase(width)
	fmt.Fprint(p.text, line)
	p.drawn = columns(line)
}

// log writes a line that is news.
func (p *Progress) log(line string) {
	if line != p.logged {
		fmt.Fprintln(p.text, line)
	}
	p.logged = line
}

// erase takes the line off the terminal. When the terminal became narrower than the
// line, it has broken the line into several.
func (p *Progress) erase(width int) {
	if rows := (p.drawn - 1) / width; p.drawn > 0 && rows > 0 {
		fmt.Fprintf(p.out, "\x1b[%dA", rows)
	}
	fmt.Fprint(p.out, "\r\x1b[J")
	p.drawn = 0
}

// Wait shows that requests wait for the rate limit, and until when. Nothing else
// happens during a long wait, so it is drawn at once, however little time has
// passed since the last line, and once for all requests that wait together. A
// terminal shows how the seconds go by; a log tells of short waits that follow each
// other, as beside another run that uses up each window.
func (p *Progress) Wait(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	wait := until.Sub(now)
	quiet := wait >= tickEvery && now.Sub(p.last) >= p.every()
	if wait < p.every() && !quiet || until.Sub(p.told) < p.every() {
		return
	}
	p.until, p.told, p.logged = until, until, "" // another wait may look the same
	p.draw(now)
	if p.width != nil && p.tick == nil {
		p.tick = time.AfterFunc(tickEvery, p.again)
	}
}

// again redraws the line while requests wait.
func (p *Progress) again() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.tick == nil || !now.Before(p.until) {
		p.tick = nil
		return
	}
	p.draw(now)
	p.tick.Reset(tickEvery)
}

// Print takes the line off the terminal and writes a line of its own, in one
// piece.
func (p *Progress) Print(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.text, line)
}

// Clear takes the line off the terminal, before anything else is written. It comes
// back with the next picture or wait.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tick != nil {
		p.tick.Stop()
		p.tick = nil
	}
	p.clear()
}

func (p *Progress) clear() {
	if p.drawn > 0 {
		p.erase(terminalColumns(p.width()))
	}
}

// pace is the newest picture of long work, and since when its phase goes on.
type pace struct {
	now   engine.Progress
	begun time.Time
}

// take notes a picture.
func (p *pace) take(x engine.Progress, now time.Time) {
	if x.Phase != p.now.Phase || x.Kind != p.now.Kind {
		p.begun = now
	}
	p.now = x
}

// soon is from when on the time that is left can be told.
const soon = 2 * time.Second

// left estimates how long the rest takes, in seconds; 0 when that is not known.
func (p *pace) left(now time.Time) float64 {
	done, total := p.now.Done, p.now.Total
	if p.now.CallsTotal > 0 {
		done, total = p.now.Calls, p.now.CallsTotal
	}
	took := now.Sub(p.begun)
	if took < soon || done <= 0 || done >= total {
		return 0
	}
	return took.Seconds() * float64(total-done) / float64(done)
}

// forms are ways to tell how far the work is, the longest first: position, per cent,
// calls, failures, the time that is left and the next window of the rate limit.
func (p *pace) forms(now time.Time, wait time.Duration) []string {
	x := p.now
	position := thousands(x.Done)
	if x.Total > 0 {
		position += fmt.Sprintf("/%s %d %%", thousands(x.Total), 100*min(x.Done, x.Total)/x.Total)
	}
	rest := []string{plural(x.Calls, "call", "calls")}
	if x.CallsTotal > 0 {
		rest[0] = fmt.Sprintf("%s/%s calls", thousands(x.Calls), thousands(x.CallsTotal))
	}
	if x.Failed > 0 {
		rest = append(rest, thousands(x.Failed)+" failed")
	}
	if left := p.left(now); left > 0 {
		rest = append(rest, seconds(left)+" left")
	}
	if x.Phase == "" {
		x.Phase, position, rest = "Waiting", "for the rate limit", nil
	}
	long, short := rest, rest
	if wait > 0 {
		window := "next window in " + seconds(wait.Seconds())
		if wait >= time.Minute {
			window += "; ctrl-C stops after the running calls"
		}
		long, short = append(rest[:len(rest):len(rest)], window), append(rest[:len(rest):len(rest)], "next in "+seconds(wait.Seconds()))
	}
	join := func(parts []string, head ...string) string {
		return strings.Join(append([]string{strings.Join(head, " ")}, parts...), ", ")
	}
	if x.Kind == "" {
		return []string{join(long, x.Phase, position), join(short, x.Phase, position)}
	}
	return []string{join(long, x.Phase, x.Kind, position), join(short, x.Kind, position), join(short, position)}
}

// fitting returns the first form that has room, or else as much as there is room for
// of the last.
func fitting(forms []string, width int) string {
	for _, form := range forms {
		if columns(form) <= width {
			return form
		}
	}
	return cutTo(forms[len(forms)-1], width)
}
