package planner

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Block is what the instances of one block have in common.
type Block struct {
	Place          hcl.Range
	Level          int
	Ignore         []string
	PreventDestroy bool
	OnExists       string
	OnDestroy      string
}

// Desired is one object that the files want.
type Desired struct {
	Block   *Block
	Address schema.Address
	// Sealed is the address as the state knows it.
	Sealed schema.Address
	Fields schema.Fields
	// ImportID names the live object to adopt; empty lets the natural key
	// find one.
	ImportID string
}

// Problem is a reason why an object cannot be planned.
type Problem struct {
	Address         schema.Address
	Place           hcl.Range
	Path            string
	Summary, Detail string
	// Protected says that a protection stands in the way, not a mistake.
	Protected bool
}

// Matcher joins the desired objects of one kind in one account with the
// records of the state and the live objects.
type Matcher struct {
	Provider string
	Kind     *schema.Kind
	Sealer   *state.Sealer
	Live     *Live
	// Records by the sealed address that they have now.
	Records map[schema.Address]*state.Record
	// Previous addresses of records that moved, by the address they have now.
	Previous map[schema.Address]schema.Address
	// Declared says that a sealed address is or may still be declared.
	Declared func(schema.Address) bool
	// Repeated says that the block of an address is declared, whatever its keys.
	Repeated func(schema.Address) bool
	// Ours says that an unfinished create left an intent for the address, so
	// that what is found there was made by us.
	Ours func(schema.Address) bool
	// Trust says that Live has only what may have changed: an object of the
	// state that is not there is as it was when all was in step.
	Trust bool
	// Removals by the sealed address of the block or object: whether to
	// destroy.
	Removals map[schema.Address]bool
	// Named are the addresses that sealed ones stand for, as far as they are
	// known without looking at live objects.
	Named map[schema.Address]schema.Address
	// Destroy says that everything goes, so that no reason need be given.
	Destroy bool

	// Changes found so far, Rebased ones that only the state needs, the problems,
	// and what only may become one.
	Changes  []Change
	Rebased  []Change
	Problems []Problem
	Warnings []Problem
	Summary  KindSummary

	// taken, keys and placed have an entry for every object of a kind: pointers
	// are cheaper to hash than addresses.
	taken  map[*schema.Object]*Desired
	keys   []map[string]*Desired
	byID   map[string]schema.Address
	placed map[*state.Record]bool
	// creates are the objects that resource blocks and mappings create, and
	// authors what mappings want.
	creates   []*Desired
	createsBy pathIndex[*Desired]
	authors   map[target][]*Desired
	// changed are the changes of live objects, by index, once there are
	// mappings; touched are those objects.
	changed   map[*schema.Object][]int
	touched   []*schema.Object
	touchedBy pathIndex[*schema.Object]
	// met are objects that were not listed, by id.
	met map[string]*schema.Object
	// founds are the remote ids that mappings found at the last apply, by the
	// digest of what they matched by.
	founds map[string]string
	// bases are the records of mappings, by what they tell of.
	bases map[base]*state.Record
	// batch are the instances of the mapping that is being joined, and sought the
	// digests of what they match by, once somebody asks.
	batch  []Mapped
	sought map[string]bool
	// same are the records whose objects the files want as they were, and those
	// that they do not: working it out takes a hash.
	same map[*state.Record]bool
}

// Match plans a batch of desired objects. The result has for each the live
// object that it was joined with, nil where there is none, and the index of
// its change, -1 where nothing is to be done.
func (m *Matcher) Match(batch []Desired) []Match {
	m.start()
	matches := make([]Match, len(batch))
	for i := range batch {
		if matches[i].record = m.Records[batch[i].Sealed]; matches[i].record != nil {
			m.placed[matches[i].record] = true
		}
	}
	// Objects of the state come first, so that none of them is adopted by
	// another address in the same batch.
	for i := range batch {
		matches[i].Change, matches[i].refused = -1, !m.claimKey(&batch[i])
		if !matches[i].refused {
			m.fromState(&batch[i], &matches[i])
		}
	}
	for i := range batch {
		if matches[i].Live == nil && !matches[i].refused {
			m.fromLive(&batch[i], &matches[i])
		}
		matches[i].record = nil
	}
	return matches
}

func (m *Matcher) start() {
	if m.taken != nil {
		return
	}
	m.taken = make(map[*schema.Object]*Desired, len(m.Records))
	m.keys = make([]map[string]*Desired, len(m.Kind.Keys))
	m.placed = make(map[*state.Record]bool, len(m.Records))
	m.Summary.Provider, m.Summary.Kind = m.Provider, m.Kind.Name
}

