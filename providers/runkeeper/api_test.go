package runkeeper

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/runkeeper/sandbox"
	"lockstep/schema"
)

// withToken configures ada with a token from the environment.
func withToken(t *testing.T, token string, next http.RoundTripper) providers.Provider {
	t.Helper()
	p := New(
		WithClock(func() time.Time { return today }),
		WithEnv(func(name string) string { return map[string]string{"RUNKEEPER_TOKEN_ADA_L": token}[name] }),
		WithHTTP(health.Options{Next: next, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}),
	)
	if err := p.Configure(t.Context(), configuration(map[string]entry{"ada-l": {}})); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPI(t *testing.T) {
	server := sandbox.New(sandbox.Options{Now: func() time.Time { return today }})
	p := withToken(t, sandbox.Token("zoe"), server)
	found, err := p.Get(t.Context(), kindAthlete, []providers.Key{{Fields: where("account", "ada-l")}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d athletes, %v", len(found), err)
	}
	o := &found[0]
	for _, path := range []string{"user_id", "first_name", "last_name", "gender", "birthday", "athlete_type", "total_distance_km", "days_idle", "weight_kg", "timezone"} {
		if o.Value(path).IsAbsent() {
			t.Errorf("%s is not told", path)
		}
	}
	if o.Value("source").Text() != "api" || o.Value("first_name").Text() != "Zoe" || !o.Value("exported_at").IsAbsent() {
		t.Errorf("athlete %v", values(o))
	}
	all := list(t, p, kindActivity, nil)
	if len(all) == 0 || all[0].ID != o.Value("last_activity_id").Text() || all[0].Value("start_time").Text() != o.Value("last_activity_time").Text() {
		t.Errorf("the last activity is %s of %d", o.Value("last_activity_id"), len(all))
	}
	calls := server.Calls()
	if calls != 4 {
		t.Errorf("%d calls for user, profile, activities and weights, want 4", calls)
	}
	if got := list(t, p, kindMeasurement, where("type", "weight")); len(got) == 0 || got[0].Value("value").Text() != o.Value("weight_kg").Text() {
		t.Errorf("%d weights", len(got))
	}
	counter, ok := p.(providers.Counter)
	if !ok || counter.Usage().Calls != server.Calls() || server.Calls() != calls+6 {
		t.Errorf("usage %+v of %d calls", counter.Usage(), server.Calls())
	}
}

// TestConnectAgain says how a token that has ended is replaced, which depends on
// where it came from.
func TestConnectAgain(t *testing.T) {
	revoked := sandbox.RevokedToken("lin")
	cases := map[string]struct {
		reason                 string
		block, variable, login string
		want                   string
	}{
		"Block":    {"the file has the token", revoked, "", revoked, `write the new token into the block of the account "ada"`},
		"Variable": {"the variable comes before a stored login", "", revoked, revoked, "set RUNKEEPER_TOKEN_ADA to the new token, or unset it and run `lockstep login runkeeper -account=ada`"},
		"Login":    {"the login is stored", "", "", revoked, "again: run `lockstep login runkeeper -account=ada`."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := New(
				WithEnv(func(string) string { return tc.variable }), WithLogin(func(string, string) (string, error) { return tc.login, nil }),
				WithHTTP(health.Options{Next: sandbox.New(sandbox.Options{Now: func() time.Time { return today }})}),
			)
			account := cty.ObjectVal(map[string]cty.Value{"token": cty.StringVal(tc.block)})
			if err := p.Configure(t.Context(), cty.ObjectVal(map[string]cty.Value{"account": cty.MapVal(map[string]cty.Value{"ada": account})})); err != nil {
				t.Fatal(err)
			}
			_, err := p.Get(t.Context(), kindProfile, []providers.Key{{ID: "ada"}})
			var api *providers.APIError
			if !errors.As(err, &api) || !strings.Contains(api.Advice, tc.want) || strings.Contains(api.Advice, revoked) {
				t.Errorf("%s: %+v, want %s", tc.reason, api, tc.want)
			}
		})
	}
}

// TestNamesOfAccounts lets the sandbox invent a person of any name.
func TestNamesOfAccounts(t *testing.T) {
	for _, name := range []string{"ada l.", "Zoë", "a+b%20", "ada/lin"} {
		p := New(WithHTTP(health.Options{}))
		config := cty.ObjectVal(map[string]cty.Value{
			"sandbox": cty.True, "sandbox_path": cty.StringVal(t.TempDir()), "account": cty.MapVal(map[string]cty.Value{name: cty.EmptyObjectVal}),
		})
		if err := p.Configure(t.Context(), config); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if found, err := p.Get(t.Context(), kindProfile, []providers.Key{{ID: name}}); err != nil || len(found) != 1 {
			t.Errorf("%q: %d profiles, %v", name, len(found), err)
		}
	}
}

// TestDetails asks for each activity once, and only when it is told to.
func TestDetails(t *testing.T) {
	server := sandbox.New(sandbox.Options{Now: func() time.Time { return today }})
	p := withToken(t, sandbox.Token("zoe"), server)
	args := where("since", "2026-01-01")
	for _, o := range list(t, p, kindActivity, args) {
		if !o.Value("notes").IsAbsent() || !o.Value("climb_m").IsAbsent() {
			t.Errorf("a feed tells %v", values(&o))
		}
	}
	args = append(args, schema.Field{Path: "details", Value: schema.BoolValue(true)})
	args.Sort()
	before, notes := server.Calls(), 0
	all := list(t, p, kindActivity, args)
	for _, o := range all {
		if o.Value("climb_m").IsAbsent() || o.Value("average_heart_rate_bpm").IsAbsent() == o.Value("has_track").Truth() {
			t.Errorf("details are %v", values(&o))
		}
		if !o.Value("notes").IsAbsent() {
			notes++
		}
	}
	if again := list(t, p, kindActivity, args); len(again) != len(all) || server.Calls() != before+len(all) || notes == 0 {
		t.Errorf("%d calls for %d activities, %d with notes", server.Calls()-before, len(all), notes)
	}
}

func TestFriends(t *testing.T) {
	server := sandbox.New(sandbox.Options{Now: func() time.Time { return today }})
	p := withToken(t, sandbox.Token("zoe"), server)
	found := list(t, p, kindFriend, nil)
	ids := map[string]bool{}
	for _, o := range found {
		if v := values(&o); len(v) != 4 || ids[o.ID] || o.ID != "ada-l/"+o.Value("user_id").Text() {
			t.Errorf("the friend %s is %v", o.ID, v)
		}
		ids[o.ID] = true
	}
	before := server.Calls()
	if again := list(t, p, kindFriend, nil); len(found) == 0 || len(again) != len(found) || server.Calls() != before {
		t.Errorf("%d friends, then %d in %d calls", len(found), len(again), server.Calls()-before)
	}
	if none := list(t, open(t), kindFriend, where("account", "ada")); len(none) != 0 {
		t.Errorf("an export has %d friends", len(none))
	}
}

// refusing answers one path with 403.
type refusing struct {
	next http.RoundTripper
	path string
	seen atomic.Int32
}

// RoundTrip answers one request.
func (r *refusing) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Path != r.path {
		return r.next.RoundTrip(request)
	}
	r.seen.Add(1)
	return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: http.NoBody, Request: request}, nil
}

