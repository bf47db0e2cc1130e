package export

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestGenerations reads generated exports of every header line, zipped and
// unpacked, and prints distances and durations again as the file had them.
func TestGenerations(t *testing.T) {
	for name, g := range generations {
		t.Run(name, func(t *testing.T) {
			files, want := g.generate(300, true)
			zip, err := Open(Anywhere, NewBudget(), zipped(t, "01-runkeeper-data-export-4711-2026-06-14-101112.zip", files))
			if err != nil {
				t.Fatal(err)
			}
			folder, err := Open(Anywhere, NewBudget(), unpacked(t, "01-runkeeper-data-export-4711-2026-06-14-101112", files))
			if err != nil {
				t.Fatal(err)
			}
			g.compare(t, want, zip)
			g.compare(t, want, folder)
			if zip.UserID != "4711" || !zip.Made.Equal(clock(t, "2026-06-14 10:11:12")) {
				t.Errorf("the name says account %q, made %v", zip.UserID, zip.Made)
			}
		})
	}
}

func (g generation) compare(t *testing.T, want []made, e *Export) {
	t.Helper()
	if len(e.Activities) != len(want) {
		t.Fatalf("%d activities, want %d", len(e.Activities), len(want))
	}
	unit := 1000.0
	if g.imperial {
		unit = mile
	}
	all := make([]int, len(want))
	for i := range want {
		all[i] = i
	}
	if err := e.Locate(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	for i, m := range want {
		a := &e.Activities[i]
		got := fmt.Sprintf("%s %.2f %.2f %s %q", a.Start.Format(clockForm), a.Distance/unit, a.Kilometres()*1000/unit, a.Duration, a.Notes)
		if w := fmt.Sprintf("%s %.2f %.2f %s %q", m.start.Format(clockForm), m.distance, m.distance, m.duration, m.notes); got != w {
			t.Fatalf("activity %d is %s, want %s", i, got, w)
		}
		if start, ok := a.Clock(); !ok || start.Format(time.RFC3339) != m.start.Format("2006-01-02T15:04:05")+"-05:00" {
			t.Fatalf("activity %d began at %v, %v; want it five hours behind UTC", i, start, ok)
		}
	}
}

// TestRefused holds that whatever is no export is refused with its place and
// the reason.
func TestRefused(t *testing.T) {
	const row = `,,4.21,23:38,5:37,10.68,340.0,22,,"","",`
	table := func(row string) string { return text(headV2km, row) }
	cases := map[string]struct {
		reason string
		in     map[string]string
		file   string
		line   int
		want   string
	}{
		"NoExport":       {"some other ZIP", map[string]string{"a.txt": "x"}, "", 0, `no cardioActivities.csv; it holds "a.txt"`},
		"EmptyZIP":       {"nothing in it", map[string]string{}, "", 0, "it is empty"},
		"ClimbsOut":      {"an attack", map[string]string{"../evil.gpx": "x", cardio: text(headV2km)}, "", 0, "leads out of the ZIP"},
		"Absolute":       {"an attack", map[string]string{"/etc/passwd": "x", cardio: text(headV2km)}, "", 0, "leads out of the ZIP"},
		"Backslash":      {"an attack on Windows", map[string]string{`..\evil.gpx`: "x", cardio: text(headV2km)}, "", 0, "leads out of the ZIP"},
		"Bomb":           {"it would fill the memory", map[string]string{cardio: text(headV2km) + strings.Repeat("\n", maxTable)}, cardio, 0, "unpacks to more than 64 MiB"},
		"USDate":         {"saved by a spreadsheet", map[string]string{cardio: table("a,12/31/23 6:55,Running" + row)}, cardio, 2, `the date "12/31/23 6:55" is not written`},
		"GermanDate":     {"saved by a spreadsheet", map[string]string{cardio: table("a,31.12.2023 06:55,Running" + row)}, cardio, 2, "the date"},
		"Semicolons":     {"saved by a spreadsheet", map[string]string{cardio: strings.ReplaceAll(table("a,2023-12-31 06:55:59,Running"+row), ",", ";")}, cardio, 1, "not separated by commas"},
		"DecimalComma":   {"saved by a spreadsheet", map[string]string{cardio: table(`a,2023-12-31 06:55:59,Running,,"4,21",23:38,,,,,,"","",`)}, cardio, 2, `the distance "4,21"`},
		"Latin1":         {"saved in another encoding", map[string]string{cardio: table("a,2023-12-31 06:55:59,Running,K\xf6ln" + row[1:])}, cardio, 2, "not UTF-8"},
		"NoType":         {"every row has one", map[string]string{cardio: table("a,2023-12-31 06:55:59," + row)}, cardio, 2, "no type"},
		"Infinite":       {"a number is a number", map[string]string{cardio: table(`a,2023-12-31 06:55:59,Running,,Inf,23:38,,,,,,"","",`)}, cardio, 2, `the distance "Inf"`},
		"ShortRow":       {"cut off", map[string]string{cardio: text(headV2km, "a,2023-12-31 06:55:59,Running")}, cardio, 2, "fewer fields"},
		"OpenQuote":      {"cut off in a note", map[string]string{cardio: table(`a,2023-12-31 06:55:59,Running,,4.21,23:38,,,,,,"","so`)}, cardio, 2, "quote"},
		"LateLine":       {"lines count what is in notes too", map[string]string{cardio: text(headV1km, "2016-09-11 16:21:14,Walking,,1.55,18:31,,,,,,\"a\nb\",", "?,Walking,,,,,,,,,,")}, cardio, 4, "the date"},
		"TrackClimbsOut": {"an attack", map[string]string{cardio: table("a,2023-12-31 06:55:59,Running" + row + "../../x.gpx")}, cardio, 2, "not a plain file name"},
		"NoUnit":         {"units are never guessed", map[string]string{cardio: text("Date,Type,Distance,Duration,Notes")}, cardio, 1, "says its unit"},
		"OtherUnit":      {"units are never guessed", map[string]string{cardio: text("Date,Type,Distance (leagues),Duration")}, cardio, 1, "leagues"},
		"NoDuration":     {"a table of something else", map[string]string{cardio: text("Date,Type,Distance (km)")}, cardio, 1, `no column "Duration"`},
		"Twice":          {"which one counts?", map[string]string{cardio: text("Date,Type,Distance (km),Distance (mi),Duration")}, cardio, 1, "twice"},
		"EmptyFile":      {"nothing was written", map[string]string{cardio: ""}, cardio, 0, "empty"},
		"MeasureDate":    {"measurements have lines too", map[string]string{cardio: text(headV2km), "measurements.csv": text(headWeight, "1/5/15 0:00,weight,52")}, "measurements.csv", 2, `the date "1/5/15 0:00"`},
		"MeasureHeader":  {"measurements have a header", map[string]string{cardio: text(headV2km), "measurements.csv": text("Date,Weight", "2015-01-05 00:00:00,52")}, "measurements.csv", 1, "Date,Type,Value"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			name := zipped(t, "ada.zip", tc.in)
			_, err := Open(Anywhere, NewBudget(), name)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%s: %v; want an Error", tc.reason, err)
			}
			if e.Path != name || e.File != tc.file || e.Line != tc.line || !strings.Contains(e.Problem, tc.want) || e.Advice == "" {
				t.Errorf("%s: %v; want %s:%d %s", tc.reason, err, tc.file, tc.line, tc.want)
			}
		})
	}
}

