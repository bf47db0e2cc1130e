package figures

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func clock(t *testing.T, s string) time.Time {
	t.Helper()
	for _, form := range []string{"2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(form, s); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no time", s)
	return time.Time{}
}

// did reads activities: "2026-07-19 Running 10 50" is 10 km in 50 minutes, and a
// climb and a heart rate may follow.
func did(t *testing.T, lines ...string) []Activity {
	t.Helper()
	var all []Activity
	for i, line := range lines {
		day, rest, _ := strings.Cut(line, " ")
		a := Activity{ID: fmt.Sprint(i), Start: clock(t, day)}
		var minutes float64
		n, err := fmt.Sscan(rest, &a.Type, &a.Distance, &minutes, &a.Climb, &a.HeartRate)
		if n < 3 {
			t.Fatalf("%q: %v", line, err)
		}
		a.Duration = minutes * 60
		all = append(all, a)
	}
	return Until(all, clock(t, "2999-01-01"))
}

func number(n int) *int { return &n }

func ratio(x float64) *float64 { return &x }

func TestUntil(t *testing.T) {
	all := []Activity{{ID: "b", Start: clock(t, "2026-07-20 23:59")}, {ID: "c"}, {ID: "d", Start: clock(t, "2026-07-21")}, {ID: "a", Start: clock(t, "2026-07-19")}}
	var ids []string
	for _, a := range Until(all, clock(t, "2026-07-20 08:00")) {
		ids = append(ids, a.ID)
	}
	if diff := cmp.Diff([]string{"a", "b"}, ids); diff != "" {
		t.Errorf("the last day is within, what has no time or a later one is not (-want +got):\n%s", diff)
	}
}

