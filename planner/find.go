package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Match is what a desired object was joined with.
type Match struct {
	Live *schema.Object
	// Change is the index in Changes, -1 for none.
	Change  int
	refused bool
	gone    bool
	record  *state.Record
}

// find looks for the live object that a desired one without record is.
func (m *Matcher) find(d *Desired) (*schema.Object, *Problem) {
	if d.ImportID != "" {
		return m.imported(d)
	}
	if len(m.Kind.Content) > 0 {
		return m.sibling(d), nil
	}
	for rank, key := range m.Kind.Keys {
		text := keyText(key, d.Fields.Value)
		if text == "" {
			continue
		}
		found := slices.DeleteFunc(slices.Clone(m.Live.key(rank, text)), func(o *schema.Object) bool {
			return m.contradicts(rank, d, o)
		})
		switch len(found) {
		case 0:
			continue
		case 1:
			return found[0], nil
		default:
			return nil, m.ambiguous(d, key, found)
		}
	}
	return nil, nil
}

func (m *Matcher) imported(d *Desired) (*schema.Object, *Problem) {
	if o := m.Live.ID(d.ImportID); o != nil {
		return o, nil
	}
	return nil, &Problem{
		Address: d.Address, Place: d.Block.Place, Summary: "Nothing to import",
		Detail: fmt.Sprintf("There is no live %s with the id %s. Check the id and the account (%s).", m.Kind.Noun, d.ImportID, m.Provider),
	}
}

// contradicts says that a weaker key fits but a stronger one tells the objects
// apart: two people may share a phone, and not an e-mail address.
func (m *Matcher) contradicts(rank int, d *Desired, o *schema.Object) bool {
	for _, stronger := range m.Kind.Keys[:rank] {
		want, has := keyText(stronger, d.Fields.Value), keyText(stronger, o.Value)
		if want != "" && has != "" && want != has {
			return true
		}
	}
	return false
}

// impossible refuses what no account could take: a set whose members are not
// known before the apply, and a natural key that another object has.
func (m *Matcher) impossible(d *Desired, live *schema.Object, fields []FieldChange) bool {
	for i := range fields {
		f := &fields[i]
		if f.IsSet() && !f.Desired.IsKnown() {
			m.refuse(d, f.Path, "Members that are not known yet", fmt.Sprintf(
				"The members of %s depend on something that is known only after apply. Write them out, or apply what they depend on first.", f.Path))
			return true
		}
		if live == nil || len(m.Kind.Keys) == 0 || !slices.Contains(m.Kind.Keys[0], f.Path) {
			continue
		}
		if other := m.holder(d, live); other != nil {
			m.refuse(d, f.Path, "The natural key is taken", fmt.Sprintf(
				"Another live %s (id %s) has %s. Give that one another %s first, merge the two in the CRM, or correct the file.",
				m.Kind.Noun, other.ID, describeKey(m.Kind.Keys[0], d.Fields), f.Path))
			return true
		}
	}
	return false
}

// nameless refuses to create what could never be found again: with the answer
// or the state lost, it would be made a second time.
func (m *Matcher) nameless(d *Desired) bool {
	if len(m.Kind.Keys) == 0 {
		return false
	}
	choices := make([]string, len(m.Kind.Keys))
	for i, key := range m.Kind.Keys {
		if !slices.ContainsFunc(key, func(path string) bool { return isEmpty(d.Fields.Value(path)) }) {
			return false
		}
		choices[i] = strings.Join(key, " and ")
	}
	m.refuse(d, "", "Nothing to find the object by", fmt.Sprintf(
		"This %s would be created without %s. It could not be found again, and would be created twice if an answer or the state were lost. Give it one, or take over an existing %s with an import block.",
		m.Kind.Noun, strings.Join(choices, " or "), m.Kind.Noun))
	return true
}

// holder is another live object that has the strongest natural key that a
// desired one is to get, and that the files do not give another key.
func (m *Matcher) holder(d *Desired, live *schema.Object) *schema.Object {
	text := keyText(m.Kind.Keys[0], d.Fields.Value)
	if text == "" {
		return nil
	}
	for _, o := range m.Live.key(0, text) {
		if a, managed := m.recordOf(o.ID); o.ID != live.ID && (!managed || !m.placed[m.Records[a]] && !m.Declared(a)) {
			return o
		}
	}
	return nil
}

// Candidates are the live objects that a desired one may be joined with, as
// far as they are in the picture.
func (m *Matcher) Candidates(d *Desired) []*schema.Object {
	if r := m.Records[d.Sealed]; r != nil {
		if o := m.Live.ID(r.ID); o != nil {
			return []*schema.Object{o}
		}
	}
	if len(m.Kind.Content) > 0 {
		parent := d.Fields.Value(m.Kind.Parent).Text()
		return m.Live.children(parent, strings.TrimPrefix(contentText(m.Kind, parent, d.Fields.Value), parent+"\x00"))
	}
	var found []*schema.Object
	for rank, key := range m.Kind.Keys {
		if text := keyText(key, d.Fields.Value); text != "" {
			found = append(found, m.Live.key(rank, text)...)
		}
	}
	return found
}

