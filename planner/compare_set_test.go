package planner

import (
	"slices"
	"testing"

	"lockstep/schema"
)

// tagChange is the change of a set whose live members are given.
func tagChange(claim schema.Claim, live, add, remove []string) FieldChange {
	after := slices.DeleteFunc(append(slices.Clone(live), add...), func(m string) bool { return slices.Contains(remove, m) })
	return FieldChange{Path: "tags", Claim: claim, Live: schema.SetOf(live), Desired: schema.SetOf(after), Add: add, Remove: remove, Sides: Sides{HasBase: true}}
}

func fileMoved(c FieldChange) FieldChange { c.FileMoved = true; return c }

// liveMoved is a change of which a member moved live.
func liveMoved(c FieldChange, edited string) FieldChange {
	c.LiveMoved, c.Edited = true, []string{edited}
	return c
}

func noBase(c FieldChange) FieldChange { c.HasBase = false; return c }

func noLive(c FieldChange) FieldChange { c.Live = schema.Value{}; return c }

func TestDiffSet(t *testing.T) {
	in, ex, no := schema.ClaimIncludes, schema.ClaimExactly, schema.ClaimExcludes
	type list = []string
	checkDiff(t, map[string]diffCase{
		"Additive":        {reason: "members that the file does not name stay", in: diffIn{desired: fields(includes("a")), live: fields(liveTags("a", "b"))}},
		"Adds":            {reason: "a missing member is added", in: diffIn{desired: fields(includes("a", "c")), live: fields(liveTags("a", "b"))}, want: diffWant{Changes: []FieldChange{noBase(tagChange(in, list{"a", "b"}, list{"c"}, nil))}}},
		"AddsToNothing":   {reason: "a live object without the set", in: diffIn{desired: fields(includes("a"))}, want: diffWant{Changes: []FieldChange{noLive(noBase(tagChange(in, nil, list{"a"}, nil)))}}},
		"RemovesOnceOurs": {reason: "what the file once named is removed", in: diffIn{base: fields(includes("a", "b")), desired: fields(includes("a")), live: fields(liveTags("a", "b", "c"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(tagChange(in, list{"a", "b", "c"}, nil, list{"b"}))}}},
		"RemovedAlready":  {reason: "somebody removed it in the CRM before", in: diffIn{base: fields(includes("a", "b")), desired: fields(includes("a")), live: fields(liveTags("a", "c"))}, want: diffWant{Rebase: true}},
		"TakenAway":       {reason: "a member that the CRM lost is added again", in: diffIn{base: fields(includes("a", "b")), desired: fields(includes("a", "b")), live: fields(liveTags("a"))}, want: diffWant{Changes: []FieldChange{liveMoved(tagChange(in, list{"a"}, list{"b"}, nil), "b")}}},
		"BothMoved":       {reason: "the file added one, the CRM lost another", in: diffIn{base: fields(includes("a")), desired: fields(includes("a", "b")), live: fields(liveTags("c"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(liveMoved(tagChange(in, list{"c"}, list{"a", "b"}, nil), "a"))}}},
		"AddedThere":      {reason: "the CRM has the new member already", in: diffIn{base: fields(includes("a")), desired: fields(includes("a", "b")), live: fields(liveTags("a", "b"))}, want: diffWant{Rebase: true}},
		"EmptyIncludes":   {reason: "an empty set gives back what was named", in: diffIn{base: fields(includes("a")), desired: fields(includes()), live: fields(liveTags("a", "b"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(tagChange(in, list{"a", "b"}, nil, list{"a"}))}}},
		"Exactly":         {reason: "exactly removes what it does not name", in: diffIn{desired: fields(exactly("a")), live: fields(liveTags("a", "b"))}, want: diffWant{Changes: []FieldChange{noBase(tagChange(ex, list{"a", "b"}, nil, list{"b"}))}}},
		"ExactlyDrift":    {reason: "a member added in the CRM to a set that is claimed whole", in: diffIn{base: fields(exactly("a")), desired: fields(exactly("a")), live: fields(liveTags("a", "b"))}, want: diffWant{Changes: []FieldChange{liveMoved(tagChange(ex, list{"a", "b"}, nil, list{"b"}), "b")}}},
		"ExactlyNothing":  {reason: "exactly nothing empties the set", in: diffIn{base: fields(exactly()), desired: fields(exactly()), live: fields(liveTags("b"))}, want: diffWant{Changes: []FieldChange{liveMoved(tagChange(ex, list{"b"}, nil, list{"b"}), "b")}}},
		"BecameExactly":   {reason: "claiming the whole set is the file's move", in: diffIn{base: fields(includes("a")), desired: fields(exactly("a")), live: fields(liveTags("a", "b"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(tagChange(ex, list{"a", "b"}, nil, list{"b"}))}}},
		"WasExactly":      {reason: "what exactly named counts as named", in: diffIn{base: fields(exactly("a", "b")), desired: fields(includes("b")), live: fields(liveTags("a", "b", "c"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(tagChange(in, list{"a", "b", "c"}, nil, list{"a"}))}}},
		"Excludes":        {reason: "excluded members are removed, others stay", in: diffIn{desired: fields(excludes("a")), live: fields(liveTags("a", "b"))}, want: diffWant{Changes: []FieldChange{noBase(tagChange(no, list{"a", "b"}, nil, list{"a"}))}}},
		"ExcludesDrift":   {reason: "an excluded member came back", in: diffIn{base: fields(excludes("a")), desired: fields(excludes("a")), live: fields(liveTags("a"))}, want: diffWant{Changes: []FieldChange{liveMoved(tagChange(no, list{"a"}, nil, list{"a"}), "a")}}},
		"ExcludesMet":     {reason: "nothing that is excluded is there", in: diffIn{desired: fields(excludes("a")), live: fields(liveTags("b"))}},
		"IncludesAndNot":  {reason: "two claims on one set are one change", in: diffIn{desired: fields(includes("a"), excludes("b")), live: fields(liveTags("b", "c"))}, want: diffWant{Changes: []FieldChange{noBase(tagChange(in, list{"b", "c"}, list{"a"}, list{"b"}))}}},
		"Dropped":         {reason: "the attribute is not written any more: what it named goes", in: diffIn{base: fields(includes("a", "b")), desired: schema.Fields{}, live: fields(liveTags("a", "c"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(tagChange(in, list{"a", "c"}, nil, list{"a"}))}}},
		"DroppedExactly":  {reason: "exactly named its members too, and claims no others now", in: diffIn{base: fields(exactly("a")), desired: schema.Fields{}, live: fields(liveTags("a", "c"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(tagChange(ex, list{"a", "c"}, nil, list{"a"}))}}},
		"DroppedTwice":    {reason: "two claims on one set are dropped in one change", in: diffIn{base: fields(includes("a"), exactly("b")), desired: schema.Fields{}, live: fields(liveTags("a", "b", "c"))}, want: diffWant{Rebase: true, Changes: []FieldChange{fileMoved(tagChange(in, list{"a", "b", "c"}, nil, list{"a", "b"}))}}},
		"DroppedExcludes": {reason: "excludes named nothing that could go", in: diffIn{base: fields(excludes("a")), desired: schema.Fields{}, live: fields(liveTags("c"))}, want: diffWant{Rebase: true}},
		"DroppedGone":     {reason: "nothing to remove", in: diffIn{base: fields(includes("a")), desired: schema.Fields{}}, want: diffWant{Rebase: true}},
		"Unknown": {
			reason: "members that are not known yet", in: diffIn{desired: fields(schema.Field{Path: "tags", Claim: in, Value: schema.ListValue(schema.UnknownValue())})},
			want: diffWant{Changes: []FieldChange{{Path: "tags", Claim: in, Desired: schema.UnknownValue()}}},
		},
	})
}

// A dropped set keeps its marks, or a redacted plan would show its members.
func TestDiffDroppedPersonalSet(t *testing.T) {
	groups := members(schema.ClaimIncludes, "groups", "a")
	got := runDiff(t, "plain", diffIn{base: fields(groups), desired: schema.Fields{}, live: fields(members(schema.ClaimValue, "groups", "a"))})
	if len(got.Changes) != 1 || !got.Changes[0].Personal {
		t.Errorf("a change marked personal wanted, got %+v", got.Changes)
	}
}

// A set that was given a sensitive value is masked like any other field.
func TestDiffSensitiveSet(t *testing.T) {
	f := includes("a")
	f.Sensitive = true
	got := runDiff(t, "plain", diffIn{desired: fields(f)})
	if len(got.Changes) != 1 || !got.Changes[0].Sensitive {
		t.Errorf("a change marked sensitive wanted, got %+v", got.Changes)
	}
}
