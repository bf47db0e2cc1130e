package view

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/engine"
)

var start = time.Date(2026, 9, 23, 10, 0, 0, 0, time.UTC)

func TestProgressLine(t *testing.T) {
	reading := engine.Progress{Phase: "Reading", Kind: "contacts", Done: 9500, Total: 10000, Calls: 23}
	writing := engine.Progress{Phase: "Writing", Kind: "contacts", Done: 50_000, Total: 100_000, Calls: 250, CallsTotal: 500}
	failing := writing
	failing.Failed = 1200
	cases := map[string]struct {
		reason string
		in     engine.Progress
		wait   time.Duration
		width  int
		want   string
	}{
		"Reading":  {reason: "position, per cent, calls and the time that is left", in: reading, width: 80, want: "Reading contacts 9,500/10,000 95 %, 23 calls, 5 s left"},
		"NoTotal":  {reason: "an API that does not say how many there are", in: engine.Progress{Phase: "Reading", Kind: "notes", Done: 1234, Total: -1, Calls: 1}, width: 80, want: "Reading notes 1,234, 1 call"},
		"Writing":  {reason: "calls of the plan as well", in: writing, width: 80, want: "Writing contacts 50,000/100,000 50 %, 250/500 calls, 90 s left"},
		"Waiting":  {reason: "all of it and the next window", in: writing, wait: 6 * time.Second, width: 100, want: "Writing contacts 50,000/100,000 50 %, 250/500 calls, 90 s left, next window in 6 s"},
		"At80":     {reason: "what a reader knows goes first", in: writing, wait: 6 * time.Second, width: 79, want: "contacts 50,000/100,000 50 %, 250/500 calls, 90 s left, next in 6 s"},
		"At60":     {reason: "all numbers at 60 columns", in: writing, wait: 6 * time.Second, width: 59, want: "50,000/100,000 50 %, 250/500 calls, 90 s left, next in 6 s"},
		"At30":     {reason: "what does not fit is cut", in: failing, wait: 6 * time.Second, width: 29, want: "50,000/100,000 50 %, 250/500…"},
		"Failures": {reason: "failures are told", in: failing, width: 80, want: "Writing contacts 50,000/100,000 50 %, 250/500 calls, 1,200 failed, 90 s left"},
		"Long":     {reason: "who waits long is told how to stop", in: reading, wait: 15 * time.Minute, width: 120, want: "Reading contacts 9,500/10,000 95 %, 23 calls, 5 s left, next window in 15 min; ctrl-C stops after the running calls"},
		"First":    {reason: "a wait before anything was read", wait: 8 * time.Second, width: 80, want: "Waiting for the rate limit, next window in 8 s"},
		"Wide":     {reason: "a wide character has two columns and is not halved", in: engine.Progress{Phase: "Reading", Kind: "連絡先", Done: 1, Total: -1, Calls: 1}, width: 5, want: "1, 1…"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := pace{}
			p.take(tc.in, start)
			got := fitting(p.forms(start.Add(90*time.Second), tc.wait), tc.width)
			if diff := cmp.Diff(tc.want, got); diff != "" || columns(got) > tc.width {
				t.Errorf("%s: %d of %d columns, -want, +got:\n%s", tc.reason, columns(got), tc.width, diff)
			}
		})
	}
}

