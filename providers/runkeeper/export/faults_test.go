package export

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// v1 and v2 are tables in kilometres of both generations.
func v1(rows ...string) string { return text(append([]string{headV1km}, rows...)...) }
func v2(rows ...string) string { return text(append([]string{headV2km}, rows...)...) }

// TestFaults reads exports as people really have them: what is odd in them is told,
// and hides nothing else.
func TestFaults(t *testing.T) {
	const run, walk = "2013-05-02 08:00:00,Running,,5.00,28:28,5:41,10.54,300.0,22,,,", "2013-05-01 08:00:00,Walking,,1.55,18:31,11:58,5.01,80.0,,,,"
	unknown := func(column, at string) string {
		return fmt.Sprintf("the column %q has cells that cannot be read, which count as unknown (%s)", column, at)
	}
	cases := map[string]struct {
		reason, table string
		want          []string
		warnings      []string
	}{
		"EmptyDistance": {"typed in, or heart rate only", v1(run, "2013-05-01 18:00:00,Strength Training,,,45:00,,,,,120,,"),
			[]string{"2013-05-02 5000 m 28m28s 341 10.54 300 22 -", "2013-05-01 0 m 45m0s - - - - 120"}, nil},
		"Pace": {"a dash for no pace", v1("2013-05-02 08:00:00,Running,,5.00,28:28,--,10.54,300.0,22,,,"),
			[]string{"2013-05-02 5000 m 28m28s - 10.54 300 22 -"}, []string{unknown("Average Pace", "1 row: line 2")}},
		"HeartRate": {"words for no heart rate", v1("2013-05-02 08:00:00,Running,,5.00,28:28,5:41,10.54,300.0,22,n/a,,", walk, "2013-04-30 08:00:00,Running,,5.00,28:28,5:41,10.54,300.0,22,n/a,,"),
			[]string{"2013-05-02 5000 m 28m28s 341 10.54 300 22 -", "2013-05-01 1550 m 18m31s 718 5.01 80 - -", "2013-04-30 5000 m 28m28s 341 10.54 300 22 -"},
			[]string{unknown("Average Heart Rate (bpm)", "2 rows: lines 2 and 4")}},
		"Calories": {"a comma for thousands, and a number that nobody burns", v1(`2013-05-02 08:00:00,Running,,5.00,28:28,5:41,10.54,"1,234",22,,,`, "2013-05-01 08:00:00,Walking,,1.55,18:31,11:58,5.01,8.57607276E8,,,,"),
			[]string{"2013-05-02 5000 m 28m28s 341 10.54 - 22 -", "2013-05-01 1550 m 18m31s 718 5.01 - - -"}, []string{unknown("Calories Burned", "2 rows: lines 2 and 3")}},
		"Climb": {"no decimal number", v1("2013-05-02 08:00:00,Running,,5.00,28:28,5:41,10.54,300.0,0x1p4,,,"),
			[]string{"2013-05-02 5000 m 28m28s 341 10.54 300 - -"}, []string{unknown("Climb (m)", "1 row: line 2")}},
		"CarriageReturns": {"saved by Excel for the Mac", strings.ReplaceAll(v1(run, walk), "\r\n", "\r"),
			[]string{"2013-05-02 5000 m 28m28s 341 10.54 300 22 -", "2013-05-01 1550 m 18m31s 718 5.01 80 - -"}, nil},
		"Twice": {"a service wrote twice", v1(run, walk, run),
			[]string{"2013-05-02 5000 m 28m28s 341 10.54 300 22 -", "2013-05-01 1550 m 18m31s 718 5.01 80 - -"}, []string{"rows are there twice, and count once (1 row: line 4)"}},
		"TwiceWithIDs": {"a service wrote twice, and Runkeeper gave ids", v2("a,2013-05-02 08:00:00,Running,,5.00,28:28,5:41,10.54,300.0,22,,,,", "b,2013-05-02 08:00:00,Running,,5.00,28:28,5:41,10.54,300.0,22,,,,"),
			[]string{"2013-05-02 5000 m 28m28s 341 10.54 300 22 -"}, []string{"rows are there twice, and count once (1 row: line 3)"}},
		"NeverStopped": {"a watch that ran for days rounds its speed to nothing much", v1("2013-05-02 08:00:00,Walking,,10.00,432:00:00,2592:00,0.02,,,,,"),
			[]string{"2013-05-02 10000 m 432h0m0s 155520 0.02 - - -"}, nil},
		"OneApart": {"one row of many was edited by hand", v1(append([]string{"2013-05-02 08:00:00,Running,,5.00,50:00,5:41,10.54,,,,,"}, many(30, "28:28")...)...),
			nil, []string{"duration, distance and speed contradict each other, and count as they stand (1 row: line 2)"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: tc.table}))
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, spelled(e)); diff != "" && tc.want != nil {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.warnings, warned(e)); diff != "" {
				t.Errorf("%s: warnings (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// spelled are the activities of an export, a line each.
func spelled(e *Export) []string {
	var all []string
	for i := range e.Activities {
		a := &e.Activities[i]
		line := fmt.Sprintf("%s %.0f m %s", a.Start.Format(time.DateOnly), a.Distance, a.Duration)
		for _, n := range []Amount{a.Pace, a.Speed, a.Calories, a.Climb, a.HeartRate} {
			word := "-"
			if n.Known {
				word = fmt.Sprint(n.Value)
			}
			line += " " + word
		}
		all = append(all, line)
	}
	return all
}

// warned are the warnings of an export without their places.
func warned(e *Export) []string {
	var all []string
	for _, w := range e.Warnings {
		lines := ""
		if _, after, ok := strings.Cut(w.String(), w.Problem); ok {
			lines = after
		}
		all = append(all, w.Problem+lines)
	}
	return all
}

// many are runs of a day each with one duration, 5 km at 10.54 km/h.
func many(n int, duration string) []string {
	var rows []string
	for i := range n {
		day := time.Date(2013, 4, 30, 8, 0, 0, 0, time.UTC).AddDate(0, 0, -i)
		rows = append(rows, fmt.Sprintf("%s,Running,,5.00,%s,5:41,10.54,300.0,22,,,", day.Format(clockForm), duration))
	}
	return rows
}

// TestSpreadsheet refuses tables that a spreadsheet program saved, with the rows.
func TestSpreadsheet(t *testing.T) {
	cases := map[string]struct {
		reason, table, want string
		line                int
	}{
		"Sixty":     {"every run under an hour", v1(many(7, "28:28:00")...), "sixty times as long as distance and speed say (7 rows: lines 2, 3, 4, 5, 6 and 2 more)", 2},
		"OneSixty":  {"long rides keep their durations", v1(append(many(1, "28:28:00"), rides(40)...)...), "sixty times as long as distance and speed say (1 row: line 2)", 2},
		"Miles":     {"and in miles", text(headV1mi, "2013-05-02 08:00:00,Running,,3.11,28:28:00,9:09,6.55,300.0,72,,,"), "sixty times as long", 2},
		"Pace":      {"only the pace was short", v1("2013-05-02 08:00:00,Cycling,,21.83,1:00:00,2:44:00,21.83,,,,,"), "sixty times as long", 2},
		"Clock":     {"28:28 is four in the morning of the next day", v1(many(3, "4:28:00")...), "contradict each other (3 rows: lines 2, 3 and 4)", 2},
		"February":  {"2019 had no such day", v1("2019-02-29 08:00:00,Running,,5.00,28:28,5:41,10.54,,,,,"), `"2019-02-29 08:00:00" is in no calendar`, 2},
		"Midnight":  {"a day has 24 hours", v1("2019-02-28 24:00:00,Running,,5.00,28:28,5:41,10.54,,,,,"), "is in no calendar", 2},
		"ExcelMac":  {"lines end in CR alone and dates are others", strings.ReplaceAll(v1(many(1, "28:28")[0], "5/2/13 8:00,Running,,5.00,28:28,5:41,10.54,,,,,"), "\r\n", "\r"), `the date "5/2/13 8:00"`, 3},
		"BadUTF8CR": {"lines that end in CR alone are counted", strings.ReplaceAll(v1(many(1, "28:28")[0], "2013-05-02 08:00:00,Running,K\xf6ln,5.00,28:28,5:41,10.54,,,,,"), "\r\n", "\r"), "not UTF-8", 3},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: tc.table}))
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Problem, tc.want) || e.Line != tc.line || e.Advice != adviceAgain {
				t.Errorf("%s: %v, want line %d, %s", tc.reason, err, tc.line, tc.want)
			}
		})
	}
}

