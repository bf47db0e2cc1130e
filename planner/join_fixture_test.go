package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// rule is a field of a mapping that has the city of a contact on one side and
// the town of its source on the other.
func rule(direction, conflict string) *config.MappedField {
	return &config.MappedField{Path: "city", Source: "town", Direction: direction, Conflict: conflict}
}

// one way rules for the paths of fields.
func given(list []schema.Field) []*config.MappedField {
	var rules []*config.MappedField
	for _, f := range list {
		rules = append(rules, &config.MappedField{Path: f.Path, Direction: config.ToTarget})
	}
	return rules
}

func mapped(name string) schema.Address {
	return schema.Address{Kind: schema.MappingKind, Name: "m", Key: schema.Key{Type: schema.StringKey, Text: name}}
}

// instance makes an instance of the mapping "m" that gives fields to a contact.
type instance struct {
	name   string
	match  schema.Fields
	fields []schema.Field
	// rules are given by the fields where there are none.
	rules  []*config.MappedField
	source *schema.Object
}

func (i instance) of(s *state.Sealer, b *Block, missing string) Instance {
	rules := i.rules
	if rules == nil {
		rules = given(i.fields)
	}
	return Instance{
		Desired: desired(b, mapped(i.name), s.Address(mapped(i.name)), i.fields...),
		Mapping: &config.Mapping{Missing: missing, Fields: rules}, Match: i.match, Source: i.source,
	}
}

// mapRecord is what the state has of an instance that was joined with an object.
func mapRecord(t testing.TB, s *state.Sealer, name, id string, match schema.Fields, list ...schema.Field) *state.Record {
	t.Helper()
	r := state.NewRecord(s.Address(mapped(name)))
	r.Provider, r.ID, r.Target = "crm", id, contactKind.Name
	r.SetFlags(state.Flags{Match: s.Sum(match)})
	if err := r.SetBase(s, state.Applied{Address: mapped(name), Kind: contactKind, Fields: fields(list...), Keep: none}); err != nil {
		t.Fatal(err)
	}
	return r
}

// joinCase is a mapping over people of whom some have blocks of their own.
type joinCase struct {
	reason    string
	live      []schema.Object
	records   func(t *testing.T, s *state.Sealer) []*state.Record
	desired   func(s *state.Sealer) []Desired
	missing   string
	instances []instance
	adjust    func(r *Roster)
	want      joinWant
}

// joinWant is what is to come of it, each on one line.
type joinWant struct {
	Changes, Rebased, Problems []string
	// Missing are the instances without a target, and Back what goes to sources.
	Missing, Back []string
}

func checkJoin(t *testing.T, cases map[string]joinCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			var records []*state.Record
			if tc.records != nil {
				records = tc.records(t, s)
			}
			r := roster(s, contactKind, append([]schema.Object(nil), tc.live...), records...)
			if tc.adjust != nil {
				tc.adjust(r)
			}
			if tc.desired != nil {
				r.Pair(tc.desired(s))
			}
			if diff := cmp.Diff(tc.want, joinedAll(s, r, tc.missing, tc.instances), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// joinedAll joins the instances of one mapping, and decides.
func joinedAll(s *state.Sealer, r *Roster, missing string, instances []instance) joinWant {
	var got joinWant
	batch := make([]Instance, len(instances))
	b := block(9)
	for i := range instances {
		batch[i] = instances[i].of(s, b, missing)
	}
	joined := r.Join(batch)
	for i := range joined {
		if joined[i].Missing {
			got.Missing = append(got.Missing, instances[i].name)
		}
		for _, f := range joined[i].Back {
			got.Back = append(got.Back, fmt.Sprintf("%s: %s <- %s %s", instances[i].name, f.Path, f.From, f.Desired.Text()))
		}
	}
	d := all(r)
	for i := range d.Changes {
		got.Changes = append(got.Changes, authoredText(&d.Changes[i]))
	}
	for i := range d.Rebased {
		got.Rebased = append(got.Rebased, authoredText(&d.Rebased[i]))
	}
	for _, p := range r.Problems {
		got.Problems = append(got.Problems, who(p.Address)+": "+p.Summary)
	}
	return got
}

// who names an author: "ann" for the block's, "m.ann" for the mapping's, and
// "m.ann<" for what goes back to its source.
func who(a schema.Address) string {
	name := a.Key.Text
	if a.Mapping() {
		name = "m." + name
	}
	if a.Source {
		name += "<"
	}
	return name
}

// authoredText renders a change with the author of each field: "update 1: city by
// m.ann". An author whose fields go in calls of their own has a mark. What authors
// need, and what is emptied first, stands at the end.
func authoredText(c *Change) string {
	parts := []string{c.Action.String()}
	if c.ID != "" {
		parts = append(parts, c.ID)
	}
	if c.Gone {
		parts = append(parts, "gone")
	}
	text := strings.Join(parts, " ") + ":"
	if len(c.Fields) == 0 {
		for _, a := range c.Authors() {
			text += " " + who(a.Address)
		}
		return text
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		a := c.By(f)
		text += " " + f.Path + " by " + who(a.Address)
		if a.Apart {
			text += " apart"
		}
		if f.Conflict {
			text += " conflict"
		}
		if i+1 < len(c.Fields) {
			text += ","
		}
	}
	for _, a := range c.Authors() {
		if len(a.Needs()) > 0 {
			text += " (" + who(a.Address) + " needs"
			for _, need := range a.Needs() {
				text += " " + who(need)
			}
			text += ")"
		}
	}
	if len(c.Vacates) > 0 {
		text += " empties " + strings.Join(c.Vacates, " ")
	}
	return text
}
