package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// sentText renders a write: what it does, to whom, and with which fields and members.
func sentText(w *providers.Write) string {
	parts := []string{w.Action.String(), w.Address}
	for _, f := range w.Fields {
		value := f.Value.Text()
		if f.Value.IsAbsent() {
			value = "nothing"
		}
		parts = append(parts, f.Path+"="+value)
	}
	for _, m := range w.Add {
		parts = append(parts, "+"+m)
	}
	for _, m := range w.Remove {
		parts = append(parts, "-"+m)
	}
	return strings.Join(parts, " ")
}

// waveText renders each wave on one line.
func waveText(p *Plan) []string {
	var lines []string
	for _, w := range p.Waves {
		var writes []string
		for _, op := range w.Operations {
			for i := range op.Writes {
				writes = append(writes, sentText(&op.Writes[i]))
			}
		}
		lines = append(lines, strings.Join(writes, ", "))
	}
	return lines
}

func TestArrangeAuthors(t *testing.T) {
	ann, x, y := address(contactKind, "ann"), mapped("x"), mapped("y")
	at := ann.String()
	late := func(at schema.Address, level int) Author {
		a := authorOf(at)
		a.Apart, a.Level = true, level
		return a
	}
	member := func(by int, add, remove []string) FieldChange {
		return FieldChange{Path: "tags", By: by, Claim: schema.ClaimIncludes, Add: add, Remove: remove}
	}
	update := func(authors []Author, list ...FieldChange) Change {
		return changed(Update, "1", authors, list...)
	}
	cases := map[string]struct {
		reason string
		in     Change
		want   []string
	}{
		"One":     {"two authors of one object are one call", update([]Author{authorOf(ann), authorOf(x)}, differing("city", 1), differing("name", 0)), []string{"update " + at + " city=F name=F"}},
		"Create":  {"also when it is made", changed(Create, "", []Author{authorOf(ann), authorOf(x)}, differing("city", 1), differing("email", 0)), []string{"create " + at + " city=F email=F"}},
		"Channel": {"fields of another channel go in calls of their own", update([]Author{authorOf(ann), authorOf(x)}, differing("city", 0), differing("secret", 1)), []string{"update " + at + " city=F", "update " + at + " secret=F"}},
		"Member": {"a member that two authors name is sent once", update([]Author{authorOf(ann), authorOf(x)}, member(0, []string{"vip"}, nil), member(1, []string{"vip", "new"}, nil)),
			[]string{"update " + at + " +vip, update " + at + " +new"}},
		"Apart": {"what is known later goes later", update([]Author{authorOf(ann), late(x, 2)}, differing("city", 1), differing("name", 0)), []string{"update " + at + " name=F", "update " + at + " city=F"}},
		"TwoApart": {"each by itself, and an update of what the first call makes", changed(Create, "", []Author{authorOf(ann), late(x, 2), late(y, 1)}, differing("city", 1), differing("email", 0), differing("name", 2)),
			[]string{"create " + at + " email=F", "update " + at + " name=F", "update " + at + " city=F"}},
		"SameLevel": {"of the same level, it comes last", update([]Author{authorOf(ann), late(x, 0)}, differing("city", 1), differing("name", 0)), []string{"update " + at + " name=F", "update " + at + " city=F"}},
		"Vacates":   {"what another object takes over is emptied first", vacating(update([]Author{authorOf(ann)}, differing("email", 0)), "email"), []string{"update " + at + " email=nothing", "update " + at + " email=F"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: []Change{tc.in}}
			p.Arrange(map[string]Grouper{"crm": fakeGrouper{}}, nil)
			if diff := cmp.Diff(tc.want, waveText(p)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestArrangeNeeds holds that a wave waits for the changes of another account by
// which its mappings come to their objects.
func TestArrangeNeeds(t *testing.T) {
	ann, bob := address(contactKind, "ann"), address(contactKind, "bob")
	cases := map[string]struct {
		reason       string
		level, needs int // levels of the mapping and of what it needs
		need         schema.Address
		want         []string
	}{
		"Lower":   {"it waits for a lower level", 1, 0, ann, []string{"crm 0 []", "crm.eu 1 [0]"}},
		"Same":    {"not for its own: two could wait for each other", 1, 1, ann, []string{"crm 1 []", "crm.eu 1 []"}},
		"Another": {"nor for what it does not need", 1, 0, bob, []string{"crm 0 []", "crm.eu 1 []"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			needed, needy := changed(Update, "1", []Author{authorOf(ann)}, differing("email", 0)), changed(Update, "2", []Author{authorOf(mapped("x"), tc.need)}, differing("city", 0))
			needed.Level, needy.Level, needy.Provider = tc.needs, tc.level, "crm.eu"
			p := &Plan{Changes: []Change{needy, needed}}
			p.Arrange(map[string]Grouper{"crm": fakeGrouper{}, "crm.eu": fakeGrouper{}}, nil)
			var got []string
			for _, w := range p.Waves {
				after := append([]int{}, w.After...)
				got = append(got, fmt.Sprint(w.Provider, " ", w.Level, " ", after))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
