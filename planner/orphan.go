package planner

import (
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Orphans are the records that no desired object was joined with, in the
// order of their addresses.
func (m *Matcher) Orphans() []*state.Record {
	addresses := m.orphans()
	records := make([]*state.Record, len(addresses))
	for i, a := range addresses {
		records[i] = m.Records[a]
	}
	return records
}

func (m *Matcher) orphans() []schema.Address {
	m.start()
	var orphans []schema.Address
	for a, r := range m.Records {
		if !m.placed[r] {
			orphans = append(orphans, a)
		}
	}
	slices.SortFunc(orphans, schema.Address.Compare)
	return orphans
}

// Finish plans what becomes of records whose address is no longer declared.
func (m *Matcher) Finish() {
	for _, a := range m.orphans() {
		m.orphan(a, m.Records[a])
	}
	m.share()
	m.Summary.Live = m.Live.Len()
	m.Summary.Unmanaged = max(0, m.Summary.Live-len(m.taken))
}

// Why an object is deleted, as Change.Reason has it.
const (
	ReasonNoBlock = "it is no longer in the files"
	ReasonNoKey   = "its key is no longer in the files"
)

// shown is an address as people write it, where that can be found out.
func (m *Matcher) shown(a schema.Address, live *schema.Object) schema.Address {
	if named, ok := m.Named[a]; ok {
		return named
	}
	return m.Sealer.Recover(m.Kind, a, live)
}

// name notes the address that a sealed one stands for.
func (m *Matcher) name(sealed, shown schema.Address) {
	if m.Named == nil {
		m.Named = map[schema.Address]schema.Address{}
	}
	m.Named[sealed] = shown
}

func (m *Matcher) orphan(a schema.Address, r *state.Record) {
	live := m.Live.ID(r.ID)
	c := Change{
		Address: m.shown(a, live), Kind: m.Kind, Provider: m.Provider,
		ID: r.ID, Live: live, Keep: r.Flags,
	}
	c.Action, c.Reason = m.fate(a, r, live)
	switch {
	case c.Action == NoOp:
		m.protect(c.Address)
		return
	case live == nil && !a.Mapping():
		c.Gone = true
		m.Summary.Gone++
	}
	if c.Address != r.Address {
		c.sealed = &r.Address
	}
	if _, counted := m.taken[live]; !a.Mapping() || !counted && m.destroyed(live) == nil {
		m.Summary.Managed++
		if live != nil {
			m.Summary.FileMoved++
			m.taken[live] = nil
		}
	}
	if c.Action == Delete {
		m.delete(&c, r)
	}
	m.Changes = append(double(m.Changes), c)
}

// fate is what becomes of a record that nothing declares, and why. live is its
// object. NoOp says that it is protected and must be declared.
func (m *Matcher) fate(a schema.Address, r *state.Record, live *schema.Object) (Action, string) {
	destroy, removed := m.Removals[a]
	if !removed {
		destroy, removed = m.Removals[a.Block()]
	}
	switch {
	case a.Mapping() && m.destroyed(live) != nil:
		return Forget, "what it is mapped to is destroyed"
	case a.Mapping():
		return Forget, "nothing is mapped to it any more; what was written stays"
	case live == nil:
		return Forget, "it is already deleted in the CRM"
	case removed && !destroy:
		return Forget, "a removed block says so"
	case r.Flags.Protected && !removed:
		return NoOp, ""
	case m.Kind.Permanent:
		return Forget, m.Kind.Plural + " cannot be deleted"
	case r.Flags.OnDestroy == "forget", r.Flags.Adopted && r.Flags.OnDestroy != "delete" && !destroy:
		return Forget, "it existed before lockstep managed it"
	case m.Destroy:
		return Delete, ""
	case a.Key != (schema.Key{}) && m.Repeated(a):
		return Delete, ReasonNoKey
	default:
		return Delete, ReasonNoBlock
	}
}

// destroyed is the change that deletes an object because its block is gone, as
// far as a mapping needs to know it; nil when nothing does.
func (m *Matcher) destroyed(live *schema.Object) *Change {
	if live == nil {
		return nil
	}
	a, managed := m.recordOf(live.ID)
	r := m.Records[a]
	if !managed || m.placed[r] {
		return nil
	}
	action, reason := m.fate(a, r, live)
	if action != Delete {
		return nil
	}
	return &Change{Address: m.shown(a, live), Action: action, Reason: reason}
}

// delete fills in what is lost with an object.
func (m *Matcher) delete(c *Change, r *state.Record) {
	c.Fields = m.lost(c.Live)
	base := &baseline{record: r}
	if err := base.load(); err != nil {
		m.Problems = append(m.Problems, Problem{Address: c.Address, Summary: "Unreadable state", Detail: err.Error()})
		return
	}
	for i := range base.fields {
		m.hide(c, &base.fields[i])
	}
	if !m.Destroy && m.edited(c, base.fields, strings.Split(r.Flags.Ignored, ",")) {
		m.Summary.FileMoved--
		m.Summary.BothMoved++
	}
}

// hide marks a field that was given a sensitive value: its attribute alone
// would not have been kept as a hash.
func (m *Matcher) hide(c *Change, was *state.BaseField) {
	if was.Hash == "" || m.Sealer.Hides(m.Kind.Attribute(schema.PathAttribute(was.Path)), false) {
		return
	}
	for i := range c.Fields {
		if c.Fields[i].Path == was.Path {
			c.Fields[i].Sensitive = true
		}
	}
}

// edited marks the fields of an object to be deleted that the CRM changed since
// the last apply, and says whether there are any: somebody still works with it.
func (m *Matcher) edited(c *Change, base []state.BaseField, ignore []string) bool {
	d := differ{kind: m.Kind, sealer: m.Sealer, ignore: ignore}
	moved := false
	for _, was := range base {
		a, live := m.Kind.Attribute(schema.PathAttribute(was.Path)), c.Live.Value(was.Path)
		if was.Claim != schema.ClaimValue || a == nil || a.WriteOnly || a.CreateOnly || Ignored(d.ignore, was.Path) || d.isBase(a, was, live) || d.stillHas(a, was, c.Live) {
			continue
		}
		moved = true
		i := slices.IndexFunc(c.Fields, func(f FieldChange) bool { return f.Path == was.Path })
		if i < 0 {
			i = len(c.Fields)
			c.Fields = append(c.Fields, FieldChange{Path: was.Path, Live: live, Sensitive: a.Sensitive, Personal: a.Personal})
			m.hide(c, &was)
		}
		f := &c.Fields[i]
		f.Base, f.HasBase, f.BaseHidden = was.Value, true, was.Hash != ""
		f.FileMoved, f.LiveMoved, f.Conflict = true, true, true
	}
	slices.SortFunc(c.Fields, func(a, b FieldChange) int { return strings.Compare(a.Path, b.Path) })
	return moved
}

func (m *Matcher) protect(a schema.Address) {
	p := Problem{
		Address: a, Protected: true, Summary: "Protected object would be destroyed",
		Detail: "It was declared with prevent_destroy, and its block is gone. Put the block back, or write a removed block for it.",
	}
	if m.Destroy {
		p.Detail = "It is declared with prevent_destroy. Remove that and apply, or take the object out of the state with `lockstep state rm`."
	}
	m.Problems = append(m.Problems, p)
}

// Forget drops what only planning needs: the records, and who claimed what.
// Until then the state as it was before stays in memory.
func (m *Matcher) Forget() {
	m.Records, m.Previous = nil, nil
	m.taken, m.keys, m.byID, m.placed, m.same = nil, nil, nil, nil, nil
	m.creates, m.createsBy, m.authors = nil, pathIndex[*Desired]{}, nil
	m.changed, m.touched, m.touchedBy, m.founds = nil, nil, pathIndex[*schema.Object]{}, nil
	m.batch, m.sought, m.bases, m.met = nil, nil, nil, nil
}
