package export

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestZone(t *testing.T) {
	cases := map[string]struct {
		reason         string
		start, instant string
		want           string
	}{
		"Colombia":    {"behind UTC", "2023-07-10 11:00:42", "2023-07-10 16:00:42", "-05:00"},
		"India":       {"half hours", "2023-07-10 11:00:42", "2023-07-10 05:30:42", "+05:30"},
		"Nepal":       {"three quarters", "2023-07-10 11:00:42", "2023-07-10 05:15:42", "+05:45"},
		"Midnight":    {"the date differs as well", "2023-12-31 23:30:00", "2024-01-01 04:30:00", "-05:00"},
		"LateSignal":  {"the receiver needs a while", "2023-07-10 11:00:42", "2023-07-10 16:02:30", "-05:00"},
		"UTC":         {"Iceland", "2023-07-10 11:00:42", "2023-07-10 11:00:42", "Z"},
		"FalseZ":      {"old files write local time with a false Z", "2013-10-26 17:09:25", "2013-10-26 17:09:25", ""},
		"NotAQuarter": {"the start was changed by hand", "2023-07-10 11:00:42", "2023-07-10 16:07:42", ""},
		"NoSuchZone":  {"no zone is a quarter off", "2023-07-10 11:00:00", "2023-07-10 10:45:00", ""},
		"TooFar":      {"another day", "2023-07-10 11:00:42", "2023-07-12 11:00:42", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := ""
			if zone := zoneOf(clock(t, tc.start), clock(t, tc.instant)); zone != nil {
				got = time.Date(2023, 1, 1, 0, 0, 0, 0, zone).Format("Z07:00")
			}
			if got != tc.want {
				t.Errorf("%s: zone %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

func TestTracks(t *testing.T) {
	from := time.Date(2023, 12, 31, 11, 55, 59, 0, time.UTC)
	row := `2023-12-31 06:55:59,Running,,4.21,23:38,,,,,,,2023-12-31-0655.gpx`
	other := strings.ReplaceAll(strings.Replace(row, "06:55:59", "08:55:59", 1), "-0655", "-0855")
	e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: text(headV1km, other, row), "2023-12-31-0655.gpx": gpx(from, 6, 150)}))
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	err = e.Tracks(t.Context(), func(place int, track *Track) error {
		calls++
		mean, highest := track.HeartRate()
		if place != 1 || len(track.Segments) != 2 || len(track.Segments[1]) != 3 || mean != known(152.5) || highest != known(155) {
			t.Errorf("track %d has %d segments, heart rate %v, at most %v", place, len(track.Segments), mean, highest)
		}
		p := track.Segments[1][0]
		if want := (Point{Latitude: 40.0003, Longitude: -105.0003, Elevation: known(18.7), HeartRate: known(153), Time: from.Add(30 * time.Second)}); p != want {
			t.Errorf("the point is %+v, want %+v", p, want)
		}
		return nil
	}, 0, 1)
	if err != nil || calls != 1 {
		t.Errorf("%d tracks, %v; want the one that is there", calls, err)
	}
}

func TestBadTracks(t *testing.T) {
	good := gpx(time.Date(2023, 12, 31, 11, 55, 59, 0, time.UTC), 2, 0)
	cases := map[string]struct {
		reason, in string
		line       int
		want       string
	}{
		"Empty":     {"nothing in it", "", 1, "not GPX"},
		"HTML":      {"an error page", "<html></html>", 1, "not GPX"},
		"CutOff":    {"an unfinished download", good[:len(good)/2], 3, "EOF"},
		"Time":      {"a time is a time", strings.Replace(good, "2023-12-31T11", "31.12.23", 1), 5, "not a time"},
		"Latitude":  {"beyond the pole", strings.Replace(good, "40.0", "400.0", 1), 5, "not a position"},
		"HeartRate": {"a number is a number", strings.Replace(good, "18.7", "high", 1), 5, "not a number"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			row := `2023-12-31 06:55:59,Running,,4.21,23:38,,,,,,,a.gpx`
			e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: text(headV1km, row), "a.gpx": tc.in}))
			if err != nil {
				t.Fatal(err)
			}
			err = e.Tracks(t.Context(), func(int, *Track) error { return nil }, 0)
			var bad *Error
			if !errors.As(err, &bad) || bad.File != "a.gpx" || bad.Line != tc.line || !strings.Contains(bad.Problem, tc.want) {
				t.Errorf("%s: %v, want line %d, %s", tc.reason, err, tc.line, tc.want)
			}
		})
	}
}