func TestCutTo(t *testing.T) {
	for width, want := range map[int]string{0: "", 1: "…", 2: "…", 3: "連…", 4: "連…", 5: "連絡…", 6: "連絡先"} {
		if got := cutTo("連絡先", width); got != want || columns(got) > width {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
}

// TestProgressNeverWraps holds that a terminal of any width shows one line, also when
// it becomes narrower while the line stands there.
func TestProgressNeverWraps(t *testing.T) {
	now, screen := start, &screen{width: 100}
	p := NewProgress(screen, func() int { return screen.width }, func() time.Time { return now })
	for i := range 200 {
		now = now.Add(time.Second)
		screen.resize([]int{100, 60, 80, 33, 12, 80}[i/7%6])
		p.Show(engine.Progress{Phase: "Writing", Kind: "contacts", Done: i * 500, Total: 100_000, Calls: i, CallsTotal: 200, Failed: i})
		if i%5 == 0 {
			p.Wait(now.Add(9 * time.Second))
			p.again()
		}
		if n := len(screen.lines()); n != 1 {
			t.Fatalf("after %d pictures the screen of %d columns has %d lines:\n%s", i, screen.width, n, strings.Join(screen.lines(), "\n"))
		}
	}
	screen.resize(80)
	p.Print("Read 3 contacts.")
	p.Clear()
	if diff := cmp.Diff([]string{"Read 3 contacts."}, screen.lines()); diff != "" {
		t.Errorf("what is left on the screen: -want, +got:\n%s", diff)
	}
}

// screen is a terminal that breaks long lines, and again when it is resized.
type screen struct {
	width int
	// rows are whole lines; the cursor is in the last one, of which it is column at.
	rows [][]rune
	at   int
}

func (s *screen) Write(text []byte) (int, error) {
	if len(s.rows) == 0 {
		s.rows = [][]rune{nil}
	}
	rest := string(text)
	for rest != "" {
		var up int
		last := &s.rows[len(s.rows)-1]
		switch {
		case strings.HasPrefix(rest, "\r\x1b[J"):
			// From the beginning of the row of the screen that the cursor is in.
			row := s.at / s.width
			*last, s.at, rest = (*last)[:min(row*s.width, len(*last))], row*s.width, rest[4:]
		case strings.HasPrefix(rest, "\x1b["):
			if _, err := fmt.Sscanf(rest, "\x1b[%dA", &up); err != nil {
				return 0, err
			}
			s.at -= up * s.width
			rest = rest[strings.Index(rest, "A")+1:]
		case rest[0] == '\n':
			s.rows, s.at, rest = append(s.rows, nil), 0, rest[1:]
		default:
			r, size := utf8.DecodeRuneInString(rest)
			*last = append(*last, r)
			s.at, rest = len(*last), rest[size:]
		}
	}
	return len(text), nil
}

// resize keeps the cursor at its character, as terminals do.
func (s *screen) resize(width int) { s.width = width }

// lines are the rows of the screen that are not empty.
func (s *screen) lines() []string {
	var found []string
	for _, row := range s.rows {
		for ; len(row) > s.width; row = row[s.width:] {
			found = append(found, string(row[:s.width]))
		}
		if len(row) > 0 {
			found = append(found, string(row))
		}
	}
	return found
}

// TestProgressWait tells of a long wait at once, and of the requests that wait
// together once.
func TestProgressWait(t *testing.T) {
	cases := map[string]struct {
		reason   string
		terminal bool
		waits    []time.Duration
		want     int
	}{
		"long":     {"a quarter of an hour without a word looks like a hang", false, []time.Duration{15 * time.Minute}, 1},
		"together": {"eight requests wait for one limit", false, []time.Duration{900 * time.Second, 901 * time.Second, 905 * time.Second}, 1},
		"again":    {"the limit was met once more", false, []time.Duration{15 * time.Minute, 30 * time.Minute}, 2},
		"short":    {"a log does not tell of each window of some seconds", false, []time.Duration{8 * time.Second}, 0},
		"terminal": {"a terminal does", true, []time.Duration{8 * time.Second}, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			var width func() int
			if tc.terminal {
				width = func() int { return 80 }
			}
			p := NewProgress(&out, width, func() time.Time { return start })
			for _, wait := range tc.waits {
				p.Wait(start.Add(wait))
			}
			p.Clear()
			if got := strings.Count(out.String(), "Waiting"); got != tc.want {
				t.Errorf("%s: told %d times, want %d:\n%s", tc.reason, got, tc.want, out.String())
			}
		})
	}
}

// TestProgressWaitsOn waits for one short window after another: a log tells of it about
// each ten seconds.
func TestProgressWaitsOn(t *testing.T) {
	now := start
	var out strings.Builder
	p := NewProgress(&out, nil, func() time.Time { return now })
	for range 10 {
		p.Wait(now.Add(6 * time.Second))
		now = now.Add(6 * time.Second)
	}
	if got := strings.Count(out.String(), "Waiting"); got < 4 || got > 6 {
		t.Errorf("told %d times of a minute, want about 5:\n%s", got, out.String())
	}
	p.Wait(now.Add(100 * time.Millisecond))
	if strings.Count(out.String(), "\n") > 6 {
		t.Errorf("a moment is told of:\n%s", out.String())
	}
}

// TestProgressLog writes a line every ten seconds, and none twice.
func TestProgressLog(t *testing.T) {
	var out strings.Builder
	now := start
	p := NewProgress(&out, nil, func() time.Time { return now })
	for i := range 60 {
		now = now.Add(time.Second)
		p.Show(engine.Progress{Phase: "Reading", Kind: "contacts", Done: i / 25 * 500, Total: -1, Calls: i / 25})
	}
	want := "Reading contacts 0, 0 calls\nReading contacts 500, 1 call\nReading contacts 1,000, 2 calls\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestProgressShowsWhatIsThere spells out what a stranger's text would do to the terminal.
func TestProgressShowsWhatIsThere(t *testing.T) {
	var out strings.Builder
	NewProgress(&out, nil, func() time.Time { return start }).Print("GET /contacts: trace \x1b[2J")
	if want := "GET /contacts: trace \\u001b[2J\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
