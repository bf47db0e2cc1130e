package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/schema"
)

type diffIn struct {
	// base is what was applied last; nil means that there is no record.
	base    schema.Fields
	desired schema.Fields
	live    schema.Fields
	ignore  []string
}

type diffWant struct {
	Changes []FieldChange
	Rebase  bool
}

type diffCase struct {
	reason string
	in     diffIn
	want   diffWant
}

// checkDiff runs each case over a plain and a hashing state. Both must see the
// same changes; only the base may be hidden.
func checkDiff(t *testing.T, cases map[string]diffCase) {
	t.Helper()
	for name, tc := range cases {
		for _, personal := range []string{"plain", "hashed"} {
			t.Run(name+"/"+personal, func(t *testing.T) {
				got := runDiff(t, personal, tc.in)
				opts := cmp.Options{values, cmpopts.EquateEmpty()}
				if personal == "hashed" {
					opts = append(opts, cmpopts.IgnoreFields(FieldChange{}, "Sides.Base", "Sides.BaseHidden"))
				}
				if diff := cmp.Diff(tc.want, got, opts); diff != "" {
					t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
				}
			})
		}
	}
}

func runDiff(t *testing.T, personal string, in diffIn) diffWant {
	t.Helper()
	s := newSealer(t, personal)
	d := differ{kind: contactKind, sealer: s, ignore: in.ignore}
	live := object(contactKind, "1", in.live...)
	var got diffWant
	var err error
	if in.base == nil {
		got.Changes, got.Rebase, err = d.diff(in.desired, &live, nil)
	} else {
		got.Changes, got.Rebase, err = d.diff(in.desired, &live, record(t, s, contactKind, "a", "1", in.base...))
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func str(s string) schema.Value { return schema.StringValue(s) }

func TestDiffScalar(t *testing.T) {
	a, b, c := fields(text("city", "A")), fields(text("city", "B")), fields(text("city", "C"))
	checkDiff(t, map[string]diffCase{
		"InStep": {reason: "base, file and live agree", in: diffIn{base: a, desired: a, live: a}},
		"FileMoved": {
			reason: "only the file has a new value", in: diffIn{base: a, desired: b, live: a},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "city", Live: str("A"), Desired: str("B"), Sides: Sides{Base: str("A"), HasBase: true, FileMoved: true}}}},
		},
		"LiveMoved": {
			reason: "only the CRM has a new value", in: diffIn{base: a, desired: a, live: b},
			want: diffWant{Changes: []FieldChange{{Path: "city", Live: str("B"), Desired: str("A"), Sides: Sides{Base: str("A"), HasBase: true, LiveMoved: true}}}},
		},
		"Conflict": {
			reason: "both moved, and not to the same value", in: diffIn{base: a, desired: b, live: c},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "city", Live: str("C"), Desired: str("B"), Sides: Sides{Base: str("A"), HasBase: true, FileMoved: true, LiveMoved: true, Conflict: true}}}},
		},
		"SameMove": {reason: "both moved to one value: only the state must learn it", in: diffIn{base: a, desired: b, live: b}, want: diffWant{Rebase: true}},
		"NoRecord": {
			reason: "without a base nobody is known to have moved", in: diffIn{desired: b, live: a},
			want: diffWant{Changes: []FieldChange{{Path: "city", Live: str("A"), Desired: str("B")}}},
		},
		"NewlyWritten": {
			reason: "a field that the base does not have is not a conflict", in: diffIn{base: fields(text("country", "DE")), desired: fields(text("city", "B"), text("country", "DE")), live: fields(text("city", "A"), text("country", "DE"))},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "city", Live: str("A"), Desired: str("B")}}},
		},
		"NoLongerWritten": {
			reason: "a field that the file does not name is left alone", in: diffIn{base: fields(text("city", "A"), text("country", "DE")), desired: a, live: fields(text("city", "A"), text("country", "FR"))},
			want: diffWant{Rebase: true},
		},
		"Unnamed": {reason: "what the file never named is no drift", in: diffIn{base: a, desired: a, live: fields(text("city", "A"), text("name", "Ann"))}},
		"MapKey": {
			reason: "one key of a map is owned, the others are not",
			in: diffIn{base: fields(text("custom_fields.tier", "gold")), desired: fields(text("custom_fields.tier", "gold")),
				live: fields(text("custom_fields.shoe", "42"), text("custom_fields.tier", "tin"))},
			want: diffWant{Changes: []FieldChange{{Path: "custom_fields.tier", Live: str("tin"), Desired: str("gold"), Sides: Sides{Base: str("gold"), HasBase: true, LiveMoved: true}}}},
		},
		"Derived": {reason: "derived fields are never written", in: diffIn{base: a, desired: fields(text("city", "A"), schema.Field{Path: "name", Value: str("N"), Derived: true}), live: a}},
		"Unknown": {
			reason: "an unknown value is a change", in: diffIn{base: a, desired: fields(schema.Field{Path: "city", Value: schema.UnknownValue()}), live: a},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "city", Live: str("A"), Desired: schema.UnknownValue(), Sides: Sides{Base: str("A"), HasBase: true, FileMoved: true}}}},
		},
		"SensitiveValue": {
			reason: "a sensitive value of a plain attribute stays marked",
			in:     diffIn{desired: fields(schema.Field{Path: "city", Value: str("B"), Sensitive: true})},
			want:   diffWant{Changes: []FieldChange{{Path: "city", Desired: str("B"), Sensitive: true}}},
		},
	})
}

