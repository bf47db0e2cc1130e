package runkeeper

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lockstep/providers"
)

// BenchmarkAthletes tells the totals of 2,000 people with 100 activities each,
// every other one with a track, from exports that were not opened before.
func BenchmarkAthletes(b *testing.B) {
	var table strings.Builder
	table.WriteString(headKM + "\r\n")
	files := map[string]string{}
	for i := range 100 {
		at := today.AddDate(0, 0, -3*i)
		track := ""
		if i%2 == 0 {
			track = at.Format("2006-01-02-150405") + ".gpx"
			files[track] = ada["2026-06-15-070000.gpx"]
		}
		fmt.Fprintf(&table, "id-%d,%s,Running,,10.02,50:06,5:00,12.00,700.0,40,150,\"\",\"\",%s\r\n", i, at.Format("2006-01-02 15:04:05"), track)
	}
	files["cardioActivities.csv"] = table.String()
	path := zipped(b, "ada.zip", files)
	entries := map[string]entry{}
	for i := range 2000 {
		entries[fmt.Sprintf("person-%d", i)] = entry{export: path}
	}
	config := configuration(entries)
	for b.Loop() {
		p := New(WithClock(func() time.Time { return today }))
		if err := p.Configure(b.Context(), config); err != nil {
			b.Fatal(err)
		}
		for name := range entries {
			found, err := p.Get(b.Context(), kindAthlete, []providers.Key{{Fields: where("account", name)}})
			if err != nil || len(found) != 1 {
				b.Fatal(err)
			}
		}
	}
}