func TestNoZIP(t *testing.T) {
	dir := t.TempDir()
	pdf := filepath.Join(dir, "ada.zip.pdf")
	if err := os.WriteFile(pdf, []byte("%PDF-1.4 but not a ZIP"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason, in, want string
	}{
		"NotThere": {"a slip of the pen", filepath.Join(dir, "lin.zip"), "no such file"},
		"NoZIP":    {"another kind of file", pdf, "is not a ZIP file"},
		"Nothing":  {"a pattern that fits nothing", filepath.Join(dir, "lin-*.zip"), "no file fits"},
		"Pattern":  {"not a pattern", filepath.Join(dir, "[a.zip"), "not a pattern"},
		"Folder":   {"a folder with other things", dir, "no cardioActivities.csv"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Open(Anywhere, NewBudget(), tc.in)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Problem, tc.want) {
				t.Errorf("%s: %v, want %s", tc.reason, err, tc.want)
			}
		})
	}
	if _, err := Open(Anywhere, NewBudget()); err == nil {
		t.Error("no path at all is an export")
	}
}

// TestNames finds the tables under the names that people give them.
func TestNames(t *testing.T) {
	files, want := generations["v2 metric"].generate(3, false)
	table := files[cardio]
	cases := map[string]struct {
		reason string
		in     map[string]string
	}{
		"Copy":    {"downloaded twice", map[string]string{"CardioActivities (1).csv": table}},
		"Case":    {"written small", map[string]string{"cardioactivities.CSV": table}},
		"Own":     {"renamed altogether", map[string]string{"my runs.csv": table, "prices.csv": "a,b\n1,2\n"}},
		"Deep":    {"zipped again with its folder", map[string]string{"Runkeeper/ada/cardioActivities.csv": table}},
		"MacOS":   {"with what a Mac adds", map[string]string{cardio: table, "__MACOSX/._cardioActivities.csv": "\x00", ".DS_Store": "\x00"}},
		"Samples": {"an underscore", map[string]string{"cardio_activities.csv": table}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", tc.in))
			if err != nil || len(e.Activities) != len(want) {
				t.Fatalf("%s: %+v, %v", tc.reason, e, err)
			}
		})
	}
	t.Run("Beside", func(t *testing.T) {
		// A folder that is an export may hold other ZIPs.
		dir := unpacked(t, "ada", files)
		zippedIn(t, dir, "photos.zip", map[string]string{"a.jpg": "x"})
		if e, err := Open(Anywhere, NewBudget(), dir); err != nil || len(e.Activities) != len(want) || !e.Made.IsZero() {
			t.Errorf("a folder with a ZIP beside the table: %+v, %v", e, err)
		}
	})
	t.Run("Table", func(t *testing.T) {
		files, want := generations["v2 metric"].generate(2, true)
		e, err := Open(Anywhere, NewBudget(), filepath.Join(unpacked(t, "ada", files), cardio))
		if err != nil {
			t.Fatal(err)
		}
		generations["v2 metric"].compare(t, want, e)
	})
}