func TestDiffEmpty(t *testing.T) {
	empty, gone := fields(text("city", "")), fields(schema.Field{Path: "city"})
	checkDiff(t, map[string]diffCase{
		"EmptyAndAbsent": {reason: "an empty text and no value are the same", in: diffIn{desired: empty}},
		"NullAndEmpty":   {reason: "null and an empty text are the same", in: diffIn{desired: gone, live: empty}},
		"EmptyClears": {
			reason: "an empty text clears the live value", in: diffIn{base: empty, desired: empty, live: fields(text("city", "B"))},
			want: diffWant{Changes: []FieldChange{{Path: "city", Live: str("B"), Desired: str(""), Sides: Sides{Base: str(""), HasBase: true, LiveMoved: true}}}},
		},
		"NullBecameEmpty": {reason: "spelling an empty value otherwise changes nothing live", in: diffIn{base: gone, desired: empty}, want: diffWant{Rebase: true}},
		"NullBaseMovesOnce": {
			reason: "an empty base is not moved by a live object that shows nothing", in: diffIn{base: gone, desired: fields(text("city", "B")), live: empty},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "city", Live: str(""), Desired: str("B"), Sides: Sides{HasBase: true, FileMoved: true}}}},
		},
		"EmptyAndDefault":  {reason: "the server's default stands for no value", in: diffIn{desired: fields(text("country", "")), live: fields(text("country", "US"))}},
		"DefaultAndAbsent": {reason: "wanting the default is met by a live object that leaves it out", in: diffIn{desired: fields(text("country", "US"))}},
		"DefaultIsNoMove": {
			reason: "the default in the place of an empty base is not a move, so there is no conflict",
			in:     diffIn{base: fields(text("country", "")), desired: fields(text("country", "DE")), live: fields(text("country", "US"))},
			want:   diffWant{Rebase: true, Changes: []FieldChange{{Path: "country", Live: str("US"), Desired: str("DE"), Sides: Sides{Base: str(""), HasBase: true, FileMoved: true}}}},
		},
		"HiddenDefaultIsNoMove": {
			reason: "nor is it when the base is hashed",
			in:     diffIn{base: fields(text("birth", "")), desired: fields(text("birth", "May")), live: fields(text("birth", "none"))},
			want:   diffWant{Rebase: true, Changes: []FieldChange{{Path: "birth", Live: str("none"), Desired: str("May"), Personal: true, Sides: Sides{Base: str(""), HasBase: true, FileMoved: true}}}},
		},
	})
}

