package planner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/providers"
	"lockstep/schema"
)

// Plan is the work between the live objects and the files.
type Plan struct {
	// Digest names what the plan does: two plans that do the same have the same. The
	// state keys it, so that nothing can be guessed from it.
	Digest string
	// Destroy is true when the plan destroys everything that is managed.
	Destroy bool
	// Selection is what the command line says that the plan is about.
	Selection Selection
	// Changes are sorted by address. NoOps are left out.
	Changes []Change
	// Instances are how many objects each declared block has, by its address
	// without key.
	Instances map[schema.Address]int
	// Kinds sums up each kind of each provider, sorted.
	Kinds []KindSummary
	// Waves are the operations in the order in which they run.
	Waves []Wave
	// Reads say how the live objects were read, sorted.
	Reads []ReadSummary
	// Cost is what applying takes.
	Cost Cost
	// WritesTo are the accounts that the operations write to, sorted by provider.
	WritesTo []Account
	// Outputs that change, sorted by name.
	Outputs []OutputChange
	// Unmatched are the instances of mappings that nobody was found for, by
	// mapping.
	Unmatched []Unmatched
	// Unmanaged are the live objects of the kinds in Kinds that are not ours, where
	// they were asked for.
	Unmanaged []Stranger
	// Refusals are the reasons why an apply would be refused.
	Refusals []Refusal
	// Invocations are the actions to run, in the order of what triggers them.
	Invocations []Invocation
}

// Selection names what a plan is about, as -target, -exclude and -replace have it.
// Each is the text of an address, a block, a kind, a module or a pattern with *;
// what is replaced is the address of one object.
type Selection struct {
	Targets  []string `json:"targets,omitempty"`
	Excludes []string `json:"excludes,omitempty"`
	Replace  []string `json:"replace,omitempty"`
}

// Narrows reports whether the plan may leave out some of what differs.
func (s Selection) Narrows() bool { return len(s.Targets)+len(s.Excludes) > 0 }

// Account is an account that a plan writes to.
type Account struct {
	// Provider is the provider's reference, "ghl" or "ghl.eu".
	Provider string
	providers.Place
}

// KindSummary counts the objects of one kind in one account.
type KindSummary struct {
	Provider, Kind string
	// Managed objects are declared or in the state; Live ones were read, -1
	// when the kind was not listed. Unmanaged are live and not ours.
	Managed, Live, Unmanaged int
	// InStep objects need nothing. The others are counted by who moved.
	InStep, LiveMoved, FileMoved, BothMoved, Gone int
	// Unknowable objects are recorded, and no call tells whether they exist.
	Unknowable Unknowable `json:",omitzero"`
}

// Unknowable counts objects that only the state tells of.
type Unknowable struct {
	Count int `json:"count"`
	// First and Last are when they were recorded, in Unix seconds; 0 when that is
	// not known.
	First int64 `json:"first,omitempty"`
	Last  int64 `json:"last,omitempty"`
}

// ReadSummary says how a kind was read.
type ReadSummary struct {
	Provider, Kind string
	// How is "list", "by id" or "by parent".
	How string
	// Objects and Calls that reading took.
	Objects, Calls int
}

// Wave is the operations of one provider that may run at once.
type Wave struct {
	Provider string
	// Level of the changes, and Step within it: what gives way to others, such as
	// objects that are replaced, then writes, then writes by other channels.
	Level, Step int
	// Deletes is true when the wave deletes what is no longer declared. Such
	// waves come last.
	Deletes bool
	// After are indexes of waves that must be done first.
	After      []int
	Operations []Operation
}

// Operation is one API call of a wave.
type Operation struct {
	// ID is unique within the plan: "12".
	ID string
	providers.Operation
	// Refs say, for each change of the operation, which Change of the plan it
	// belongs to, by index.
	Refs []int
}

// Cost is what applying a plan takes.
type Cost struct {
	// Calls in all, and how many of them carry many changes.
	Calls, Bulk int
	// Seconds at the account's limit; the slowest account counts.
	Seconds float64
	// DailyLimit and DailyRemaining of the account that is used most; 0 and
	// -1 when not known.
	DailyLimit, DailyRemaining int
	// ParentReads are calls that reading took because a kind can only be listed
	// parent by parent.
	ParentReads int
}

// Unmatched are the instances of one mapping that have no target and are
// skipped.
type Unmatched struct {
	Mapping schema.Address
	// Kind of the targets.
	Kind *schema.Kind
	// Place is where the mapping is declared.
	Place hcl.Range
	// Of how many instances.
	Of        int
	Addresses []schema.Address
}

// OutputChange is an output whose value differs from the one in the state.
type OutputChange struct {
	Name string
	// Before and After are JSON texts; empty when there is none.
	Before, After string
	Unknown       bool
	Sensitive     bool
}

// Refusal is a reason for not applying a plan unasked.
type Refusal struct {
	// Rule is RuleDeletes, RuleChanges, RuleConflict, RuleUnrecorded or
	// RuleForeseen.
	Rule string
	// Kind and Provider of the objects; empty when there is but one.
	Provider, Kind string
	// Count of objects and Of how many.
	Count, Of int
	// Message says what is refused and what to do about it.
	Message string
}

// Counts are the numbers of the summary line.
type Counts struct {
	Import, Add, Change, Destroy, Forget, Move, Read int
}

// Counts sums up the changes. A replaced object counts as added and
// destroyed; an adopted one that is also written as imported and changed.
func (p *Plan) Counts() Counts {
	var n Counts
	for i := range p.Changes {
		n.Count(&p.Changes[i])
	}
	return n
}

// Count adds one change to the numbers.
func (n *Counts) Count(c *Change) {
	switch c.Action {
	case Create:
		n.Add++
	case Adopt:
		n.Import++
		if len(c.Fields) > 0 {
			n.Change++
		}
	case Update:
		n.Change++
	case Replace:
		n.Add++
		n.Destroy++
	case Delete:
		n.Destroy++
	case Forget:
		n.Forget++
	case Read:
		n.Read++
	case Move, NoOp:
	}
	if c.Action == Delete || c.Action == Forget {
		return // what goes arrives nowhere
	}
	for _, a := range c.Authors() {
		if a.Previous != nil {
			n.Move++
		}
	}
}

// Empty reports whether there is nothing to do, not even in the state.
func (p *Plan) Empty() bool {
	return len(p.Changes) == 0 && len(p.Outputs) == 0 && len(p.Invocations) == 0
}

// Conflicts are the indexes of changes with a conflict.
func (p *Plan) Conflicts() []int {
	var found []int
	for i := range p.Changes {
		if p.Changes[i].Conflicts() > 0 {
			found = append(found, i)
		}
	}
	return found
}

func (p *Plan) sort() {
	if !p.sorted() {
		slices.SortStableFunc(p.Changes, func(a, b Change) int { return compareChanges(&a, &b) })
	}
	slices.SortFunc(p.Kinds, func(a, b KindSummary) int {
		return cmp.Or(strings.Compare(a.Provider, b.Provider), strings.Compare(a.Kind, b.Kind))
	})
}

// sorted reports whether the changes are in their order, as the changes of one block
// are. It moves none of them: they are large.
func (p *Plan) sorted() bool {
	for i := 1; i < len(p.Changes); i++ {
		if compareChanges(&p.Changes[i-1], &p.Changes[i]) > 0 {
			return false
		}
	}
	return true
}

func compareChanges(a, b *Change) int {
	if c := a.Address.Compare(b.Address); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}
