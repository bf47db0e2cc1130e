package runkeeper

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/sandbox"
	"lockstep/schema"
)

// TestAthleteType writes what a mapping brings back: the one thing of a
// profile that can be written.
func TestAthleteType(t *testing.T) {
	server := sandbox.New(sandbox.Options{Now: func() time.Time { return today }})
	p := withToken(t, sandbox.Token("zoe"), server)
	read := func() *schema.Object {
		found, err := p.Get(t.Context(), kindAthlete, []providers.Key{{Fields: where("account", "ada-l")}})
		if err != nil || len(found) != 1 {
			t.Fatalf("%d athletes, %v", len(found), err)
		}
		return &found[0]
	}
	before := read()
	change := providers.Write{Address: "x", Kind: kindAthlete, Action: providers.Update, ID: before.ID, Fields: where("athlete_type", "Snowboarder"), Live: before}
	operations := p.Group([]providers.Write{change})
	if o := operations[0]; o.Method != "PUT" || o.Path != "/profile" || o.Name != "update athlete" {
		t.Errorf("operation %+v", o)
	}
	if r := p.Do(t.Context(), operations[0])[0]; r.Outcome != providers.Done || r.Object.ID != before.ID {
		t.Fatalf("result %+v", r)
	}
	after := values(read())
	if after["athlete_type"] != `"Snowboarder"` || before.Value("athlete_type").Text() == "Snowboarder" {
		t.Errorf("the athlete is a %s", after["athlete_type"])
	}
	after["athlete_type"] = before.Value("athlete_type").String()
	for path, v := range values(before) {
		if after[path] != v {
			t.Errorf("%s was %s and is %s", path, v, after[path])
		}
	}
	change.Fields = where("athlete_type", "Bobber")
	var api *providers.APIError
	if r := p.Do(t.Context(), p.Group([]providers.Write{change})[0])[0]; r.Outcome != providers.Failed || !errors.As(r.Err, &api) || api.Status != 400 {
		t.Errorf("an unknown type is %+v", r)
	}
	if k := p.Schema().Kind(kindAthlete); !k.ReadOnly || !k.Attribute("athlete_type").Writable() || k.Attribute("name").Writable() {
		t.Errorf("the declaration of %s is another", k.Name)
	}
}