func TestPeriods(t *testing.T) {
	cases := map[string]struct {
		reason       string
		step         Step
		since, until string
		acts         []string
		want         []Period
	}{
		"Week": {"weeks begin on Monday, and one without activity is there too", Week, "2026-12-23", "2027-01-05",
			[]string{"2026-12-21 Running 5 30", "2026-12-27 Running 5 25", "2027-01-04 Running 2 10", "2027-01-11 Running 9 9"}, []Period{
				{"2026-12-21", Sums{Activities: 2, Days: 2, Distance: 10, Duration: 3300, Pace: 330}}, {"2026-12-28", Sums{}},
				{"2027-01-04", Sums{Activities: 1, Days: 1, Distance: 2, Duration: 600, Pace: 300}}}},
		"Month": {"two on one day are one active day", Month, "2024-02-10", "2024-03-01", []string{"2024-02-29 Running 5 30", "2024-02-29 Running 5 30", "2024-03-01 Running 1 6"}, []Period{
			{"2024-02-01", Sums{Activities: 2, Days: 1, Distance: 10, Duration: 3600, Pace: 360}}, {"2024-03-01", Sums{Activities: 1, Days: 1, Distance: 1, Duration: 360, Pace: 360}}}},
		"Year": {"what has no distance tells no pace, and hearts are weighed by time", Year, "2026-05-05", "2026-05-05",
			[]string{"2026-01-01 Yoga 0 60 0 100", "2026-12-31 Running 10 60 12.4 160", "2026-12-31 Running 10 60"}, []Period{
				{"2026-01-01", Sums{Activities: 3, Days: 2, Distance: 20, Duration: 10800, Climb: 12, Pace: 360, HeartRate: 130}}}},
		"Nothing": {"no activity at all", Week, "2026-07-20", "2026-07-20", nil, []Period{{"2026-07-20", Sums{}}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := Periods(did(t, tc.acts...), tc.step, clock(t, tc.since), clock(t, tc.until))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestStepFor(t *testing.T) {
	cases := map[string]struct {
		reason, since, until string
		want                 Step
	}{
		"Half":   {"half a year", "2026-01-26", "2026-07-20", Week},
		"Two":    {"two years", "2024-07-22", "2026-07-20", Week},
		"Three":  {"more than two years", "2024-07-01", "2026-07-20", Month},
		"Ever":   {"a life", "1990-01-01", "2026-07-20", Year},
		"Future": {"nothing yet", "2026-07-21", "2026-07-20", Week},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := StepFor(clock(t, tc.since), clock(t, tc.until)); got != tc.want {
				t.Errorf("%s: StepFor(%s, %s) = %s, want %s", tc.reason, tc.since, tc.until, got, tc.want)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	c := NewCatalogue()
	var got []string
	for _, s := range c.Split(did(t, "2026-07-01 Running 5 30", "2026-07-02 running 5 30", "2026-07-03 Hiking 9 200", "2026-07-04 Walking 1 10",
		"2026-07-05 Yoga 0 20", "2026-07-05 Quidditch 3 20", "2026-07-06 MountainBiking 9 1")) {
		got = append(got, fmt.Sprintf("%s %s %d", s.Sport.Name, s.Sport.Measure, len(s.Activities)))
	}
	if diff := cmp.Diff([]string{"Walking pace 2", "Running pace 2", "Other none 3"}, got); diff != "" {
		t.Errorf("the sport with the most time first, in any case, and what nobody knows among the others (-want +got):\n%s", diff)
	}
	if c.Measure("Mountain Biking") != Speed || c.Measure("Swimming") != SwimPace || c.Measure("?") != Untold {
		t.Error("rides are told by speed, swims by their pace, and what is not known by nothing")
	}
}

func TestStreaksOf(t *testing.T) {
	cases := map[string]struct {
		reason, until string
		acts          []string
		want          Streaks
	}{
		"None":  {"nothing", "2026-07-20", nil, Streaks{}},
		"Today": {"up to today, twice on one day", "2026-07-20", []string{"2026-07-20 Running 1 1", "2026-07-20 Yoga 0 1", "2026-07-19 Running 1 1"}, Streaks{2, 2, 2, 2, "2026-07-20"}},
		"Yesterday": {"today is not over", "2026-07-21", []string{"2026-07-20 Running 1 1", "2026-07-19 Running 1 1"},
			Streaks{2, 2, 2, 2, "2026-07-20"}},
		"Broken": {"a day without ends it, and of equal rows the last is told", "2026-07-24", []string{"2026-07-20 Running 1 1", "2026-07-19 Running 1 1", "2026-07-22 Running 1 1", "2026-06-01 Running 1 1", "2026-06-02 Running 1 1"},
			Streaks{0, 2, 2, 2, "2026-07-20"}},
		"Year": {"over New Year and a leap day", "2024-03-02", []string{"2023-12-31 Running 1 1", "2024-01-01 Running 1 1", "2024-02-28 Running 1 1", "2024-02-29 Running 1 1", "2024-03-01 Running 1 1"},
			Streaks{3, 3, 1, 2, "2024-03-01"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, StreaksOf(did(t, tc.acts...), clock(t, tc.until))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestRecords(t *testing.T) {
	share := NewCatalogue().Split(did(t, "2026-07-01 Running 10 60 50", "2026-07-02 Running 4.99 25", "2026-07-03 Running 5 25", "2026-07-04 Running 21.1 150", "2026-07-05 Running 0 200", "2026-07-06 Running 0.5 2"))[0]
	var got []string
	for _, r := range Records(share) {
		got = append(got, fmt.Sprintf("%s %s %g km %g s %g", r.Name, r.Date, r.Distance, r.Duration, r.Pace))
	}
	want := []string{
		"1 km 2026-07-03 5 km 1500 s 300", "5 km 2026-07-03 5 km 1500 s 300", "10 km 2026-07-01 10 km 3600 s 360", "Half marathon 2026-07-04 21.1 km 9000 s 426.5",
		"Farthest 2026-07-04 21.1 km 9000 s 426.5", "Longest 2026-07-05 0 km 12000 s 0", "Most climb 2026-07-01 10 km 3600 s 360",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the fastest that is long enough, ten metres less allowed (-want +got):\n%s", diff)
	}
	twice := Records(NewCatalogue().Split(did(t, "2026-07-02 Yoga 0 60", "2026-07-01 Yoga 0 60"))[0])
	if len(twice) != 1 || twice[0].Date != "2026-07-01" {
		t.Errorf("Records(...) = %v, want the first of equal ones alone", twice)
	}
}

func TestLoadOf(t *testing.T) {
	// Minutes in each of the five weeks that end with today, the oldest first.
	cases := map[string]struct {
		reason  string
		minutes [5]int
		want    Load
	}{
		"None":    {"nothing", [5]int{}, Load{}},
		"Steady":  {"as always", [5]int{100, 100, 100, 100, 100}, Load{Acute: 6000, Chronic: 6000, Ratio: ratio(1), Growth: number(0), Excess: number(0)}},
		"Thirty":  {"thirty percent are fine", [5]int{100, 100, 100, 100, 130}, Load{Acute: 7800, Chronic: 6450, Ratio: ratio(1.21), Growth: number(30), Excess: number(30)}},
		"More":    {"more are not", [5]int{100, 100, 100, 100, 131}, Load{Acute: 7860, Chronic: 6465, Ratio: ratio(1.22), Growth: number(31), Excess: number(31), Warning: true}},
		"Rested":  {"a normal week after one of rest is fine", [5]int{100, 100, 100, 10, 90}, Load{Acute: 5400, Chronic: 4500, Ratio: ratio(1.2), Growth: number(800), Excess: number(16)}},
		"Back":    {"a normal week after a break is not", [5]int{100, 0, 0, 0, 100}, Load{Acute: 6000, Chronic: 1500, Ratio: ratio(4), Excess: number(300), Warning: true}},
		"Little":  {"less than an hour is no burden", [5]int{10, 10, 10, 10, 59}, Load{Acute: 3540, Chronic: 1335, Ratio: ratio(2.65), Growth: number(490), Excess: number(490)}},
		"Begun":   {"who has just begun has nothing to compare with", [5]int{0, 0, 0, 0, 300}, Load{Acute: 18000, Chronic: 4500, Ratio: ratio(4)}},
		"Stopped": {"who stopped", [5]int{100, 100, 0, 0, 0}, Load{Chronic: 1500, Ratio: ratio(0), Excess: number(-100)}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			until := clock(t, "2026-07-20")
			var acts []Activity
			for i, minutes := range tc.minutes {
				if minutes > 0 {
					acts = append(acts, Activity{Start: until.AddDate(0, 0, -7*(4-i)).Add(20 * time.Hour), Duration: float64(minutes * 60)})
				}
			}
			if diff := cmp.Diff(tc.want, LoadOf(acts, until)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestYearToDateOf(t *testing.T) {
	acts := []string{"2022-12-31 Running 1 1", "2023-02-28 Running 10 1", "2023-03-01 Running 20 1", "2023-12-31 Running 40 1", "2024-01-01 Running 5 1", "2024-02-29 Running 10 1", "2024-03-01 Running 100 1"}
	y := YearToDateOf(did(t, acts...)[:6], clock(t, "2024-02-29"))
	got := []any{y.Year, y.Until, y.LastUntil, y.This.Distance, y.Last.Distance, *y.Change, y.Months[1], y.Months[2], y.Months[11]}
	want := []any{2024, "2024-02-29", "2023-02-28", 15.0, 10.0, 50, MonthPair{2, 10, 10}, MonthPair{3, 0, 20}, MonthPair{12, 0, 40}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("up to the same day, which 29 February is not (-want +got):\n%s", diff)
	}
	var years []string
	for _, p := range Years(append(did(t, "2019-05-05 Running 3 1"), did(t, acts...)...), clock(t, "2024-03-01")) {
		years = append(years, fmt.Sprintf("%s %g", p.From[:4], p.Distance))
	}
	if diff := cmp.Diff([]string{"2024 115", "2023 70", "2022 1", "2019 3"}, years); diff != "" {
		t.Errorf("years, newest first, without empty ones (-want +got):\n%s", diff)
	}
}

func TestCalendarOf(t *testing.T) {
	c := CalendarOf(did(t, "2025-07-20 Running 1 9", "2025-07-21 Running 1 1", "2026-07-20 Running 1 2", "2026-07-20 Yoga 0 3"), clock(t, "2026-07-20"))
	want := Calendar{From: "2025-07-21", Until: "2026-07-20", Days: []CalendarDay{{"2025-07-21", 60}, {"2026-07-20", 300}}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("53 weeks with the days that had an activity (-want +got):\n%s", diff)
	}
}