// claimKey refuses two desired objects with the same strongest natural key.
func (m *Matcher) claimKey(d *Desired) bool {
	for rank, key := range m.Kind.Keys {
		text := foldedKey(m.Kind, key, d.Fields.Value)
		if text == "" {
			continue
		}
		if m.keys[rank] == nil {
			m.keys[rank] = make(map[string]*Desired, len(m.Records))
		}
		other, twice := m.keys[rank][text]
		if !twice {
			m.keys[rank][text] = d
			return true
		}
		m.refuse(d, key[0], "Two objects with one natural key", fmt.Sprintf(
			"%s and %s (%s) both have %s. One live %s cannot be two objects: remove one of them, or give it its own %s.",
			other.Address, d.Address, other.place(), describeKey(key, d.Fields), m.Kind.Noun, key[0]))
		return false
	}
	return true
}

func (d *Desired) place() string {
	return fmt.Sprintf("%s is declared at %s:%d", d.Address, d.Block.Place.Filename, d.Block.Place.Start.Line)
}

func describeKey(key schema.NaturalKey, fields schema.Fields) string {
	parts := make([]string, len(key))
	for i, path := range key {
		parts[i] = fmt.Sprintf("%s %q", path, fields.Value(path).Text())
		if f, _ := fields.Find(path); f.Sensitive {
			parts[i] = "the same " + path + ", which is sensitive"
		}
	}
	return strings.Join(parts, " and ")
}

func (m *Matcher) refuse(d *Desired, path, summary, detail string) {
	m.Problems = append(m.Problems, Problem{Address: d.Address, Place: d.Block.Place, Path: path, Summary: summary, Detail: detail})
}

// fromState joins an object with the record under its address.
func (m *Matcher) fromState(d *Desired, match *Match) {
	r := match.record
	if r == nil {
		return
	}
	match.Live = m.Live.ID(r.ID)
	if match.Live == nil && m.Vouched(d, r) {
		match.Live = &schema.Object{Kind: m.Kind.Name, ID: r.ID, Version: r.Version, Fields: d.Fields}
		if m.take(d, match) {
			m.Summary.Managed++
			m.Summary.InStep++
		}
		return
	}
	if match.Live == nil {
		match.gone = true
		return
	}
	if !m.take(d, match) {
		return
	}
	m.compare(d, match, r, NoOp)
}

// take claims a live object for one address.
func (m *Matcher) take(d *Desired, match *Match) bool {
	other, twice := m.taken[match.Live]
	if !twice {
		m.taken[match.Live] = d
		return true
	}
	m.refuse(d, "", "Two addresses for one object", fmt.Sprintf(
		"%s and %s are both the live %s %s. Remove one of the blocks, or take one out of the state with `lockstep state rm`.",
		other.Address, d.Address, m.Kind.Noun, match.Live.ID))
	*match = Match{Change: -1, refused: true}
	return false
}

// compare plans what a matched object needs. action is NoOp for an object of
// the state and Adopt for one that becomes managed.
func (m *Matcher) compare(d *Desired, match *Match, r *state.Record, action Action) {
	df := differ{kind: m.Kind, sealer: m.Sealer, ignore: d.Block.Ignore}
	fields, rebase, err := df.diff(d.Fields, match.Live, r)
	if err != nil {
		m.refuse(d, "", "Unreadable state", err.Error())
		return
	}
	if m.impossible(d, match.Live, fields) {
		match.refused = true
		return
	}
	c := m.change(d, action, fields)
	c.ID, c.Live = match.Live.ID, match.Live
	if r != nil {
		c.Keep.Adopted = r.Flags.Adopted
	}
	if action == NoOp && m.moved(&c, d) {
		c.Action = Move
	}
	replaces := false
	for i := range fields {
		replaces = replaces || fields[i].Replaces
	}
	switch {
	case replaces && c.Keep.Protected:
		m.refuse(d, "", "Protected object must be replaced", "It has prevent_destroy, and an attribute that cannot be changed in place differs. Write the old value back, or remove prevent_destroy.")
		m.Problems[len(m.Problems)-1].Protected = true
		return
	case replaces && m.Kind.Permanent:
		m.refuse(d, firstReplacing(fields), "The object cannot be replaced", fmt.Sprintf(
			"%s, and %s cannot be deleted. Write the old value back; for another %s, give it its own block, or take this one out of the state with `lockstep state rm`.",
			because(fields), m.Kind.Plural, m.Kind.Noun))
		match.refused = true
		return
	case replaces && action == Adopt && !m.Ours(d.Sealed):
		m.refuse(d, "", "The object exists already and does not fit", fmt.Sprintf(
			"A live %s (id %s) is to be adopted, but %s, and only objects that lockstep made or manages are replaced. Write the live value, or delete the object in the CRM.",
			m.Kind.Noun, match.Live.ID, because(fields)))
		return
	case replaces:
		m.replace(&c, d)
	case len(fields) > 0 && action != Adopt:
		c.Action = Update
	}
	m.count(&c)
	if c.Action == NoOp {
		if rebase || r.Flags != c.Keep {
			m.Rebased = append(double(m.Rebased), c)
		}
		return
	}
	match.Change = len(m.Changes)
	m.Changes = append(double(m.Changes), c)
}

