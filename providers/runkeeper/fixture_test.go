package runkeeper

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const (
	headKM = "Activity Id,Date,Type,Route Name,Distance (km),Duration,Average Pace,Average Speed (km/h),Calories Burned,Climb (m),Average Heart Rate (bpm),Friend's Tagged,Notes,GPX File"
	headMI = "Date,Type,Route Name,Distance (mi),Duration,Average Pace,Average Speed (mph),Calories Burned,Climb (ft),Average Heart Rate (bpm),Notes,GPX File"
)

// today of the tests is a Wednesday.
var today = time.Date(2026, 6, 17, 2, 30, 0, 0, time.UTC)

// ada ran this week and the last, at UTC-5. Her export has an id for each.
var ada = map[string]string{
	"cardioActivities.csv": lines(headKM,
		`id-5,2026-06-15 07:00:00,Running,River,10.02,50:06,5:00,12.00,700.0,40,150,"Lin,","Good, ""very""",2026-06-15-070000.gpx`,
		`id-4,2026-06-14 07:00:00,Cycling,,40.00,1:40:00,2:30,24.00,900.5,300,,"","",`,
		`id-3,2026-06-13 07:00:00,Running,,5.00,30:00,6:00,10.00,350.0,,,"","",`,
		`id-2,2026-05-30 07:00:00,Running,,21.10,2:00:00,5:41,10.55,1500.0,100,,"","",`,
		`id-1,2025-06-17 07:00:00,Running,,5.00,25:00,5:00,12.00,350.0,10,,"","",`),
	"measurements.csv":      lines("Date,Type,Value", "2026-06-01 08:00:00,weight,61.5", "2026-06-10 08:00:00,weight,61.25", "2026-06-10 00:00:00,steps,9000"),
	"2026-06-15-070000.gpx": `<gpx><trk><trkseg><trkpt lat="1" lon="2"><time>2026-06-15T12:00:00Z</time></trkpt></trkseg></trk></gpx>`,
}

// lin has an old export in miles, without ids and tracks.
var lin = map[string]string{
	"cardioActivities.csv": lines(headMI, `2013-12-27 12:54:43,Running,,7.16,1:06:06,9:14,6.50,899.0,142.91,,"",`),
}

func lines(all ...string) string { return strings.Join(all, "\r\n") + "\r\n" }

func zipped(t testing.TB, name string, files map[string]string) string {
	t.Helper()
	full := filepath.Join(t.TempDir(), name)
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

// entry is an account block.
type entry struct {
	export, timezone, name string
	exports                []string
}

func configuration(entries map[string]entry) cty.Value {
	accounts := map[string]cty.Value{}
	for name, e := range entries {
		null := func(s string) cty.Value {
			if s == "" {
				return cty.NullVal(cty.String)
			}
			return cty.StringVal(s)
		}
		exports := cty.NullVal(cty.List(cty.String))
		for _, path := range e.exports {
			if exports.IsNull() {
				exports = cty.ListVal([]cty.Value{cty.StringVal(path)})
				continue
			}
			exports = cty.ListVal(append(exports.AsValueSlice(), cty.StringVal(path)))
		}
		accounts[name] = cty.ObjectVal(map[string]cty.Value{
			"export": null(e.export), "timezone": null(e.timezone), "name": null(e.name), "exports": exports,
		})
	}
	account := cty.NullVal(cty.Map(cty.DynamicPseudoType))
	if len(accounts) > 0 {
		account = cty.MapVal(accounts)
	}
	return cty.ObjectVal(map[string]cty.Value{"account": account})
}

// open configures a provider with ada and lin.
func open(t testing.TB) providers.Provider {
	t.Helper()
	p := New(WithClock(func() time.Time { return today }))
	err := p.Configure(t.Context(), configuration(map[string]entry{
		"ada": {export: zipped(t, "01-runkeeper-data-export-4711-2026-06-16-101112.zip", ada), name: "Ada Example Lovelace"},
		"lin": {exports: []string{zipped(t, "lin.zip", lin)}, timezone: "Europe/Vienna"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// where makes the arguments of a data source of pairs.
func where(pairs ...string) schema.Fields {
	var out schema.Fields
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, schema.Field{Path: pairs[i], Value: schema.StringValue(pairs[i+1])})
	}
	out.Sort()
	return out
}

// list reads all objects of a query.
func list(t testing.TB, p providers.Provider, kind string, args schema.Fields) []schema.Object {
	t.Helper()
	var all []schema.Object
	for page, err := range p.List(t.Context(), providers.Query{Kind: kind, Where: args}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Objects...)
	}
	return all
}

// values are the fields of an object as text.
func values(o *schema.Object) map[string]string {
	out := map[string]string{}
	for _, f := range o.Fields {
		out[f.Path] = f.Value.String()
	}
	return out
}
