package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/planner/state/encryption"
	"lockstep/providers"
	"lockstep/schema"
)

var (
	kind    = &schema.Kind{Name: "crm_contact", Noun: "contact", Plural: "contacts"}
	catalog = []*schema.Provider{{Name: "other"}, {Name: "crm", Kinds: []*schema.Kind{kind}}}
	options = cmp.Options{
		cmp.Transformer("value", func(v schema.Value) string { return v.String() }),
		cmp.Comparer(func(a, b *schema.Kind) bool { return a == b }),
		cmpopts.IgnoreUnexported(planner.Change{}, planner.Author{}), cmpopts.EquateEmpty(),
	}
)

func address(key string) schema.Address {
	return schema.Address{Module: `module.a["k"]`, Kind: kind.Name, Name: "x", Key: schema.Key{Type: schema.StringKey, Text: key}}
}

func str(s string) schema.Value { return schema.StringValue(s) }

// rich is a plan with one of everything.
func rich() *planner.Plan {
	previous, live := address("old"), &schema.Object{Kind: kind.Name, ID: "1", Version: "v7", Fields: schema.Fields{{Path: "email", Value: str("live-only@example.com")}}}
	place := hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: 12}, End: hcl.Pos{Line: 12}}
	data := schema.Address{Data: true, Kind: "crm_contacts", Name: "all"}
	return &planner.Plan{
		Destroy: true,
		Changes: []planner.Change{
			{Author: planner.Author{Address: data}, Provider: "crm", Action: planner.Read, Reason: "it depends on a change"},
			{Author: planner.Author{Address: address("a"), Previous: &previous, Place: place, Level: 2, Keep: state.Flags{Adopted: true, OnDestroy: "forget"}, Desired: schema.Fields{{Path: "city", Value: str("desired-only")}}}, Kind: kind, Provider: "crm.eu", Action: planner.Update, ID: "1", Reason: "because", Live: live, Along: []planner.Along{{Kind: kind, Count: 3}, {Kind: kind, Attribute: "city", Count: 2, Again: 1}}, Fields: []planner.FieldChange{
				{Path: "city", Live: str("C"), Desired: str("B <&>"), Personal: true, Sides: planner.Sides{Base: str("A"), HasBase: true, LiveMoved: true, FileMoved: true, Conflict: true}},
				{Path: "empty", Live: str(""), Desired: schema.NumberValue("1.5"), Sides: planner.Sides{HasBase: true, FileMoved: true}},
				{Path: "hidden", Desired: schema.BoolValue(false), Sides: planner.Sides{HasBase: true, BaseHidden: true}},
				{Path: "later", Desired: schema.UnknownValue()},
				{Path: "map.key", Desired: schema.MapValue(map[string]schema.Value{"a": schema.ListValue(str("x"))}), Replaces: true, LostWith: "crm_contact.a"},
				{Path: "secret", Live: str("s3cret-live"), Desired: str("s3cret-file"), Sensitive: true, Sides: planner.Sides{Base: str("s3cret-base"), HasBase: true}},
				{Path: "sets", Claim: schema.ClaimExactly, Add: []string{"s3cret-add"}, Remove: []string{"s3cret-remove"}, Sensitive: true},
				{Path: "tags", Claim: schema.ClaimIncludes, Live: schema.SetOf([]string{"old"}), Desired: schema.SetOf([]string{"vip"}), Add: []string{"vip"}, Remove: []string{"old"}},
			}},
			{Author: planner.Author{Address: address("b")}, Kind: kind, Provider: "crm", Action: planner.Create, Fields: []planner.FieldChange{{Path: "city", Desired: str("B")}}},
		},
		Kinds: []planner.KindSummary{{Provider: "crm", Kind: kind.Name, Managed: 2, Live: 1, BothMoved: 1}},
		Waves: []planner.Wave{
			{Provider: "crm", Level: 1, Step: 2, Operations: []planner.Operation{{ID: "1", Refs: []int{1, 2}, Operation: providers.Operation{
				Kind: kind.Name, Name: `add tag "vip"`, Method: "POST", Path: "/tags", Action: providers.Update, Channel: "tags", Bulk: true, Writes: []providers.Write{{Kind: kind.Name}, {Kind: kind.Name}}}}}},
			{Provider: "crm", Level: -1, Deletes: true, After: []int{0}},
		},
		Reads:    []planner.ReadSummary{{Provider: "crm", Kind: kind.Name, How: "list", Objects: 5, Calls: 1}},
		WritesTo: []planner.Account{{Provider: "crm", Place: providers.Place{Noun: "location", ID: "L1", Name: "Run Club"}}},
		Cost:     planner.Cost{Calls: 1, Bulk: 1, Seconds: 0.5, DailyLimit: 100, DailyRemaining: 7},
		Outputs: []planner.OutputChange{{Name: "o", Before: `"x"`, After: `{"a":1}`}, {Name: "s", Before: `"s3cret-before"`, After: `"s3cret-after"`, Sensitive: true},
			{Name: "u", Unknown: true}},
		Refusals: []planner.Refusal{{Rule: "max_deletes", Provider: "crm", Kind: kind.Name, Count: 11, Of: 20, Message: "too many"}},
	}
}

