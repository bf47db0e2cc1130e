package ghl

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/ghl/openapitest"
	"lockstep/providers/ghl/sandbox"
	"lockstep/providers/providertest"
	"lockstep/schema"
)

// agencySeed has what an agency names and no call makes.
const agencySeed = `{"snapshots":[{"id":"SNP1","name":"Club"}],"company":{"name":"Ode Agency","country":"AT"},"locations":[{"id":"LOCother00000000000A","name":"Other"}]}`

// agencyHarness reaches the provider of an agency.
func agencyHarness(wrap func(http.RoundTripper) http.RoundTripper) providertest.Harness {
	h := providertest.Harness{
		Open: func(t *testing.T) providers.Provider {
			p, _ := openAs(t, theAgency, sandbox.Options{Seed: []byte(agencySeed)}, wrap)
			return p
		},
		Samples: []providertest.Sample{locationSample(), userSample(theAgency)},
	}
	for _, s := range harness(nil).Samples {
		h.Elsewhere = append(h.Elsewhere, s.Kind)
	}
	return h
}

func TestAgencyConformance(t *testing.T) {
	h := agencyHarness(nil)
	h.Lossy = func(t *testing.T) (providers.Provider, func(bool)) {
		var on atomic.Bool
		p, _ := openAs(t, theAgency, sandbox.Options{Seed: []byte(agencySeed)}, fault(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			answer, err := next.RoundTrip(r)
			if on.Load() && r.Method == "POST" {
				return nil, errors.New("connection reset by peer")
			}
			return answer, err
		}).wrap)
		return p, on.Store
	}
	providertest.Run(t, h)
}

func TestAgencyDocuments(t *testing.T) {
	v := openapitest.Load(t)
	h := agencyHarness(func(next http.RoundTripper) http.RoundTripper {
		return inProcess{v.Middleware(asHandler{next}, func(err error) { t.Error(err) })}
	})
	for i := range h.Samples {
		h.Samples[i].Number = nil
	}
	providertest.Run(t, h)
}

func locationSample() providertest.Sample {
	s, yes := schema.StringValue, schema.BoolValue
	return providertest.Sample{
		Kind: kindLocation,
		Create: fieldsOf(map[string]schema.Value{
			"name": s("Club "), "phone": s("+1 202 555 0142"), "address": s("1 Main Street"), "city": s("Graz"), "state": s("Styria"), "postal_code": s("8010"),
			"country": s("at"), "website": s("https://example.com"), "timezone": s("Europe/Vienna"), "settings.allowDuplicateContact": yes(true),
			"social.yelp": s("https://example.com/y"), "snapshot_id": s("SNP1"),
			"prospect": schema.MapValue(map[string]schema.Value{"firstName": s("Ann"), "lastName": s("Ode"), "email": s("ann@example.com")}),
			"twilio":   schema.MapValue(map[string]schema.Value{"sid": s("AC"), "authToken": s("t")}),
			"mailgun":  schema.MapValue(map[string]schema.Value{"apiKey": s("key"), "domain": s("example.com")}),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"name": s("Team"), "phone": s("+12025550143"), "address": s("2 Main Street"), "city": s("Linz"), "state": s("Upper Austria"), "postal_code": s("4020"),
			"country": s("DE"), "website": s("https://example.org"), "timezone": s("Europe/Berlin"), "settings.allowDuplicateContact": yes(false),
			"social.yelp": s("https://example.com/z"),
		}),
		Clear:  []string{"phone", "address", "city", "state", "postal_code", "website"},
		Number: func(n int) schema.Fields { return texts2fields("name", fmt.Sprintf("Location %d", n)) },
		Many:   205,
	}
}

