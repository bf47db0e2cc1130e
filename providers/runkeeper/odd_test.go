package runkeeper

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// onlyAda configures a provider with one export, which may have a name.
func onlyAda(t *testing.T, name string, files map[string]string) providers.Provider {
	t.Helper()
	p := New(WithClock(func() time.Time { return today }))
	if err := p.Configure(t.Context(), configuration(map[string]entry{"ada": {export: zipped(t, name, files)}})); err != nil {
		t.Fatal(err)
	}
	return p
}

// changed is Ada's export with files replaced.
func changed(files map[string]string) map[string]string {
	all := maps.Clone(ada)
	maps.Copy(all, files)
	return all
}

// TestOdd tells the totals of exports that are odd, again and again, and warns.
func TestOdd(t *testing.T) {
	const named, renamed = "01-runkeeper-data-export-4711-2026-06-16-101112.zip", "ada.zip"
	future := strings.Replace(ada["cardioActivities.csv"], "id-5,2026-06-15", "id-5,2036-06-15", 1)
	cases := map[string]struct {
		reason, name string
		files        map[string]string
		want         string
		warnings     []string
	}{
		"Old":      {"what came after the day of the export is not known, so nobody is idle since", "01-runkeeper-data-export-4711-2026-06-15-101112.zip", ada, "5 81.12 2026-06-15 0 -05:00 3", nil},
		"Newer":    {"a name that lies ahead of today", "01-runkeeper-data-export-4711-2026-07-15-101112.zip", ada, "5 81.12 2026-06-15 1 -05:00 3", nil},
		"Sound":    {"nothing is odd", named, ada, "5 81.12 2026-06-15 1 -05:00 3", nil},
		"EmptyGPX": {"a track that holds nothing", named, changed(map[string]string{"2026-06-15-070000.gpx": ""}), "5 81.12 2026-06-15 1 - 3", []string{named + ": 2026-06-15-070000.gpx: line 1: the file is not GPX; the track does not tell a time zone"}},
		"HalfGPX":  {"a track that is cut off", named, changed(map[string]string{"2026-06-15-070000.gpx": "<gpx><trk>"}), "5 81.12 2026-06-15 1 - 3", []string{named + ": 2026-06-15-070000.gpx: line 1: XML syntax error on line 1: unexpected EOF; the track does not tell a time zone"}},
		"Future": {"a clock ran ten years ahead", named, changed(map[string]string{"cardioActivities.csv": future}), "5 81.12 2026-06-14 2 - 0",
			[]string{named + ": a clock was wrong: activities after the day of the export, 2026-06-16, count in sums, but not as the last activity (1, the first on 2036-06-15)"}},
		"FutureToday": {"of a ZIP that does not tell its day", renamed, changed(map[string]string{"cardioActivities.csv": future}), "5 81.12 2026-06-14 3 - 0",
			[]string{renamed + ": a clock was wrong: activities after today count in sums, but not as the last activity (1, the first on 2036-06-15)"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := onlyAda(t, tc.name, tc.files)
			for range 2 {
				o := list(t, p, kindAthlete, nil)[0]
				var got []string
				for _, path := range []string{"activity_count", "total_distance_km", "last_activity_date", "days_idle", "timezone", "current_streak_days"} {
					text := o.Value(path).Text()
					if text == "" {
						text = "-"
					}
					got = append(got, text)
				}
				if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
			}
			if diff := cmp.Diff(tc.warnings, oddities(t, p)); diff != "" {
				t.Errorf("%s: warnings (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// oddities are the warnings of a provider, without the folders of paths.
func oddities(t *testing.T, p providers.Provider) []string {
	t.Helper()
	warner, ok := p.(providers.Warner)
	if !ok {
		t.Fatal("the provider does not warn")
	}
	var all []string
	for _, w := range warner.Warnings() {
		path, rest, _ := strings.Cut(w.Problem, ": ")
		all = append(all, filepath.Base(path)+": "+rest)
	}
	return all
}

// TestZoneUnasked reads no track for what no zone is needed for.
func TestZoneUnasked(t *testing.T) {
	broken := changed(map[string]string{"2026-06-15-070000.gpx": ""})
	cases := map[string]struct {
		reason, kind string
		in           schema.Fields
		asks         bool
	}{
		"Measurements": {"a day is one by the clock on the wall", kindMeasurement, where("since", "2026-06-01"), false},
		"Instant":      {"an instant is one of a zone", kindMeasurement, where("since", "2026-06-01T08:00:00Z"), true},
		"Activities":   {"the start of each has its offset", kindActivity, nil, true},
		"Records":      {"this week is that of the person", kindRecord, nil, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := onlyAda(t, "ada.zip", broken)
			if len(list(t, p, tc.kind, tc.in)) == 0 {
				t.Error("nothing was read")
			}
			if asked := len(oddities(t, p)) > 0; asked != tc.asks {
				t.Errorf("%s: asked the tracks: %v, want %v", tc.reason, asked, tc.asks)
			}
		})
	}
}