// shown is what of a plan a saved one can show.
func shown(p *planner.Plan) *planner.Plan {
	for i := range p.Changes {
		c := &p.Changes[i]
		c.Desired = nil
		if c.Live != nil {
			c.Live = &schema.Object{Kind: kind.Name, ID: c.Live.ID, Version: c.Live.Version, Fields: c.Live.Fields}
		}
		for j := range c.Fields {
			f := &c.Fields[j]
			if f.Sensitive {
				*f = planner.FieldChange{Path: f.Path, Claim: f.Claim, Sensitive: true}
			}
		}
	}
	p.Waves[0].Operations[0].Writes = nil
	p.Outputs[1] = planner.OutputChange{Name: "s", Sensitive: true}
	return p
}

func saved() *File {
	f := New(rich(), "salt")
	f.ToolVersion, f.ConfigDigest, f.Accounts = "0.1.0", "c0ffee", map[string]string{"crm": "location l"}
	f.Lineage, f.Serial, f.Time = "lineage", 7, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return f
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tfplan")
	if err := os.WriteFile(path, []byte("something older"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, saved(), &encryption.Keys{}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode 0600 wanted, got %v (%v)", info.Mode().Perm(), err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"s3cret", "desired-only"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%q stands in the file", secret)
		}
	}
	got, err := Read(path, catalog, &encryption.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	want := saved()
	shown(want.Plan)
	if diff := cmp.Diff(want, got, options); diff != "" {
		t.Errorf("-saved +read:\n%s", diff)
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Errorf("temporary files are left: %v, %v", names, err)
	}
	if moved := got.Moved(rich()); len(moved) > 0 {
		t.Errorf("the same plan has not moved: %v", moved)
	}
}