// replace turns a comparison into a replacement: all desired fields are
// written to a new object.
func (m *Matcher) replace(c *Change, d *Desired) {
	differing := c.Fields
	c.Action, c.Reason = Replace, because(differing)
	// The new object is made by us, whoever made the old one.
	c.Keep.Adopted = false
	c.instead, c.Fields = differing, m.created(d.Fields)
	for i := range c.Fields {
		for _, f := range differing {
			if f.Path == c.Fields[i].Path {
				f.Add, f.Remove = c.Fields[i].Add, nil
				c.Fields[i] = f
			}
		}
	}
}

// because says which fields make a replacement necessary.
func because(fields []FieldChange) string {
	var paths []string
	for _, f := range fields {
		if f.Replaces {
			paths = append(paths, f.Path)
		}
	}
	return strings.Join(paths, ", ") + " cannot be changed in place"
}

func (m *Matcher) change(d *Desired, action Action, fields []FieldChange) Change {
	c := Change{
		Address: d.Address, Kind: m.Kind, Provider: m.Provider, Action: action, Fields: fields,
		Desired: d.Fields, Place: d.Block.Place, Level: d.Block.Level,
		Keep: state.Flags{Protected: d.Block.PreventDestroy, OnDestroy: d.Block.OnDestroy, Ignored: strings.Join(d.Block.Ignore, ",")},
	}
	if from, moved := m.Previous[d.Sealed]; moved {
		sealed := from // so that only a moved one is on the heap
		c.sealed = &sealed
	}
	return c
}

// fromLive adopts an object that exists, or plans to create one.
func (m *Matcher) fromLive(d *Desired, match *Match) {
	found, err := m.find(d)
	if err != nil {
		m.Problems = append(m.Problems, *err)
		match.refused = true
		return
	}
	if found == nil {
		m.create(d, match)
		return
	}
	match.Live = found
	if !m.take(d, match) {
		return
	}
	if r := m.orphanOf(found.ID, d); r != nil {
		m.compare(d, match, r, NoOp)
		return
	}
	if d.Block.OnExists == "error" && d.ImportID == "" && !m.Ours(d.Sealed) {
		m.refuse(d, "", "The object exists already", fmt.Sprintf(
			"A live %s (id %s) has the same natural key, and on_exists = \"error\" forbids to adopt it. Remove on_exists to adopt it, or delete it in the CRM.", m.Kind.Noun, found.ID))
		match.refused = true
		return
	}
	m.adopt(d, match)
}

func (m *Matcher) adopt(d *Desired, match *Match) {
	before := len(m.Changes)
	m.compare(d, match, nil, Adopt)
	if len(m.Changes) == before {
		return
	}
	c := &m.Changes[before]
	c.Keep.Adopted = !m.Ours(d.Sealed)
	if match.gone {
		c.Reason = "the object that was managed is gone; this one has its natural key"
	}
}

func (m *Matcher) create(d *Desired, match *Match) {
	fields := m.created(d.Fields)
	if m.nameless(d) || m.impossible(d, nil, fields) {
		match.refused = true
		return
	}
	c := m.change(d, Create, fields)
	match.Change = len(m.Changes)
	if !d.Address.Mapping() {
		m.creates = append(m.creates, d)
	}
	if match.gone {
		c.Gone, c.Reason = true, "deleted outside of lockstep"
		m.Summary.Gone++
		m.Summary.Managed++
	} else {
		m.count(&c)
	}
	m.Changes = append(double(m.Changes), c)
}