// TestMerge joins several exports of one person.
func TestMerge(t *testing.T) {
	old := text(headV1km,
		"2012-05-03 08:00:00,Running,,3.00,30:00,,,,,,,", "2012-05-02 08:00:00,Running,,2.00,20:00,,,,,,,", "2010-05-01 08:00:00,Running,,1.00,10:00,,,,,,,")
	new := text(headV2mi,
		`c,2013-01-01 08:00:00,Running,,3.00,30:00,,,,,,"","",`, `b,2012-05-03 08:00:00,Running,,1.86,30:00,,,,,,"","",`, `a,2012-05-01 08:00:00,Running,,1.00,9:00,,,,,,"","",`)
	more := text(headV2mi, `d,2013-01-02 08:00:00,Running,,3.00,30:00,,,,,,"","",`)
	measured := func(lines ...string) string { return text(append([]string{headWeight}, lines...)...) }
	dir := t.TempDir()
	for name, files := range map[string]map[string]string{
		"01-runkeeper-data-export-2019-01-09-101112.zip": {cardio: old,
			"measurements.csv": measured("2012-01-01 00:00:00,weight,70", "2012-02-01 00:00:00,weight,71", "2012-02-01 00:00:00,steps,9")},
		"01-runkeeper-data-export-4711-2024-09-24-101112.zip": {cardio: new,
			"measurements.csv": measured("2012-01-15 00:00:00,weight,72", "2013-02-01 00:00:00,weight,73")},
		"02-runkeeper-data-export-4711-2024-09-24-101112.zip": {cardio: more},
	} {
		zippedIn(t, dir, name, files)
	}
	check := func(t *testing.T, e *Export, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range e.Activities {
			a := &e.Activities[i]
			got = append(got, fmt.Sprintf("%s %.0f", a.Start.Format("2006-01-02"), a.Distance))
		}
		// What the newer one lacks between its first and last day was deleted.
		if diff := cmp.Diff([]string{"2013-01-02 4828", "2013-01-01 4828", "2012-05-03 2993", "2012-05-01 1609", "2010-05-01 1000"}, got); diff != "" {
			t.Errorf("activities (-want +got):\n%s", diff)
		}
		got = nil
		for _, m := range e.Measurements {
			got = append(got, fmt.Sprintf("%s %s %.0f", m.Time.Format("2006-01-02"), m.Type, m.Value))
		}
		if diff := cmp.Diff([]string{"2013-02-01 weight 73", "2012-01-15 weight 72", "2012-01-01 weight 70"}, got); diff != "" {
			t.Errorf("measurements (-want +got):\n%s", diff)
		}
		if e.UserID != "4711" {
			t.Errorf("the account is %q", e.UserID)
		}
	}
	t.Run("Folder", func(t *testing.T) { e, err := Open(Anywhere, NewBudget(), dir); check(t, e, err) })
	t.Run("Pattern", func(t *testing.T) {
		e, err := Open(Anywhere, NewBudget(), filepath.Join(dir, "*2019*.zip"), filepath.Join(dir, "*2024*"))
		check(t, e, err)
	})
	t.Run("TwoPeople", func(t *testing.T) {
		zippedIn(t, dir, "01-runkeeper-data-export-4712-2024-09-24-101112.zip", map[string]string{cardio: new})
		if _, err := Open(Anywhere, NewBudget(), dir); err == nil || !strings.Contains(err.Error(), "account 4712") && !strings.Contains(err.Error(), "account 4711") {
			t.Errorf("two people are one: %v", err)
		}
	})
}
