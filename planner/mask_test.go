package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/planner/state"
	"lockstep/schema"
)

func sensitive(f schema.Field) schema.Field {
	f.Sensitive = true
	return f
}

// TestMask holds that what was sensitive when it was applied is masked in each
// change of the object.
func TestMask(t *testing.T) {
	ann := text("email", "ann@example.com")
	live := object(contactKind, "1", ann, text("city", "old"), text("name", "hush"), text("custom_fields.pin", "1234"), liveTags("vip"))
	secretName := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{record(t, s, contactKind, "ann", "1", ann, text("city", "old"), sensitive(text("name", "hush")))}
	}
	mapped := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{
			record(t, s, contactKind, "ann", "1", ann, text("city", "old")),
			mapRecord(t, s, "ann", "1", byEmail("ann@example.com"), sensitive(text("custom_fields.pin", "1234")), sensitive(includes("vip"))),
		}
	}
	wants := func(list ...schema.Field) func(*state.Sealer) []Desired {
		return func(s *state.Sealer) []Desired {
			return []Desired{want(s, contactKind, block(1), "ann", append([]schema.Field{ann}, list...)...)}
		}
	}
	cases := map[string]struct {
		reason  string
		records func(*testing.T, *state.Sealer) []*state.Record
		desired func(*state.Sealer) []Desired
		action  Action
		// masked are the paths of all fields, with what becomes of them.
		masked map[string]bool
	}{
		"Delete":  {"its block is gone, and the secret is still live", secretName, nothing, Delete, map[string]bool{"email": false, "city": false, "name": true, "custom_fields.pin": false, "tags": false}},
		"Update":  {"a change of another field shows as ever", secretName, wants(text("city", "new"), sensitive(text("name", "hush"))), Update, map[string]bool{"city": false}},
		"Ceases":  {"the files no longer call it sensitive: the old value is", secretName, wants(text("city", "old"), text("name", "open")), Update, map[string]bool{"name": true}},
		"Becomes": {"the files begin to", secretName, wants(sensitive(text("city", "new")), sensitive(text("name", "new"))), Update, map[string]bool{"city": true, "name": true}},
		"Mapped":  {"a mapping wrote secrets to what is deleted", mapped, nothing, Delete, map[string]bool{"email": false, "city": false, "name": false, "custom_fields.pin": true, "tags": true}},
		"TakenOn": {"a block takes over what a mapping wrote", mapped, wants(text("city", "old"), text("custom_fields.pin", "4321")), Update, map[string]bool{"custom_fields.pin": true}},
	}
	for name, tc := range cases {
		for _, personal := range []string{"plain", "hashed"} {
			t.Run(name+"/"+personal, func(t *testing.T) {
				s := newSealer(t, personal)
				r := roster(s, contactKind, []schema.Object{live}, tc.records(t, s)...)
				r.Pair(tc.desired(s))
				got := map[string]bool{}
				for _, c := range all(r).Changes {
					for _, f := range c.Fields {
						got[f.Path] = f.Sensitive
					}
					if c.Action != tc.action && len(c.Fields) > 0 {
						t.Errorf("%s: %s, want %s", tc.reason, c.Action, tc.action)
					}
				}
				if diff := cmp.Diff(tc.masked, got); diff != "" || len(r.Problems) > 0 {
					t.Errorf("%s: %v -want +got:\n%s", tc.reason, r.Problems, diff)
				}
			})
		}
	}
}

// TestMaskInstead holds that what is written instead of a replacement, when the live
// value of a conflict stays, is masked as well.
func TestMaskInstead(t *testing.T) {
	s := newSealer(t, "hashed")
	live := object(contactKind, "1", text("email", "ann@example.com"), text("name", "hush"), text("origin", "here"))
	r := roster(s, contactKind, []schema.Object{live},
		record(t, s, contactKind, "ann", "1", text("email", "ann@example.com"), sensitive(text("name", "hush")), text("origin", "here")))
	r.Pair([]Desired{want(s, contactKind, block(1), "ann", text("email", "ann@example.com"), text("name", "open"), text("origin", "there"))})
	c := all(r).Changes[0]
	if c.Action != Replace || len(c.instead) != 2 {
		t.Fatalf("got %s of %+v, want a replacement", c.Action, c.instead)
	}
	for _, fields := range [][]FieldChange{c.Fields, c.instead} {
		for _, f := range fields {
			if f.Sensitive != (f.Path == "name") {
				t.Errorf("%s: sensitive is %t", f.Path, f.Sensitive)
			}
		}
	}
}

// TestDiffHiddenSet holds that members which the state has as hashes are removed
// when the files no longer name them.
func TestDiffHiddenSet(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		base   schema.Field
		live   schema.Field
	}{
		"Sensitive": {"of a set that was sensitive", sensitive(includes("a", "b")), liveTags("a", "b", "c")},
		"Personal":  {"of a personal set", members(schema.ClaimIncludes, "groups", "a", "b"), members(schema.ClaimValue, "groups", "a", "b", "c")},
		"Named":     {"of one with an e-mail address", includes("a", "b", "x@example.com"), liveTags("a", "b", "c")},
	} {
		for _, personal := range []string{"plain", "hashed"} {
			t.Run(name+"/"+personal, func(t *testing.T) {
				still := tc.base
				still.Value = schema.SetOf([]string{"a"})
				for what, desired := range map[string]schema.Fields{"some": {still}, "all": {}} {
					want := map[string][]string{"some": {"b"}, "all": {"a", "b"}}[what]
					got := runDiff(t, personal, diffIn{base: fields(tc.base), desired: desired, live: fields(tc.live)})
					if len(got.Changes) != 1 {
						t.Fatalf("%s (%s): got %+v", tc.reason, what, got.Changes)
					}
					if diff := cmp.Diff(want, got.Changes[0].Remove, cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("%s (%s): -want +got:\n%s", tc.reason, what, diff)
					}
				}
			})
		}
	}
}
