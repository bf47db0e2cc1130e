package planner

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/schema"
)

// authorOf is an author of a change; one of a mapping needs some others.
func authorOf(at schema.Address, needs ...schema.Address) Author {
	a := Author{Address: at}
	if at.Mapping() {
		a.Join = &Join{Match: byEmail("ann@example.com"), Needs: needs}
	}
	return a
}

// keepCase is a plan of which the CRM's values win where there is a conflict.
type keepCase struct {
	reason string
	in     []Change
	want   []string
	// kept are the paths of authors, and out the authors that are left out.
	kept map[string][]string
	out  []string
}

func checkKeep(t *testing.T, cases map[string]keepCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: tc.in}
			var out, got []string
			for _, a := range p.KeepLive() {
				out = append(out, who(a))
			}
			kept := map[string][]string{}
			for i := range p.Changes {
				got = append(got, authoredText(&p.Changes[i]))
				for _, a := range p.Changes[i].Authors() {
					if len(a.Kept) > 0 {
						kept[who(a.Address)] = slices.Sorted(slices.Values(a.Kept))
					}
				}
			}
			if diff := cmp.Diff([]any{tc.want, tc.kept, tc.out}, []any{got, kept, out}, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: changes, kept paths, authors left out: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func inConflict(path string, by int) FieldChange {
	return FieldChange{Path: path, By: by, Desired: str("F"), Live: str("L"), Sides: Sides{Conflict: true, HasBase: true, FileMoved: true, LiveMoved: true}}
}

func differing(path string, by int) FieldChange {
	return FieldChange{Path: path, By: by, Desired: str("F"), Live: str("L")}
}

func changed(action Action, id string, authors []Author, list ...FieldChange) Change {
	return Change{Author: authors[0], Others: authors[1:], Action: action, ID: id, Kind: contactKind, Provider: "crm", Fields: list}
}

func TestKeepLiveAuthors(t *testing.T) {
	ann, x := address(contactKind, "ann"), mapped("x")
	checkKeep(t, map[string]keepCase{
		"Own": {
			reason: "a conflict of one author leaves the others alone", in: []Change{changed(Update, "1", []Author{authorOf(ann), authorOf(x)}, inConflict("city", 0), differing("name", 1))},
			want: []string{"update 1: name by m.x"}, kept: map[string][]string{"ann": {"city"}},
		},
		"Mapped": {
			reason: "also one of a mapping", in: []Change{changed(Update, "1", []Author{authorOf(ann), authorOf(x)}, inConflict("city", 1), differing("name", 0))},
			want: []string{"update 1: name by ann"}, kept: map[string][]string{"m.x": {"city"}},
		},
		"Relies": {
			reason: "who relies on an address that stays is left out", in: []Change{changed(Update, "1", []Author{authorOf(ann), authorOf(x, ann)}, inConflict("email", 0), differing("name", 0), differing("city", 1))},
			want: []string{"update 1: name by ann"}, kept: map[string][]string{"ann": {"email"}}, out: []string{"m.x"},
		},
		"OtherField": {
			reason: "a conflict about something else does not matter to it", in: []Change{changed(Update, "1", []Author{authorOf(ann), authorOf(x, ann)}, inConflict("name", 0), differing("city", 1))},
			want: []string{"update 1: city by m.x (m.x needs ann)"}, kept: map[string][]string{"ann": {"name"}},
		},
	})
}

func TestKeepLiveLeftOut(t *testing.T) {
	ann, x, y := address(contactKind, "ann"), mapped("x"), mapped("y")
	checkKeep(t, map[string]keepCase{
		"Chain": {
			reason: "and who relies on that one", in: []Change{
				changed(Update, "1", []Author{authorOf(ann)}, inConflict("email", 0), differing("name", 0)),
				changed(Update, "2", []Author{authorOf(x, ann)}, differing("city", 0)),
				changed(Update, "3", []Author{authorOf(y, x)}, differing("city", 0)),
			},
			want: []string{"update 1: name by ann"}, kept: map[string][]string{"ann": {"email"}}, out: []string{"m.x", "m.y"},
		},
		"Promoted": {
			reason: "when the first author goes, the next one takes its place", in: []Change{
				changed(Update, "1", []Author{authorOf(ann)}, inConflict("email", 0), differing("name", 0)),
				changed(Update, "2", []Author{authorOf(x, ann), authorOf(y)}, differing("city", 0), differing("name", 1)),
			},
			want: []string{"update 1: name by ann", "update 2: name by m.y"}, kept: map[string][]string{"ann": {"email"}}, out: []string{"m.x"},
		},
		"Maker": {
			reason: "without its maker, nobody writes to an object", in: []Change{
				changed(Update, "1", []Author{authorOf(ann)}, inConflict("email", 0), differing("name", 0)),
				changed(Create, "", []Author{authorOf(x, ann), authorOf(y)}, differing("city", 0), differing("name", 1)),
			},
			want: []string{"update 1: name by ann"}, kept: map[string][]string{"ann": {"email"}}, out: []string{"m.x", "m.y"},
		},
	})
}

func TestKeepLiveHeld(t *testing.T) {
	ann, bob, x := address(contactKind, "ann"), address(contactKind, "bob"), mapped("x")
	checkKeep(t, map[string]keepCase{
		"Held": {
			reason: "an address is not emptied for one that stays as it is", in: []Change{
				vacating(changed(Update, "1", []Author{authorOf(ann)}, differing("email", 0), differing("name", 0)), "email"),
				changed(Update, "2", []Author{authorOf(bob)}, inConflict("email", 0), differing("name", 0)),
			},
			want: []string{"update 1: name by ann", "update 2: name by bob"}, kept: map[string][]string{"ann": {"email"}, "bob": {"email"}},
		},
		"HeldByMapping": {
			reason: "nor for one whose author is left out", in: []Change{
				vacating(changed(Update, "1", []Author{authorOf(ann)}, differing("email", 0), differing("name", 0)), "email"),
				changed(Update, "2", []Author{authorOf(x, bob)}, differing("email", 0)),
				changed(Update, "3", []Author{authorOf(bob)}, inConflict("phone", 0), differing("name", 0)),
			},
			want: []string{"update 1: name by ann", "update 3: name by bob"}, kept: map[string][]string{"ann": {"email"}, "bob": {"phone"}}, out: []string{"m.x"},
		},
		"Emptied": {
			reason: "other conflicts do not stop an exchange", in: []Change{
				vacating(changed(Update, "1", []Author{authorOf(ann)}, differing("email", 0)), "email"),
				changed(Update, "2", []Author{authorOf(bob)}, differing("email", 0), inConflict("name", 0)),
			},
			want: []string{"update 1: email by ann empties email", "update 2: email by bob"}, kept: map[string][]string{"bob": {"name"}},
		},
	})
}

// vacating is a change that empties some paths first.
func vacating(c Change, paths ...string) Change {
	c.Vacates = paths
	return c
}
