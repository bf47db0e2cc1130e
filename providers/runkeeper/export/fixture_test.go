package export

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The header lines that exports have had.
const (
	headV2km   = "Activity Id,Date,Type,Route Name,Distance (km),Duration,Average Pace,Average Speed (km/h),Calories Burned,Climb (m),Average Heart Rate (bpm),Friend's Tagged,Notes,GPX File"
	headV2mi   = "Activity Id,Date,Type,Route Name,Distance (mi),Duration,Average Pace,Average Speed (mph),Calories Burned,Climb (ft),Average Heart Rate (bpm),Friend's Tagged,Notes,GPX File"
	headV1km   = "Date,Type,Route Name,Distance (km),Duration,Average Pace,Average Speed (km/h),Calories Burned,Climb (m),Average Heart Rate (bpm),Notes,GPX File"
	headV1mi   = "Date,Type,Route Name,Distance (mi),Duration,Average Pace,Average Speed (mph),Calories Burned,Climb (ft),Average Heart Rate (bpm),Notes,GPX File"
	headEdited = "Date,Type,Route Name,Distance,Duration,Average Pace,Average Speed (mph),Calories Burned,Climb (ft),Average Heart Rate (bpm),Notes,GPX File"
	headWeight = "Date,Type,Value"
)

const cardio = "cardioActivities.csv"

// text joins lines as Runkeeper ends them.
func text(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }

// zipped writes a ZIP and returns its path.
func zipped(t testing.TB, name string, files map[string]string) string {
	t.Helper()
	return zippedIn(t, t.TempDir(), name, files)
}

func zippedIn(t testing.TB, dir, name string, files map[string]string) string {
	t.Helper()
	full := filepath.Join(dir, name)
	f, err := os.Create(full)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for name, content := range files {
		e, err := w.Create(name)
		if err == nil {
			_, err = e.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return full
}

// unpacked writes files into a folder and returns its path.
func unpacked(t testing.TB, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	for name, content := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// gpx is a track of two segments that begins at an instant. rate 0 gives no
// heart rates.
func gpx(from time.Time, points, rate int) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Runkeeper - http://www.runkeeper.com" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
<trk><name><![CDATA[Running]]></name><time>2001-01-01T00:00:00Z</time>
`)
	for i := range points {
		if i == 0 || i == points/2 {
			if i > 0 {
				b.WriteString("</trkseg>\n")
			}
			b.WriteString("<trkseg>\n")
		}
		fmt.Fprintf(&b, `<trkpt lat="%.9f" lon="%.9f"><ele>18.7</ele><time>%s</time>`,
			40+float64(i)/1e4, -105-float64(i)/1e4, from.Add(time.Duration(i)*10*time.Second).UTC().Format(time.RFC3339))
		if rate > 0 {
			fmt.Fprintf(&b, "<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>%d</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions>", rate+i)
		}
		b.WriteString("</trkpt>\n")
	}
	b.WriteString("</trkseg></trk></gpx>\n")
	return b.String()
}

// generation makes exports with one header line.
type generation struct {
	head     string
	ids      bool
	imperial bool
	// stamp is the form of a track's name.
	stamp string
	// long writes durations as H:MM:SS always.
	long bool
}

var generations = map[string]generation{
	"v2 metric":   {head: headV2km, ids: true, stamp: "2006-01-02-150405"},
	"v2 imperial": {head: headV2mi, ids: true, imperial: true, stamp: "2006-01-02-150405"},
	"v1 metric":   {head: headV1km, stamp: "2006-01-02-1504", long: true},
	"v1 imperial": {head: headV1mi, imperial: true, stamp: "2006-01-02-1504"},
}

// made is what a generated activity must be read as.
type made struct {
	start    time.Time
	distance float64 // in the file's unit, two places
	duration time.Duration
	notes    string
}

// generate makes an export of n activities, one a day, newest first. With
// tracks, each has a GPX file that was recorded at UTC-5.
func (g generation) generate(n int, tracks bool) (files map[string]string, want []made) {
	files = map[string]string{}
	var b strings.Builder
	b.WriteString(g.head + "\r\n")
	last := time.Date(2026, 6, 14, 7, 15, 0, 0, time.UTC)
	for i := range n {
		m := made{
			start: last.AddDate(0, 0, -i).Add(time.Duration(i%50) * time.Minute), distance: float64(i%2100) / 100,
			duration: time.Duration(i%20000) * time.Second,
		}
		track := ""
		if tracks {
			track = m.start.Format(g.stamp) + ".gpx"
			files[track] = gpx(m.start.Add(5*time.Hour), 4, 0)
		}
		if i%7 == 0 {
			m.notes = fmt.Sprintf("Run %d, \"fine\"\nand on\\", i)
		}
		want = append(want, m)
		g.row(&b, i, m, track)
	}
	files[cardio] = b.String()
	return files, want
}

func (g generation) row(b *strings.Builder, i int, m made, track string) {
	if g.ids {
		fmt.Fprintf(b, "%08x-0000-4000-8000-000000000000,", i)
	}
	fmt.Fprintf(b, "%s,%s,,%.2f,%s,", m.start.Format(clockForm), []string{"Running", "Walking", "Cycling"}[i%3], m.distance, g.spell(m.duration))
	if m.distance > 0 && m.duration > 0 {
		pace := int(m.duration.Seconds() / m.distance)
		fmt.Fprintf(b, "%d:%02d,%.2f,", pace/60, pace%60, m.distance/m.duration.Hours())
	} else {
		b.WriteString(",,")
	}
	b.WriteString("297.0,22,,")
	if g.ids {
		b.WriteString(`"",`)
	}
	fmt.Fprintf(b, "\"%s\",%s\r\n", strings.ReplaceAll(m.notes, `"`, `""`), track)
}

// spell writes a duration as this generation does.
func (g generation) spell(d time.Duration) string {
	s := int(d / time.Second)
	if g.long || s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