// TestWithheld tells what was run although weights may not be read.
func TestWithheld(t *testing.T) {
	next := &refusing{next: sandbox.New(sandbox.Options{Now: func() time.Time { return today }}), path: "/weight"}
	p := withToken(t, sandbox.Token("zoe"), next)
	found, err := p.Get(t.Context(), kindAthlete, []providers.Key{{ID: "ada-l"}})
	if err != nil || len(found) != 1 || !found[0].Value("weight_kg").IsAbsent() || found[0].Value("total_distance_km").IsAbsent() {
		t.Errorf("%d athletes, %v", len(found), err)
	}
	for _, err := range p.List(t.Context(), providers.Query{Kind: kindMeasurement}) {
		if err == nil || !strings.Contains(err.Error(), `account "ada-l": GET /weight: 403`) {
			t.Errorf("measurements: %v", err)
		}
	}
	if next.seen.Load() != 2 {
		t.Errorf("%d requests were refused, want 2", next.seen.Load())
	}
}

func TestRevoked(t *testing.T) {
	p := withToken(t, sandbox.RevokedToken("zoe"), sandbox.New(sandbox.Options{Now: func() time.Time { return today }}))
	_, err := p.Get(t.Context(), kindAthlete, []providers.Key{{ID: "ada-l"}})
	if err == nil || !strings.Contains(err.Error(), "Revoked") || strings.Contains(err.Error(), sandbox.RevokedToken("zoe")) {
		t.Errorf("a person who has disconnected: %v", err)
	}
}

// TestSandboxed mixes invented people and exports.
func TestSandboxed(t *testing.T) {
	p := New(WithClock(func() time.Time { return today }))
	accounts := configuration(map[string]entry{"ada": {export: zipped(t, "ada.zip", ada)}, "zoe": {}}).GetAttr("account")
	if err := p.Configure(t.Context(), cty.ObjectVal(map[string]cty.Value{"account": accounts, "sandbox": cty.True})); err != nil {
		t.Fatal(err)
	}
	got := list(t, p, kindAthlete, nil)
	if len(got) != 2 || got[0].Value("source").Text() != "export" || got[1].Value("source").Text() != "api" {
		t.Errorf("%d athletes", len(got))
	}
}

func TestTokens(t *testing.T) {
	with := func(token, export string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"account": cty.MapVal(map[string]cty.Value{"ada": cty.ObjectVal(map[string]cty.Value{
			"token": cty.StringVal(token), "export": cty.StringVal(export)})}),
			"base_url": cty.StringVal("http://health.example.com")})
	}
	cases := map[string]struct {
		reason string
		in     cty.Value
		want   string
	}{
		"Both":    {"which one counts?", with("secret-token", "ada.zip"), "both an export and a token"},
		"Neither": {"nothing to read", with("", ""), "RUNKEEPER_TOKEN_ADA"},
		"Plain":   {"a token is not sent unencrypted", with("secret-token", ""), "use https"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			err := New().Configure(t.Context(), tc.in)
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "secret-token") {
				t.Errorf("%s: %v, want %s", tc.reason, err, tc.want)
			}
		})
	}
}