// rides are of more than an hour each.
func rides(n int) []string {
	var rows []string
	for i := range n {
		day := time.Date(2012, 4, 30, 8, 0, 0, 0, time.UTC).AddDate(0, 0, -i)
		rows = append(rows, fmt.Sprintf("%s,Cycling,,40.84,1:52:15,2:44,21.83,900.0,22,,,", day.Format(clockForm)))
	}
	return rows
}

// TestEmptyMeasurements leaves measurements without a value out, and counts them.
func TestEmptyMeasurements(t *testing.T) {
	e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", map[string]string{cardio: v1(), "measurements.csv": text(headWeight,
		"2015-01-05 00:00:00,weight,", "2015-01-06 00:00:00,weight,52.5", "2015-01-07 00:00:00,weight,52 kg", "2015-01-06 00:00:00,weight,52.5")}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`the column "Value" has cells that cannot be read, which count as unknown (2 rows: lines 2 and 4)`, "rows are there twice, and count once (1 row: line 5)"}
	if diff := cmp.Diff(want, warned(e)); diff != "" || len(e.Measurements) != 1 {
		t.Errorf("%d measurements, want 1; warnings (-want +got):\n%s", len(e.Measurements), diff)
	}
}

// TestDamaged words what is wrong with a file as a whole.
func TestDamaged(t *testing.T) {
	whole, err := os.ReadFile(zipped(t, "ada.zip", map[string]string{cardio: v1(many(50, "28:28")...)}))
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(t.TempDir(), "half.zip")
	if err := os.WriteFile(half, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ reason, path, want string }{
		"Half": {"a download that ended early", half, "without its end: it was not downloaded or copied to its end. Download it again."},
		"Home": {"a shell's word", "~/ada.zip", "only a shell reads ~ as the home folder. Write the whole path"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(Anywhere, NewBudget(), tc.path); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %s", tc.reason, err, tc.want)
			}
		})
	}
}

// TestBackslashes reads a ZIP that an old Windows tool made.
func TestBackslashes(t *testing.T) {
	files, want := generations["v2 metric"].generate(3, true)
	windows := map[string]string{}
	for name, content := range files {
		windows[`export\`+name] = content
	}
	e, err := Open(Anywhere, NewBudget(), zipped(t, "ada.zip", windows))
	if err != nil {
		t.Fatal(err)
	}
	generations["v2 metric"].compare(t, want, e)
}

// TestRenamed takes the time of making from the ZIP when its name does not tell it.
func TestRenamed(t *testing.T) {
	name := filepath.Join(t.TempDir(), "ada.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	written := time.Date(2024, 9, 24, 10, 11, 12, 0, time.UTC)
	w := zip.NewWriter(f)
	entry, err := w.CreateHeader(&zip.FileHeader{Name: cardio, Modified: written})
	if err == nil {
		_, err = entry.Write([]byte(v1(many(1, "28:28")...)))
	}
	if err := errors.Join(err, w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	e, err := Open(Anywhere, NewBudget(), name)
	if err != nil || !e.Made.Equal(written) {
		t.Errorf("a renamed ZIP was made at %v, %v; want %v", e.Made, err, written)
	}
}
