package planner

import (
	"iter"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// Action is what a change does. The set is closed.
type Action uint8

// The actions.
const (
	// NoOp leaves the object as it is.
	NoOp Action = iota
	// Create makes a new object.
	Create
	// Adopt takes an existing object into the state, and writes the fields in
	// which it differs.
	Adopt
	// Update writes fields of a managed object.
	Update
	// Replace deletes an object and makes a new one in its place.
	Replace
	// Delete deletes a managed object.
	Delete
	// Forget takes an object out of the state and leaves it live.
	Forget
	// Move gives an object another address and changes nothing live.
	Move
	// Read reads a data source during apply, because it depends on a change.
	Read
)

// String is the action's word, as plans and JSON write it.
func (a Action) String() string {
	return [...]string{"no-op", "create", "adopt", "update", "replace", "delete", "forget", "move", "read"}[a]
}

// Change is what a plan does to one object, whoever wants it. Its first Author
// is part of it: the resource block that declares the object, or else the first
// mapping that writes to it.
type Change struct {
	Author
	Kind *schema.Kind
	// Provider is the provider's reference, "ghl" or "ghl.eu".
	Provider string
	Action   Action
	// ID is the remote id, empty before a create.
	ID string
	// Reason says why, as a sentence part without full stop; empty when the
	// action explains itself.
	Reason string
	Standing
	// Along are the objects, and the values of other objects, that go with the
	// object when it is deleted.
	Along []Along
	// Fields are what is written, sorted by path and author. Of a Create all
	// desired fields; of a Delete what the live object had.
	Fields []FieldChange
	// Live is the object as it was read, nil for a Create.
	Live *schema.Object
	// Others also write to the object: mappings, each with fields of its own.
	Others []Author
	// Vacates are the paths of natural keys that are emptied, or get an interim value,
	// before anything else is written, because they go round in a circle.
	Vacates []string
	// Awaits are the addresses of the changes that give up natural keys which this one
	// takes: where one does not, the account could make another key of it.
	Awaits []schema.Address
	// Turn orders changes of one kind: a change that gives an object a natural
	// key which another one gives up waits for the turn of that one.
	Turn int
	// instead of a Replace, these fields would be written if none of them
	// replaced the object.
	instead []FieldChange
}

// Standing is what is known of an object beside its fields.
type Standing struct {
	// Gone reports that the managed object was deleted behind the state's back.
	Gone bool
	// Unrecorded reports that an object that is to be made may exist already: no call
	// tells, the state has nothing of it, and what it belongs to is there already.
	Unrecorded bool
	// Unfinished reports that an earlier apply made the object, or may have made
	// it, and did not come to write all of it.
	Unfinished bool
}

// Author is one declaration that writes to an object: an instance of a resource
// block or of a mapping.
type Author struct {
	Address schema.Address
	// Previous is the address in the state when it was another one.
	Previous *schema.Address
	// Place is where the author is declared; zero when it no longer is.
	Place hcl.Range
	// Level orders changes: a change waits for all of a lower level that its
	// provider carries out.
	Level int
	// Desired are the fields the author claims; nil for Delete and Forget.
	Desired schema.Fields
	// Keep are the record's flags to be stored.
	Keep state.Flags
	// Kept are the paths in conflict whose live values stay. The state must
	// keep their base, or the next plan would take them for mere drift.
	Kept []string
	// Join says how a mapping came to the object; nil for a resource block.
	Join *Join
	// Apart reports that the author's fields go in calls of their own, at its
	// own Level: they are not known before, or depend on other changes.
	Apart bool
	// sealed is the address in the state when it is not that of Address.
	sealed *schema.Address
}

// Authors yields everybody who writes to the object, by the number that
// FieldChange.By has.
func (c *Change) Authors() iter.Seq2[int, *Author] {
	return func(yield func(int, *Author) bool) {
		if !yield(0, &c.Author) {
			return
		}
		for i := range c.Others {
			if !yield(i+1, &c.Others[i]) {
				return
			}
		}
	}
}

// By returns the author of a field.
func (c *Change) By(f *FieldChange) *Author { return c.Wants(f.By) }

// Wants returns the author with a number.
func (c *Change) Wants(n int) *Author {
	if n == 0 {
		return &c.Author
	}
	return &c.Others[n-1]
}

// Join is how a mapping came to the object that it writes.
type Join struct {
	// Match is by what it found the object, or creates it for want of one.
	Match schema.Fields
	// Needs are the addresses of the changes by which it comes to the object: they
	// give it what Match says, or take that from another one. If one of them
	// fails, somebody else is meant, and nothing is written.
	Needs []schema.Address
	// Base is the record of another instance of the mapping, which had the object
	// until now: what was last applied stands there. Nil where nothing moved so.
	Base *state.Record
}

// Arrive notes that the state now has the author's record under its Address, and
// in it what was last applied to the object.
func (a *Author) Arrive() {
	a.sealed = nil
	if a.Base() != nil {
		join := *a.Join
		join.Base = nil
		a.Join = &join
	}
}

// Needs returns the changes that the author's own relies on, as its Join has
// them; nil for a resource block.
func (a *Author) Needs() []schema.Address {
	if a.Join == nil {
		return nil
	}
	return a.Join.Needs
}

// Base returns the record of another instance that Join names, or nil.
func (a *Author) Base() *state.Record {
	if a.Join == nil {
		return nil
	}
	return a.Join.Base
}

// InSteps reports whether the fields of the change travel in calls of their own
// that come one after the other: an apply may be stopped between them.
func (c *Change) InSteps() bool {
	return len(c.Vacates) > 0 || slices.ContainsFunc(c.Others, func(a Author) bool { return a.Apart })
}

// Writers returns the numbers of the authors whose fields a write of the change
// carries, in their order. A create is always its maker's too, and a delete has
// none.
func (c *Change) Writers(w *providers.Write) []int {
	if len(c.Others) == 0 {
		return []int{0}
	}
	var writers []int
	for n := range c.Authors() {
		if n == 0 && w.Action == providers.Create || slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.By == n && c.carries(w, &f) }) {
			writers = append(writers, n)
		}
	}
	return writers
}

