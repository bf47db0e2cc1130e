package runkeeper

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

func athlete(t *testing.T, args schema.Fields) schema.Object {
	t.Helper()
	found, err := open(t).Get(t.Context(), kindAthlete, []providers.Key{{Fields: args}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d athletes, %v", len(found), err)
	}
	return found[0]
}

// TestAthlete is at 21:30 of Tuesday 16 June where Ada is, though it is
// Wednesday in UTC.
func TestAthlete(t *testing.T) {
	o := athlete(t, where("account", "ada"))
	got := values(&o)
	for _, path := range []string{"totals", "by_type", "best_efforts"} {
		delete(got, path)
	}
	want := map[string]string{
		"account": `"ada"`, "user_id": `"4711"`, "source": `"export"`, "exported_at": `"2026-06-16T10:11:12"`, "timezone": `"-05:00"`,
		"name": `"Ada Example Lovelace"`, "first_name": `"Ada"`, "last_name": `"Example Lovelace"`,
		"activity_count": "5", "active_days": "5", "total_distance_m": "81120", "total_distance_km": "81.12", "total_duration_s": "19506",
		"total_calories_kcal": "3800.5", "total_climb_m": "450", "longest_distance_m": "40000", "longest_distance_km": "40", "longest_duration_s": "7200",
		"first_activity_date": `"2025-06-17"`, "last_activity_date": `"2026-06-15"`, "last_activity_time": `"2026-06-15T07:00:00-05:00"`,
		"last_activity_id": `"id-5"`, "last_activity_type": `"Running"`, "last_activity_distance_m": "10020", "last_activity_distance_km": "10.02",
		"days_idle": "1", "current_streak_days": "3", "longest_streak_days": "3", "current_streak_weeks": "2", "longest_streak_weeks": "2",
		"weight_kg": "61.25", "weight_date": `"2026-06-10"`, "measurements": `{"steps":9000,"weight":61.25}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("athlete (-want +got):\n%s", diff)
	}
	sums := map[string]string{}
	for _, name := range o.Value("totals").Keys() {
		w := o.Value("totals").Entry(name)
		sums[name] = fmt.Sprintf("%s in %s days: %s km, %s m, %s s", w.Entry("activities"), w.Entry("active_days"), w.Entry("distance_km"), w.Entry("distance_m"), w.Entry("duration_s"))
	}
	wantSums := map[string]string{
		"all": "5 in 5 days: 81.12 km, 81120 m, 19506 s", "days_7": "3 in 3 days: 55.02 km, 55020 m, 10806 s", "days_30": "4 in 4 days: 76.12 km, 76120 m, 18006 s",
		"days_90": "4 in 4 days: 76.12 km, 76120 m, 18006 s", "days_365": "5 in 5 days: 81.12 km, 81120 m, 19506 s",
		"this_week": "1 in 1 days: 10.02 km, 10020 m, 3006 s", "last_week": "2 in 2 days: 45 km, 45000 m, 7800 s",
		"this_month": "3 in 3 days: 55.02 km, 55020 m, 10806 s", "last_month": "1 in 1 days: 21.1 km, 21100 m, 7200 s",
		"this_year": "4 in 4 days: 76.12 km, 76120 m, 18006 s", "last_year": "1 in 1 days: 5 km, 5000 m, 1500 s",
	}
	if diff := cmp.Diff(wantSums, sums); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	efforts := map[string]string{}
	for _, name := range o.Value("best_efforts").Keys() {
		e := o.Value("best_efforts").Entry(name)
		efforts[name] = e.Entry("id").Text() + " " + e.Entry("activity_pace_s_per_km").Text()
	}
	wantEfforts := map[string]string{"1km": "id-1 300", "5km": "id-1 300", "10km": "id-5 300", "half_marathon": "id-2 341.2"}
	if diff := cmp.Diff(wantEfforts, efforts); diff != "" {
		t.Errorf("best efforts (-want +got):\n%s", diff)
	}
}

func TestAthleteNarrowed(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     schema.Fields
		want   string
	}{
		"Running":  {"cycling does not count", where("account", "ada", "type", "running"), "4 41.12 id-5 1 idle, 1 of 1 days, all 41.12, Running"},
		"Cycling":  {"runs do not count", where("account", "ada", "type", "Cycling"), "1 40 id-4 2 idle, 0 of 1 days, all 40, Cycling"},
		"Window":   {"sums are of the window; the rest is not", where("account", "ada", "since", "2026-06-01", "until", "2026-06-14"), "2 45 id-5 1 idle, 3 of 3 days, all 81.12, Cycling Running"},
		"Never":    {"a type that was never done", where("account", "ada", "type", "Yoga"), "0 0   idle, 0 of 0 days, all 0, "},
		"LongIdle": {"years ago, in Vienna", where("account", "lin"), "1 11.5229 lin 4555 idle, 0 of 1 days, all 11.5229, Running"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := athlete(t, tc.in)
			v := func(path string) string { return o.Value(path).Text() }
			id, _, _ := strings.Cut(v("last_activity_id"), "/")
			got := fmt.Sprintf("%s %s %s %s idle, %s of %s days, all %s, %s", v("activity_count"), v("total_distance_km"), id, v("days_idle"),
				v("current_streak_days"), v("longest_streak_days"), o.Value("totals").Entry("all").Entry("distance_km"), strings.Join(o.Value("by_type").Keys(), " "))
			if got != tc.want {
				t.Errorf("%s: %s, want %s", tc.reason, got, tc.want)
			}
			for _, f := range tc.in {
				if v(f.Path) != f.Value.Text() {
					t.Errorf("the argument %s is %q", f.Path, v(f.Path))
				}
			}
		})
	}
}

func TestStreaks(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }
	cases := map[string]struct {
		reason  string
		in      []int
		now     int
		current int
		longest int
	}{
		"None":      {"nothing done", nil, 5, 0, 0},
		"Today":     {"begun today", []int{5}, 5, 1, 1},
		"Yesterday": {"today is not over", []int{3, 4}, 5, 2, 2},
		"Broken":    {"a day was missed", []int{1, 2, 3}, 5, 0, 3},
		"Twice":     {"two activities of a day are one day, in any order", []int{5, 4, 5, 4}, 5, 2, 2},
		"Gap":       {"the longest may be an older one", []int{-9, -8, -7, 4, 5}, 5, 2, 3},
		"Years":     {"over the end of a year", []int{-1, 0, 1}, 1, 3, 3},
		"Future":    {"a clock that is ahead", []int{5, 6}, 5, 1, 2},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var days []time.Time
			for _, n := range tc.in {
				days = append(days, day(n))
			}
			if current, longest := streaks(days, day(tc.now), 1); current != tc.current || longest != tc.longest {
				t.Errorf("%s: %d, at most %d; want %d, %d", tc.reason, current, longest, tc.current, tc.longest)
			}
		})
	}
}

func TestRecords(t *testing.T) {
	got := list(t, open(t), kindRecord, where("account", "ada"))
	if len(got) != 2 || got[0].Value("activity_type").Text() != "Cycling" {
		t.Fatalf("records of %d types", len(got))
	}
	o := values(&got[1])
	for path := range o {
		if strings.HasSuffix(path, "_m") {
			delete(o, path)
		}
	}
	want := map[string]string{
		"account": `"ada"`, "activity_type": `"Running"`, "overall_distance_km": "41.12",
		"best_activity_distance_km": "21.1", "best_activity_date": `"2026-05-30"`, "best_week_distance_km": "21.1", "best_week_date": `"2026-05-25"`,
		"best_month_distance_km": "21.1", "best_month_date": `"2026-05-01"`, "this_week_distance_km": "10.02", "last_week_distance_km": "5",
		"this_month_distance_km": "15.02", "last_month_distance_km": "21.1",
	}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestMeasurements(t *testing.T) {
	got := list(t, open(t), kindMeasurement, where("account", "ada", "type", "weight", "since", "2026-06-02"))
	if len(got) != 1 {
		t.Fatalf("%d measurements", len(got))
	}
	want := map[string]string{"account": `"ada"`, "type": `"weight"`, "time": `"2026-06-10T08:00:00"`, "date": `"2026-06-10"`, "value": "61.25", "unit": `"kg"`}
	if diff := cmp.Diff(want, values(&got[0])); diff != "" {
		t.Errorf("measurement (-want +got):\n%s", diff)
	}
}
