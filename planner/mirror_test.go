package planner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

var dealKind = &schema.Kind{
	Name: "crm_deal", Noun: "deal", Plural: "deals", Parent: "contact_id", Content: []string{"title"}, After: []string{"crm_contact"},
	Attributes: []schema.Attribute{
		{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Refers: "crm_contact"},
		{Name: "title", Type: cty.String, Required: true},
		{Name: "owner", Type: cty.String, Optional: true, Mirrors: &schema.Mirror{Through: "contact_id", Attribute: "city"}},
	},
}

func TestMirroring(t *testing.T) {
	unknown := schema.Field{Path: "contact_id", Value: schema.UnknownValue()}
	const later = "later@example.com"
	ada, lin, made := text("email", "ada@example.com"), text("email", "lin@example.com"), text("email", later)
	refused := func(contact string) []string {
		return []string{`crm_deal.x["deal"] against crm_contact.x["` + contact + `"]`}
	}
	cases := map[string]struct {
		reason   string
		contacts map[string][]schema.Field
		deal     []schema.Field
		ignore   []string
		foreign  bool
		want     []string
	}{
		"differ": {"each write would undo the other", map[string][]schema.Field{"ada": {ada, text("city", "A")}},
			[]schema.Field{text("contact_id", "1"), text("owner", "B")}, nil, false, refused("ada")},
		"equal": {"both can last", map[string][]schema.Field{"ada": {ada, text("city", "A")}},
			[]schema.Field{text("contact_id", "1"), text("owner", "A")}, nil, false, nil},
		"one side": {"only one is managed", map[string][]schema.Field{"ada": {ada}},
			[]schema.Field{text("contact_id", "1"), text("owner", "B")}, nil, false, nil},
		"other side": {"only the other one is managed", map[string][]schema.Field{"ada": {ada, text("city", "A")}},
			[]schema.Field{text("contact_id", "1")}, nil, false, nil},
		"other object": {"they are not a pair", map[string][]schema.Field{"ada": {ada, text("city", "A")}, "lin": {lin}},
			[]schema.Field{text("contact_id", "2"), text("owner", "B")}, nil, false, nil},
		"ignored": {"what is ignored is not managed", map[string][]schema.Field{"ada": {ada, text("city", "A")}},
			[]schema.Field{text("contact_id", "1"), text("owner", "B")}, []string{"owner"}, false, nil},
		"not known": {"what is not known cannot be compared", map[string][]schema.Field{"ada": {ada, text("city", "A")}},
			[]schema.Field{text("contact_id", "1"), {Path: "owner", Value: schema.UnknownValue()}}, nil, false, nil},
		"to be made": {"the only object that it can be", map[string][]schema.Field{"new": {made, text("city", "A")}},
			[]schema.Field{unknown, text("owner", "B")}, nil, false, refused("new")},
		"all differ": {"whichever of them it is", map[string][]schema.Field{"new": {made, text("city", "A")}, "newer": {text("email", "newer@example.com"), text("city", "C")}},
			[]schema.Field{unknown, text("owner", "B")}, nil, false, refused("new")},
		"one fits": {"it may be that one", map[string][]schema.Field{"new": {made, text("city", "A")}, "newer": {text("email", "newer@example.com"), text("city", "B")}},
			[]schema.Field{unknown, text("owner", "B")}, nil, false, nil},
		"no reference": {"the block does not refer to that one", map[string][]schema.Field{"new": {made, text("city", "A")}},
			[]schema.Field{unknown, text("owner", "B")}, nil, true, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			contacts := roster(s, contactKind, []schema.Object{object(contactKind, "1", ada), object(contactKind, "2", lin)})
			var people []Desired
			for _, who := range []string{"ada", "lin", "new", "newer"} {
				if list, wanted := tc.contacts[who]; wanted {
					people = append(people, want(s, contactKind, block(1), who, list...))
				}
			}
			contacts.Pair(people)
			deals := roster(s, dealKind, nil)
			at := block(9)
			at.Ignore = tc.ignore
			deals.Pair([]Desired{want(s, dealKind, at, "deal", append(tc.deal, text("title", "Deal"))...)})
			Mirroring{dealKind.Attribute("owner"), deals, contacts, func(_, _ *Desired) bool { return !tc.foreign }}.Check()
			if diff := cmp.Diff(tc.want, rivals(deals.Problems, people), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// rivals names who is refused, and which of some objects the text names with its place.
func rivals(problems []Problem, others []Desired) []string {
	var found []string
	for _, p := range problems {
		for i := range others {
			if strings.Contains(p.Detail, others[i].place()) {
				found = append(found, p.Address.String()+" against "+others[i].Address().String())
			}
		}
	}
	return found
}
