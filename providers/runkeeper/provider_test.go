package runkeeper

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// TestObjects holds every live object against its declaration: declared
// fields, sorted, each once, of the type that is declared, none empty.
func TestObjects(t *testing.T) {
	p := open(t)
	for _, k := range p.Schema().Kinds {
		if k.Name == kindComment {
			// Comments are read activity by activity.
			continue
		}
		ids := map[string]bool{}
		objects := list(t, p, k.Name, nil)
		for _, o := range objects {
			if ids[o.ID] || o.ID == "" || o.Kind != k.Name {
				t.Errorf("%s %q of kind %s is there twice or has no id", k.Name, o.ID, o.Kind)
			}
			ids[o.ID] = true
			for i, f := range o.Fields {
				a := k.Attribute(f.Path)
				if a == nil || f.Value.IsAbsent() || f.Value.Text() == "" && f.Value.Type() == schema.String || i > 0 && o.Fields[i-1].Path >= f.Path {
					t.Errorf("%s: the field %s is not declared, empty or out of order", k.Name, f.Path)
					continue
				}
				if v, err := f.Value.ToCty(a.Type); err != nil || !v.Type().Equals(a.Type) {
					t.Errorf("%s.%s is %s, declared as %s: %v", k.Name, f.Path, f.Value, a.Type.FriendlyName(), err)
				}
			}
		}
		if only := slices.Contains([]string{kindFriend, kindProfile, kindSettings, kindStrength}, k.Name); len(objects) < 2 != only {
			t.Errorf("%d objects of %s", len(objects), k.Name)
		}
	}
}

