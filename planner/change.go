package planner

import (
	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
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

// Change is what a plan does to one object.
type Change struct {
	Address schema.Address
	// Previous is the address in the state when it was another one.
	Previous *schema.Address
	Kind     *schema.Kind
	// Provider is the provider's reference, "ghl" or "ghl.eu".
	Provider string
	Action   Action
	// ID is the remote id, empty before a create.
	ID string
	// Of is the address whose create makes the object that is written, when a
	// mapping writes to what does not exist yet.
	Of *schema.Address
	// Join says how a mapping came to the object; nil for all others.
	Join *Join
	// Reason says why, as a sentence part without full stop; empty when the
	// action explains itself.
	Reason string
	// Gone says that the managed object was deleted behind the state's back.
	Gone bool
	// Unfinished says that an earlier apply made the object, or may have made it,
	// and did not come to write all of it.
	Unfinished bool
	// Along are the objects that go with the object when it is deleted.
	Along []Along
	// Fields are what is written, sorted by path. Of a Create all desired
	// fields; of a Delete what the live object had.
	Fields []FieldChange
	// Desired are the fields the files claim; nil for Delete and Forget.
	Desired schema.Fields
	// Live is the object as it was read, nil for a Create.
	Live *schema.Object
	// Place is where the object is declared; zero when it no longer is.
	Place hcl.Range
	// Level orders changes: a change waits for all of a lower level that its
	// provider carries out.
	Level int
	// Keep are the record's flags to be stored.
	Keep state.Flags
	// Kept are the paths in conflict whose live values stay. The state must
	// keep their base, or the next plan would take them for mere drift.
	Kept []string
	// instead of a Replace, these fields would be written if none of them
	// replaced the object.
	instead []FieldChange
	// sealed is the address in the state when it is not that of Address.
	sealed *schema.Address
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

// Needs are those of the Join.
func (c *Change) Needs() []schema.Address {
	if c.Join == nil {
		return nil
	}
	return c.Join.Needs
}

// Base is that of the Join.
func (c *Change) Base() *state.Record {
	if c.Join == nil {
		return nil
	}
	return c.Join.Base
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

// StateAddress is the address under which the state knows the object now.
func (c *Change) StateAddress(s *state.Sealer) schema.Address {
	if c.sealed != nil {
		return *c.sealed
	}
	return s.Address(c.Kind, c.Address)
}

// Writes says that the change makes API calls.
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
	Path  string
	Claim schema.Claim
	// Base is the value last applied; BaseHidden when only its hash is kept.
	Base       schema.Value
	HasBase    bool
	BaseHidden bool
	// Live is the value read now; Desired the value the file wants.
	Live, Desired schema.Value
	// Add and Remove are the members by which a set changes.
	Add, Remove []string
	// LiveMoved and FileMoved say which side differs from the base; both are
	// false when there is no base.
	LiveMoved, FileMoved bool
	// Conflict says that base, file and live all differ.
	Conflict bool
	// Replaces says that this field is why the object is replaced.
	Replaces bool
	// Mapped is the path of the target whose value is written back; empty for
	// what is not on the way back to the source of a mapping.
	Mapped string
	// Note says how a mapping decides when both sides moved, as a sentence part.
	Note string
	// Sensitive values are masked, Personal ones when asked to redact.
	Sensitive, Personal bool
}

// IsSet says that the field changes by members.
func (f *FieldChange) IsSet() bool { return f.Claim != schema.ClaimValue }
