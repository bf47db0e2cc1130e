package planner

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/schema"
)

// changesOf makes n changes of one action.
func changesOf(n int, action Action, list ...FieldChange) []Change {
	changes := make([]Change, n)
	for i := range changes {
		changes[i] = Change{Author: Author{Address: address(contactKind, fmt.Sprint(action, i))}, Kind: contactKind, Provider: "crm", Action: action, Fields: list}
	}
	return changes
}

// gone makes the changes about objects that were managed before.
func gone(changes []Change) []Change {
	for i := range changes {
		changes[i].Gone = true
	}
	return changes
}

// unfinished makes them about objects of an apply that was stopped.
func unfinished(changes []Change) []Change {
	for i := range changes {
		changes[i].Unfinished = true
	}
	return changes
}

// along lets n tasks go with each object, and makes their kind the one of the
// summary.
func along(changes []Change, n int) []Change {
	for i := range changes {
		changes[i].Kind, changes[i].Along = taskKind, []Along{{Kind: contactKind, Count: n}}
	}
	return changes
}

// authored makes changes of n objects by as many authors each.
func authored(n, authors int, action Action, list ...FieldChange) []Change {
	changes := changesOf(n, action, list...)
	for i := range changes {
		changes[i].Others = make([]Author, authors-1)
	}
	return changes
}

// losing lets n values of contacts go with each object.
func losing(changes []Change, n int) []Change {
	for i := range changes {
		changes[i].Kind, changes[i].Along = taskKind, []Along{{Kind: contactKind, Attribute: "custom_fields", Count: n}}
	}
	return changes
}

