package runkeeper

import (
	"errors"
	"testing"
	"time"

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
	change := providers.Change{Address: "x", Kind: kindAthlete, Action: providers.Update, ID: before.ID, Fields: where("athlete_type", "Snowboarder"), Live: before}
	operations := p.Group([]providers.Change{change})
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
	if r := p.Do(t.Context(), p.Group([]providers.Change{change})[0])[0]; r.Outcome != providers.Failed || !errors.As(r.Err, &api) || api.Status != 400 {
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
		"Other":     {"that there is no such account is said elsewhere", configuration(entries), where("account", "kim"), false},
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
