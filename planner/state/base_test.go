package state

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

func TestBase(t *testing.T) {
	const key = "ann"
	set := func(claim schema.Claim, members ...string) schema.Field {
		return schema.Field{Path: "tags", Claim: claim, Value: schema.SetOf(members)}
	}
	secret := func(f schema.Field) schema.Field { f.Sensitive = true; return f }
	hash := func(f schema.Field) BaseField {
		return BaseField{Path: f.Path, Claim: f.Claim, Hash: "?", Sensitive: f.Sensitive}
	}
	hashes := func(f schema.Field, members ...string) BaseField {
		return BaseField{Path: f.Path, Claim: f.Claim, Hashes: members, Sensitive: f.Sensitive}
	}
	clear := func(f schema.Field) BaseField { return BaseField{Path: f.Path, Claim: f.Claim, Value: f.Value} }
	looks := schema.Field{Path: "city", Value: schema.MapValue(map[string]schema.Value{"!": schema.StringValue("x")})}
	cases := map[string]struct {
		reason        string
		in            schema.Field
		plain, hashed BaseField
	}{
		"Personal":  {"personal values are hashed when that is asked for", text("email", "x"), clear(text("email", "x")), hash(text("email", "x"))},
		"Other":     {"others are not", text("city", "Bern"), clear(text("city", "Bern")), clear(text("city", "Bern"))},
		"Secret":    {"sensitive attributes always are", text("secret", "hush"), hash(text("secret", "hush")), hash(text("secret", "hush"))},
		"Sensitive": {"so are values that the files call sensitive, with a mark", secret(text("city", "Bern")), hash(secret(text("city", "Bern"))), hash(secret(text("city", "Bern")))},
		"Marked":    {"the mark is kept where the value is personal too", secret(text("email", "x")), hash(secret(text("email", "x"))), hash(secret(text("email", "x")))},
		"Key":       {"what the key of the object says is hidden in its values", text("city", "Ann"), clear(text("city", "Ann")), hash(text("city", "Ann"))},
		"Within":    {"also within others", text("city", "of ANN's"), clear(text("city", "of ANN's")), hash(text("city", "of ANN's"))},
		"Mail":      {"an e-mail address is somebody's", text("city", "to bob@example.com"), clear(text("city", "to bob@example.com")), hash(text("city", "to bob@example.com"))},
		"Phone":     {"so is a phone number", text("city", "+12025550101"), clear(text("city", "+12025550101")), hash(text("city", "+12025550101"))},
		"Date":      {"a date is not", text("city", "2026-01-15T09:00:00+01:00"), clear(text("city", "2026-01-15T09:00:00+01:00")), clear(text("city", "2026-01-15T09:00:00+01:00"))},
		"Hidden":    {"what looks like a hash would be read as one", looks, hash(looks), hash(looks)},
		"Set":       {"a set stays as it is", set(schema.ClaimExactly, "vip"), clear(set(schema.ClaimExactly, "vip")), clear(set(schema.ClaimExactly, "vip"))},
		"Members":   {"unless a member names somebody: then each has a hash", set(schema.ClaimIncludes, "ann", "vip"), clear(set(schema.ClaimIncludes, "ann", "vip")), hashes(set(schema.ClaimIncludes), "ann", "vip")},
		"Secrets":   {"or the set is sensitive", secret(set(schema.ClaimExcludes, "vip")), hashes(secret(set(schema.ClaimExcludes)), "vip"), hashes(secret(set(schema.ClaimExcludes)), "vip")},
		"NoSecrets": {"also one without members", secret(set(schema.ClaimExactly)), hashes(secret(set(schema.ClaimExactly))), hashes(secret(set(schema.ClaimExactly)))},
	}
	for name, tc := range cases {
		for personal, want := range map[string]BaseField{"plain": tc.plain, "hashed": tc.hashed} {
			t.Run(name+"/"+personal, func(t *testing.T) { checkBase(t, tc.reason, personal, key, tc.in, want) })
		}
	}
}

// checkBase compares a field as the base of a record has it. Hashes of want are
// worked out; its Hashes are the members that are found again.
func checkBase(t *testing.T, reason, personal, key string, in schema.Field, want BaseField) {
	s := open(t, &statetest.Memory{}, Options{Personal: personal})
	derived := schema.Field{Path: "custom_fields.b", Value: schema.StringValue("B"), Derived: true}
	got, err := record(t, s, key, "1", in, derived, schema.Field{Path: "custom_fields.a", Value: schema.UnknownValue()}).Base()
	if err != nil {
		t.Fatal(err)
	}
	if want.Hidden() {
		hidden := BaseField{Path: in.Path, Claim: in.Claim, Value: in.Value, Sensitive: in.Sensitive}
		s.Sealer().hide(&hidden)
		if diff := cmp.Diff(want.Hashes, hidden.Members(s.Sealer(), []string{"x"}, []string{"vip", "ann"}), cmpopts.SortSlices(strings.Compare), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: members that are found again: -want +got:\n%s", reason, diff)
		}
		want.Hash, want.Hashes = hidden.Hash, hidden.Hashes
	}
	if diff := cmp.Diff([]BaseField{want}, got, values, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: -want +got:\n%s", reason, diff)
	}
}

func TestMembers(t *testing.T) {
	s := newSealer([]byte("s"), true)
	f := BaseField{Path: "tags", Claim: schema.ClaimIncludes, Value: schema.SetOf([]string{"a", "b"})}
	s.hide(&f)
	got := f.Members(s, []string{"a", "c"})
	slices.Sort(got)
	if diff := cmp.Diff([]string{"#" + s.member("tags", "b"), "a"}, got); diff != "" {
		t.Errorf("a member that nothing shows stays one that nothing has: -want +got:\n%s", diff)
	}
}

// A path that was not written keeps what the old record has of it, and the
// record then no longer claims to know what the files want.
func TestSetBaseKeeps(t *testing.T) {
	s := open(t, &statetest.Memory{}, Options{Personal: "hashed"})
	old := record(t, s, "a", "1", text("city", "old"), text("email", "old@example.com"))
	r := NewRecord(address("a"))
	now := schema.Fields{text("city", "new"), text("email", "new@example.com")}
	if err := r.SetBase(s.Sealer(), Applied{Address: address("a"), Kind: kind, Fields: now, Old: old, Keep: func(path string) bool { return path == "email" }}); err != nil {
		t.Fatal(err)
	}
	got, err := r.Base()
	if err != nil {
		t.Fatal(err)
	}
	want := []BaseField{{Path: "city", Value: schema.StringValue("new")}, {Path: "email", Hash: s.Sealer().Value("email", schema.StringValue("old@example.com"))}}
	if diff := cmp.Diff(want, got, values); diff != "" || r.Sum != (Digest{}) || old.Sum == (Digest{}) {
		t.Errorf("sum %q: -want +got:\n%s", r.Sum, diff)
	}
}