func TestMoved(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     func(p *planner.Plan)
		want   []string
	}{
		"Same":    {"nothing moved", func(*planner.Plan) {}, nil},
		"Version": {"the live object was edited", func(p *planner.Plan) { p.Changes[1].Live.Version = "v8" }, []string{address("a").String() + " is no longer as it was when the plan was made"}},
		"Secret":  {"a sensitive value moved, which the file does not have", func(p *planner.Plan) { p.Changes[1].Fields[5].Desired = str("other") }, []string{address("a").String() + " is no longer as it was when the plan was made"}},
		"Added": {"another object must be changed now", func(p *planner.Plan) {
			p.Changes = append(p.Changes, planner.Change{Author: planner.Author{Address: address("c")}, Kind: kind, Action: planner.Delete})
		}, []string{address("c").String() + " would now be changed too (delete)"}},
		"Vanished": {"it was done by hand", func(p *planner.Plan) { p.Changes = p.Changes[:2] }, []string{address("b").String() + " no longer needs to be changed (the plan says create)"}},
		"All": {"first the fresh plan's, then the saved one's", func(p *planner.Plan) { p.Changes[2].Address = address("c") },
			[]string{address("c").String() + " would now be changed too (create)", address("b").String() + " no longer needs to be changed (the plan says create)"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fresh := rich()
			tc.in(fresh)
			if diff := cmp.Diff(tc.want, saved().Moved(fresh)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestMovedToOtherAccount finds nothing moved in a plan that makes an address in
// one account and deletes it in another.
func TestMovedToOtherAccount(t *testing.T) {
	two := func() *planner.Plan {
		return &planner.Plan{Changes: []planner.Change{
			{Author: planner.Author{Address: address("a")}, Provider: "crm", Kind: kind, Action: planner.Create},
			{Author: planner.Author{Address: address("a")}, Provider: "crm.eu", Kind: kind, Action: planner.Delete, ID: "1"},
		}}
	}
	if diff := cmp.Diff([]string(nil), New(two(), "salt").Moved(two())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	data, err := json.Marshal(encode(saved()))
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, now string) []byte {
		if !bytes.Contains(data, []byte(old)) {
			t.Fatalf("%s is not in the file", old)
		}
		return bytes.Replace(data, []byte(old), []byte(now), 1)
	}
	cases := map[string]struct {
		reason  string
		in      []byte
		notPlan bool
		want    string
	}{
		"Empty":      {"an empty file", nil, true, "lockstep plan -out"},
		"NotJSON":    {"a Terraform plan is a ZIP archive", []byte("PK\x03\x04"), true, "lockstep plan -out"},
		"OtherJSON":  {"other JSON", []byte(`{"format_version":"1.2"}`), true, "lockstep plan -out"},
		"Truncated":  {"half a plan", data[:len(data)/2], true, "lockstep plan -out"},
		"WrongTypes": {"fields of another type", []byte(`{"lockstep_plan":1,"changes":{}}`), true, "lockstep plan -out"},
		"Negative":   {"a format that never was", edit(`"lockstep_plan":1`, `"lockstep_plan":-1`), true, "lockstep plan -out"},
		"Newer":      {"a newer format says what to do", edit(`"lockstep_plan":1`, `"lockstep_plan":2`), false, "upgrade"},
		"Ref":        {"an operation of a change that is not there", edit(`"changes":[1,2]`, `"changes":[1,3]`), false, "operation 1"},
		"RefBelow":   {"nor below zero", edit(`"changes":[1,2]`, `"changes":[-1]`), false, "operation 1"},
		"After":      {"a wave that waits for one that is not there", edit(`"after":[0]`, `"after":[9]`), false, "wave"},
		"Action":     {"not an action", edit(`"action":"create"`, `"action":"conjure"`), false, "conjure"},
		"CallAction": {"a call that does nothing known", edit(`"action":"update","channel"`, `"action":"conjure","channel"`), false, "conjure"},
		"Claim":      {"not a claim", edit(`"claim":2`, `"claim":9`), false, "claim"},
		"Address":    {"not an address", edit(`"address":"module.a[\"k\"].crm_contact.x[\"b\"]"`, `"address":"crm_contact"`), false, "not an address"},
		"Kind":       {"a kind that no provider has", edit(`"address":"module.a[\"k\"].crm_contact.x[\"b\"]"`, `"address":"crm_ghost.x"`), false, "crm_ghost.x"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f, err := Decode(tc.in, catalog)
			if err == nil {
				t.Fatalf("%s must be refused, got %+v", tc.reason, f)
			}
			if errors.Is(err, ErrNotPlan) != tc.notPlan || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v", tc.reason, err)
			}
		})
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none"), catalog, &encryption.Keys{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file is said to be missing, got %v", err)
	}
	if err := Write(filepath.Join(t.TempDir(), "none", "p"), saved(), &encryption.Keys{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing folder is said to be missing, got %v", err)
	}
}

// Whatever is decoded is encoded so that it decodes to the same.
func FuzzDecode(f *testing.F) {
	data, err := json.Marshal(encode(saved()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"lockstep_plan":1}`))
	f.Add([]byte(`{"lockstep_plan":1,"changes":[{"address":"crm_contact.x","action":"move","fields":[{"path":"a","live":{"unknown":true,"value":1}}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := Decode(data, catalog)
		if err != nil {
			return
		}
		text, err := json.Marshal(encode(first))
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		second, err := Decode(text, catalog)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, text)
		}
		again, err := json.Marshal(encode(second))
		if err != nil || !bytes.Equal(text, again) {
			t.Fatalf("a second writing differs (%v):\n%s\n%s", err, text, again)
		}
	})
}