func TestGuard(t *testing.T) {
	usual := Guard{MaxDeletes: Limit{Percent: 5, Count: 10}, MaxChanges: Limit{Percent: 50, Count: 50}}
	field := FieldChange{Path: "city"}
	again := FieldChange{Path: "custom_fields.tier", LostWith: "crm_field.tier", Live: str("5"), Desired: str("5")}
	type in struct {
		managed int
		changes []Change
	}
	cases := map[string]struct {
		reason string
		in     in
		want   []string
	}{
		"TenOfTen":          {"ten deletes are always allowed", in{10, changesOf(10, Delete)}, nil},
		"ElevenOf1000":      {"eleven of a thousand are under five percent", in{1000, changesOf(11, Delete)}, nil},
		"ElevenOf220":       {"exactly five percent is allowed", in{220, changesOf(11, Delete)}, nil},
		"ElevenOf219":       {"more than ten and more than five percent", in{219, changesOf(11, Delete)}, []string{"max_deletes 11/219"}},
		"ReplaceDeletes":    {"a replacement is a delete", in{20, append(changesOf(6, Delete), changesOf(5, Replace, field)...)}, []string{"max_deletes 11/20"}},
		"ForgetIsNone":      {"forgetting deletes nothing", in{20, changesOf(20, Forget)}, nil},
		"HalfOf50":          {"exactly half is allowed", in{50, changesOf(25, Update, field)}, nil},
		"MoreThanHalf":      {"more than half of fifty", in{50, changesOf(26, Update, field)}, []string{"max_changes 26/50"}},
		"FewObjects":        {"a kind of fewer than fifty is not guarded", in{49, changesOf(49, Update, field)}, nil},
		"AdoptWrites":       {"an adoption that writes is a change", in{50, changesOf(26, Adopt, field)}, []string{"max_changes 26/50"}},
		"AdoptOnly":         {"an adoption that fits is none", in{50, changesOf(50, Adopt)}, nil},
		"CreatesAreAllowed": {"new objects overwrite nothing", in{100, changesOf(100, Create, field)}, nil},
		"MadeAgain":         {"most of a kind is gone: more likely the wrong account", in{50, gone(changesOf(26, Create, field))}, []string{"max_changes 26/50"}},
		"FewMadeAgain":      {"a few are gone", in{50, gone(changesOf(25, Create, field))}, nil},
		"Authors":           {"an object counts once, whoever writes it", in{50, authored(25, 3, Update, field)}, nil},
		"ManyAuthors":       {"more than half of fifty objects", in{50, authored(26, 3, Update, field)}, []string{"max_changes 26/50"}},
		"MadeByMany":        {"a new object overwrites nothing, whoever writes it", in{50, authored(50, 2, Create, field)}, nil},
		"Finishing":         {"what a stopped apply left of its new objects overwrites nothing", in{50, unfinished(changesOf(50, Update, field))}, nil},
		"FinishingAdopted":  {"nor does what it may have made", in{50, unfinished(changesOf(50, Adopt, field))}, nil},
		"FinishingMembers":  {"members are added to what was begun", in{50, unfinished(changesOf(50, Update, FieldChange{Path: "tags", Claim: schema.ClaimIncludes, Add: []string{"vip"}, Sides: Sides{HasBase: true}}))}, nil},
		"UnfinishedChanged": {"what it did write is changed", in{50, unfinished(changesOf(50, Update, field, FieldChange{Path: "phone", Sides: Sides{HasBase: true}}))}, []string{"max_changes 50/50"}},
		"UnfinishedTaken":   {"members are taken out", in{50, unfinished(changesOf(50, Update, FieldChange{Path: "tags", Claim: schema.ClaimIncludes, Remove: []string{"vip"}, Sides: Sides{HasBase: true}}))}, []string{"max_changes 50/50"}},
		"UnfinishedDeleted": {"a delete is a delete", in{20, unfinished(changesOf(11, Delete))}, []string{"max_deletes 11/20"}},
		"Along":             {"what goes with a deleted parent is deleted", in{40, along(changesOf(1, Delete), 12)}, []string{"max_deletes 12/40"}},
		"AlongUnmanaged":    {"managed or not", in{3, along(changesOf(1, Delete), 12)}, []string{"max_deletes 12/12"}},
		"AlongFew":          {"ten are always allowed", in{10, along(changesOf(1, Delete), 10)}, nil},
		"Values":            {"of the values that go with their key, none is left", in{10000, losing(changesOf(1, Replace), 11)}, []string{"max_deletes 11/11"}},
		"ValuesFew":         {"ten are always allowed", in{10, losing(changesOf(1, Delete), 10)}, nil},
		"ValuesSum":         {"those of several keys go together", in{10, losing(changesOf(2, Delete), 6)}, []string{"max_deletes 12/12"}},
		"WrittenAgain":      {"to write again what goes overwrites nothing", in{50, changesOf(50, Update, again)}, nil},
		"WrittenAgainToo":   {"another field is overwritten beside", in{50, changesOf(50, Update, again, field)}, []string{"max_changes 50/50"}},
		"Both":              {"both rules at once", in{60, append(changesOf(20, Delete), changesOf(31, Update, field)...)}, []string{"max_deletes 20/60", "max_changes 31/60"}},
		"OtherKind":         {"another kind's changes do not count", in{60, []Change{{Kind: taskKind, Provider: "crm", Action: Delete}}}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: tc.in.changes, Kinds: []KindSummary{{Provider: "crm", Kind: contactKind.Name, Managed: tc.in.managed}}}
			var got []string
			for _, r := range usual.Check(p) {
				got = append(got, fmt.Sprintf("%s %d/%d", r.Rule, r.Count, r.Of))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	refusals := []Refusal{{Rule: "max_deletes", Kind: "a", Count: 20}, {Rule: "max_deletes", Kind: "b", Count: 30}, {Rule: "max_changes", Kind: "a", Count: 40}, {Rule: "prevent_destroy", Count: 1}}
	cases := map[string]struct {
		reason           string
		deletes, changes int
		want             []int
	}{
		"None":      {"no number accepts nothing", 0, 0, []int{20, 30, 40, 1}},
		"One":       {"the number of one kind accepts that kind", 20, 0, []int{30, 40, 1}},
		"Total":     {"the number of all kinds accepts all", 50, 0, []int{40, 1}},
		"Wrong":     {"another number accepts nothing, even a greater one", 51, 41, []int{20, 30, 40, 1}},
		"Swapped":   {"a number of changes accepts no deletes", 40, 20, []int{20, 30, 40, 1}},
		"Both":      {"both rules", 50, 40, []int{1}},
		"OnlyGuard": {"other rules are never accepted by a number", 1, 1, []int{20, 30, 40, 1}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []int
			for _, r := range Accepted(refusals, tc.deletes, tc.changes) {
				got = append(got, r.Count)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestKeepLive(t *testing.T) {
	conflict := FieldChange{Path: "city", Desired: str("B"), Live: str("C"), Sides: Sides{Conflict: true, HasBase: true, FileMoved: true, LiveMoved: true}}
	other := FieldChange{Path: "name", Desired: str("N"), Live: str("M"), Sides: Sides{HasBase: true, FileMoved: true}}
	origin := FieldChange{Path: "origin", Replaces: true, Desired: str("B"), Live: str("C"), Sides: Sides{Conflict: true, HasBase: true, FileMoved: true, LiveMoved: true}}
	from := address(contactKind, "old")
	cases := map[string]struct {
		reason string
		in     Change
		want   []string
		kept   []string
	}{
		"Only":    {"nothing is left to write", Change{Action: Update, Fields: []FieldChange{conflict}}, nil, nil},
		"Other":   {"the other field is still written", Change{Action: Update, Fields: []FieldChange{conflict, other}}, []string{"update a name"}, []string{"city"}},
		"Moved":   {"the move is left", Change{Action: Update, Author: Author{Previous: &from}, Fields: []FieldChange{conflict}}, []string{"move a was=xold"}, []string{"city"}},
		"Deleted": {"what the CRM changed stays, and is nobody's", Change{Action: Delete, Fields: []FieldChange{conflict, other}}, []string{"forget a"}, nil},
		"Key":     {"a key that stays is not emptied either", Change{Action: Update, Vacates: []string{"city"}, Fields: []FieldChange{conflict, other}}, []string{"update a name"}, []string{"city"}},
		"Delete":  {"no conflict in it", Change{Action: Delete, Fields: []FieldChange{{Path: "city"}}}, []string{"delete a city"}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.in.Address, tc.in.Kind = address(contactKind, "a"), contactKind
			p := &Plan{Changes: []Change{tc.in}}
			p.KeepLive()
			var got []string
			for i := range p.Changes {
				got = append(got, describe(&p.Changes[i]))
				if diff := cmp.Diff(tc.kept, p.Changes[i].Kept); diff != "" {
					t.Errorf("%s: kept: -want +got:\n%s", tc.reason, diff)
				}
				if len(p.Changes[i].Vacates) > 0 {
					t.Errorf("%s: %v is emptied", tc.reason, p.Changes[i].Vacates)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
	t.Run("Replace", func(t *testing.T) { keepReplaced(t, []FieldChange{other}, origin, other) })
	t.Run("ReplaceOnly", func(t *testing.T) { keepReplaced(t, nil, origin) })
}

// keepReplaced checks that an object is not replaced for a field that keeps
// its live value: only what else differs is written.
func keepReplaced(t *testing.T, left []FieldChange, differing ...FieldChange) {
	s := newSealer(t, "plain")
	var base, live, desired []schema.Field
	for _, f := range differing {
		base, desired = append(base, text(f.Path, "A")), append(desired, schema.Field{Path: f.Path, Value: f.Desired})
		live = append(live, schema.Field{Path: f.Path, Value: f.Live})
		if !f.LiveMoved {
			base[len(base)-1].Value = f.Live
		}
	}
	for _, list := range []*[]schema.Field{&base, &live, &desired} {
		*list = append(*list, text("email", "ann@example.com"))
	}
	m := roster(s, contactKind, []schema.Object{object(contactKind, "1", live...)}, record(t, s, contactKind, "a", "1", base...))
	m.Pair([]Desired{want(s, contactKind, block(1), "a", desired...)})
	p := &Plan{Changes: all(m).Changes}
	if len(p.Changes) != 1 || p.Changes[0].Action != Replace {
		t.Fatalf("a replacement wanted to begin with, got %+v", p.Changes)
	}
	p.KeepLive()
	var got []FieldChange
	for i := range p.Changes {
		if p.Changes[i].Action != Update {
			t.Errorf("an update wanted, got %s", p.Changes[i].Action)
		}
		got = append(got, p.Changes[i].Fields...)
	}
	if diff := cmp.Diff(left, got, values, cmpopts.IgnoreFields(FieldChange{}, "Sides.Base", "Personal"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestCounts(t *testing.T) {
	from := address(contactKind, "old")
	p := &Plan{Changes: []Change{
		{Action: Create}, {Action: Adopt}, {Action: Adopt, Fields: []FieldChange{{Path: "city"}}}, {Action: Update}, {Action: Update, Author: Author{Previous: &from}},
		{Action: Replace}, {Action: Delete}, {Action: Forget}, {Action: Move, Author: Author{Previous: &from}}, {Action: Read},
	}}
	want := Counts{Import: 2, Add: 2, Change: 3, Destroy: 2, Forget: 1, Move: 2, Read: 1}
	if diff := cmp.Diff(want, p.Counts()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if p.Empty() || !(&Plan{}).Empty() || (&Plan{Outputs: []OutputChange{{Name: "o"}}}).Empty() {
		t.Error("only a plan without changes and outputs is empty")
	}
}

func TestActionWords(t *testing.T) {
	for a := NoOp; a <= Read; a++ {
		got, err := ParseAction(a.String())
		if err != nil || got != a {
			t.Errorf("%s is read as %s, %v", a, got, err)
		}
	}
	if _, err := ParseAction("destroy"); err == nil {
		t.Error("an unknown action must be refused")
	}
}

func TestDigest(t *testing.T) {
	from := address(contactKind, "old")
	base := func() Change {
		return Change{Author: Author{Address: address(contactKind, "a")}, Action: Update, ID: "1", Live: &schema.Object{ID: "1", Version: "v1"},
			Fields: []FieldChange{{Path: "city", Live: str("A"), Desired: str("B"), Add: []string{"x"}}}}
	}
	same, again := base(), base()
	if same.Digest("s") != again.Digest("s") || same.Digest("s") == same.Digest("t") {
		t.Fatal("a digest depends on the change and the salt, and on nothing else")
	}
	for name, change := range map[string]func(c *Change){
		"Address": func(c *Change) { c.Address.Key.Text = "b" }, "Action": func(c *Change) { c.Action = Replace },
		"ID": func(c *Change) { c.ID = "2" }, "Version": func(c *Change) { c.Live.Version = "v2" }, "Previous": func(c *Change) { c.Previous = &from }, "Author": func(c *Change) { c.Others = []Author{{Address: from}} },
		"By":   func(c *Change) { c.Fields[0].By = 1 },
		"Path": func(c *Change) { c.Fields[0].Path = "name" }, "Live": func(c *Change) { c.Fields[0].Live = str("C") },
		"Desired": func(c *Change) { c.Fields[0].Desired = str("C") }, "Add": func(c *Change) { c.Fields[0].Add = nil },
		"Remove": func(c *Change) { c.Fields[0].Remove = []string{"x"} }, "Conflict": func(c *Change) { c.Fields[0].Conflict = true },
		"NoField": func(c *Change) { c.Fields = nil },
	} {
		t.Run(name, func(t *testing.T) {
			other := base()
			change(&other)
			if other.Digest("s") == same.Digest("s") {
				t.Errorf("the digest does not see a change of %s", name)
			}
		})
	}
}
