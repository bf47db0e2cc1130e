package export

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func clock(t testing.TB, s string) time.Time {
	t.Helper()
	c, err := parseClock(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func known(f float64) Amount { return Amount{Value: f, Known: true} }

func TestActivities(t *testing.T) {
	at := func(s string) time.Time { return clock(t, s) }
	cases := map[string]struct {
		reason string
		in     string
		want   []Activity
	}{
		"V2Metric": {"ids, friends, a whole climb",
			text(headV2km, `3E1EE84F-0000-4000-8000-0bb4f54da193,2023-12-31 06:55:59,Running,River,4.21,23:38,5:37,10.68,340.0,22,106,"Ada L,Lin,","Good",2023-12-31-065559.gpx`),
			[]Activity{{ID: "3e1ee84f-0000-4000-8000-0bb4f54da193", Start: at("2023-12-31 06:55:59"), Type: "Running", RouteName: "River", Distance: 4210,
				Duration: 23*time.Minute + 38*time.Second, Figures: Figures{Pace: known(337), Speed: known(10.68), Calories: known(340), Climb: known(22), HeartRate: known(106)},
				Friends: []string{"Ada L", "Lin"}, Notes: "Good", Row: Row{Track: "2023-12-31-065559.gpx", Line: 2}}}},
		"V2Imperial": {"miles and feet become metres",
			text(headV2mi, `3edb5002-0000-4000-8000-646750a11168,2022-02-20 10:42:50,Running,,2.02,18:22,9:06,6.59,210.0,89,,"","",2022-02-20-104250.gpx`),
			[]Activity{{ID: "3edb5002-0000-4000-8000-646750a11168", Start: at("2022-02-20 10:42:50"), Type: "Running", Distance: 3250.87,
				Duration: 18*time.Minute + 22*time.Second, Figures: Figures{Pace: known(339.27), Speed: known(10.605577), Calories: known(210), Climb: known(27.1272)},
				Row: Row{Track: "2022-02-20-104250.gpx", Line: 2}}}},
		"V1Metric": {"no id, an empty climb, a stationary activity of hours, notes with line breaks",
			text(headV1km, `2016-09-11 16:21:14,Walking,,1.55,18:31,11:58,5.01,89.9757041732498,,,"Up, down
and ""home"" \",`, `2012-12-20 08:30:00,Swimming,,0.00,0:30:00,,,145.0,,,,`),
			[]Activity{
				{ID: "f1", Made: true, Start: at("2016-09-11 16:21:14"), Type: "Walking", Distance: 1550, Duration: 18*time.Minute + 31*time.Second,
					Figures: Figures{Pace: known(718), Speed: known(5.01), Calories: known(89.975704)}, Notes: "Up, down\nand \"home\" \\", Row: Row{Line: 2}},
				{ID: "f2", Made: true, Start: at("2012-12-20 08:30:00"), Type: "Swimming", Duration: 30 * time.Minute, Figures: Figures{Calories: known(145)}, Row: Row{Line: 4}},
			}},
		"V1Imperial": {"decimal feet",
			text(headV1mi, `2013-12-27 12:54:43,Running,,7.16,1:06:06,9:14,6.50,899.0,142.91,,"Better",2013-12-27-1254.gpx`),
			[]Activity{{ID: "f1", Made: true, Start: at("2013-12-27 12:54:43"), Type: "Running", Distance: 11522.90, Duration: time.Hour + 6*time.Minute + 6*time.Second,
				Figures: Figures{Pace: known(344.24), Speed: known(10.460736), Calories: known(899), Climb: known(43.558968)}, Notes: "Better", Row: Row{Track: "2013-12-27-1254.gpx", Line: 2}}}},
		"HandEdited": {"the speed says the unit that the distance does not",
			text(headEdited, `2015-01-04 10:00:00,Running,,1.00,10:00,10:00,6.00,100,,,,`),
			[]Activity{{ID: "f1", Made: true, Start: at("2015-01-04 10:00:00"), Type: "Running", Distance: 1609.34, Duration: 10 * time.Minute,
				Figures: Figures{Pace: known(372.82), Speed: known(9.656064), Calories: known(100)}, Row: Row{Line: 2}}}},
		"UnknownColumns": {"columns of the future are kept; order does not matter; LF and a byte order mark do no harm",
			"\xef\xbb\xbfType,Shoes,Date,Duration,Distance (km),Mood (1-5),Steps\nRunning,Old ones,2027-01-01 08:00:00,100:00,10.00,5,\n\n,,,,,,\n",
			[]Activity{{ID: "f1", Made: true, Start: at("2027-01-01 08:00:00"), Type: "Running", Distance: 10000, Duration: 100 * time.Minute,
				Row: Row{Other: map[string]string{"Shoes": "Old ones", "Mood (1-5)": "5"}, Line: 2}}}},
		"NoRows": {"a person who never ran", text(headV2km), nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: tc.in}))
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			checkIDs(t, e.Activities, tc.want)
			if diff := cmp.Diff(tc.want, e.Activities, cmpopts.IgnoreUnexported(Row{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// checkIDs wants an id of each activity, and gives made ones the id that the
// test calls them.
func checkIDs(t *testing.T, got, want []Activity) {
	t.Helper()
	ids := map[string]bool{}
	for i := range got {
		a := &got[i]
		if ids[a.ID] || a.ID == "" {
			t.Errorf("the id %q is not the activity's own", a.ID)
		}
		if ids[a.ID] = true; a.Made && i < len(want) {
			a.ID = want[i].ID
		}
	}
}

func TestDurations(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   time.Duration
		bad    bool
	}{
		"Zero":        {"typed in without one", "0:00", 0, false},
		"Short":       {"minutes and seconds", "44:44", 44*time.Minute + 44*time.Second, false},
		"Hours":       {"with hours", "1:05:12", time.Hour + 5*time.Minute + 12*time.Second, false},
		"Day":         {"long races", "10:44:00", 10*time.Hour + 44*time.Minute, false},
		"Minutes":     {"a pace of hours", "128:05", 128*time.Minute + 5*time.Second, false},
		"Empty":       {"a row without", "", 0, true},
		"Seconds":     {"no colon", "44", 0, true},
		"TooMany":     {"minutes end at 59 below hours", "1:60:00", 0, true},
		"OneDigit":    {"seconds have two digits", "1:5", 0, true},
		"Spreadsheet": {"a spreadsheet's time of day", "12:23:38 AM", 0, true},
		"Sign":        {"no time runs backwards", "+1:00", 0, true},
		"Huge":        {"no run takes a century", "9999999:00:00", 0, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := parseDuration(tc.in)
			if got != tc.want || (err != nil) != tc.bad {
				t.Errorf("%s: %q is %v, %v; want %v", tc.reason, tc.in, got, err, tc.want)
			}
		})
	}
}

func TestMeasurements(t *testing.T) {
	in := text(headWeight, "2015-01-05 00:00:00,steps,12606.0", "2015-03-20 07:00:00,weight,52.8163", "2015-01-05 00:00:00,steps,3", "2015-01-06 00:00:00,resting_heartrate,51")
	e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: text(headV2km), "Measurements.csv": in}))
	if err != nil {
		t.Fatal(err)
	}
	want := []Measurement{
		{Time: clock(t, "2015-03-20 07:00:00"), Type: "weight", Value: 52.8163, Line: 3},
		{Time: clock(t, "2015-01-06 00:00:00"), Type: "resting_heartrate", Value: 51, Line: 5},
		{Time: clock(t, "2015-01-05 00:00:00"), Type: "steps", Value: 12606, Line: 2},
		{Time: clock(t, "2015-01-05 00:00:00"), Type: "steps", Value: 3, Line: 4},
	}
	sorted := cmpopts.SortSlices(func(a, b Measurement) bool { return a.Line < b.Line })
	if diff := cmp.Diff(want, e.Measurements, sorted, cmpopts.IgnoreFields(Measurement{}, "ID")); diff != "" {
		t.Errorf("measurements (-want +got):\n%s", diff)
	}
	for i := range e.Measurements {
		if m := &e.Measurements[i]; i > 0 && m.ID == e.Measurements[i-1].ID || m.Type == "weight" && m.Unit() != "kg" {
			t.Errorf("measurement %+v has not its own id, or unit %q", m, m.Unit())
		}
	}
}

// TestKeys holds made ids to what must not change them.
func TestKeys(t *testing.T) {
	row := "2012-12-20 08:30:00,Running,,%,,145.0,,,,"
	open := func(head, distance string) string {
		e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: text(head, strings.Replace(row, "%", distance, 1))}))
		if err != nil {
			t.Fatal(err)
		}
		return e.Activities[0].ID
	}
	first := open(headV1km, "5.00,0:30:00,")
	if again := open(headV1km, "5.00,30:00,"); again != first {
		t.Errorf("another spelling of the duration made the id %s of %s", again, first)
	}
	if miles := open(headV1mi, "3.11,30:00,"); miles != first {
		t.Errorf("another unit made the id %s of %s", miles, first)
	}
	if other := open(headV1km, "5.00,30:01,"); other == first {
		t.Error("another duration has the same id")
	}
}
