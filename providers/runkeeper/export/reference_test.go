package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// reference is where recorded samples lie, from the folder that holds the
// module.
const reference = "shared/reference/runkeeper/samples/export"

func findReference(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	folder := filepath.Join(filepath.Dir(dir), filepath.FromSlash(reference))
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		t.Skip("the recorded samples are not here")
	}
	return folder
}

// TestReference reads recorded samples, where they are present, and prints
// distances, durations, paces and speeds again to the digit.
func TestReference(t *testing.T) {
	folder := findReference(t)
	tables, err := filepath.Glob(filepath.Join(folder, "cardioActivities*.csv"))
	if err != nil || len(tables) < 4 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, table := range tables {
		t.Run(filepath.Base(table), func(t *testing.T) { compareReference(t, table) })
	}
	data, err := os.ReadFile(filepath.Join(folder, "measurements.csv"))
	if err != nil {
		t.Fatal(err)
	}
	found, line, err := readMeasurements(data, &oddities{})
	if err != nil || len(found) != strings.Count(string(data), "\n")-1 {
		t.Errorf("%d measurements, line %d: %v", len(found), line, err)
	}
	for i := range found {
		if found[i].Unit() == "" {
			t.Errorf("%s has no unit", found[i].Type)
		}
	}
}

func compareReference(t *testing.T, table string) {
	data, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found, line, err := readActivities(data, &oddities{})
	if err != nil || len(found) != len(records)-1 {
		t.Fatalf("%d activities of %d rows, line %d: %v", len(found), len(records)-1, line, err)
	}
	h, err := readHeader(records[0])
	if err != nil || len(h.other) > 0 {
		t.Fatalf("columns %v are not known, %v", h.other, err)
	}
	for i, row := range records[1:] {
		a := &found[i]
		amount := func(n Amount, scale float64, form string) string {
			if !n.Known {
				return ""
			}
			return fmt.Sprintf(form, n.Value/scale)
		}
		pace := ""
		if a.Pace.Known {
			s := int(Round(a.Pace.Value*h.distance/1000, 0))
			pace = fmt.Sprintf("%d:%02d", s/60, s%60)
		}
		got := strings.Join([]string{fmt.Sprintf("%.2f", a.Distance/h.distance), amount(a.Speed, h.speed, "%.2f"), pace,
			strconv.Itoa(int(a.Duration.Seconds())), a.Start.Format(clockForm), a.Track, amount(a.HeartRate, 1, "%.0f")}, "|")
		d, err := parseDuration(row[h.at[columnDuration]])
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Join([]string{row[h.at[columnDistance]], row[h.at[columnSpeed]], row[h.at[columnPace]],
			seconds(d), row[h.at[columnDate]], row[h.at[columnTrack]], row[h.at[columnHeart]]}, "|")
		if got != want {
			t.Errorf("row %d is %s, want %s", i+1, got, want)
		}
	}
}

// TestReferenceZone finds the zone of the recorded track.
func TestReferenceZone(t *testing.T) {
	folder := findReference(t)
	e, err := Open(Anywhere, NewBudget(), filepath.Join(folder, "cardioActivities.v2.km.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Activities {
		if e.Activities[i].Track == "2023-12-31-065559.gpx" {
			if err := e.Locate(t.Context(), i); err != nil {
				t.Fatal(err)
			}
			if start, ok := e.Activities[i].Clock(); !ok || start.Format("15:04:05-07:00") != "06:55:59-05:00" {
				t.Errorf("the activity began at %v, %v", start, ok)
			}
			return
		}
	}
	t.Error("the activity with a track is not there")
}