func TestCanWrite(t *testing.T) {
	entries := map[string]entry{"ada": {export: "ada.zip"}, "lin": {exports: []string{"a.zip"}}, "zoe": {}}
	unknown := cty.ObjectVal(map[string]cty.Value{"account": cty.UnknownVal(cty.Map(cty.DynamicPseudoType))})
	cases := map[string]struct {
		reason string
		config cty.Value
		fields schema.Fields
		no     bool
	}{
		"Export":    {"an export is read-only", configuration(entries), where("account", "ada"), true},
		"Exports":   {"several are", configuration(entries), where("account", "lin"), true},
		"Token":     {"the API is not", configuration(entries), where("account", "zoe"), false},
		"Other":     {"there is no such account", configuration(entries), where("account", "kim"), true},
		"NoAccount": {"the fields do not tell", configuration(entries), nil, false},
		"NotKnown":  {"the fields do not tell yet", configuration(entries), schema.Fields{{Path: "account", Value: schema.UnknownValue()}}, false},
		"Config":    {"the block does not tell yet", unknown, where("account", "ada"), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			restricted, ok := New().(providers.Restricted)
			if !ok {
				t.Fatal("the provider has no restrictions")
			}
			err := restricted.CanWrite(tc.config, kindActivity, tc.fields)
			var field *providers.FieldError
			if errors.As(err, &field) != tc.no || tc.no && (field.Path != "account" || field.Advice == "") {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

// counted counts the requests to a method and path.
type counted struct {
	next  http.RoundTripper
	calls map[string]int
}

// RoundTrip answers one request.
func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.calls[r.Method+" "+r.URL.Path]++
	return c.next.RoundTrip(r)
}

// behind configures ada behind an API that is counted.
func behind(t *testing.T) (providers.Provider, *counted) {
	t.Helper()
	c := &counted{calls: map[string]int{}}
	return empty(t, func(next http.RoundTripper) http.RoundTripper {
		c.next = next
		return c
	}), c
}

// do carries one change out.
func do(t *testing.T, p providers.Provider, c providers.Write) providers.Result {
	t.Helper()
	c.Address = c.Kind + ".x"
	return p.Do(t.Context(), p.Group([]providers.Write{c})[0])[0]
}

// TestInvitedOnce looks before it asks a real person.
func TestInvitedOnce(t *testing.T) {
	p, c := behind(t)
	invite := providers.Write{Kind: kindFriend, Action: providers.Create, Parent: "ada", Fields: where("account", "ada", "user_id", "650491")}
	for range 2 {
		if r := do(t, p, invite); r.Outcome != providers.Done || r.Object.ID != "ada/650491" || r.Object.Value("status").Text() != "pending" {
			t.Fatalf("result %+v", r)
		}
	}
	invite.Fields = where("account", "ada", "reply", "declined", "user_id", "7")
	var field *providers.FieldError
	if r := do(t, p, invite); r.Outcome != providers.Failed || !errors.As(r.Err, &field) || field.Path != "reply" {
		t.Errorf("a reply without a request is %+v", r)
	}
	if got := c.calls["POST /team"]; got != 1 {
		t.Errorf("%d invitations, want 1", got)
	}
}

// TestSetOfMeasurements keeps a value from taking others with it.
func TestSetOfMeasurements(t *testing.T) {
	p, c := behind(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://sandbox/weight", strings.NewReader(`{"timestamp": "Sat, 1 Jan 2011 07:00:00", "weight": 70.7, "fat_percent": 14}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+sandbox.Token("ada"))
	r.Header.Set("Content-Type", "application/vnd.com.runkeeper.NewWeightSet+json")
	answer, err := c.next.RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatalf("%+v, %v", answer, err)
	}
	found, err := p.Get(t.Context(), kindMeasurement, []providers.Key{{Parent: "ada", Fields: where("time", "2011-01-01T07:00:00", "type", "weight")}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d weights, %v", len(found), err)
	}
	if r := do(t, p, providers.Write{Kind: kindMeasurement, Action: providers.Delete, ID: found[0].ID, Live: &found[0]}); r.Outcome != providers.Failed || !strings.Contains(r.Err.Error(), "2 values") {
		t.Errorf("result %+v", r)
	}
	if r := do(t, p, providers.Write{Kind: kindMeasurement, Action: providers.Update, ID: found[0].ID, Live: &found[0], Fields: of(map[string]any{"value": 71.0})}); r.Outcome != providers.Done {
		t.Errorf("result %+v", r)
	}
	all := list(t, p, kindMeasurement, nil)
	if len(all) != 2 || all[0].Value("value").Text() != "14" || all[1].Value("value").Text() != "71" {
		t.Errorf("measurements %v", all)
	}
	for path, want := range map[string]int{"GET /sleep": 1, "GET /weight": 2, "DELETE /weight/7000000001": 0, "GET /weight/7000000001": 1} {
		if c.calls[path] != want {
			t.Errorf("%d calls of %s, want %d", c.calls[path], path, want)
		}
	}
}

// TestPlanReads costs a plan no more than the pages of a feed; what only a read
// by id tells is asked for by id.
func TestPlanReads(t *testing.T) {
	server := sandbox.New(sandbox.Options{Now: func() time.Time { return today }})
	c := &counted{next: server, calls: map[string]int{}}
	p := withToken(t, sandbox.Token("zoe"), c)
	var live []schema.Object
	for page, err := range p.List(t.Context(), providers.Query{Kind: kindActivity, Parents: []string{"ada-l"}}) {
		if err != nil {
			t.Fatal(err)
		}
		live = append(live, page.Objects...)
	}
	if diff := cmp.Diff(map[string]int{"GET /user": 1, "GET /fitnessActivities": 1}, c.calls); diff != "" || len(live) < 100 {
		t.Errorf("calls for %d activities (-want +got):\n%s", len(live), diff)
	}
	last := &live[len(live)-1]
	found, err := p.Get(t.Context(), kindActivity, []providers.Key{{ID: last.ID, Parent: "ada-l"}})
	if err != nil || len(found) != 1 || found[0].Value("equipment").Text() != "None" || !last.Value("equipment").IsAbsent() {
		t.Errorf("by id: %v, %v", found, err)
	}
	same := where("local_start_time", last.Value("local_start_time").Text(), "type", last.Value("type").Text())
	if found, err = p.Get(t.Context(), kindActivity, []providers.Key{{Parent: "ada-l", Fields: same}}); err != nil || len(found) != 1 || found[0].ID != last.ID {
		t.Errorf("by content: %v, %v", found, err)
	}
	if found, err = p.Get(t.Context(), kindActivity, []providers.Key{{ID: "ada-l/1", Parent: "ada-l"}}); err != nil || len(found) != 0 {
		t.Errorf("nobody's: %v, %v", found, err)
	}
	for _, err = range p.List(t.Context(), providers.Query{Kind: kindActivity, Parents: []string{"kim"}}) {
		break
	}
	if err == nil || !strings.Contains(err.Error(), "lockstep state rm") {
		t.Errorf("an account that is gone: %v", err)
	}
}

// TestWholeLists reads what no data source reads of every account behind the
// API; comments only of an activity that is named.
func TestWholeLists(t *testing.T) {
	p, _ := behind(t)
	for kind, want := range map[string]int{kindProfile: 1, kindSettings: 1, kindStrength: 0} {
		if got := list(t, p, kind, nil); len(got) != want || want > 0 && got[0].ID != "ada" {
			t.Errorf("%s: %v", kind, got)
		}
	}
	for _, err := range p.List(t.Context(), providers.Query{Kind: kindComment}) {
		if err == nil || !strings.Contains(err.Error(), "by their activity_id") {
			t.Errorf("comments: %v", err)
		}
	}
}

// TestSpelling spells desired values as live ones are, or says what is wrong.
func TestSpelling(t *testing.T) {
	cases := map[string]struct {
		reason, kind, path string
		in                 any
		want, err          string
	}{
		"Minute":   {"seconds may be left out", kindActivity, "local_start_time", "2026-06-14T08:00", `"2026-06-14T08:00:00"`, ""},
		"Offset":   {"an offset is not kept", kindActivity, "local_start_time", "2026-06-14T08:00:00+05:30", `"2026-06-14T08:00:00"`, ""},
		"NoTime":   {"a day is no time", kindActivity, "local_start_time", "2026-06-14", "", "not a time"},
		"Metres":   {"to the centimetre", kindActivity, "distance_m", 1000.126, "1000.13", ""},
		"Negative": {"no run is shorter than nothing", kindActivity, "distance_m", -1.0, "", "0 or more"},
		"Notes":    {"spaces around are not kept", kindActivity, "notes", " x ", `"x"`, ""},
		"Pasted":   {"what looks the same is the same", kindComment, "comment", "\ufeffCafe\u0301\r\nrun\u200b ", `"Café\nrun"`, ""},
		"LongType": {"a second type is short", kindActivity, "secondary_type", strings.Repeat("x", 65), "", "64 at most"},
		"User":     {"a number", kindFriend, "user_id", "007", `"7"`, ""},
		"NoUser":   {"no e-mail address", kindFriend, "user_id", "ann@example.com", "", "no search by name"},
		"Activity": {"through the account that speaks", kindComment, "activity_id", "ada/5", `"lin/5"`, ""},
		"Number":   {"a friend's activity", kindComment, "activity_id", "5", `"lin/5"`, ""},
		"NoNumber": {"an id of an export", kindComment, "activity_id", "lin/cafe-1", "", "not the id of an activity"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			normalizer, ok := New().(providers.Normalizer)
			if !ok {
				t.Fatal("the provider does not normalise")
			}
			fields := of(map[string]any{"account": "lin", tc.path: tc.in})
			before := fields.Value(tc.path).String()
			got, err := normalizer.Normalize(t.Context(), tc.kind, fields)
			if tc.err != "" {
				var field *providers.FieldError
				if !errors.As(err, &field) || field.Path != tc.path || !strings.Contains(field.Error(), tc.err) {
					t.Errorf("%s: %v, want %q", tc.reason, err, tc.err)
				}
				return
			}
			if err != nil || got.Value(tc.path).String() != tc.want || fields.Value(tc.path).String() != before {
				t.Errorf("%s: %s, %v, want %s", tc.reason, got.Value(tc.path), err, tc.want)
			}
		})
	}
}