func (m *Matcher) ambiguous(d *Desired, key schema.NaturalKey, found []*schema.Object) *Problem {
	ids := make([]string, len(found))
	for i, o := range found {
		ids[i] = o.ID
	}
	slices.Sort(ids)
	return &Problem{
		Address: d.Address, Place: d.Block.Place, Path: key[0], Summary: "More than one live object fits",
		Detail: fmt.Sprintf("%d live %s have %s: %s. Merge them in the CRM, or say which one is meant with an import block.",
			len(ids), m.Kind.Plural, describeKey(key, d.Fields), strings.Join(ids, ", ")),
	}
}

// sibling finds an object by its content among the children of its parent,
// leaving out those that another address has.
func (m *Matcher) sibling(d *Desired) *schema.Object {
	parent := d.Fields.Value(m.Kind.Parent)
	if parent.Type() != schema.String {
		return nil
	}
	content := contentText(m.Kind, parent.Text(), d.Fields.Value)
	for _, o := range m.Live.children(parent.Text(), strings.TrimPrefix(content, parent.Text()+"\x00")) {
		if _, taken := m.taken[o]; taken {
			continue
		}
		if a, managed := m.recordOf(o.ID); managed && m.Declared(a) {
			continue
		}
		return o
	}
	return nil
}

// recordOf finds the address under which the state knows a remote id.
func (m *Matcher) recordOf(id string) (schema.Address, bool) {
	if m.byID == nil {
		m.byID = make(map[string]schema.Address, len(m.Records))
		for a, r := range m.Records {
			if !a.Mapping() {
				m.byID[r.ID] = a
			}
		}
	}
	a, ok := m.byID[id]
	return a, ok
}

// orphanOf finds the record of a live object whose own address is no longer
// declared: the object has a new address, and nothing is to be deleted.
func (m *Matcher) orphanOf(id string, d *Desired) *state.Record {
	a, ok := m.recordOf(id)
	if !ok || a == d.Sealed {
		return nil
	}
	if m.Previous == nil {
		m.Previous = map[schema.Address]schema.Address{}
	}
	r := m.Records[a]
	m.Previous[d.Sealed], m.placed[r] = r.Address, true
	return r
}

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
	m.Summary.Live = m.Live.Len()
	m.Summary.Unmanaged = max(0, m.Summary.Live-len(m.taken))
}

// Vouched says that the state alone tells that an object is in step: nothing
// changed it live since all was in step, and the files want what they wanted.
// r is its record.
func (m *Matcher) Vouched(d *Desired, r *state.Record) bool {
	if !m.Trust || r == nil {
		return false
	}
	same, known := m.same[r]
	if !known {
		if m.same == nil {
			m.same = make(map[*state.Record]bool, len(m.Records))
		}
		same = r.Sum == m.Sealer.Sum(d.Fields)
		m.same[r] = same
	}
	return same
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

func (m *Matcher) orphan(a schema.Address, r *state.Record) {
	live := m.Live.ID(r.ID)
	c := Change{
		Address: m.shown(a, live), Kind: m.Kind, Provider: m.Provider,
		ID: r.ID, Live: live, Keep: r.Flags,
	}
	switch {
	case m.Destroy:
	case a.Key != (schema.Key{}) && m.Repeated(a):
		c.Reason = ReasonNoKey
	default:
		c.Reason = ReasonNoBlock
	}
	if c.Address != r.Address {
		c.sealed = &r.Address
	}
	destroy, removed := m.Removals[a]
	if !removed {
		destroy, removed = m.Removals[a.Block()]
	}
	c.Action = Delete
	switch {
	case a.Mapping():
		c.Action, c.Reason = Forget, "nothing is mapped to it any more; what was written stays"
	case live == nil:
		c.Action, c.Gone, c.Reason = Forget, true, "it is already deleted in the CRM"
		m.Summary.Gone++
	case removed && !destroy:
		c.Action, c.Reason = Forget, "a removed block says so"
	case r.Flags.Protected && !removed:
		m.protect(c.Address)
		return
	case m.Kind.Permanent:
		c.Action, c.Reason = Forget, m.Kind.Plural+" cannot be deleted"
	case r.Flags.OnDestroy == "forget", r.Flags.Adopted && r.Flags.OnDestroy != "delete" && !destroy:
		c.Action, c.Reason = Forget, "it existed before lockstep managed it"
	}
	m.Summary.Managed++
	if live != nil {
		m.Summary.FileMoved++
		m.taken[live] = nil
	}
	if c.Action == Delete {
		m.delete(&c, r)
	}
	m.Changes = append(double(m.Changes), c)
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
		if was.Claim != schema.ClaimValue || a == nil || a.WriteOnly || a.CreateOnly || d.ignored(was.Path) || d.isBase(a, was, live) {
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