func userSample(level owner) providertest.Sample {
	s := schema.StringValue
	sample := providertest.Sample{
		Kind: kindUser,
		Create: fieldsOf(map[string]schema.Value{
			"email": s("Rep@Example.com "), "first_name": s("Ada"), "last_name": s("Rep "), "password": s("Secret-1"), "phone": s("+1 202 555 0142"), "type": s("account"),
			"role": s("admin"), "location_ids": schema.SetOf([]string{sandbox.DefaultLocation}), "scopes": schema.SetOf([]string{"contacts.write", "calendars.readonly"}),
			"scopes_assigned_only": schema.SetOf([]string{"contacts.write"}), "permissions.tagsEnabled": schema.BoolValue(false),
			"twilio_phone": schema.MapValue(map[string]schema.Value{sandbox.DefaultLocation: s("+12025550101")}), "photo": s("https://example.com/a.png"), "language": s("en_US"),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"first_name": s("Adah"), "last_name": s("Repp"), "phone": s("+12025550143"), "role": s("user"), "scopes": schema.SetOf([]string{"contacts.write"}),
			"permissions.tagsEnabled": schema.BoolValue(true), "language": s("de"),
		}),
		Clear: []string{"phone"},
		Number: func(n int) schema.Fields {
			return fieldsOf(map[string]schema.Value{"email": s(fmt.Sprintf("rep%d@example.com", n)), "first_name": s("Ada"), "last_name": s("Rep"), "password": s("p"),
				"location_ids": schema.SetOf([]string{sandbox.DefaultLocation})})
		},
		Many: 205,
	}
	if level == theAgency {
		sample.Update = append(sample.Update, schema.Field{Path: "location_ids", Value: schema.SetOf([]string{sandbox.DefaultLocation, "LOCother00000000000A"})})
		sample.Update.Sort()
	}
	return sample
}

// TestReach refuses blocks whose objects are those of another level.
func TestReach(t *testing.T) {
	p := New().(*Provider)
	agency := cty.ObjectVal(map[string]cty.Value{"agency": cty.True})
	cases := map[string]struct {
		reason string
		config cty.Value
		level  schema.Level
		want   string // in the error; none when empty
	}{
		"location": {"its own", cty.EmptyObjectVal, 0, ""},
		"agency":   {"its own", agency, schema.AgencyLevel, ""},
		"both":     {"users are read at either", agency, schema.EveryLevel, ""},
		"too high": {"a location reaches no agency", cty.EmptyObjectVal, schema.AgencyLevel, "needs an agency token"},
		"too low":  {"an agency has no tags", agency, 0, "provider of the location"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			err := p.Reach(tc.config, "ghl_thing", tc.level)
			if (err != nil) != (tc.want != "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
}

// noted keeps the path and the body of each request of a method.
func noted(to *[]string, method string) fault {
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.Method != method {
			return next.RoundTrip(r)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		*to = append(*to, r.URL.Path+" "+string(body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		return next.RoundTrip(r)
	}
}

// TestUserLeavesLocation holds that a location deletes nobody who works elsewhere too.
func TestUserLeavesLocation(t *testing.T) {
	seed := `{"users":[{"id":"USRboth","firstName":"Ada","lastName":"Rep","email":"ada@example.com","locationIds":["` + sandbox.DefaultLocation + `","LOC2"]},
		{"id":"USRhere","firstName":"Lin","lastName":"Rep","email":"lin@example.com"}]}`
	cases := map[string]struct {
		reason, id string
		level      owner
		put        []string
		left       bool
	}{
		"both":   {"another location needs the user", "USRboth", theLocation, []string{`/users/USRboth {"companyId":"CMPsandbox0000000000","locationIds":["LOC2"]}`}, true},
		"here":   {"only this one has the user", "USRhere", theLocation, nil, false},
		"agency": {"the agency means the user", "USRboth", theAgency, nil, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var put []string
			p, _ := openAs(t, tc.level, sandbox.Options{Seed: []byte(seed)}, noted(&put, "PUT").wrap)
			live, err := p.Get(t.Context(), kindUser, []providers.Key{{ID: tc.id}})
			if err != nil || len(live) != 1 {
				t.Fatalf("%d users, %v", len(live), err)
			}
			ops := p.Group([]providers.Write{{Kind: kindUser, Action: providers.Delete, ID: tc.id, Live: &live[0]}})
			if r := p.Do(t.Context(), ops[0])[0]; r.Outcome != providers.Done {
				t.Fatal(r.Err)
			}
			if diff := cmp.Diff([]any{tc.put, tc.left}, []any{put, ops[0].Method == "PUT"}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