func TestDiffSpecial(t *testing.T) {
	origin := fields(text("origin", "A"))
	secret := fields(text("secret", "s1"))
	checkDiff(t, map[string]diffCase{
		"CreateOnly":    {reason: "what is only sent at creation never differs", in: diffIn{base: fields(text("source", "web")), desired: fields(text("source", "ads"))}, want: diffWant{Rebase: true}},
		"WriteOnlyKept": {reason: "a write-only value that did not move is not written", in: diffIn{base: secret, desired: secret}},
		"WriteOnlyKeptBeside": {
			reason: "nor when another field moved", in: diffIn{base: fields(text("secret", "s1"), text("city", "A")), desired: fields(text("secret", "s1"), text("city", "A"), text("country", "US")), live: fields(text("city", "A"))},
			want: diffWant{Rebase: true},
		},
		"WriteOnlyMoved": {
			reason: "a write-only value that moved is written", in: diffIn{base: secret, desired: fields(text("secret", "s2"))},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "secret", Desired: str("s2"), Sensitive: true, Sides: Sides{HasBase: true, BaseHidden: true, FileMoved: true}}}},
		},
		"WriteOnlyAdopted": {
			reason: "without a base it must be written, because nobody can read it", in: diffIn{desired: secret},
			want: diffWant{Changes: []FieldChange{{Path: "secret", Desired: str("s1"), Sensitive: true}}},
		},
		"WriteOnlyFixedAdopted": {reason: "what can be neither read nor changed is taken for what it is", in: diffIn{desired: fields(text("story", "A"))}},
		"WriteOnlyFixedMoved": {
			reason: "another value of it would be another object", in: diffIn{base: fields(text("story", "A")), desired: fields(text("story", "B"))},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "story", Desired: str("B"), Replaces: true, Sides: Sides{Base: str("A"), HasBase: true, FileMoved: true}}}},
		},
		"Immutable": {
			reason: "an immutable attribute replaces the object", in: diffIn{base: origin, desired: fields(text("origin", "B")), live: origin},
			want: diffWant{Rebase: true, Changes: []FieldChange{{Path: "origin", Live: str("A"), Desired: str("B"), Replaces: true, Sides: Sides{Base: str("A"), HasBase: true, FileMoved: true}}}},
		},
		"IgnoredPath":      {reason: "ignore_changes names the attribute", in: diffIn{base: origin, desired: fields(text("origin", "B")), live: origin, ignore: []string{"origin"}}, want: diffWant{Rebase: true}},
		"IgnoredAll":       {reason: "ignore_changes = all", in: diffIn{base: origin, desired: fields(text("origin", "B"), includes("vip")), live: origin, ignore: []string{"all"}}, want: diffWant{Rebase: true}},
		"IgnoredAttribute": {reason: "the name of a map stands for all its keys", in: diffIn{desired: fields(text("custom_fields.tier", "gold")), ignore: []string{"custom_fields"}}},
		"IgnoredKey": {
			reason: "one key of a map can be ignored alone",
			in:     diffIn{desired: fields(text("custom_fields.a", "1"), text("custom_fields.b", "2")), ignore: []string{"custom_fields.a"}},
			want:   diffWant{Changes: []FieldChange{{Path: "custom_fields.b", Desired: str("2")}}},
		},
		"IgnoredDroppedSet": {reason: "ignored sets keep their members", in: diffIn{base: fields(includes("vip")), desired: schema.Fields{}, live: fields(liveTags("vip")), ignore: []string{"tags"}}, want: diffWant{Rebase: true}},
	})
}

// A hashed base shows itself only where another side has its value.
func TestDiffHashedBase(t *testing.T) {
	a, b, c := fields(text("name", "A")), fields(text("name", "B")), fields(text("name", "C"))
	cases := map[string]struct {
		reason string
		in     diffIn
		want   FieldChange
	}{
		"FileMoved": {"the live value still is the base", diffIn{base: a, desired: b, live: a},
			FieldChange{Path: "name", Live: str("A"), Desired: str("B"), Personal: true, Sides: Sides{Base: str("A"), HasBase: true, FileMoved: true}}},
		"LiveMoved": {"the file's value still is the base", diffIn{base: a, desired: a, live: b},
			FieldChange{Path: "name", Live: str("B"), Desired: str("A"), Personal: true, Sides: Sides{Base: str("A"), HasBase: true, LiveMoved: true}}},
		"Conflict": {"no side has the base", diffIn{base: a, desired: b, live: c},
			FieldChange{Path: "name", Live: str("C"), Desired: str("B"), Personal: true, Sides: Sides{HasBase: true, BaseHidden: true, LiveMoved: true, FileMoved: true, Conflict: true}}},
		"Cleared": {"an absent live value is the empty base", diffIn{base: fields(text("name", "")), desired: b},
			FieldChange{Path: "name", Desired: str("B"), Personal: true, Sides: Sides{HasBase: true, FileMoved: true}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := runDiff(t, "hashed", tc.in)
			if diff := cmp.Diff([]FieldChange{tc.want}, got.Changes, values); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