// Frees reports whether a write empties what another object takes over.
func (c *Change) Frees(w *providers.Write) bool {
	return len(c.Vacates) > 0 && w.Action == providers.Update && w.Channel == "" && !slices.ContainsFunc(w.Fields, func(f schema.Field) bool {
		return !slices.Contains(c.Vacates, f.Path) || !f.Value.Equal(interim(c, f.Path))
	})
}

// carries reports whether a write has a field, or members of it.
func (c *Change) carries(w *providers.Write, f *FieldChange) bool {
	if _, found := w.Fields.Find(f.Path); found {
		return true
	}
	a := c.Kind.Attribute(schema.PathAttribute(f.Path))
	return a != nil && a.Channel == w.Channel && (overlap(f.Add, w.Add) || overlap(f.Remove, w.Remove))
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// Goes reports whether the live object is deleted, to be replaced by another one or not.
func (c *Change) Goes() bool {
	return (c.Action == Delete || c.Action == Replace) && !c.Retires()
}

// Retires reports whether the object is retired rather than deleted.
func (c *Change) Retires() bool {
	return (c.Action == Delete || c.Action == Replace) && c.Keep.OnDestroy == "retire" && len(c.Kind.Retire) > 0
}

// Conflicts counts the fields that base, file and live all see differently.
func (c *Change) Conflicts() int {
	n := 0
	for i := range c.Fields {
		if c.Fields[i].Conflict {
			n++
		}
	}
	return n
}

// StateAddress is the address under which the state has the author's record.
func (a *Author) StateAddress(s *state.Sealer) schema.Address {
	if a.sealed != nil {
		return *a.sealed
	}
	return s.Address(a.Address)
}

// Writes reports whether the change makes API calls.
func (c *Change) Writes() bool {
	switch c.Action {
	case Create, Update, Replace, Delete:
		return true
	case Adopt:
		return len(c.Fields) > 0
	default:
		return false
	}
}

// FieldChange is one field of a change.
type FieldChange struct {
	// Path is "email" or "custom_fields.tier".
	Path string
	// By is the number of the author among those of the change.
	By    int
	Claim schema.Claim
	Sides
	// Live is the value read now; Desired the value the author wants.
	Live, Desired schema.Value
	// Add and Remove are the members by which a set changes.
	Add, Remove []string
	// Replaces reports that this field is why the object is replaced.
	Replaces bool
	// From is the path of the target whose value is written back to the source
	// of a mapping; empty for all other fields.
	From string
	// LostWith is the address of the object that the key of the field names, when
	// the live value goes with it: it is replaced. Empty for all others.
	LostWith string
	// Note says how a mapping decides when both sides moved, as a sentence part.
	Note string
	// Sensitive values are masked, Personal ones when asked to redact.
	Sensitive, Personal bool
}

// Sides tell who moved since the last apply.
type Sides struct {
	// Base is the value last applied; BaseHidden when only its hash is kept.
	Base                schema.Value
	HasBase, BaseHidden bool
	// LiveMoved and FileMoved report which side differs from the base; both are
	// false without a base.
	LiveMoved, FileMoved bool
	// Conflict reports that base, file and live all differ.
	Conflict bool
	// Edited are the members that the change adds or removes and that moved live.
	Edited []string
}

// Undoes reports whether a field of the change undoes an edit that was made where it
// writes: the value moved there, and the author wants what was last applied. Of a set
// it may undo a part only, when the author wants other members as well.
func (c *Change) Undoes(f *FieldChange) bool {
	return c.Action != Delete && f.LiveMoved && (!f.FileMoved || f.IsSet())
}

// Reverts reports whether the change undoes an edit in the CRM, not one in the source
// of a mapping.
func (c *Change) Reverts() bool {
	return slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return c.Undoes(&f) && !c.By(&f).Address.Source })
}

// IsSet reports whether the field changes by members.
func (f *FieldChange) IsSet() bool { return f.Claim != schema.ClaimValue }