func TestActivities(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     schema.Fields
		want   string
	}{
		"All":        {"both people, each newest first", nil, "id-5 id-4 id-3 id-2 id-1 lin"},
		"One":        {"one person", where("account", "lin"), "lin"},
		"Type":       {"by type, in any case", where("account", "ada", "type", "cycling"), "id-4"},
		"Since":      {"the day is within", where("account", "ada", "since", "2026-06-14"), "id-5 id-4"},
		"Until":      {"the last day is within", where("account", "ada", "since", "2026-05-30", "until", "2026-06-13"), "id-3 id-2"},
		"Clock":      {"by the clock on the wall", where("account", "ada", "since", "2026-06-14T07:00:01"), "id-5"},
		"Instant":    {"11:59 UTC is 06:59 where she runs", where("account", "ada", "since", "2026-06-14T11:59:00Z"), "id-5 id-4"},
		"InstantOff": {"12:01 UTC is 07:01 where she runs", where("account", "ada", "since", "2026-06-14T12:01:00Z"), "id-5"},
		"None":       {"a year without", where("since", "2030-01-01"), ""},
	}
	p := open(t)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, o := range list(t, p, kindActivity, tc.in) {
				id, _, _ := strings.Cut(o.ID, "/")
				got = append(got, id)
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestActivity(t *testing.T) {
	p := open(t)
	got := list(t, p, kindActivity, where("account", "ada", "since", "2026-06-15"))
	want := map[string]string{
		"account": `"ada"`, "activity_id": `"id-5"`, "type": `"Running"`, "start_time": `"2026-06-15T07:00:00-05:00"`, "local_start_time": `"2026-06-15T07:00:00"`, "date": `"2026-06-15"`,
		"utc_offset": `"-05:00"`, "route_name": `"River"`, "distance_m": "10020", "distance_km": "10.02", "duration_s": "3006",
		"average_pace_s_per_km": "300", "average_speed_km_h": "12", "calories_kcal": "700", "climb_m": "40", "average_heart_rate_bpm": "150",
		"friends": `["Lin"]`, "notes": `"Good, \"very\""`, "has_track": "true",
	}
	if diff := cmp.Diff(want, values(&got[0])); diff != "" {
		t.Errorf("activity (-want +got):\n%s", diff)
	}
	got = list(t, p, kindActivity, where("account", "lin"))
	want = map[string]string{
		"account": `"lin"`, "activity_id": `"4b703c3b1bab764954416e6778d4456e"`, "type": `"Running"`, "start_time": `"2013-12-27T12:54:43+01:00"`, "local_start_time": `"2013-12-27T12:54:43"`, "date": `"2013-12-27"`, "utc_offset": `"+01:00"`,
		"distance_m": "11522.9", "distance_km": "11.5229", "duration_s": "3966", "average_pace_s_per_km": "344.24", "average_speed_km_h": "10.46",
		"calories_kcal": "899", "climb_m": "43.56", "has_track": "false",
	}
	if diff := cmp.Diff(want, values(&got[0])); diff != "" {
		t.Errorf("activity without id and track, in miles (-want +got):\n%s", diff)
	}
	found, err := p.Get(t.Context(), kindActivity, []providers.Key{{ID: got[0].ID}, {ID: "id-2"}, {ID: "nobody's"}})
	if err != nil || len(found) != 2 || found[0].ID != got[0].ID || found[1].ID != "id-2" {
		t.Errorf("Get by id found %v, %v", found, err)
	}
	unzoned := list(t, p, kindActivity, where("account", "ada", "until", "2025-12-31"))
	if v := values(&unzoned[0]); v["start_time"] != `"2025-06-17T07:00:00"` || v["utc_offset"] != "" {
		t.Errorf("an activity without track began at %s, offset %s", v["start_time"], v["utc_offset"])
	}
}

// TestOffsets looks into tracks only when offsets are asked for.
func TestOffsets(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     schema.Fields
		want   string
	}{
		"Default": {"the track tells", nil, `"2026-06-15T07:00:00-05:00"`},
		"True":    {"as when they are asked for", schema.Fields{{Path: "offsets", Value: schema.BoolValue(true)}}, `"2026-06-15T07:00:00-05:00"`},
		"False":   {"no track is looked into", schema.Fields{{Path: "offsets", Value: schema.BoolValue(false)}}, `"2026-06-15T07:00:00"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			in := append(where("account", "ada", "type", "running", "until", "2026-06-15"), tc.in...)
			in.Sort()
			if got := values(&list(t, open(t), kindActivity, in)[0])["start_time"]; got != tc.want {
				t.Errorf("%s: the run began at %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	bad := zipped(t, "bad.zip", map[string]string{"cardioActivities.csv": lines(headMI, "27.12.2013,Running,,,,,,,,,,")})
	cases := map[string]struct {
		reason  string
		entries map[string]entry
		in      schema.Fields
		want    string
	}{
		"NoData":      {"an account needs data", map[string]entry{"ada": {}}, nil, `account "ada" of the provider runkeeper: it has no data: write export`},
		"NoZone":      {"a time zone is one", map[string]entry{"ada": {export: "x", timezone: "Mars"}}, nil, `timezone = "Mars" is not a time zone`},
		"NoAccount":   {"a slip of the pen", map[string]entry{"ada": {export: "x"}}, where("account", "adda"), `no account "adda". Did you mean "ada"?`},
		"NoFile":      {"a slip of the pen", map[string]entry{"ada": {export: "exports/none.zip"}}, nil, `account "ada": exports/none.zip: there is no such file`},
		"BadFile":     {"a spreadsheet was here", map[string]entry{"ada": {export: bad}}, nil, `bad.zip: cardioActivities.csv:2: the date "27.12.2013"`},
		"BadBound":    {"a time is one", map[string]entry{"ada": {export: zipped(t, "ada.zip", ada)}}, where("since", "monday"), `since: "monday" is not a time`},
		"Unknown":     {"no account is asked", nil, where("account", "ada"), `no account "ada". Write account "ada" {`},
		"UnknownPair": {"far from every name", map[string]entry{"x": {export: "x"}}, where("account", "ada"), `no account "ada". Write`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := New()
			err := p.Configure(t.Context(), configuration(tc.entries))
			if err == nil {
				for _, err = range p.List(t.Context(), providers.Query{Kind: kindActivity, Where: tc.in}) {
				}
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %s", tc.reason, err, tc.want)
			}
		})
	}
}

// TestNormalize refuses arguments before anything is read.
func TestNormalize(t *testing.T) {
	n, ok := New().(providers.Normalizer)
	if !ok {
		t.Fatal("the provider does not normalise")
	}
	var field *providers.FieldError
	if _, err := n.Normalize(t.Context(), kindAthlete, where("account", "ada", "until", "31.12.2025")); !errors.As(err, &field) || field.Path != "until" {
		t.Errorf("%v, want an error of until", err)
	}
	args := where("account", "ada", "since", "2025-12-31")
	if got, err := n.Normalize(t.Context(), kindAthlete, args); err != nil || len(got) != len(args) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestReadOnly refuses every change, and leaves the export as it was.
func TestReadOnly(t *testing.T) {
	p := open(t)
	changes := []providers.Write{
		{Address: "runkeeper_record.a", Kind: kindRecord, Action: providers.Create},
		{Address: "runkeeper_athlete.b", Kind: kindAthlete, Action: providers.Update, ID: "ada", Fields: where("athlete_type", "Runner")},
	}
	operations := p.Group(changes)
	if len(operations) != 2 || operations[1].Name != "update athlete" || operations[1].Path != "/profile" {
		t.Fatalf("operations %+v", operations)
	}
	for _, o := range operations {
		for _, r := range p.Do(t.Context(), o) {
			if r.Outcome != providers.Failed || !strings.Contains(r.Err.Error(), "can only be read") && !strings.Contains(r.Err.Error(), "can be read and not written") {
				t.Errorf("%s is %d, %v", o.Name, r.Outcome, r.Err)
			}
		}
	}
}

func TestCancelled(t *testing.T) {
	p := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range p.List(ctx, providers.Query{Kind: kindAthlete}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled List ended with %v", err)
		}
	}
	if _, err := p.Get(ctx, kindAthlete, []providers.Key{{ID: "ada"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Get ended with %v", err)
	}
}

// TestUnreadAccount goes on with the other accounts if the reader does.
func TestUnreadAccount(t *testing.T) {
	p := New()
	err := p.Configure(t.Context(), configuration(map[string]entry{
		"ada": {export: filepath.Join(t.TempDir(), "gone.zip")}, "lin": {export: zipped(t, "lin.zip", lin)},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, goOn := range []bool{true, false} {
		var got []string
		for page, err := range p.List(t.Context(), providers.Query{Kind: kindAthlete}) {
			for _, o := range page.Objects {
				got = append(got, o.ID)
			}
			var account *providers.AccountError
			if errors.As(err, &account) {
				got = append(got, "not "+account.Account)
				if !goOn {
					break
				}
			}
		}
		if want := []string{"not ada", "lin"}[:len(got)]; !slices.Equal(want, got) || goOn != (len(got) == 2) {
			t.Errorf("List(...) gave %v, reading on: %v", got, goOn)
		}
	}
}

// TestLazy opens no export before something of it is asked for.
func TestLazy(t *testing.T) {
	dir := t.TempDir()
	p := New()
	name := filepath.Join(dir, "ada.zip")
	if err := p.Configure(t.Context(), configuration(map[string]entry{"ada": {export: name}})); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(zipped(t, "x.zip", ada), name); err != nil {
		t.Fatal(err)
	}
	if got := list(t, p, kindMeasurement, where("type", "weight")); len(got) != 2 {
		t.Errorf("%d weights", len(got))
	}
	identified, ok := p.(providers.Identified)
	if !ok || identified.Account() != "runkeeper:ada" {
		t.Errorf("the account is %v", identified)
	}
}
