package ghl

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// team is the form of the members of a calendar's team, who are users by the form of
// their ids. HighLevel gives a member a priority of 0.5, and makes nobody primary.
func team(user form) form {
	f := items(
		property{name: "user_id", wire: "userId", form: user},
		property{name: "priority", wire: "priority", form: number},
		property{name: "primary", wire: "isPrimary", form: boolean},
		property{name: "locations", wire: "locationConfigurations", form: meetingPlaces},
	)
	f.example = `[{ user_id = "USER_ID", priority = 1 }]`
	decode, normalize := f.decode, f.normalize
	f.decode = func(d *decoder, raw jsontext.Value) schema.Value { return withDefaults(decode(d, raw)) }
	f.normalize = func(s *speller, path string, v schema.Value) (schema.Value, error) {
		v, err := normalize(s, path, v)
		if err != nil || v.Type() != schema.List {
			return v, err
		}
		return v, checkTeam(path, s.fields.Value("type").Text(), v.Items())
	}
	return f
}

// withDefaults fills in what an answer leaves out of members.
func withDefaults(v schema.Value) schema.Value {
	members := make([]schema.Value, len(v.Items()))
	for i, m := range v.Items() {
		if m.Entry("priority").IsAbsent() {
			m = m.With("priority", schema.NumberValue("0.5"))
		}
		if m.Entry("primary").IsAbsent() {
			m = m.With("primary", schema.BoolValue(false))
		}
		members[i] = m
	}
	if len(members) == 0 {
		return schema.Value{}
	}
	return schema.ListValue(members...)
}

// checkTeam refuses a team that HighLevel does not take for a type of calendar.
func checkTeam(path, ofType string, members []schema.Value) error {
	primary, unsure := 0, false
	for _, m := range members {
		if p := m.Entry("priority"); p.Type() == schema.Number && p.Text() != "0" && p.Text() != "0.5" && p.Text() != "1" {
			return &providers.FieldError{Path: path, Problem: fmt.Sprintf("the priority %s is none", p.Text()), Advice: "Write 0 for low, 0.5 for medium or 1 for high."}
		}
		unsure = unsure || !m.Entry("primary").IsKnown()
		if m.Entry("primary").Truth() {
			primary++
		}
	}
	switch {
	case primary > 1:
		return &providers.FieldError{Path: path, Problem: fmt.Sprintf("%d members are primary", primary), Advice: "Write primary = true for one of them."}
	case ofType == "personal" && len(members) != 1:
		return &providers.FieldError{Path: path, Problem: fmt.Sprintf("a personal calendar has one member, not %d", len(members)),
			Advice: "Name one user, or take another type of calendar."}
	case ofType == "collective" && primary == 0 && !unsure:
		return &providers.FieldError{Path: path, Problem: "no member of the collective calendar is primary", Advice: "Write primary = true for one of them."}
	}
	return nil
}
