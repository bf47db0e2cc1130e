package planner

import (
	"cmp"
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
	// An object is found by its own values before it is by others.
	for _, candidates := range []func(int, string) []*schema.Object{m.Live.key, m.Live.further, m.Live.otherCase} {
		for _, rank := range m.ranks(d) {
			key := m.Kind.Keys[rank]
			text := keyText(key, d.Fields.Value)
			if text == "" {
				continue
			}
			found := slices.DeleteFunc(slices.Clone(candidates(rank, text)), func(o *schema.Object) bool { return m.contradicts(rank, d, o) })
			switch len(found) {
			case 0:
				continue
			case 1:
				return found[0], nil
			default:
				return nil, m.ambiguous(d, key, found)
			}
		}
	}
	return nil, nil
}

// ranks are the natural keys of a desired object by their places, strongest
// first: what the files say counts more than what is derived from it.
func (m *Matcher) ranks(d *Desired) []int {
	ranks := make([]int, len(m.Kind.Keys))
	derived := make([]int, len(m.Kind.Keys))
	for rank, key := range m.Kind.Keys {
		ranks[rank] = rank
		for _, path := range key {
			if f, _ := d.Fields.Find(path); f.Derived {
				derived[rank]++
			}
		}
	}
	slices.SortStableFunc(ranks, func(a, b int) int { return cmp.Compare(derived[a], derived[b]) })
	return ranks
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

// contradicts reports whether a weaker key fits but a stronger one tells the
// objects apart: two people may share a phone, and not an e-mail address. What
// is derived tells nothing apart: live objects may be older than their names.
func (m *Matcher) contradicts(rank int, d *Desired, o *schema.Object) bool {
	return slices.ContainsFunc(m.Kind.Keys[:rank], func(stronger schema.NaturalKey) bool {
		want, has := keyText(stronger, d.Fields.Value), keyText(stronger, o.Value)
		return want != "" && has != "" && slices.ContainsFunc(stronger, func(path string) bool {
			f, _ := d.Fields.Find(path)
			return !f.Derived && f.Value.Text() != o.Value(path).Text() && !answersTo(m.Kind.Attribute(path), o, f.Value)
		})
	})
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

// Vouched reports whether the state alone tells that an object is in step:
// only what may have changed was read, and the files want it as it was.
func (m *Matcher) Vouched(d *Desired, r *state.Record) bool {
	return m.Trust && r != nil && m.Unchanged(d, r)
}

// Unchanged reports whether the files want an object as it was last applied.
func (m *Matcher) Unchanged(d *Desired, r *state.Record) bool {
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
