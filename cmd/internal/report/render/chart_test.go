package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/report/figures"
)

func weeks(km ...float64) []figures.Period {
	all := make([]figures.Period, len(km))
	for i, x := range km {
		all[i].From = []string{"2026-06-01", "2026-06-08", "2026-06-15", "2026-06-22", "2026-06-29", "2026-07-06"}[i]
		if x > 0 {
			all[i].Sums = figures.Sums{Activities: 1, Distance: x, Duration: x * 300}
		}
	}
	return all
}

func TestBars(t *testing.T) {
	dance := []figures.Period{{From: "2026-06-01", Sums: figures.Sums{Activities: 1, Duration: 3600}}, {From: "2026-06-08", Sums: figures.Sums{Activities: 2, Duration: 7200}}}
	cases := map[string]struct {
		reason  string
		measure figures.Measure
		periods []figures.Period
		before  float64
		want    bars
	}{
		"Weeks": {"the last week stands out, and the mean lies over the four before it", figures.Pace, weeks(0, 10, 20, 0, 40, 10), 20,
			bars{Width: 60, Past: "M15 100V75M25 100V50M45 100V0", Now: "M55 100V75", Mean: 50, MeanFrom: 10, MeanTo: 50, Most: "40.0 km", First: "1 Jun 2026", Last: "this week",
				Words: "Running by the week from 1 Jun 2026 to this week. Most: 40.0 km in the week of 29 June 2026."}},
		"Tiny": {"what was done can be seen", figures.Pace, weeks(0.01, 1000), 0,
			bars{Width: 20, Past: "M5 100V98", Now: "M15 100V0", Most: "1,000 km", First: "1 Jun 2026", Last: "this week",
				Words: "Running by the week from 1 Jun 2026 to this week. Most: 1,000 km in the week of 8 June 2026."}},
		"Hours": {"what has no distance is drawn by its time", figures.Untold, dance, 0,
			bars{Width: 20, Past: "M5 100V50", Now: "M15 100V0", Most: "2:00 h", First: "1 Jun 2026", Last: "this week",
				Words: "Running by the week from 1 Jun 2026 to this week. Most: 2:00 h in the week of 8 June 2026."}},
		"Nothing": {"without anything there is a sentence", figures.Pace, weeks(0, 0), 0, bars{Width: 20, First: "1 Jun 2026", Last: "this week", Words: "Nothing in these weeks."}},
		"None":    {"and without weeks not even that", figures.Pace, nil, 0, bars{Last: "this week"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := units{}.newBars("Running", tc.measure, tc.periods, figures.Week, tc.before, "this week")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestTrend(t *testing.T) {
	paces := func(all ...float64) []figures.Period {
		periods := make([]figures.Period, len(all))
		for i, x := range all {
			periods[i].Pace = x
		}
		return periods
	}
	cases := map[string]struct {
		reason  string
		periods []figures.Period
		path    string
		words   string
		ok      bool
	}{
		"Faster": {"the fastest is on top", paces(360, 330, 300), "M5 100h0L15 50L25 0", "Pace from 6:00 /km to 5:00 /km, between 5:00 /km and 6:00 /km.", true},
		"Gap":    {"a gap stays one, and a lone figure is a dot", paces(0, 300, 0, 360, 330), "M15 0h0M35 100h0L45 50", "Pace from 5:00 /km to 5:30 /km, between 5:00 /km and 6:00 /km.", true},
		"Level":  {"equal figures are a level line", paces(300, 300), "M5 100h0L15 100", "Pace from 5:00 /km to 5:00 /km, between 5:00 /km and 5:00 /km.", true},
		"One":    {"one figure is no trend", paces(0, 300), "", "", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, ok := newTrend("Pace", tc.periods, func(p *figures.Period) float64 { return p.Pace }, true, func(x float64) string { return units{}.speed(figures.Pace, x) })
			if diff := cmp.Diff([]any{tc.path, tc.words, tc.ok}, []any{got.Path, got.Words, ok}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestYearMap(t *testing.T) {
	m := newYearMap(&figures.Calendar{From: "2025-07-21", Until: "2026-07-20", Days: []figures.CalendarDay{
		{Date: "2025-07-21", Duration: 600}, {Date: "2025-07-22", Duration: 3600}, {Date: "2025-07-28", Duration: 3700}, {Date: "2026-07-20", Duration: 9000}}})
	want := [4]string{"m0 2h3", "", "m0 6h3m1 -4h3", "m208 2h3"}
	if diff := cmp.Diff(want, m.Levels); diff != "" {
		t.Errorf("a column for each week, darker from half an hour to half an hour (-want +got):\n%s", diff)
	}
	if m.Width != 53*dayStep || m.Words != "4 days active in the year to 20 Jul 2026; the longest was 20 Jul 2026 with 2:30 h." {
		t.Errorf("newYearMap(...) is %d wide and says %q", m.Width, m.Words)
	}
	if got := strings.Join(m.Months, " "); got != "Aug Sep Oct Nov Dec Jan Feb Mar Apr May Jun Jul" {
		t.Errorf("the months are %s", got)
	}
}

func TestMonths(t *testing.T) {
	y := figures.YearToDate{Year: 2026, Until: "2026-02-10", This: figures.Sums{Distance: 150}, Last: figures.Sums{Distance: 100}, Months: make([]figures.MonthPair, 12)}
	if _, ok := (units{}).newMonths(&y); ok {
		t.Error("one year alone is compared with nothing")
	}
	y.Months[0], y.Months[1] = figures.MonthPair{Month: 1, This: 100, Last: 50}, figures.MonthPair{Month: 2, This: 50, Last: 200}
	m, ok := units{}.newMonths(&y)
	want := months{Name: "2026 and 2025 by month", This: "M7 100V50M17 100V75", Last: "M3 100V75M13 100V0", Width: 120,
		Words: "Months of 2026: 150.0 km up to 10 Feb 2026. The year before up to the same day: 100.0 km."}
	if diff := cmp.Diff(want, m); diff != "" || !ok {
		t.Errorf("two strokes for each month (-want +got):\n%s", diff)
	}
}
