package export

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// runOn is a row of a run that began on a day at eight.
func runOn(day string) string { return day + " 08:00:00,Running,,5.00,28:28,5:41,10.54,300.0,22,,," }

func runsOn(days ...string) string {
	rows := make([]string, len(days))
	for i, day := range days {
		rows[i] = runOn(day)
	}
	return v1(rows...)
}

// TestEditions joins exports of one person that were made one after the other.
func TestEditions(t *testing.T) {
	const older, newer = "01-runkeeper-data-export-2019-01-09-101112.zip", "01-runkeeper-data-export-2024-09-24-101112.zip"
	weights := func(days ...string) string {
		rows := []string{headWeight}
		for _, day := range days {
			rows = append(rows, day+" 07:00:00,weight,52")
		}
		return text(rows...)
	}
	cases := map[string]struct {
		reason     string
		old, young map[string]string
		want       string
		weights    int
		warning    string
	}{
		"Deleted": {"what the newer one lacks between its first and last day was deleted",
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-02", "2018-05-01")}, map[string]string{cardio: runsOn("2018-05-03", "2018-05-01")}, "2018-05-03 2018-05-01", 0, ""},
		"Before": {"exports are bounded by dates",
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-02", "2018-05-01")}, map[string]string{cardio: runsOn("2020-01-01", "2018-05-03")}, "2020-01-01 2018-05-03 2018-05-02 2018-05-01", 0, ""},
		"Last": {"a last day that was deleted cannot be told from a bound",
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-02", "2018-05-01")}, map[string]string{cardio: runsOn("2018-05-02", "2018-05-01")}, "2018-05-03 2018-05-02 2018-05-01", 0,
			newer + ": ends on 2018-05-02, and the older " + older + " has activities after that, which count: 1. Take the older export out if they were deleted"},
		"Measured": {"a weight of later tells that the export goes that far",
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-02", "2018-05-01")},
			map[string]string{cardio: runsOn("2018-05-02", "2018-05-01"), "measurements.csv": weights("2018-06-01")}, "2018-05-02 2018-05-01", 1, ""},
		"Weights": {"a weight that was deleted is gone, and one outside is not",
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-01"), "measurements.csv": weights("2018-05-02", "2018-04-01")},
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-01"), "measurements.csv": weights()}, "2018-05-03 2018-05-01", 1, ""},
		"NoTable": {"an export without measurements decides nothing about them",
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-01"), "measurements.csv": weights("2018-05-02", "2018-04-01")},
			map[string]string{cardio: runsOn("2018-05-03", "2018-05-01")}, "2018-05-03 2018-05-01", 2, ""},
		"Future": {"a wrong clock does not make an export span ten years",
			map[string]string{cardio: runsOn("2036-01-01", "2018-07-01", "2018-05-01")}, map[string]string{cardio: runsOn("2036-02-01", "2018-07-01", "2018-06-01")}, "2036-02-01 2018-07-01 2018-06-01 2018-05-01", 0, ""},
		"Past": {"nor does one that begins in 1970",
			map[string]string{cardio: runsOn("2018-05-02", "2018-05-01")}, map[string]string{cardio: runsOn("2019-01-01", "2018-05-02", "1970-01-01")}, "2019-01-01 2018-05-02 2018-05-01 1970-01-01", 0, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			zippedIn(t, dir, older, tc.old)
			zippedIn(t, dir, newer, tc.young)
			e, err := Open(Anywhere, NewBudget(), dir)
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, days(e)); diff != "" || len(e.Measurements) != tc.weights {
				t.Errorf("%s: %d measurements, want %d; activities (-want +got):\n%s", tc.reason, len(e.Measurements), tc.weights, diff)
			}
			got := strings.ReplaceAll(strings.TrimSpace(strings.Join(warnings(e), "\n")), dir+string(filepath.Separator), "")
			if diff := cmp.Diff(tc.warning, got); diff != "" {
				t.Errorf("%s: warnings (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func days(e *Export) string {
	var all []string
	for i := range e.Activities {
		all = append(all, e.Activities[i].Start.Format(time.DateOnly))
	}
	return strings.Join(all, " ")
}

func warnings(e *Export) []string {
	var all []string
	for _, w := range e.Warnings {
		all = append(all, w.String())
	}
	return all
}

// TestMiddle keeps deleted what an export in the middle lacks, where the newest does
// not reach.
func TestMiddle(t *testing.T) {
	dir := t.TempDir()
	for year, table := range map[int]string{
		2019: runsOn("2018-05-03", "2018-05-02", "2018-05-01"), 2020: runsOn("2019-03-01", "2018-06-01", "2018-05-01"), 2021: runsOn("2020-05-01", "2019-03-01", "2018-06-01"),
	} {
		zippedIn(t, dir, fmt.Sprintf("runkeeper-data-export-%d-12-31-101112.zip", year), map[string]string{cardio: table})
	}
	e, err := Open(Anywhere, NewBudget(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("2020-05-01 2019-03-01 2018-06-01 2018-05-01", days(e)); diff != "" {
		t.Errorf("activities (-want +got):\n%s", diff)
	}
}

// TestTwoPeople refuses exports that contradict each other.
func TestTwoPeople(t *testing.T) {
	later := strings.ReplaceAll(runsOn("2018-05-03", "2018-05-02", "2018-05-01"), "08:00", "18:00")
	cases := map[string]struct {
		reason, one, two, a, b string
		refused                bool
	}{
		"Renamed":  {"two friends in one folder", "ada.zip", "lin.zip", runsOn("2018-05-03", "2018-05-02", "2018-05-01"), later, true},
		"Dated":    {"their names tell days only", "01-runkeeper-data-export-2019-01-09-101112.zip", "01-runkeeper-data-export-2019-02-09-101112.zip", runsOn("2018-05-03", "2018-05-02", "2018-05-01"), later, true},
		"Together": {"one activity in common is enough", "a.zip", "b.zip", runsOn("2018-05-03", "2018-05-02", "2018-05-01"), runsOn("2018-05-04", "2018-05-02"), false},
		"Apart":    {"other years tell nothing", "a.zip", "b.zip", runsOn("2018-05-03", "2018-05-02"), runsOn("2019-05-03", "2019-05-02"), false},
		"One":      {"one activity may have been deleted", "a.zip", "b.zip", runsOn("2018-05-03", "2018-05-01"), runsOn("2018-05-02"), false},
		"Parts":    {"parts of one export", "01-runkeeper-data-export-2019-01-09-101112.zip", "02-runkeeper-data-export-2019-01-09-101112.zip", runsOn("2018-05-03", "2018-05-02", "2018-05-01"), later, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			zippedIn(t, dir, tc.one, map[string]string{cardio: tc.a})
			zippedIn(t, dir, tc.two, map[string]string{cardio: tc.b})
			_, err := Open(Anywhere, NewBudget(), dir)
			if refused := err != nil && strings.Contains(err.Error(), "they look like exports of two people. One account of the provider is one person"); refused != tc.refused || err != nil && !refused {
				t.Errorf("%s: %v, want refused: %v", tc.reason, err, tc.refused)
			}
		})
	}
}

// TestClock holds what a clock on the wall means when it was changed.
func TestClock(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ reason, wall, want string }{
		"Winter": {"nothing changes", "2026-01-15 08:00:00", "2026-01-15T08:00:00+01:00"},
		"Summer": {"nothing changes", "2026-07-15 08:00:00", "2026-07-15T08:00:00+02:00"},
		"Before": {"the last second of winter", "2026-03-29 01:59:59", "2026-03-29T01:59:59+01:00"},
		"Gap":    {"no clock showed it that was put forward", "2026-03-29 02:30:00", "2026-03-29T02:30:00+01:00"},
		"After":  {"the first second of summer", "2026-03-29 03:00:00", "2026-03-29T03:00:00+02:00"},
		"Twice":  {"the clock showed it twice: the first time", "2026-10-25 02:30:00", "2026-10-25T02:30:00+02:00"},
		"Later":  {"and then winter begins", "2026-10-25 03:00:00", "2026-10-25T03:00:00+01:00"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Clock(clock(t, tc.wall), vienna).Format(time.RFC3339); got != tc.want {
				t.Errorf("%s: %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

// TestLost goes on without tracks that cannot be read.
func TestLost(t *testing.T) {
	row := func(hour int, track string) string {
		return fmt.Sprintf("2023-12-31 %02d:55:59,Running,,4.21,23:38,5:37,10.68,,,,,%s", hour, track)
	}
	e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{
		cardio:  v1(row(9, "c.gpx"), row(8, "b.gpx"), row(7, "missing.gpx"), row(6, "a.gpx")),
		"c.gpx": "", "b.gpx": "<gpx><trk>", "a.gpx": gpx(time.Date(2023, 12, 31, 11, 55, 59, 0, time.UTC), 4, 0),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Locate(t.Context(), 0, 1, 2, 3); err != nil {
		t.Fatal(err)
	}
	for i := range e.Activities {
		if known := e.Activities[i].Zone != nil; known != (i == 3) {
			t.Errorf("the zone of activity %d is known: %v", i, known)
		}
	}
	want := "ada.zip: c.gpx: line 1: the file is not GPX; the track does not tell a time zone (tracks besides that cannot be read: 1)"
	if got := warnings(e); len(got) != 1 || !strings.HasSuffix(got[0], want) {
		t.Errorf("warnings %q, want one that ends in %q", got, want)
	}
}
