package export

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzActivities reads any bytes as a table: whatever is accepted is sound.
func FuzzActivities(f *testing.F) {
	for _, g := range generations {
		files, _ := g.generate(3, false)
		f.Add([]byte(files[cardio]))
	}
	f.Add([]byte(text(headEdited, `2015-01-04 10:00:00,Running,,1.00,10:00,10:00,6.00,100,,,,`)))
	f.Add([]byte("\r\"0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, line, err := readActivities(bytes.Clone(data), &oddities{})
		// A line may also end in a carriage return alone.
		if err != nil && line > bytes.Count(feedLines(data), []byte("\n"))+1 {
			t.Errorf("line %d of fewer: %v", line, err)
		}
		if err != nil {
			return
		}
		for i := range found {
			a := &found[i]
			if a.Distance < 0 || a.Duration < 0 || math.IsNaN(a.Distance) || math.IsInf(a.Distance, 0) || a.Type == "" || a.Start.IsZero() && a.Line == 0 {
				t.Errorf("unsound activity %+v", a)
			}
			if badTrack(a.Track) != nil {
				t.Errorf("the track %q leads away", a.Track)
			}
		}
	})
}

// FuzzTrack reads any bytes as GPX.
func FuzzTrack(f *testing.F) {
	f.Add([]byte(gpx(time.Unix(1700000000, 0), 4, 120)))
	f.Add([]byte("<gpx><trkpt lat='1' lon='2'/></gpx>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		track, line, err := readTrack(bytes.NewReader(data))
		if err != nil {
			if line < 1 {
				t.Errorf("line %d: %v", line, err)
			}
			return
		}
		mean, highest := track.HeartRate()
		if mean.Known && mean.Value > highest.Value+0.1 {
			t.Errorf("a mean of %v is above %v", mean, highest)
		}
	})
}

// FuzzZIP reads any bytes as a ZIP.
func FuzzZIP(f *testing.F) {
	files, _ := generations["v1 metric"].generate(2, true)
	seed, err := os.ReadFile(zipped(f, "ada.zip", files))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(t.TempDir(), "ada.zip")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Open(Anywhere, NewBudget(), name)
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		for i := range e.Activities {
			// A track may be damaged; it must not bring the reader down.
			if err := e.Locate(t.Context(), i); err != nil && err.Error() == "" {
				t.Error("an error without words")
			}
		}
	})
}
